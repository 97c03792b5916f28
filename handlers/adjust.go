package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// handoverFor is how long 交接 shows what was handed over.
const handoverFor = 183

// handovers answers 交接 with the cards of those who came to the cadre lately,
// and marks them as read.
func (t *talk) handovers(ctx context.Context) (string, error) {
	cards, err := t.Tx.HandoversOf(ctx, "", t.cadre)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, h := range cards {
		if h.OnDay < t.today.Add(-handoverFor) || h.Line != models.LinePairing {
			continue
		}
		card, err := desk.HandoverCard(ctx, t.as(), h.ID, t.Zone)
		if err != nil {
			return "", err
		}
		lines = append(lines, cardLine(card))
		if err := t.Tx.MarkHandoverRead(ctx, h.ID); err != nil {
			return "", err
		}
	}
	if len(lines) == 0 {
		return say.NoHandover, nil
	}
	return strings.Join(lines, "\n\n"), t.as().Note(ctx, "handover.read", "cadre:"+t.cadre, fmt.Sprint(len(lines)))
}

func cardLine(c desk.Card) string {
	l := say.HandoverLine{Person: c.Recipient.Name.Reveal(), Place: c.Place, From: c.From.Name.Reveal(), On: c.OnDay, Needs: c.Needs, Promised: c.Promises}
	for _, m := range c.Plan {
		l.Plan = append(l.Plan, say.PlanLeft(m.Words.Reveal(), m.DueOn))
	}
	for _, n := range c.Open {
		l.Open = append(l.Open, fmt.Sprintf("诉求 #%d %s", n.Number, n.Words.Reveal()))
	}
	for _, q := range c.Asked {
		if q.State != models.QuestionComplaint {
			l.Open = append(l.Open, "家里问:"+q.Words.Reveal())
		}
	}
	if i := slices.IndexFunc(c.Last, func(a models.Activity) bool { return a.Kind == models.KindVisit || a.Kind == models.KindContact }); i >= 0 {
		l.Last = c.Last[i].Day
	}
	return l.String()
}

// adjust tells one side of a change, as far as it still holds.
func (o *Outbox) adjust(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	var n desk.AdjustNews
	if err := json.Unmarshal([]byte(d.Payload.Reveal()), &n); err != nil {
		return bot.Outgoing{}, err
	}
	text, err := o.adjustWords(ctx, st, n)
	if err != nil || text == "" {
		return bot.Outgoing{Cancel: "no longer so"}, err
	}
	if until := o.resting(st, d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	return o.conversed(st, d, text, o.card(templateNotice, "", say.AdjustCard(models.DayOf(o.Now(), o.Zone)).Fields())), nil
}

func (o *Outbox) adjustWords(ctx context.Context, st *store.Store, n desk.AdjustNews) (string, error) {
	today := models.DayOf(o.Now(), o.Zone)
	if n.Side == desk.SideDecided {
		a, err := st.Adjustment(ctx, n.Me)
		if err != nil || a.State != n.State {
			return "", err
		}
		return say.AdjustmentDecided(a.Kind, a.State, a.EffectiveOn, a.Decision.Reveal()), nil
	}
	if n.Side == desk.SideLine {
		return o.lineWords(ctx, st, n)
	}
	people, cadres, err := st.Parties(ctx, n.Recipients, []string{n.Cadre})
	if err != nil {
		return "", err
	}
	pairings, err := st.PairingsOf(ctx, n.Recipients)
	if err != nil {
		return "", err
	}
	lead := map[string]string{} // who is paired with each, from today on
	for _, p := range pairings {
		if p.Line == models.LinePairing && (p.ToDay == "" || p.ToDay >= max(today, p.FromDay)) {
			lead[p.RecipientID] = p.CadreID
		}
	}
	to := n.Cadre
	if n.Side == desk.SideNew {
		to = n.Me
	}
	var names []string
	for _, id := range n.Recipients {
		if n.Side == desk.SideUncovered {
			if r := people[id]; r.ExitedOn == "" && lead[id] == "" {
				names = append(names, r.Name.Reveal())
			}
		} else if lead[id] == to {
			names = append(names, people[id].Name.Reveal())
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	other := cadres[n.Cadre]
	switch n.Side {
	case desk.SideUncovered:
		return say.StillUncovered(len(names)), nil
	case desk.SideNew:
		return say.HandedToYou(names, other.Name.Reveal(), n.Day), nil
	case desk.SideOld:
		return say.HandedOn(names, other.Name.Reveal(), n.Day), nil
	}
	unit, err := st.UnitName(ctx, other.UnitID)
	return say.NewCadreFor(names[0], other.Name.Reveal(), unit, n.Day), err
}

// lineWords tells a cadre of a one-to-one service, while it is theirs.
func (o *Outbox) lineWords(ctx context.Context, st *store.Store, n desk.AdjustNews) (string, error) {
	people, _, err := st.Parties(ctx, n.Recipients, nil)
	if err != nil {
		return "", err
	}
	pairings, err := st.PairingsOf(ctx, n.Recipients)
	if err != nil {
		return "", err
	}
	lists, err := st.Lists(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range pairings {
		if p.Line == n.Line && p.CadreID == n.Me && (p.ToDay == "" || p.ToDay >= n.Day) {
			return say.LineBegins([]string{people[p.RecipientID].Name.Reveal()}, lists.Line(n.Line, n.Day), n.Day), nil
		}
	}
	return "", nil
}
