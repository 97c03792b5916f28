package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

var (
	wordForm = regexp.MustCompile(`^(?:诉求)?\s*#?(\d{1,6})?[\s,、:]*(满意|一般|不满意|还行|没办好)(?:了)?$`)
	helpForm = regexp.MustCompile(`^(记|不记)(?:实事)?\s*(?:诉求)?\s*#?(\d{1,6})?$`)
)

var ratings = map[string]models.Rating{
	"1": models.RatingGood, "2": models.RatingFair, "3": models.RatingBad,
	"满意": models.RatingGood, "一般": models.RatingFair, "还行": models.RatingFair, "不满意": models.RatingBad, "没办好": models.RatingBad,
}

// needWords takes 诉求 34 of who may see it, and bare answers about needs.
func (t *talk) needWords(ctx context.Context, plain string) (reply string, done bool, err error) {
	if len(t.bindings) == 0 {
		return "", false, nil
	}
	if reply, done, err = t.needLook(ctx, plain); done || err != nil {
		return reply, done, err
	}
	return t.needAnswered(ctx, plain)
}

// needAnswered takes a bare answer to what a delivery about a need asked: the
// family's word, or a cadre's yes to record it. It comes between what the
// conversation asked: the later of the two questions is the one answered.
func (t *talk) needAnswered(ctx context.Context, plain string) (reply string, done bool, err error) {
	plain = narrow(plain)
	word, number := plain, 0
	if m := wordForm.FindStringSubmatch(plain); m != nil {
		word = m[2]
		number, _ = strconv.Atoi(m[1])
	} else if m := helpForm.FindStringSubmatch(plain); m != nil {
		word = m[1]
		number, _ = strconv.Atoi(m[2])
	}
	if rating, ok := ratings[word]; ok && t.guardian != "" {
		if reply, done, err = t.familyWord(ctx, rating, number, len(word) > 1); done || err != nil {
			return reply, done, err
		}
	}
	if yes := slices.Contains([]string{"1", "记"}, word); t.cadre != "" && (yes || word == "2" || word == "不记") {
		return t.helpWord(ctx, yes, number)
	}
	return "", false, nil
}

// asked tells whether what a need's delivery asked was sent, and after what the
// conversation asked last.
func (t *talk) asked(ctx context.Context, n models.Need, what string, at models.Instant) (bool, error) {
	d, err := t.Tx.DeliveryUnder(ctx, needKey(n.ID, what, at, t.Sender))
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	sent := d.State == store.DeliveryAccepted || d.State == store.DeliveryDelivered || d.State == store.DeliveryUnknown
	when := max(d.DueAt, d.DoneAt)
	return sent && (t.session.Ask == nil || t.session.Ask.At < when), err
}

// familyWord takes a rating. In words it counts for the newest need that is
// done; a bare number only where that was asked last.
func (t *talk) familyWord(ctx context.Context, rating models.Rating, number int, spelt bool) (string, bool, error) {
	families, err := t.families(ctx)
	if err != nil || len(families) == 0 {
		return "", false, err
	}
	var ids []string
	for _, f := range families {
		ids = append(ids, f.recipient.ID)
	}
	rows, err := t.Tx.UnratedNeeds(ctx, ids)
	if err != nil {
		return "", false, err
	}
	if q := t.session.Ask; q != nil && q.Kind == askNeedWord && q.At > t.Tx.Now().Add(-askedFor) {
		if i := slices.IndexFunc(rows, func(n models.Need) bool { return n.ID == q.Record }); i >= 0 && number == 0 {
			reply, err := t.rateNeed(ctx, rows[i], rating)
			return reply, true, err
		}
	}
	for _, n := range rows {
		mine := number == n.Number || number == 0 && spelt
		if !mine && number == 0 {
			if mine, err = t.asked(ctx, n, needRate, n.DoneAt); err != nil {
				return "", false, err
			}
		}
		if mine {
			reply, err := t.rateNeed(ctx, n, rating)
			return reply, true, err
		}
	}
	if spelt {
		return say.NothingToRate, true, nil
	}
	return "", false, nil
}

// rateNeed closes a need with the family's word; not content, it goes back to
// the office once, and then to the county.
func (t *talk) rateNeed(ctx context.Context, n models.Need, rating models.Rating) (string, error) {
	if q := t.session.Ask; q != nil && q.Kind == askNeedWord {
		t.session.Ask = nil
	}
	if rating != models.RatingBad {
		err := closeNeed(ctx, t.Tx, n, rating, t.Tx.Now())
		if errors.Is(err, store.ErrLost) {
			return say.NeedOver(n.Number), nil
		}
		return say.Rated(n.Number, rating), err
	}
	if n.Reopened > 0 {
		if err := closeNeed(ctx, t.Tx, n, rating, t.Tx.Now()); err != nil {
			return "", err
		}
		for _, s := range models.NeedSteps(n.Department, n.Region) {
			if !slices.Contains(s.Roles, models.AccountCounty) {
				continue
			}
			people, err := atStep(ctx, t.Tx, s)
			if err != nil {
				return "", err
			}
			if err := tellOffice(ctx, t.Tx, n, needUnhappy, people); err != nil {
				return "", err
			}
		}
		return say.RatedBadAgain(n.Number), nil
	}
	after := t.untaken(n)
	after.State, after.Rating, after.Reopened, after.Step, after.DoneAt = models.NeedPassed, rating, n.Reopened+1, 0, 0
	step, people, err := nextNeedStep(ctx, t.Tx, after, 0)
	if err != nil {
		return "", err
	}
	after.Step = step
	if err := t.Tx.SaveNeed(ctx, n, after); err != nil {
		return "", err
	}
	return say.Rated(n.Number, rating), tellOffice(ctx, t.Tx, after, needAgain, people)
}

// helpWord takes a cadre's answer to whether a solved need is recorded.
func (t *talk) helpWord(ctx context.Context, yes bool, number int) (string, bool, error) {
	rows, err := t.as().UnrecordedNeeds(ctx, t.cadre)
	if err != nil {
		return "", false, err
	}
	q := t.session.Ask
	for _, n := range rows {
		mine := number == n.Number || number == 0 && q != nil && q.Kind == askNeedHelp && q.Record == n.ID && q.At > t.Tx.Now().Add(-askedFor)
		if !mine && number == 0 {
			if mine, err = t.asked(ctx, n, needOffer, n.ClosedAt); err != nil {
				return "", false, err
			}
		}
		if !mine {
			continue
		}
		if q != nil && q.Kind == askNeedHelp {
			t.session.Ask = nil
		}
		reply, err := t.recordNeed(ctx, n, yes)
		return reply, true, err
	}
	return "", false, nil
}

// recordNeed logs a solved need as a difficulty solved, once.
func (t *talk) recordNeed(ctx context.Context, n models.Need, yes bool) (string, error) {
	after := n
	after.RecordID = models.NotRecorded
	if !yes {
		return say.HelpNotRecorded, t.Tx.SaveNeed(ctx, n, after)
	}
	roster, err := t.as().Roster(ctx, t.cadre, t.today)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(roster, func(p store.Paired) bool { return p.RecipientID == n.RecipientID && p.Line == models.LinePairing })
	if i < 0 {
		return say.HelpUnpaired, nil
	}
	day := models.DayOf(n.DoneAt.Time(), t.Zone)
	if !roster[i].Holds(day) {
		day = t.today
	}
	words := n.Words.Reveal() + ":" + n.Result.Reveal()
	entry := desk.Entry{Pairing: roster[i].Pairing, Name: roster[i].Recipient.Name.Reveal(), Kind: models.KindHelp, Help: models.HelpDifficulty, Day: day, Words: words}
	logged, err := desk.Log(ctx, t.as(), t.cadre, t.Key, words, []desk.Entry{entry}, nil, t.today, t.Rules)
	if err != nil {
		return "", err
	}
	after.RecordID = logged.RecordID
	if err := t.Tx.SaveNeed(ctx, n, after); err != nil {
		return "", err
	}
	return say.HelpRecorded(n.Number, say.Receipt{Done: logged.Done, Years: logged.Years}.String()), nil
}

// myNeeds lists a family's newest needs for 进度.
func (t *talk) myNeeds(ctx context.Context, askers []string) (lines []string, err error) {
	rows, err := t.Tx.NeedsOf(ctx, askers, 3)
	for _, n := range rows {
		s, err := needState(ctx, t.Tx, n, t.Zone)
		if err != nil {
			return nil, err
		}
		lines = append(lines, s.String())
	}
	return lines, err
}
