package desk

import (
	"context"
	"fmt"
	"maps"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// enrollPairings takes in one commit of the sheet 结对关系. Pairings are dated
// rows: nothing here ends or moves one, it only adds what does not contradict.
func (e *enrolment) enrollPairings(ctx context.Context, tx *store.Store, rows []xlsx.PairingRow) (keep func(), err error) {
	out := outcomes{}
	ties, err := e.findBoth(ctx, tx, rows, out)
	if err != nil {
		return nil, err
	}
	var ids, cadres []string
	for _, t := range ties {
		ids, cadres = append(ids, t.person.id), append(cadres, t.cadre)
	}
	held, loads, err := e.readPairings(ctx, tx, ids, cadres)
	if err != nil {
		return nil, err
	}
	guardians, err := guardianPhones(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var created, altered []models.Pairing
	rivals, taken := map[int]models.Pairing{}, map[taking]tie{}
	for _, t := range ties {
		r, key := t.row, taking{t.person.id, t.row.Line}
		before, told := taken[key]
		if !told {
			before, told = e.taken[key]
		}
		// What an earlier row was refused for is no reason against this one.
		if told && before.cadre == t.cadre {
			out.fail(r.Row, xlsx.Fault{Code: xlsx.CodeDuplicate, Text: fmt.Sprintf("和第 %d 行是同一对,请留一行。", before.row.Row)})
			continue
		} else if told {
			out.fail(r.Row, xlsx.Fault{Code: xlsx.CodePaired, Text: fmt.Sprintf("这位对象在第 %d 行已和另一位干部结对,一条线只留一位。", before.row.Row)})
			continue
		}
		if f := t.fault(guardians[t.person.id][tx.PhoneIndex(r.CadrePhone)]); f != nil {
			out.fail(r.Row, *f)
			continue
		}
		same, rival := t.judge(held[t.person.id])
		switch {
		case same != nil:
			switch {
			case same.ToDay != "":
				out.set(r.Row, xlsx.OutcomeSame, xlsx.Fault{Code: xlsx.CodeBackwards, Text: fmt.Sprintf("名册里这一对已在 %s 结束,没有再加。", string(same.ToDay))})
			case e.open(same, r):
				altered = append(altered, *same)
				out.set(r.Row, xlsx.OutcomeUpdated)
			default:
				out.set(r.Row, xlsx.OutcomeSame)
			}
		case rival != nil && rival.CadreID == t.cadre:
			out.fail(r.Row, xlsx.Fault{Code: xlsx.CodeDates, Text: fmt.Sprintf("名册里这一对是从 %s 开始的,和这里的开始日期重叠,请核对日期。", span(*rival))})
		case rival != nil:
			rivals[r.Row] = *rival
		default:
			p := models.Pairing{ID: tx.NewID(), CadreID: t.cadre, RecipientID: t.person.id, Line: r.Line, FromDay: r.From, CreatedAt: tx.Now()}
			e.open(&p, r)
			created = append(created, p)
			held[t.person.id] = append(held[t.person.id], p)
			var notes []xlsx.Fault
			if r.Line == models.LinePairing {
				if loads[t.cadre]++; loads[t.cadre] > fullCaseload {
					notes = append(notes, xlsx.Fault{Code: xlsx.CodeCaseload, Text: fmt.Sprintf("这位干部到这一行已结对 %d 人,偏多,请看要不要分一分。", loads[t.cadre])})
				}
			}
			out.set(r.Row, xlsx.OutcomeNew, notes...)
		}
		if ended := same != nil && same.ToDay != ""; !ended && rival == nil {
			taken[key] = t
		}
	}
	if err := nameRivals(ctx, tx, rivals, out); err != nil {
		return nil, err
	}
	if err := write(ctx, e, tx, created, altered); err != nil {
		return nil, err
	}
	if !e.dry {
		if err := tx.EnterFrom(ctx, ids); err != nil {
			return nil, err
		}
	}
	return func() {
		maps.Copy(e.loads, loads)
		maps.Copy(e.taken, taken)
		for _, p := range created {
			e.paired[p.RecipientID] = append(e.paired[p.RecipientID], p)
		}
		maps.Copy(e.results.Pairings, out)
	}, nil
}

// fault is what the register has against the two as a pair.
func (t tie) fault(isGuardian bool) *xlsx.Fault {
	switch {
	case t.row.From < t.person.birth:
		return &xlsx.Fault{Code: xlsx.CodeDates, Text: "开始日期早于对象的出生日期,请核对。"}
	case isGuardian:
		return &xlsx.Fault{Code: xlsx.CodeGuardian, Text: "名册里这位干部就是对象的监护人,干部不能给自己的监护对象结对,请核对。"}
	}
	return nil
}

// judge finds the pairing that the row says again, or one that stands against it:
// a new pairing has no end, so any of its line that lasts beyond its start does.
func (t tie) judge(held []models.Pairing) (same, rival *models.Pairing) {
	for i := range held {
		p := &held[i]
		switch {
		case p.Line != t.row.Line:
		case p.CadreID == t.cadre && p.FromDay == t.row.From:
			return p, nil
		case p.ToDay == "":
			rival = p
		case p.ToDay >= t.row.From && rival == nil:
			rival = p
		}
	}
	return nil, rival
}

// open writes the opening figures into a pairing and tells whether they changed.
// A blank row leaves figures that are there; without any they are unknown, which
// is not zero (users.md 一.1).
func (e *enrolment) open(p *models.Pairing, r *xlsx.PairingRow) bool {
	before := *p
	number := func(n *int) int {
		if n == nil {
			return 0
		}
		return *n
	}
	switch {
	case r.OpeningContacts != nil || r.OpeningVisits != nil || r.OpeningHelps != nil:
		p.OpeningContacts, p.OpeningVisits, p.OpeningHelps = number(r.OpeningContacts), number(r.OpeningVisits), number(r.OpeningHelps)
		p.OpeningAsOf, p.OpeningUnknown = r.OpeningAsOf, false
	case e.reg.OpeningColumns && !r.OpeningNone && p.OpeningAsOf == "":
		p.OpeningUnknown = true
	}
	return *p != before
}

// nameRivals says of each row whom the person is paired with already.
func nameRivals(ctx context.Context, tx *store.Store, rivals map[int]models.Pairing, out outcomes) error {
	var ids []string
	for _, p := range rivals {
		ids = append(ids, p.CadreID)
	}
	cadres, err := tx.CadresByID(ctx, ids)
	names := map[string]string{}
	for _, c := range cadres {
		names[c.ID] = models.MaskName(c.Name.Reveal())
	}
	for row, p := range rivals {
		who := "表里另一位干部" // of a dry run: not in the register
		if name := names[p.CadreID]; name != "" {
			who = "干部“" + name + "”"
		}
		f := xlsx.Fault{Code: xlsx.CodePaired, Text: fmt.Sprintf("这位对象从 %s 起已和%s结对,一条线只留一位;要换人请先结束原来那一对。", span(p), who)}
		if p.ToDay != "" {
			f = xlsx.Fault{Code: xlsx.CodeDates, Text: fmt.Sprintf("这位对象 %s 和%s结对,开始日期和它重叠,请核对日期。", span(p), who)}
		}
		out.fail(row, f)
	}
	return err
}

// span writes the days of a pairing: 2023-05-25, or 2023-05-25 至 2024-01-31.
func span(p models.Pairing) string {
	if p.ToDay == "" {
		return string(p.FromDay)
	}
	return string(p.FromDay) + " 至 " + string(p.ToDay)
}
