package desk

import (
	"context"
	"fmt"
	"maps"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// enrollCadres takes in one commit of the sheet 干部. A cadre is known by the
// telephone.
func (e *enrolment) enrollCadres(ctx context.Context, tx *store.Store, rows []xlsx.CadreRow) (keep func(), err error) {
	var phones []string
	for _, r := range rows {
		if len(r.Faults) == 0 {
			phones = append(phones, tx.PhoneIndex(r.Phone))
		}
	}
	found, err := tx.CadresByPhone(ctx, phones)
	if err != nil {
		return nil, err
	}
	registered := make(map[string]models.Cadre, len(found))
	for _, c := range found {
		registered[c.PhoneIdx] = c
	}
	out := outcomes{}
	var good []*xlsx.CadreRow
	var paths, units []string
	for i := range rows {
		r := &rows[i]
		old, known := registered[tx.PhoneIndex(r.Phone)]
		if faults := cadreFaults(r, old, known); len(r.Faults)+len(faults) > 0 {
			out.fail(r.Row, faults...)
			continue
		}
		path, _ := village(r.Region)
		good, paths, units = append(good, r), append(paths, path), append(units, r.Unit)
	}
	grown, err := e.places.grow(ctx, e, tx, paths, units)
	if err != nil {
		return nil, err
	}
	var created, altered []models.Cadre
	ids := map[int]string{}
	var moved []models.Movement
	var renamed []models.FormerName
	for i, r := range good {
		c, known := registered[tx.PhoneIndex(r.Phone)]
		_, notes := regionNotes(r.Region)
		if known && r.Name != c.Name.Reveal() && !xlsx.Alike(r.Name, c.Name.Reveal()) {
			notes = append(notes, xlsx.Fault{Code: xlsx.CodeInRegister, Text: fmt.Sprintf("名册里这个手机号是“%s”,已改成现在的名字,请看一眼对不对。", models.MaskName(c.Name.Reveal()))})
		}
		var d edit
		if known && r.Name != c.Name.Reveal() {
			renamed = append(renamed, models.FormerName{Noun: models.NounCadre, SubjectID: c.ID, Name: models.Conceal(c.Name.Reveal())})
		}
		d.secret(&c.Name, r.Name)
		before := c
		put(&d, &c.UnitID, grown.units[r.Unit])
		put(&d, &c.Post, r.Post)
		put(&d, &c.Region, grown.regions[paths[i]])
		put(&d, &c.Speciality, r.Speciality)
		switch {
		case !known:
			c.EnteredOn = e.today
			c.ID, c.Phone, c.PhoneIdx, c.CreatedAt, c.UpdatedAt = tx.NewID(), models.Conceal(r.Phone), tx.PhoneIndex(r.Phone), tx.Now(), tx.Now()
			created = append(created, c)
			out.set(r.Row, xlsx.OutcomeNew, notes...)
		case d.changed:
			c.UpdatedAt = tx.Now()
			if c.UnitID != before.UnitID || c.Region != before.Region {
				moved = append(moved, models.Movement{
					Noun: models.NounCadre, SubjectID: c.ID, Kind: models.MovedPlace, MovedOn: e.today, Reason: byWorkbook,
					FromRegion: before.Region, ToRegion: c.Region, FromUnit: before.UnitID, ToUnit: c.UnitID,
				})
			}
			altered = append(altered, c)
			out.set(r.Row, xlsx.OutcomeUpdated, notes...)
		default:
			out.set(r.Row, xlsx.OutcomeSame, notes...)
		}
		ids[r.Row] = c.ID
	}
	if err := write(ctx, e, tx, created, altered); err != nil {
		return nil, err
	}
	if err := e.move(ctx, tx, moved, renamed); err != nil {
		return nil, err
	}
	return func() {
		e.places = grown
		maps.Copy(e.cadres, ids)
		maps.Copy(e.results.Cadres, out)
	}, nil
}

// cadreFaults is what the register has against a row that is good in itself.
func cadreFaults(r *xlsx.CadreRow, old models.Cadre, known bool) []xlsx.Fault {
	if len(r.Faults) > 0 {
		return nil
	}
	faults, _ := regionNotes(r.Region)
	if f := tooLong(cell{"姓名", r.Name, 60}, cell{"单位", r.Unit, 100}, cell{"职务", r.Post, 100}); f != nil {
		faults = append(faults, *f)
	}
	switch {
	case known && old.LeftAt != 0:
		faults = append(faults, xlsx.Fault{Code: xlsx.CodeBackwards, Text: "名册里这位干部已经离开,不能再从表里加回来,请先核对。"})
	case known && otherPerson(r.Name, old.Name.Reveal()):
		faults = append(faults, xlsx.Fault{Code: xlsx.CodeInRegister, Text: fmt.Sprintf("这个手机号在名册里是“%s”的,和这里的名字对不上,请核对手机号。", models.MaskName(old.Name.Reveal()))})
	}
	return faults
}
