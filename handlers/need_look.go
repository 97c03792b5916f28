package handlers

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

var needLookForm = regexp.MustCompile(`^诉求\s*#?\s*(\d{1,6})?(?:号)?$|^[^,。]{0,8}(?:诉求|报的|转的|反映的)[^,。]{0,6}(?:咋样|怎样|怎么样|到哪|办了没|办好没|有信没|有没有信)[^,。]{0,4}$`)

// needLook takes 诉求 and 诉求 34 of whoever may see it: who asked, the family once
// it is done, the paired cadre, the department, the offices of the place.
func (t *talk) needLook(ctx context.Context, plain string) (reply string, done bool, err error) {
	m := needLookForm.FindStringSubmatch(narrow(plain))
	if m == nil || m[1] == "" && t.cadre == "" && t.guardian != "" {
		return "", false, nil // a family's 诉求 is its 进度
	}
	if m[1] == "" {
		reply, err = t.needList(ctx)
		return reply, true, err
	}
	number, _ := strconv.Atoi(m[1])
	n, err := t.Tx.NeedNumbered(ctx, number)
	if errors.Is(err, store.ErrNotFound) {
		return say.NeedUnknown(number), true, nil
	}
	if err != nil {
		return "", true, err
	}
	office, may, err := t.seesNeed(ctx, n)
	if err != nil || !may {
		return say.NeedUnknown(number), true, err
	}
	reply, err = t.lookAtNeed(ctx, n, office)
	return reply, true, err
}

// seesNeed tells whether the speaker may see a need, and whether as an office.
func (t *talk) seesNeed(ctx context.Context, n models.Need) (office, may bool, err error) {
	if t.admin != "" {
		acct, err := t.Tx.Account(ctx, t.admin)
		if err != nil {
			return false, false, err
		}
		if acct.HandlesNeed(n) {
			return true, true, t.Tx.As(acct.Actor()).Note(ctx, "need_read", "need:"+n.ID, "")
		}
	}
	if t.cadre != "" {
		if n.AskerID == t.cadre {
			return false, true, nil
		}
		roster, err := t.as().Roster(ctx, t.cadre, t.today)
		if err != nil {
			return false, false, err
		}
		for _, p := range roster {
			may = may || p.RecipientID == n.RecipientID
		}
	}
	families, err := t.families(ctx)
	for _, f := range families {
		may = may || f.asker == n.AskerID || f.recipient.ID == n.RecipientID && !n.State.Running()
	}
	return false, may, err
}

// lookAtNeed shows a need, and asks what is still to be asked about it.
func (t *talk) lookAtNeed(ctx context.Context, n models.Need, office bool) (string, error) {
	if office {
		sheet, err := needSheet(ctx, t.Tx, n, t.Zone)
		return sheet.String(), err
	}
	s, err := needState(ctx, t.Tx, n, t.Zone)
	if err != nil {
		return "", err
	}
	ask := func(kind string) { t.session.Ask = &question{Kind: kind, Asked: 1, At: t.Tx.Now(), Record: n.ID} }
	families, err := t.families(ctx)
	if err != nil {
		return "", err
	}
	for _, f := range families {
		if f.recipient.ID == n.RecipientID && n.State == models.NeedDone {
			ask(askNeedWord)
			return say.AskRating(n.Number, s.Words, s.Office, s.Result), nil
		}
	}
	if n.CadreID != "" && n.CadreID == t.cadre && offered(n) {
		ask(askNeedHelp)
		r, err := t.Tx.Recipient(ctx, n.RecipientID)
		if err != nil {
			return "", err
		}
		day, err := helpedSince(ctx, t.Tx, n, t.today, s.Raised)
		return say.OfferHelp(n.Number, r.Name.Reveal(), s.Result, day), err
	}
	return s.String(), nil
}

// maxNeeds is how many needs a list shows.
const maxNeeds = 8

// needList is 诉求: an office's open needs, or those that a cadre reported.
func (t *talk) needList(ctx context.Context) (string, error) {
	var lines []string
	if t.cadre != "" || t.admin == "" {
		rows, err := t.as().NeedsOf(ctx, []string{t.cadre}, maxNeeds)
		if err != nil {
			return "", err
		}
		for _, n := range rows {
			line, err := t.needLine(ctx, n)
			if err != nil {
				return "", err
			}
			lines = append(lines, line)
		}
		if len(lines) == 0 {
			return say.NoNeeds, nil
		}
		return strings.Join(lines, "\n"), nil
	}
	acct, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", err
	}
	rows, err := t.Tx.As(acct.Actor()).OpenNeeds(ctx, 200)
	if err != nil {
		return "", err
	}
	more := false
	for _, n := range rows {
		if !acct.HandlesNeed(n) {
			continue
		}
		if more = len(lines) == maxNeeds; more {
			break
		}
		line, err := t.needLine(ctx, n)
		if err != nil {
			return "", err
		}
		lines = append(lines, line)
	}
	return say.OpenNeeds(lines, more), nil
}

// needLine is a need in a list, with whose it is.
func (t *talk) needLine(ctx context.Context, n models.Need) (string, error) {
	s, err := needState(ctx, t.Tx, n, t.Zone)
	if err != nil {
		return "", err
	}
	r, err := t.Tx.Recipient(ctx, n.RecipientID)
	s.Family = r.Name.Reveal()
	return s.String(), err
}
