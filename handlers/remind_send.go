package handlers

import (
	"context"
	"encoding/json"
	"slices"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// week words a cadre's message of the week, if anything of it still holds.
func (o *Outbox) week(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	k := o.seen.cadres
	var causes []cause
	for _, key := range reasonsOf(d) {
		causes = append(causes, readCause(key))
	}
	words := k.words(d.SubjectID, causes)
	if words.Empty() {
		return bot.Outgoing{Cancel: "the duty is met"}, nil
	}
	// Duties that were spoken of before are named again while there is a message.
	for _, c := range k.causes(d.SubjectID) {
		if c.duty() {
			causes = append(causes, c)
		}
	}
	words = k.words(d.SubjectID, causes)
	if out, ok, err := o.unasked(ctx, st, d); err != nil || !ok {
		return out, err
	}
	template, card := templateDuty, words.Card()
	if words.OnlySummary() {
		template = templateSummary
	}
	return o.route(st, d, o.card(template, "/h/summary", card.Fields()), card.Text()), nil
}

// planPayload is a visit that a cadre said they would make.
type planPayload struct {
	Cadre      string     `json:"cadre"`
	Recipients []string   `json:"recipients"`
	Since      models.Day `json:"since"`
	Call       bool       `json:"call,omitempty"` // a call will do
}

// planned words the reminder of a visit that was named, unless it was made.
func (o *Outbox) planned(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	var p planPayload
	if err := json.Unmarshal([]byte(d.Payload.Reveal()), &p); err != nil {
		return bot.Outgoing{}, err
	}
	rows, err := st.ActivitiesOn(ctx, p.Cadre, p.Recipients, p.Since, models.DayOf(o.Now(), o.Zone))
	if err != nil {
		return bot.Outgoing{}, err
	}
	made := map[string]bool{}
	for _, a := range rows {
		made[a.RecipientID] = made[a.RecipientID] || a.Kind == models.KindVisit || p.Call && a.Kind == models.KindContact
	}
	roster, err := st.OwnRoster(ctx, p.Cadre, models.DayOf(o.Now(), o.Zone))
	if err != nil {
		return bot.Outgoing{}, err
	}
	states, err := st.StatesOn(ctx, p.Recipients, models.DayOf(o.Now(), o.Zone))
	if err != nil {
		return bot.Outgoing{}, err
	}
	open := 0
	for _, id := range p.Recipients {
		if !made[id] && states[id].State != models.StateDeceased && slices.ContainsFunc(roster, func(q store.Paired) bool { return q.RecipientID == id }) {
			open++
		}
	}
	if open == 0 {
		return bot.Outgoing{Cancel: "the visit was made"}, nil
	}
	if until := o.quiet(d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	words := say.PlanCard(open, p.Call)
	return o.route(st, d, o.card(templateDuty, "/h/summary", words.Fields()), words.Text()), nil
}

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of ours
	}
	return string(raw)
}
