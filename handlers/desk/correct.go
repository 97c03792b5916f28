package desk

import (
	"context"
	"slices"
	"strings"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// Past is a record as it stands, with what is needed to speak of it.
type Past struct {
	Record  models.Record
	Rows    []models.Activity
	Entries []Entry
	Photos  int
}

// Done says the record's activities.
func (p Past) Done() (out []say.Done) {
	for i, e := range p.Entries {
		out = append(out, e.done(p.Rows[i].Late))
	}
	return out
}

// Old tells whether taking the record back needs a second question.
func (p Past) Old(now models.Instant, rules Rules) bool {
	return p.Record.RecordedAt < now.Add(-rules.UndoWithin)
}

// Last finds a cadre's last record.
func Last(ctx context.Context, tx *store.Store, cadreID string) (Past, error) {
	rec, err := tx.LastRecord(ctx, cadreID)
	if err != nil {
		return Past{}, err
	}
	return open(ctx, tx, rec)
}

// Open finds a record by its id.
func Open(ctx context.Context, tx *store.Store, id string) (Past, error) {
	rec, err := tx.Record(ctx, id)
	if err != nil {
		return Past{}, err
	}
	return open(ctx, tx, rec)
}

func open(ctx context.Context, tx *store.Store, rec models.Record) (Past, error) {
	p := Past{Record: rec}
	var err error
	if p.Rows, err = tx.ActivitiesOf(ctx, rec.ID); err != nil {
		return p, err
	}
	var ids []string
	for _, a := range p.Rows {
		ids = append(ids, a.RecipientID)
	}
	// What was corrected stands by its person again.
	slices.SortStableFunc(p.Rows, func(a, b models.Activity) int {
		if a.Day != b.Day {
			return strings.Compare(string(a.Day), string(b.Day))
		}
		return slices.Index(ids, a.RecipientID) - slices.Index(ids, b.RecipientID)
	})
	people, err := tx.Recipients(ctx, ids)
	if err != nil {
		return p, err
	}
	names := map[string]string{}
	for _, r := range people {
		names[r.ID] = r.Name.Reveal()
	}
	pairings, err := tx.PairingsOf(ctx, ids)
	if err != nil {
		return p, err
	}
	byID := map[string]models.Pairing{}
	for _, q := range pairings {
		byID[q.ID] = q
	}
	for _, a := range p.Rows {
		p.Entries = append(p.Entries, Entry{
			Pairing: byID[a.PairingID], Name: names[a.RecipientID], Kind: a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage,
			Day: a.Day, AmountFen: a.AmountFen, Fund: a.Fund, Words: a.Note.Reveal(),
		})
	}
	counts, err := tx.PhotoCounts(ctx, []string{rec.ID}, false)
	p.Photos = counts[rec.ID]
	return p, err
}

// Withdraw takes the record back whole and gives the year lines after it, and what
// of the plans is open again.
func Withdraw(ctx context.Context, tx *store.Store, p Past, today models.Day) (years []string, err error) {
	ticked, err := tx.TickedBy(ctx, p.Record.ID)
	if err != nil {
		return nil, err
	}
	if err := tx.WithdrawRecord(ctx, p.Record.ID); err != nil {
		return nil, err
	}
	years, err = yearsOf(ctx, tx, p.Entries, today)
	return append(years, unticked(ticked, nil)...), err
}

// unticked says which measures of plans are open again.
func unticked(before, after []models.PlanMeasure) (lines []string) {
	for _, m := range before {
		if !slices.ContainsFunc(after, func(a models.PlanMeasure) bool { return a.ID == m.ID }) {
			lines = append(lines, say.MeasureOpen(m.Words.Reveal()))
		}
	}
	return lines
}

// Amend puts new entries in the place of a record's old ones and gives the same.
// Rows that do not change keep their id.
func Amend(ctx context.Context, tx *store.Store, p Past, now []Entry, today models.Day, rules Rules) (years []string, err error) {
	var old []string
	var fresh []models.Activity
	for i, e := range now {
		if i < len(p.Entries) && same(p.Entries[i], e) {
			continue
		}
		if i < len(p.Rows) {
			old = append(old, p.Rows[i].ID)
		}
		fresh = append(fresh, e.activity(rules.Late(e.Day, today)))
	}
	for i := len(now); i < len(p.Rows); i++ {
		old = append(old, p.Rows[i].ID)
	}
	before, err := tx.TickedBy(ctx, p.Record.ID)
	if err != nil {
		return nil, err
	}
	if err := tx.Correct(ctx, p.Record.ID, p.Record.CadreID, old, fresh); err != nil {
		return nil, err
	}
	after, err := tx.TickedBy(ctx, p.Record.ID)
	if err != nil {
		return nil, err
	}
	years, err = yearsOf(ctx, tx, append(append([]Entry{}, now...), p.Entries...), today)
	return append(years, unticked(before, after)...), err
}

func same(a, b Entry) bool {
	sameAmount := a.AmountFen == nil && b.AmountFen == nil ||
		a.AmountFen != nil && b.AmountFen != nil && *a.AmountFen == *b.AmountFen
	return a.Pairing.ID == b.Pairing.ID && a.Kind == b.Kind && a.Channel == b.Channel && a.Help == b.Help &&
		a.Stage == b.Stage && a.Day == b.Day && a.Fund == b.Fund && sameAmount
}
