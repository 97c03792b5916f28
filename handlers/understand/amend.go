package understand

import (
	"regexp"
	"strings"

	"aixin/models"
)

// people fills in who was spoken of.
func (m *message) people(r *Result, w *walk) {
	for _, t := range m.tokens {
		if t.tag != 'P' {
			continue
		}
		for _, n := range t.person.who {
			if name := m.roster[n].Name; !hasString(r.Persons, name) {
				r.Persons = append(r.Persons, name)
			}
		}
		if t.person.name != "" && !hasString(r.Others, t.person.name) {
			r.Others = append(r.Others, t.person.name)
		}
	}
}

func hasString(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// missing says what the conversation has to ask.
func (m *message) missing(r *Result, w *walk) {
	who, when := false, false
	for _, rec := range w.records {
		for _, p := range rec.who {
			if p.who < 0 && p.name == "" {
				who = true
				for _, n := range rec.could {
					if name := m.roster[n].Name; !hasString(r.Candidates, name) {
						r.Candidates = append(r.Candidates, name)
					}
				}
			}
		}
		when = when || rec.vague
	}
	if who {
		r.Missing = append(r.Missing, MissingWho)
		if len(r.Candidates) == 0 {
			for _, p := range m.roster {
				r.Candidates = append(r.Candidates, p.Name)
			}
		}
	}
	if when {
		r.Missing = append(r.Missing, MissingWhen)
	}
}

// planDay is the day a plan names: the next such day where the words leave it
// open (周三, 15号).
func (m *message) planDay(w *walk) models.Day {
	for _, t := range m.tokens {
		switch {
		case t.tag == 'U':
			return t.day.day
		case t.tag == 'D' && t.day.ahead != "":
			return t.day.ahead
		case t.tag == 'D' && t.day.day == m.today:
			return m.today
		}
	}
	return w.planDay
}

var (
	wrongBefore = regexp.MustCompile(`(不是|并非|不对|写成|打成|记成|弄成|说成|把)[^,是]{0,3}$`)
	toAdd       = regexp.MustCompile(`(加|补|添)(上|个|一|一条|记|了|充)*(B|G|M)|漏(了|写|记)|忘(了|记|写)`)
)

// amendment reads what a correction puts right: each value that does not stand
// after 不是 is the new one.
func (m *message) amendment(all string, w *walk) Amendment {
	var a Amendment
	if toAdd.MatchString(all) || amendAdd.MatchString(all) {
		a.Add = m.additions(w)
		if len(a.Add) > 0 {
			return a
		}
	}
	for _, c := range m.clauses {
		for k, t := range c.toks {
			before := m.lettersBefore(c.toks, k)
			wrong := wrongBefore.MatchString(before) || m.replaced(c.toks, k)
			switch t.tag {
			case 'D':
				if !wrong && t.day.day != "" && !m.onlyRefers(c.toks, k) {
					a.Date = t.day.day
				}
			case 'M', 'N':
				if !wrong && !t.amount.vague && t.amount.cents > 0 && !m.counts(c.toks, k) {
					v := models.Fen(t.amount.cents)
					a.AmountFen = &v
				}
			case 'P':
				name := t.person.name
				if len(t.person.who) > 0 {
					name = m.roster[t.person.who[0]].Name
				}
				switch {
				case name == "":
				case wrong:
					a.NotPerson = name
				case strings.HasSuffix(before, "是") || strings.HasSuffix(before, "成") || strings.HasSuffix(before, "为") || strings.HasSuffix(before, "给"):
					a.Person = name
				case a.Person == "":
					a.Person = name
				}
			}
		}
	}
	m.amendKind(&a, all)
	if a.empty() {
		a.Whole = true
	}
	return a
}

// onlyRefers reports whether the day at k only points at the record: 刚才那条.
func (m *message) onlyRefers(toks []token, k int) bool {
	t := toks[k]
	word := string(m.runes[t.start:t.end])
	return strings.HasPrefix(word, "刚") || strings.HasPrefix(word, "才") || k+1 < len(toks) && toks[k+1].tag == 0 && strings.ContainsRune("那发记报", m.runes[toks[k+1].start])
}

// replaced reports whether the value at k is the old one of "A改成B".
func (m *message) replaced(toks []token, k int) bool {
	for j := k + 1; j < min(len(toks), k+4); j++ {
		if toks[j].tag == 0 && strings.ContainsRune("改换", m.runes[toks[j].start]) && j+1 < len(toks) {
			return true
		}
	}
	return false
}

// counts reports whether the figure at k counts something other than money.
func (m *message) counts(toks []token, k int) bool {
	if toks[k].tag == 'M' || k+1 >= len(toks) {
		return false
	}
	after := m.letter(toks[k+1])
	if k+2 < len(toks) {
		after += m.letter(toks[k+2])
	}
	return notSumAfter.MatchString(after) || strings.HasPrefix(after, "条") || strings.HasPrefix(after, "零")
}

// amendKinds are the words for a kind or channel in a correction.
var amendKinds = []struct {
	re      *regexp.Regexp
	kind    models.Kind
	channel models.Channel
}{
	{regexp.MustCompile(`视频`), models.KindContact, models.ChannelVideo},
	{regexp.MustCompile(`短信`), models.KindContact, models.ChannelSMS},
	{regexp.MustCompile(`微信`), models.KindContact, models.ChannelWeChat},
	{regexp.MustCompile(`电话`), models.KindContact, models.ChannelPhone},
	{regexp.MustCompile(`走访|上门|去(了)?家|探视|看望`), models.KindVisit, ""},
	{regexp.MustCompile(`资助`), models.KindAid, ""},
	{regexp.MustCompile(`实事|帮办`), models.KindHelp, ""},
}

// amendKind reads a new kind or channel, and the old one where it is told:
// 是微信不是电话, 不是走访,是打的电话, 视频改电话.
func (m *message) amendKind(a *Amendment, all string) {
	was, is := strings.Join(regexpNot.FindAllString(all, -1), ","), regexpNot.ReplaceAllString(all, ",")
	if way := wayChanged.FindStringSubmatch(all); way != nil {
		was, is = way[1], way[3]
	}
	for _, k := range amendKinds {
		if a.OldKind == "" && k.re.MatchString(was) {
			a.OldKind, a.OldChannel = k.kind, k.channel
		}
		if a.Kind == "" && k.re.MatchString(is) {
			a.Kind, a.Channel = k.kind, k.channel
		}
	}
}

var (
	regexpNot  = regexp.MustCompile(`不是[^,是]*`)
	wayChanged = regexp.MustCompile(`(视频|短信|微信|电话|走访|上门)[^,]{0,3}(改|换)(?:成|为|到|作)?[^,]{0,3}(视频|短信|微信|电话|走访|上门)`)
)

func (a Amendment) empty() bool {
	return a.Date == "" && a.AmountFen == nil && a.Person == "" && a.NotPerson == "" && a.Kind == "" && len(a.Add) == 0
}

// additions reads what is to be added to the record: 再加一桶油80元.
func (m *message) additions(w *walk) []Activity {
	acts := w.activities()
	if len(acts) > 0 {
		return acts
	}
	for i := range m.clauses {
		c := &m.clauses[i]
		if !hasTag(c.toks, 'G') && !hasTag(c.toks, 'M') && !hasTag(c.toks, 'B') {
			continue
		}
		var g gift
		m.take(&g, c, true)
		fen, _ := g.share(1, 0)
		return []Activity{{Kind: models.KindAid, Date: m.today, AmountFen: fen, Clause: c.text}}
	}
	return nil
}
