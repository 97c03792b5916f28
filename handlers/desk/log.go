// Package desk holds the actions themselves: log, withdraw, amend, bind. They
// know no message and no HTTP; chat and console both call them, inside a
// transaction that the caller opened.
package desk

import (
	"context"
	"time"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// Entry is one thing to log, its person settled.
type Entry struct {
	Pairing   models.Pairing
	Name      string // the recipient's
	Called    string // the name the cadre used
	Kind      models.Kind
	Channel   models.Channel
	Help      models.Help
	Stage     models.PolicyStage
	Day       models.Day
	AmountFen *int64
	Fund      models.Fund // whose money a gift is
	Split     bool
	Words     string
}

// Rules are the settings of recording.
type Rules struct {
	LateAfter    time.Duration // a record older than this counts as 补录
	RepeatWithin time.Duration // the same gift again is asked about
	UndoWithin   time.Duration // 撤销 needs no second question
}

// DefaultRules are users.md 一.
var DefaultRules = Rules{LateAfter: 31 * 24 * time.Hour, RepeatWithin: 24 * time.Hour, UndoWithin: 24 * time.Hour}

// Late tells whether a day told today counts as 补录.
func (r Rules) Late(day, today models.Day) bool {
	return time.Duration(today.Sub(day))*24*time.Hour > r.LateAfter
}

func (e Entry) done(late bool) say.Done {
	return say.Done{
		Person: e.Name, Called: e.Called, Kind: e.Kind, Channel: e.Channel, Help: e.Help, Stage: e.Stage,
		Day: e.Day, AmountFen: e.AmountFen, Fund: e.Fund, Split: e.Split, Late: late,
	}
}

func (e Entry) activity(late bool) models.Activity {
	return models.Activity{
		RecipientID: e.Pairing.RecipientID, PairingID: e.Pairing.ID, Kind: e.Kind, Channel: e.Channel, Help: e.Help,
		Stage: e.Stage, Day: e.Day, AmountFen: e.AmountFen, Fund: e.Fund, Late: late, Note: models.Conceal(e.Words),
	}
}

// Logged is what came of Log.
type Logged struct {
	RecordID  string
	Done      []say.Done
	Years     []string
	SameVisit []string // people with another visit that day
	AskAmount bool
}

// Log stores the entries as one record of the cadre and adds up the year.
func Log(ctx context.Context, tx *store.Store, cadreID, inboundKey, words string, entries []Entry, photos []models.Photo, today models.Day, rules Rules) (Logged, error) {
	var out Logged
	var err error
	if out.SameVisit, err = visitedAlready(ctx, tx, cadreID, entries); err != nil {
		return out, err
	}
	rec := models.Record{CadreID: cadreID, InboundKey: inboundKey, Words: models.Conceal(words)}
	acts := make([]models.Activity, len(entries))
	for i, e := range entries {
		late := rules.Late(e.Day, today)
		acts[i] = e.activity(late)
		out.Done = append(out.Done, e.done(late))
		out.AskAmount = out.AskAmount || e.Kind == models.KindAid && e.AmountFen == nil
	}
	if err := tx.AddRecord(ctx, &rec, acts); err != nil {
		return out, err
	}
	ids := make([]string, len(photos))
	for i, p := range photos {
		ids[i] = p.ID
	}
	if err := tx.AttachPhotos(ctx, rec.ID, ids); err != nil {
		return out, err
	}
	out.RecordID = rec.ID
	out.Years, err = yearsOf(ctx, tx, entries, today)
	return out, err
}

// visitedAlready names the people whom the cadre has a visit for on that day.
func visitedAlready(ctx context.Context, tx *store.Store, cadreID string, entries []Entry) (names []string, err error) {
	for _, e := range entries {
		if e.Kind != models.KindVisit {
			continue
		}
		rows, err := tx.ActivitiesOn(ctx, cadreID, []string{e.Pairing.RecipientID}, e.Day, e.Day)
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			if a.Kind == models.KindVisit {
				names = append(names, e.Name)
				break
			}
		}
	}
	return names, nil
}

// yearsOf gives the year line of each pairing and year spoken of.
func yearsOf(ctx context.Context, tx *store.Store, entries []Entry, today models.Day) (lines []string, err error) {
	type key struct {
		pairing string
		year    int
	}
	seen := map[key]bool{}
	for _, e := range entries {
		k := key{e.Pairing.ID, e.Day.Year()}
		if seen[k] {
			continue
		}
		seen[k] = true
		on := min(today, models.NewDay(k.year, 12, 31))
		t, err := tx.Tallies(ctx, []models.Pairing{e.Pairing}, max(on, e.Day))
		if err != nil {
			return nil, err
		}
		lines = append(lines, say.YearLine(e.Name, t[e.Pairing.ID]))
	}
	return lines, nil
}

// SameGift finds entries that repeat a gift recorded a short while ago: same
// person, day and amount.
func SameGift(ctx context.Context, tx *store.Store, cadreID string, entries []Entry, rules Rules) (repeated []int, err error) {
	since := tx.Now().Add(-rules.RepeatWithin)
	for i, e := range entries {
		if e.Kind != models.KindAid || e.AmountFen == nil {
			continue
		}
		rows, err := tx.ActivitiesOn(ctx, cadreID, []string{e.Pairing.RecipientID}, e.Day, e.Day)
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			if a.Kind == models.KindAid && a.AmountFen != nil && *a.AmountFen == *e.AmountFen && a.RecordedAt >= since {
				repeated = append(repeated, i)
				break
			}
		}
	}
	return repeated, nil
}

// WithoutRepeats leaves out the entries that say again what is recorded: the
// repeated gifts, and visits and contacts of the same day.
func WithoutRepeats(ctx context.Context, tx *store.Store, cadreID string, entries []Entry, rules Rules) (kept []Entry, err error) {
	repeated, err := SameGift(ctx, tx, cadreID, entries, rules)
	if err != nil {
		return nil, err
	}
	again := map[int]bool{}
	for _, i := range repeated {
		again[i] = true
	}
	for i, e := range entries {
		rows, err := tx.ActivitiesOn(ctx, cadreID, []string{e.Pairing.RecipientID}, e.Day, e.Day)
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			if e.Kind != models.KindAid && a.Kind == e.Kind && a.Channel == e.Channel && a.Help == e.Help {
				again[i] = true
			}
		}
		if !again[i] {
			kept = append(kept, e)
		}
	}
	return kept, nil
}
