package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// Card is what the next cadre is told of a person: from whom, what is needed,
// promised and still open, and when somebody was last there.
type Card struct {
	models.Handover
	Recipient models.Recipient
	Place     string
	From, To  models.Cadre
	FromUnit  string
	Needs     string               // as the register has them
	Promises  []models.Day         // when a visit was spoken of
	Plan      []models.PlanMeasure // what the plan in force has that is not done
	Open      []models.Need
	Asked     []models.Question // that nobody has answered
	Last      []models.Activity
}

// HandoverCard gathers the card for who may see it.
func HandoverCard(ctx context.Context, st *store.Store, id string, zone *time.Location) (Card, error) {
	h, err := st.Handover(ctx, id)
	if err != nil {
		return Card{}, err
	}
	card := Card{Handover: h}
	people, cadres, err := st.Parties(ctx, []string{h.RecipientID}, []string{h.CadreID, h.ToCadreID})
	if err != nil {
		return card, err
	}
	card.Recipient, card.From, card.To = people[h.RecipientID], cadres[h.CadreID], cadres[h.ToCadreID]
	card.Needs = card.Recipient.Needs.Reveal()
	region, err := st.Region(ctx, card.Recipient.Region)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return card, err
	}
	card.Place = region.Path
	if card.FromUnit, err = st.UnitName(ctx, card.From.UnitID); err != nil {
		return card, err
	}
	if card.Open, card.Asked, card.Last, err = st.OpenMatters(ctx, h.RecipientID); err != nil {
		return card, err
	}
	if card.Plan, err = st.OpenMeasures(ctx, []string{h.RecipientID}); err != nil {
		return card, err
	}
	plans, err := st.PlansOf(ctx, h.CadreID)
	for _, d := range plans {
		var plan struct{ Recipients []string }
		if err := json.Unmarshal([]byte(d.Payload.Reveal()), &plan); err == nil && slices.Contains(plan.Recipients, h.RecipientID) {
			card.Promises = append(card.Promises, models.DayOf(d.DueAt.Time(), zone))
		}
	}
	return card, err
}

// Pair joins a recipient who waits with a cadre, as somebody of the office chose.
func Pair(ctx context.Context, st *store.Store, me models.Account, recipientID, cadreID string, from models.Day) (p models.Pairing, err error) {
	err = st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.LockRecipients(ctx, []string{recipientID}); err != nil {
			return err
		}
		people, cadres, err := tx.Parties(ctx, []string{recipientID}, []string{cadreID})
		if err != nil {
			return err
		}
		r, k := people[recipientID], cadres[cadreID]
		switch {
		case r.ID == "" || !models.Holds(me.Region, r.Region) || me.Role != models.AccountTownship && !me.Decides(r.Region):
			return store.ErrNotFound
		case r.ExitedOn != "":
			return models.Fault("这位对象已经退出了。")
		case k.ID == "" || k.LeftAt != 0:
			return models.Fault("这位干部不在册,请另选一位。")
		case from < r.EnteredOn:
			return models.Fault("开始日期早于纳入日期 " + string(r.EnteredOn) + "。")
		}
		p = models.Pairing{CadreID: cadreID, RecipientID: recipientID, Line: models.LinePairing, FromDay: from}
		if err := tx.StartPairing(ctx, &p); err != nil {
			return err
		}
		if err := takeCard(ctx, tx, p); err != nil {
			return err
		}
		return tx.Note(ctx, "pair", "pairing:"+p.ID, "")
	})
	if errors.Is(err, store.ErrLost) {
		err = models.Fault("刚才已经有人给这位对象配了干部,请刷新再看。")
	}
	return p, err
}

// takeCard gives a card that waits for a taker to the cadre of a new pairing, and
// tells all sides; without one the cadre and the family are told all the same.
func takeCard(ctx context.Context, tx *store.Store, p models.Pairing) error {
	card, err := tx.OpenHandover(ctx, p.RecipientID, p.Line)
	switch {
	case errors.Is(err, store.ErrNotFound):
		card = models.Handover{RecipientID: p.RecipientID, Line: p.Line}
	case err != nil:
		return err
	default:
		// Questions that went to an office meanwhile stay there; the card names them.
		if err := tx.TakeHandover(ctx, card.ID, p.CadreID, p.FromDay); err != nil {
			return err
		}
	}
	card.ToCadreID, card.OnDay = p.CadreID, p.FromDay
	return tellHandover(ctx, tx, "pair/"+p.ID, []models.Handover{card})
}
