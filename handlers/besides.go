package handlers

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"aixin/handlers/say"
	"aixin/models/store"
)

// besides takes what a cadre says besides logging, asking and correcting; done
// is false where the message is none of it.
func (t *talk) besides(ctx context.Context, plain string, roster []store.Paired) (reply string, done bool, err error) {
	if t.alarmed {
		return "", false, nil
	}
	for _, try := range []func(context.Context, string, []store.Paired) (string, bool, error){t.giveCode, t.tell, t.heldPhotos, t.behalf, t.deputy, t.joint, t.funded, t.homeWords, t.photosOf, t.states, t.requested, t.noticed} {
		if reply, done, err = try(ctx, plain, roster); done || err != nil {
			return reply, done, err
		}
	}
	if t.idle() && slices.Contains(bareNo, plain) {
		open, err := t.as().OpenQuestions(ctx, t.cadre) // a family may be answered with a no
		return say.Kept, len(open) == 0, err
	}
	return "", false, nil
}

// everyone answers a choice with all of it: 三个都打了 几户都去了 全都看了
var everyone = regexp.MustCompile(`^(全|[两二三四五六七八九几]|\d)(?:个|户|家|口|位)?人?都\p{Han}{0,4}$`)

// everyOne tells whether words mean all of n; 两个都 of three do not.
func everyOne(words string, n int) bool {
	m := everyone.FindStringSubmatch(words)
	if m == nil {
		return false
	}
	said := strings.NewReplacer("两", "2", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9").Replace(m[1])
	return said == "全" || said == "几" || said == strconv.Itoa(n)
}

// bareNo are words that mean nothing where nothing was asked.
var bareNo = []string{"没有", "没", "不是", "不是的", "不", "不对", "否", "没事"}

// asks tells whether a question of one of the kinds stands.
func (t *talk) asks(kinds ...string) *question {
	q := t.session.Ask
	if q == nil || q.At < t.Tx.Now().Add(-askedFor) {
		return nil
	}
	for _, k := range kinds {
		if q.Kind == k {
			return q
		}
	}
	return nil
}

// idle tells that a bare no answers nothing that was asked.
func (t *talk) idle() bool {
	return t.session.Ask == nil || t.asks(askAmount, askVoice) != nil || t.session.Ask.At < t.Tx.Now().Add(-askedFor)
}

// officeBesides is the same for an account: its liaison records for the unit's
// cadres.
func (t *talk) officeBesides(ctx context.Context, plain string) (string, bool, error) {
	switch plain {
	case "撤销":
		return t.undoLately(ctx)
	case "看核实":
		reply, err := t.toVerify(ctx)
		return reply, true, err
	}
	for _, try := range []func(context.Context, string, []store.Paired) (string, bool, error){t.reissue, t.behalf, t.deputy, t.joint} {
		if reply, done, err := try(ctx, plain, nil); done || err != nil {
			return reply, done, err
		}
	}
	return "", false, nil
}

// undoLately takes back what was done last, where it is no record of the
// sender's own.
func (t *talk) undoLately(ctx context.Context) (reply string, done bool, err error) {
	last := t.session.Lately
	t.session.Lately = lately{}
	switch last.Kind {
	case latelyBehalf:
		reply, err = t.undoBehalf(ctx, last.ID)
		return reply, true, err
	case latelyJoint:
		reply, err = t.undoJoint(ctx, last.ID)
		return reply, true, err
	case latelyState, latelyBack:
		reply, err = t.undoState(ctx, last)
		return reply, true, err
	}
	return "", false, nil
}

// amendLately keeps a correction from the sender's own last record where
// something else was done after it.
func (t *talk) amendLately(ctx context.Context) (reply string, done bool, err error) {
	if t.session.Lately.Kind == latelyJoint {
		return say.JointAmend, true, nil
	}
	if t.session.Lately.Kind != latelyBehalf {
		return "", false, nil
	}
	row, err := t.Tx.Behalf(ctx, t.session.Lately.ID)
	if err != nil {
		return "", true, err
	}
	c, err := t.Tx.Cadre(ctx, row.CadreID)
	return say.BehalfAmend(c.Name.Reveal()), true, err
}
