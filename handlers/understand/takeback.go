package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// notDone (plain): told, but it did not come to pass.
var notDone = regexp.MustCompile(`(还没|没顾上|没来得及|没能|没有|没)(有)?(去|走|看|上门|到)(成|的|$)|(本来|原本|原计划|原打算|原想|本想|本打算|本准备|原准备)[^,]{0,10}(去|要|看)|没去成|想去没`)

func dropVisit(events []event) []event {
	var out []event
	for _, e := range events {
		if e.kind != models.KindVisit {
			out = append(out, e)
		}
	}
	return out
}

// undo takes back what a clause denies: a visit where nobody was home, a gift
// that was refused.
func (w *walk) undo(c *clause, i int, who []ref, explicit bool) {
	if missedCall.has(c.plain) {
		w.lacking = true
		for k := len(w.records) - 1; k >= 0 && w.records[k].at >= i-1; k-- {
			if r := w.records[k]; r.kind == models.KindContact && r.at == i-1 && !gotThrough.has(c.plain) {
				if explicit && len(without(r.who, who)) == len(r.who) {
					continue // somebody else did not answer
				}
				if explicit && len(r.who) > len(who) {
					w.records[k].who = without(r.who, who)
					continue
				}
				w.flow.missed, w.flow.channel = true, r.channel
				w.records = append(w.records[:k], w.records[k+1:]...)
			}
		}
	}
	if credited.MatchString(c.tagged) {
		w.othersD = true
		for len(w.records) > 0 && w.records[len(w.records)-1].at == i-1 {
			w.records = w.records[:len(w.records)-1]
		}
	}
	if absent.has(c.plain) && !strings.ContainsAny(c.tagged, "K") {
		w.lacking = true
		if only := w.m.excepted(c); len(only) > 0 {
			who, explicit = only, true // 四户都走了,除了老尤家没人
		}
		for k := len(w.records) - 1; k >= 0; k-- {
			r := w.records[k]
			if r.kind == models.KindVisit && r.at >= i-2 && r.day == w.day && explicit && len(r.who) > len(who) && nobodyThere.MatchString(c.plain) {
				w.records[k].who = without(r.who, who) // 入户4户,老哈家无人
				continue
			}
			if r.kind == models.KindVisit && r.at >= i-2 && r.day == w.day && (!explicit || sameRefs(r.who, who)) {
				w.records = append(w.records[:k], w.records[k+1:]...)
			}
		}
		w.flow.visit = false
	}
	if refuses(c) {
		w.decline(i - 1)
	} else if len(w.declined) > 0 && accepted.MatchString(c.plain) {
		w.gift, w.flow.aid = w.declined[0].gift, true
		w.giftWho, w.giftDay = w.declined[0].who, w.declined[0].day
		w.records, w.declined = append(w.records, w.declined...), nil
	}
}

// nobodyThere (plain): the house was empty.
var nobodyThere = regexp.MustCompile(`(无|没)人|锁`)

// refuses reports whether a clause tells that an offer was not taken.
func refuses(c *clause) bool {
	return strings.ContainsAny(c.plain, "不没未推退谢拒塞还") && (refused.MatchString(c.plain) && !accepted.MatchString(c.plain) || backToUs.MatchString(c.plain)) && !adviceOnly.MatchString(c.plain)
}

// decline sets the gifts told from clause i on aside, in case they are taken
// after all.
func (w *walk) decline(i int) {
	w.lacking = true
	for k := len(w.records) - 1; k >= 0 && w.records[k].at >= i; k-- {
		if w.records[k].kind == models.KindAid {
			w.declined = append(w.declined, w.records[k])
			w.records = append(w.records[:k], w.records[k+1:]...)
		}
	}
	w.flow.aid, w.gift = false, nil
}

// credited (tagged): what was told just before is the work of others.
var credited = regexp.MustCompile(`^(都|这)?是(O|K|P的?K)(们)?[^,我接听]{0,8}的$`)

func without(all, gone []ref) []ref {
	var out []ref
	for _, r := range all {
		if !hasRef(gone, r) {
			out = append(out, r)
		}
	}
	return out
}

func sameRefs(a, b []ref) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// pool shares a total told at the end over the gifts before it that have no
// value of their own: 给宁宁买了棉鞋,给婷婷买了手套,总共花了210.
func (w *walk) pool(c *clause, i int) bool {
	var who []ref
	first := -1
	for k, r := range w.records {
		if r.kind != models.KindAid || r.at < i-4 {
			continue
		}
		if r.gift.told {
			return false
		}
		if first < 0 {
			first = k
		}
		for _, p := range r.who {
			if !hasRef(who, p) {
				who = append(who, p)
			}
		}
	}
	if first < 0 || len(w.records[first].who) == len(who) {
		return false
	}
	g := &gift{}
	w.m.take(g, c, false)
	joint := w.records[first]
	joint.who, joint.gift = who, g
	kept := w.records[:first:first]
	kept = append(kept, joint)
	for _, r := range w.records[first+1:] {
		if r.kind != models.KindAid || r.at < i-4 {
			kept = append(kept, r)
		}
	}
	w.records = kept
	return true
}
