package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// askDispute asks which visit on record did not take place.
const askDispute = "dispute"

// aboutDispute is the matter of a record that is not so.
const aboutDispute = "dispute"

var (
	falseRecord = regexp.MustCompile(`(记录|本本|本子|上面|上头|写着|写的|说).{0,8}来了?.{0,3}(我|咱|俺|我们).{0,2}(咋|怎么|都)?(不知道|没见|没看见)|(记录|本本|本子|上面|上头|写着|说).{0,10}来过.{0,10}(没来|没有来|没人来|不对|是假|没见人|没这回事)|(假|虚假).{0,4}(记录|走访)|(记录|走访).{0,4}是假`)
	namedMonth  = regexp.MustCompile(`(\d{1,2})月`)
)

// disputedSpan is the time that a family speaks of: a month, or the last two.
func disputedSpan(text string, today models.Day) (from, to models.Day) {
	month := models.MonthOf(today)
	switch {
	case regexp.MustCompile(`上个?月`).MatchString(text):
		month = month.Add(-1)
	case regexp.MustCompile(`[这本]个?月`).MatchString(text):
	default:
		m := namedMonth.FindStringSubmatch(narrowDigits(text))
		n := 0
		if m != nil {
			n, _ = strconv.Atoi(m[1])
		}
		if n < 1 || n > 12 {
			return today.Add(-62), today
		}
		if month = models.NewMonth(today.Year(), n); month.First() > today {
			month = models.NewMonth(today.Year()-1, n)
		}
	}
	return month.First(), min(month.Last(), today)
}

// dispute takes a family's word that a record is not so. Where several visits
// may be meant it asks which; where there is none it is a complaint.
func (t *talk) dispute(ctx context.Context, f family, text string) (string, error) {
	from, to := disputedSpan(text, t.today)
	visits, err := t.Tx.DisputedVisits(ctx, f.recipient.ID, from, to)
	switch {
	case err != nil:
		return "", err
	case len(visits) == 0:
		return t.complain(ctx, f, text)
	case len(visits) == 1:
		return t.disputed(ctx, f, text, visits)
	}
	q := &question{Kind: askDispute, Asked: 1, At: t.Tx.Now(), Record: f.asker, Draft: draft{Words: text}}
	var days []models.Day
	for _, a := range visits {
		q.Options = append(q.Options, a.ID)
		days = append(days, a.Day)
	}
	t.session.Ask = q
	return say.WhichVisit(days), nil
}

// disputeAnswered takes which visit it was.
func (t *talk) disputeAnswered(ctx context.Context, q *question, plain string, families []family) (string, bool, error) {
	n, pick, _, _ := choice(plain)
	i := slices.IndexFunc(families, func(f family) bool { return f.asker == q.Record })
	if i < 0 || !pick && plain != "都没来" || n > len(q.Options) {
		return "", false, nil
	}
	t.session.Ask = nil
	ids := q.Options
	if pick && n > 0 {
		ids = ids[n-1 : n]
	}
	visits, err := t.Tx.DisputedVisits(ctx, families[i].recipient.ID, t.today.Add(-400), t.today)
	if err != nil {
		return "", true, err
	}
	visits = slices.DeleteFunc(visits, func(a models.Activity) bool { return !slices.Contains(ids, a.ID) })
	if len(visits) == 0 {
		reply, err := t.complain(ctx, families[i], q.Draft.Words)
		return reply, true, err
	}
	reply, err := t.disputed(ctx, families[i], q.Draft.Words, visits)
	return reply, true, err
}

// disputed marks the records and tells the county; somebody of another unit asks,
// among others, days later.
func (t *talk) disputed(ctx context.Context, f family, text string, visits []models.Activity) (string, error) {
	var days []models.Day
	for _, a := range visits {
		d := models.Dispute{
			ActivityID: a.ID, RecipientID: a.RecipientID, CadreID: a.CadreID, Region: f.recipient.Region, Day: a.Day, Words: models.Conceal(text),
		}
		err := t.Tx.OpenDispute(ctx, &d)
		if errors.Is(err, store.ErrLost) {
			continue // corrected meanwhile, or disputed before
		}
		if err == nil {
			err = t.Tx.AddHiddenCheck(ctx, a.RecipientID, a.CadreID, a.Day, models.Conceal("dispute "+d.ID), t.today)
		}
		if err != nil {
			return "", err
		}
		days = append(days, a.Day)
	}
	q, told, err := t.report(ctx, f, text)
	if err != nil || len(days) == 0 {
		return say.ComplaintTaken(q.Number), err
	}
	return say.DisputeTaken(q.Number, days, told), nil
}
