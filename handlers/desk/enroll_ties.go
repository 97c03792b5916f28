package desk

import (
	"context"
	"fmt"
	"slices"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// tie is a row of the sheet 结对关系 with both its people found.
type tie struct {
	row    *xlsx.PairingRow
	cadre  string
	person person
}

// taking is a person's line of pairing, which one cadre has.
type taking struct {
	person string
	line   models.Line
}

// findBoth finds the cadre and the recipient of each row, in this workbook or in
// the register.
func (e *enrolment) findBoth(ctx context.Context, tx *store.Store, rows []xlsx.PairingRow, out outcomes) ([]tie, error) {
	var phones, ids, numbers []string
	for _, r := range rows {
		if len(r.Faults) == 0 {
			phones = append(phones, tx.PhoneIndex(r.CadrePhone))
			if r.RecipientID != "" {
				ids = append(ids, tx.IDIndex(r.RecipientID))
			} else {
				numbers = append(numbers, r.RecipientNumber)
			}
		}
	}
	cadres, err := tx.CadresByPhone(ctx, phones)
	if err != nil {
		return nil, err
	}
	people, err := tx.RecipientsByIndex(ctx, ids, numbers)
	if err != nil {
		return nil, err
	}
	byPhone, byKey := map[string]models.Cadre{}, byIndex(people)
	for _, c := range cadres {
		byPhone[c.PhoneIdx] = c
	}
	var ties []tie
	for i := range rows {
		r := &rows[i]
		if len(r.Faults) > 0 {
			out.fail(r.Row)
			continue
		}
		t := tie{row: r, cadre: e.cadres[r.CadreRow]}
		var faults []xlsx.Fault
		unlisted := func(format string, args ...any) {
			faults = append(faults, xlsx.Fault{Code: xlsx.CodeUnlisted, Text: fmt.Sprintf(format, args...)})
		}
		c, listed := byPhone[tx.PhoneIndex(r.CadrePhone)]
		switch {
		case t.cadre != "":
		case r.CadreRow > 0:
			unlisted("这位干部在“干部”表第 %d 行,那一行有错没导入,请先改好那一行。", r.CadreRow)
		case !listed:
			unlisted("没有手机尾号 %s 的干部,请先把这位干部写进“干部”表。", r.CadrePhone[len(r.CadrePhone)-4:])
		case c.LeftAt != 0:
			unlisted("手机尾号 %s 的干部已经离开,请换一位。", r.CadrePhone[len(r.CadrePhone)-4:])
		default:
			t.cadre = c.ID
		}
		p, f := e.personOf(tx, r.RecipientID, r.RecipientNumber, r.RecipientRow, byKey)
		if t.person = p; f != nil {
			faults = append(faults, *f)
		}
		if len(faults) > 0 {
			out.fail(r.Row, faults...)
			continue
		}
		ties = append(ties, t)
	}
	return ties, nil
}

// byIndex finds people by the index of the id number, and by # and the 编号.
func byIndex(people []models.Recipient) map[string]models.Recipient {
	out := map[string]models.Recipient{}
	for _, p := range people {
		out["#"+p.Number] = p
		if p.IDIdx != nil {
			out[*p.IDIdx] = p
		}
	}
	return out
}

// personOf finds whom a row means: the person of a row of this workbook, else one
// of the register; or says why there is none.
func (e *enrolment) personOf(tx *store.Store, idNumber, number string, row int, byKey map[string]models.Recipient) (person, *xlsx.Fault) {
	key := "#" + number
	if idNumber != "" {
		key = tx.IDIndex(idNumber)
	}
	unlisted := func(format string, args ...any) (person, *xlsx.Fault) {
		return person{}, &xlsx.Fault{Code: xlsx.CodeUnlisted, Text: fmt.Sprintf(format, args...)}
	}
	here := e.people[row]
	p, listed := byKey[key]
	switch {
	case here.id != "":
		return here, nil
	case row > 0:
		return unlisted("这位对象在“关爱对象”表第 %d 行,那一行有错没导入,请先改好那一行。", row)
	case !listed && idNumber != "":
		return unlisted("没有这个身份证号的关爱对象,请先把这位对象写进“关爱对象”表。")
	case !listed:
		return unlisted("没有编号 %s 的关爱对象,请核对编号。", number)
	case p.ExitedOn != "":
		return unlisted("这位对象已在 %s 退出,不再收。", string(p.ExitedOn))
	}
	return person{p.ID, models.Day(p.Birth.Reveal())}, nil
}

// readPairings reads the pairings of some people, locked against others who pair
// them, and how many people each cadre had before this run's rows.
func (e *enrolment) readPairings(ctx context.Context, tx *store.Store, ids, cadres []string) (held map[string][]models.Pairing, loads map[string]int, err error) {
	if !e.dry {
		if err := tx.LockRecipients(ctx, ids); err != nil {
			return nil, nil, err
		}
	}
	rows, err := tx.PairingsOf(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	held = map[string][]models.Pairing{}
	for _, id := range ids {
		held[id] = slices.Clone(e.paired[id]) // a dry run has them nowhere else
	}
	for _, p := range rows {
		if !slices.ContainsFunc(held[p.RecipientID], func(q models.Pairing) bool { return q.ID == p.ID }) {
			held[p.RecipientID] = append(held[p.RecipientID], p)
		}
	}
	loads = map[string]int{}
	var fresh []string
	for _, id := range cadres {
		if n, ok := e.loads[id]; ok {
			loads[id] = n
		} else {
			fresh = append(fresh, id)
		}
	}
	before, err := tx.Caseloads(ctx, fresh)
	for _, id := range fresh {
		loads[id] = before[id]
	}
	return held, loads, err
}

// guardianPhones are the telephone indexes of those who look after each person.
func guardianPhones(ctx context.Context, tx *store.Store, ids []string) (map[string]map[string]bool, error) {
	contacts, err := tx.ContactsOf(ctx, ids)
	out := map[string]map[string]bool{}
	for _, c := range contacts {
		if c.Kind == models.ContactGuardian && c.PhoneIdx != "" {
			if out[c.RecipientID] == nil {
				out[c.RecipientID] = map[string]bool{}
			}
			out[c.RecipientID][c.PhoneIdx] = true
		}
	}
	return out, err
}
