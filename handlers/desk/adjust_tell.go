package desk

import (
	"context"
	"encoding/json"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// KindAdjust is the kind of the deliveries that tell of a change.
const KindAdjust = "adjust"

// The sides of a change that are told.
const (
	SideNew       = "new"       // the cadre who follows: with the card
	SideOld       = "old"       // the cadre who hands over
	SideFamily    = "family"    // who comes from now on
	SideUncovered = "uncovered" // the offices: nobody follows, a day later
	SideLine      = "line"      // the cadre of a one-to-one service that begins
	SideDecided   = "decided"   // the office that asked for it
)

// AdjustNews is what a delivery of KindAdjust is about; its words are made when
// it goes out.
type AdjustNews struct {
	Side       string                 `json:"side"`
	Recipients []string               `json:"recipients,omitempty"`
	Cadre      string                 `json:"cadre,omitempty"` // the other one
	Me         string                 `json:"me,omitempty"`
	Day        models.Day             `json:"day,omitempty"`
	Line       models.Line            `json:"line,omitempty"`
	State      models.AdjustmentState `json:"state,omitempty"`
}

// UncoveredAfter is how long somebody may be without a cadre unseen.
const UncoveredAfter = 24 * time.Hour

// tell plans the words to all sides and then lets go of the phone of who left.
func (c *change) tell(ctx context.Context) error {
	if err := tellHandover(ctx, c.tx, "adjust/"+c.ID, c.cards); err != nil {
		return err
	}
	if err := tellUncovered(ctx, c.tx, "adjust/"+c.ID, c.uncovered); err != nil {
		return err
	}
	if c.Kind == models.AdjustLineIn {
		n := AdjustNews{Side: SideLine, Recipients: []string{c.RecipientID}, Me: c.ToCadreID, Day: c.EffectiveOn, Line: c.Line}
		return tellBound(ctx, c.tx, "adjust/"+c.ID+"/line", models.RoleCadre, c.ToCadreID, n, 0)
	}
	if c.Kind != models.AdjustCadreOut {
		return nil
	}
	return c.tx.Release(ctx, models.RoleCadre, []string{c.CadreID})
}

// tellHandover tells both cadres and the families of cards that have a taker,
// one message a cadre.
func tellHandover(ctx context.Context, tx *store.Store, key string, cards []models.Handover) error {
	type pair struct{ from, to string }
	people := map[pair][]string{}
	var order []pair
	var day models.Day
	for _, h := range cards {
		if h.Line != models.LinePairing || h.ToCadreID == "" {
			continue
		}
		p := pair{h.CadreID, h.ToCadreID}
		if people[p] == nil {
			order = append(order, p)
		}
		people[p] = append(people[p], h.RecipientID)
		day = h.OnDay
	}
	for _, p := range order {
		for _, n := range []AdjustNews{
			{Side: SideNew, Recipients: people[p], Cadre: p.from, Me: p.to, Day: day},
			{Side: SideOld, Recipients: people[p], Cadre: p.to, Me: p.from, Day: day},
		} {
			if n.Me == "" {
				continue
			}
			if err := tellBound(ctx, tx, key+"/"+n.Side+"/"+n.Me, models.RoleCadre, n.Me, n, 0); err != nil {
				return err
			}
		}
		for _, r := range people[p] {
			bound, err := tx.ContactsBound(ctx, r)
			if err != nil {
				return err
			}
			for _, b := range bound {
				n := AdjustNews{Side: SideFamily, Recipients: []string{r}, Cadre: p.to, Me: b.SubjectID, Day: day}
				if err := addNews(ctx, tx, key+"/family/"+b.SubjectID, b, n, 0); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// tellUncovered plans for a day later the word to the township and the county
// that somebody is still without a cadre.
func tellUncovered(ctx context.Context, tx *store.Store, key string, recipients []string) error {
	people, _, err := tx.Parties(ctx, recipients, nil)
	if err != nil {
		return err
	}
	byAccount := map[string][]string{}
	var order []string
	for _, id := range recipients {
		region := people[id].Region
		accounts, err := tx.As(models.Actor{System: "whom a change concerns"}).AccountsFor(ctx,
			[]models.AccountRole{models.AccountTownship, models.AccountCounty}, models.RegionChain(region))
		if err != nil {
			return err
		}
		for _, a := range accounts {
			if byAccount[a.ID] == nil {
				order = append(order, a.ID)
			}
			byAccount[a.ID] = append(byAccount[a.ID], id)
		}
	}
	for _, id := range order {
		n := AdjustNews{Side: SideUncovered, Recipients: byAccount[id], Me: id}
		if err := tellBound(ctx, tx, key+"/uncovered/"+id, models.RoleAdmin, id, n, tx.Now().Add(UncoveredAfter)); err != nil {
			return err
		}
	}
	return nil
}

// tellProposer tells the office that asked what became of its request.
func tellProposer(ctx context.Context, tx *store.Store, a models.Adjustment) error {
	if a.DecidedBy == a.ProposedBy && a.State != models.AdjustmentReturned {
		return nil
	}
	n := AdjustNews{Side: SideDecided, Me: a.ID, State: a.State}
	return tellBound(ctx, tx, "adjust/"+a.ID+"/"+string(a.State), models.RoleAdmin, a.ProposedBy, n, 0)
}

// tellBound plans a word for somebody who has a phone here.
func tellBound(ctx context.Context, tx *store.Store, key string, role models.Role, subject string, n AdjustNews, due models.Instant) error {
	bound, err := tx.BindingsOf(ctx, role, []string{subject})
	if err != nil {
		return err
	}
	b, ok := bound[subject]
	if !ok {
		return nil
	}
	return addNews(ctx, tx, key, b, n, due)
}

func addNews(ctx context.Context, tx *store.Store, key string, b models.Binding, n AdjustNews, due models.Instant) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return tx.AddDelivery(ctx, key, store.Delivery{
		Kind: KindAdjust, Role: b.Role, SubjectID: b.SubjectID, OpenID: b.OpenID, Payload: models.Conceal(string(text)), DueAt: due,
	})
}
