package web

import (
	"context"
	"fmt"

	"aixin/models"
	"aixin/web/xlsx"
)

// draftFacts are what a request says of somebody who comes new or moves, as far
// as whoever decides needs it: numbers only by their ends.
func (s *site) draftFacts(ctx context.Context, me seat, a models.Adjustment, who named) (facts [][2]string, err error) {
	d, err := a.Drafted()
	if err != nil {
		return nil, err
	}
	add := func(label, words string) {
		if words != "" {
			facts = append(facts, [2]string{label, words})
		}
	}
	place := ""
	if d.Region != "" {
		if place, err = me.st.PlaceName(ctx, d.Region); err != nil {
			return nil, err
		}
	}
	switch a.Kind {
	case models.AdjustRecipientMove:
		add("迁到", place)
	case models.AdjustCadreIn:
		add("单位", who.units[a.UnitID])
		add("职务", d.Post)
		add("手机尾号", ending(d.Phone))
	case models.AdjustRecipientIn:
		if a.RecipientID != "" {
			return nil, nil // as the register has them
		}
		codes := ""
		for _, c := range d.Categories {
			codes += string(c) + ","
		}
		add("类别", who.lists.Categories(codes, a.EffectiveOn))
		add("供养方式", who.lists.CareMode(d.CareMode, a.EffectiveOn))
		if birth, fault := xlsx.CheckID(d.IDNumber); d.IDNumber != "" && fault == "" {
			add("年龄", fmt.Sprintf("%d 岁,证件号尾号 %s", (models.Recipient{Birth: models.Conceal(string(birth))}).Age(a.EffectiveOn), ending(d.IDNumber)))
		} else {
			add("证件", "没有身份证号")
		}
		add("住在哪", place)
		if d.ContactName != "" {
			add("监护人", models.MaskName(d.ContactName)+tail(d.ContactPhone))
		}
	}
	return facts, nil
}

func ending(number string) string { return number[max(0, len(number)-4):] }

func tail(phone string) string {
	if phone == "" {
		return ",没有手机号"
	}
	return ",手机尾号 " + ending(phone)
}
