package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// value is the answer to what a gift was worth.
type value struct {
	fen   int64
	total bool   // of all of them together
	unit  string // of each 袋, 桶 …, as many as the record tells
}

// valueWords are how it is answered.
//
//	80  八十块  大约80元           each person's gift
//	每袋80  一袋80块  80一袋       by the piece
//	一共240  总共二百四             of all together
var (
	valueTotal = regexp.MustCompile(`^(一?共|总共|合计|全部|加起来|一起)`)
	valueEach  = regexp.MustCompile(`^(?:每|各|一)(?:人|户|家|个|位|份)?`)
	valuePiece = regexp.MustCompile(`^(?:每|一|1)(袋|桶|箱|件|斤|盒|包|床|双|套|瓶|壶|提|吨|只|条)|[每一](袋|桶|箱|件|斤|盒|包|床|双|套|瓶|壶|提|吨|只|条)$`)
	valueAbout = regexp.MustCompile(`^(?:大约|大概|差不多|也就|折合|折价|值|约|是|都|各)+|(?:左右|上下|吧|的?样子|多)$`)
)

func valueOf(plain string) (v value, ok bool) {
	s := strings.TrimSpace(plain)
	if m := valuePiece.FindStringSubmatch(s); m != nil {
		v.unit = m[1] + m[2]
		s = strings.Trim(valuePiece.ReplaceAllString(s, ""), " ,")
	}
	for before := ""; before != s; {
		before = s
		if m := valueTotal.FindString(s); m != "" {
			v.total, s = true, s[len(m):]
		}
		s = valueAbout.ReplaceAllString(valueEach.ReplaceAllString(s, ""), "")
	}
	fen, ok := understand.Amount(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(s, "钱"), "块"), "元"))
	v.fen = int64(fen)
	return v, ok && fen > 0
}

// pieces is how many of a unit the words of a record tell: 各送三袋面 are three.
func pieces(words, unit string) int64 {
	m := regexp.MustCompile(`(\d{1,3}|[两二三四五六七八九十]{1,2})` + unit).FindStringSubmatch(words)
	if unit == "" || m == nil {
		return 1
	}
	return int64(numberWord(m[1]))
}

// setAmount enters the value of gifts that had none.
func (t *talk) setAmount(ctx context.Context, record string, v value) (string, error) {
	p, err := desk.Open(ctx, t.as(), record)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.Record.VoidedAt != 0 {
		return say.NothingToAmend, nil
	}
	if err != nil {
		return "", err
	}
	now := slices.Clone(p.Entries)
	var open []int
	for i, e := range now {
		if e.Kind == models.KindAid && e.AmountFen == nil {
			open = append(open, i)
		}
	}
	for n, i := range open {
		fen := v.fen * pieces(p.Record.Words.Reveal(), v.unit)
		if of := int64(len(open)); v.total {
			fen = v.fen / of
			if int64(n) < v.fen%of {
				fen++ // to the last fen
			}
		}
		now[i].AmountFen = &fen
	}
	return t.amended(ctx, p, now)
}
