package understand

// nameLate gives the gift told just before, whose receiver was left open, to the
// persons this clause names. It reports whether the clause told no more.
func (w *walk) nameLate(c *clause, i int, who []ref) bool {
	if !toWhom.has(c.tagged) && !hasTag(c.toks, 'E') || len(w.records) == 0 {
		return false
	}
	r := &w.records[len(w.records)-1]
	switch {
	case r.gift == nil || r.at < i-4:
		return false
	case r.at == i-1 && hasTag(c.toks, 'E') && len(r.who) == 1 && r.who[0] == (ref{-1, ""}) && !r.gift.told:
		r.who, w.giftWho = who, who // 送煤,四户一户半吨
		return false
	case !toWhom.has(c.tagged):
		return false
	case r.late:
		for _, p := range who {
			if !hasRef(r.who, p) {
				r.who = append(r.who[:len(r.who):len(r.who)], p)
			}
		}
	case r.at >= i-2 && !hasTag(w.m.clauses[i-1].toks, 'P') && len(r.who) == 1 && r.who[0] == (ref{-1, ""}) && len(r.could) == 0:
		r.who, r.late = who, true
	default:
		return false
	}
	for _, t := range c.toks {
		if t.tag == 'B' {
			r.gift.perHead, r.gift.perHeadMeasure = t.count.n, t.count.measure
		}
	}
	w.giftWho = r.who
	w.carry, w.could = r.who, nil
	return true
}

// nameEarlier gives what this sentence told of nobody yet to the one person it
// names in the end: 今天又去了一回,给长贵叔把水泵修好了.
func (w *walk) nameEarlier(i int, who []ref) {
	for k := len(w.records) - 1; k >= 0; k-- {
		r := &w.records[k]
		if r.at == i {
			continue
		}
		if r.at < i-2 || w.m.clauses[r.at].stop == stopSentence || w.m.clauses[r.at].stop == stopAsk {
			return
		}
		if len(r.who) == 1 && r.who[0] == (ref{-1, ""}) && len(r.could) == 0 && !hasTag(w.m.clauses[r.at].toks, 'P') {
			r.who = who
		}
	}
}
