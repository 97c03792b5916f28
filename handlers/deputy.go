package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// deputyWords say that somebody looks after a cadre's people for a while
// (代管, users.md 一.10). The pairing stays the cadre's and the end is named.
//
//	老谷让张三代管到月底  我出差,我的户请张三代管一个月      said by the cadre
//	张三的户由李四代管到12月31日                       said by the liaison
//	张三住院了,他的户我代管一个月                      said by the colleague: the other must say so
//	我的户不用张三代管了  代管取消                      over
var (
	deputyWords = regexp.MustCompile(`代管|代为(看|照)管|帮我管|替我管|先管着`)
	deputyOver  = regexp.MustCompile(`(不用|不要|取消|结束|停止|不再).{0,8}代管|代管.{0,4}(取消|结束|不用|停)`)
	deputyAsks  = regexp.MustCompile(`[??吗]|怎么|咋|能不能`)
)

// deputy takes such a sentence, from a cadre about the own people or from a
// liaison about a cadre's of the unit.
func (t *talk) deputy(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	if !deputyWords.MatchString(plain) {
		return "", false, nil
	}
	if deputyAsks.MatchString(plain) {
		return say.DeputyHow, true, nil
	}
	unit, err := t.unitCadres(ctx)
	if err != nil {
		return "", true, err
	}
	owner, other, rows, reply, err := t.deputyOf(ctx, unit, plain, roster)
	if err != nil || reply != "" {
		return reply, true, err
	}
	if mine := named(rows, plain); len(mine) > 0 {
		rows = mine
	}
	if len(rows) == 0 {
		return say.NobodyPaired, true, nil
	}
	if deputyOver.MatchString(plain) {
		over, err := t.author().EndDelegations(ctx, pairingIDs(rows), t.today)
		if err == nil && over > 0 {
			err = t.author().Note(ctx, "delegation_end", "cadre:"+owner.ID, "")
		}
		return say.DeputyOver(over), true, err
	}
	if other.ID == "" {
		return say.DeputyHow, true, nil
	}
	from, to := deputyDays(plain, t.today)
	if to == "" {
		return say.DeputyUntil, true, nil
	}
	role, author := models.RoleCadre, t.cadre
	if t.cadre == "" {
		role, author = models.RoleAdmin, t.admin
	}
	var people []string
	for _, p := range rows {
		people = append(people, p.Recipient.Name.Reveal())
		err := t.author().AddDelegation(ctx, &models.Delegation{PairingID: p.ID, DeputyID: other.ID, FromDay: from, ToDay: to, Role: role, AuthorID: author})
		if err != nil {
			return "", true, err
		}
	}
	told, err := t.tellCadre(ctx, "deputy/"+t.Key+"/"+other.ID, other.ID, say.DeputyTold(owner.Name.Reveal(), people, from, to))
	if err != nil {
		return "", true, err
	}
	if owner.ID != t.cadre {
		if _, err := t.tellCadre(ctx, "deputy/"+t.Key+"/"+owner.ID, owner.ID, say.DeputyOwner(other.Name.Reveal(), people, from, to)); err != nil {
			return "", true, err
		}
	}
	return say.DeputySet(owner.Name.Reveal(), other.Name.Reveal(), people, from, to, told), true, nil
}

// deputyOf reads whose people are meant and who is to look after them. reply is
// what stands in the way.
func (t *talk) deputyOf(ctx context.Context, unit []models.Cadre, plain string, roster []store.Paired) (owner, other models.Cadre, rows []store.Paired, reply string, err error) {
	at := deputyWords.FindStringIndex(plain)[0]
	var before []models.Cadre // named, in the order of the sentence
	for _, c := range unit {
		if c.ID == t.cadre {
			owner = c
		} else if strings.Contains(plain, c.Name.Reveal()) {
			before = append(before, c)
		}
	}
	slices.SortFunc(before, func(a, b models.Cadre) int {
		return strings.Index(plain, a.Name.Reveal()) - strings.Index(plain, b.Name.Reveal())
	})
	toMe := regexp.MustCompile(`(我|由我|我来|我先|我帮着?|我替他)$`).MatchString(plain[:at])
	switch {
	case t.cadre != "" && toMe && len(before) > 0:
		return owner, other, nil, say.DeputyNeedsOwner(before[0].Name.Reveal()), nil
	case t.cadre != "" && len(before) == 1:
		return owner, before[0], roster, "", nil
	case t.cadre != "" && deputyOver.MatchString(plain):
		return owner, other, roster, "", nil
	case t.cadre == "" && len(before) == 2:
		owner, other = before[0], before[1]
	case t.cadre == "" && len(before) == 1 && deputyOver.MatchString(plain):
		owner = before[0]
	case len(before) > 1 && t.cadre != "":
		return owner, other, nil, say.DeputyHow, nil
	default:
		return owner, other, nil, say.DeputyNobody, nil
	}
	rows, err = t.Tx.As(models.Actor{Cadre: owner.ID}).OwnRoster(ctx, owner.ID, t.today)
	return owner, other, rows, "", err
}

// tellCadre plans a word to a cadre who has a phone here.
func (t *talk) tellCadre(ctx context.Context, key, cadre, text string) (bool, error) {
	bound, err := t.Tx.BindingOf(ctx, models.RoleCadre, cadre)
	if err == store.ErrNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, t.Tx.AddDelivery(ctx, key, store.Delivery{
		Kind: KindCarry, Role: models.RoleCadre, SubjectID: cadre, OpenID: bound.OpenID, Payload: models.Conceal(text),
	})
}
