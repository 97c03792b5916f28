package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// Due is one message that is due to one person, for people to read and for the
// store to keep.
type Due struct {
	Key      string    `json:"key"`
	To       string    `json:"to"`
	Name     string    `json:"name"`
	Bound    bool      `json:"bound"`
	Kind     string    `json:"kind"`
	DueAt    time.Time `json:"due_at"`
	Template string    `json:"template"`
	Text     string    `json:"text"`
	Reason   string    `json:"reason"`

	cadre   string
	openid  string
	reasons []string
	payload string
}

// dutyPayload is what a duty reminder needs to know again when it is sent.
type dutyPayload struct {
	Cadre string `json:"cadre"`
}

type summaryPayload struct {
	Cadre string     `json:"cadre"`
	Month models.Day `json:"month"` // its first day
}

// The templates by the names of the settings.
const (
	templateDuty    = "duty_reminder"
	templateSummary = "monthly_summary"
	templateNotice  = "notice"
)

// summaryDays is how long after the first of a month its summary still goes out.
const summaryDays = 20

// Plan finds what is due at now, by the rules and the facts alone: reminders of
// pairings that are behind their visits, and in the first days of a month the
// summary of the one before. Reasons that were spoken of already are left out.
func (o *Outbox) Plan(ctx context.Context, st *store.Store, now time.Time, found func(Due) error) error {
	today := models.DayOf(now, o.Zone)
	after := ""
	for {
		cadres, err := st.CadrePage(ctx, after, 500)
		if err != nil || len(cadres) == 0 {
			return err
		}
		after = cadres[len(cadres)-1].ID
		dues, err := o.planPage(ctx, st, cadres, today, now)
		if err != nil {
			return err
		}
		for _, d := range dues {
			if err := found(d); err != nil {
				return err
			}
		}
	}
}

func (o *Outbox) planPage(ctx context.Context, st *store.Store, cadres []models.Cadre, today models.Day, now time.Time) ([]Due, error) {
	ids := make([]string, len(cadres))
	for i, c := range cadres {
		ids[i] = c.ID
	}
	rosters, err := st.RosterOf(ctx, ids, today)
	if err != nil {
		return nil, err
	}
	var pairings []models.Pairing
	for _, roster := range rosters {
		for _, p := range roster {
			pairings = append(pairings, p.Pairing)
		}
	}
	tallies, err := st.Tallies(ctx, pairings, today.Year())
	if err != nil {
		return nil, err
	}
	var everyone []store.Paired
	for _, roster := range rosters {
		everyone = append(everyone, roster...)
	}
	everyone, err = present(ctx, st, everyone, today)
	if err != nil {
		return nil, err
	}
	visitable := map[string][]store.Paired{}
	for _, p := range everyone {
		visitable[p.CadreID] = append(visitable[p.CadreID], p)
	}
	bound, err := st.BindingsOf(ctx, models.RoleCadre, ids)
	if err != nil {
		return nil, err
	}
	var dues []Due
	var reasons []string
	for _, c := range cadres {
		roster := rosters[c.ID]
		if len(roster) == 0 {
			continue
		}
		for _, d := range []*Due{o.dutyDue(c, visitable[c.ID], tallies, today), o.summaryDue(c, today)} {
			if d == nil {
				continue
			}
			d.To, d.Name, d.cadre = "cadre", c.Name.Reveal(), c.ID
			if b, ok := bound[c.ID]; ok {
				d.Bound, d.openid = true, b.OpenID.Reveal()
			} else {
				d.Reason += ";没绑定微信,发不到,请打电话"
			}
			dues = append(dues, *d)
			reasons = append(reasons, d.reasons...)
		}
	}
	taken, err := st.ReasonsTaken(ctx, reasons)
	if err != nil {
		return nil, err
	}
	return o.timed(ctx, st, dues, taken, now)
}

// timed leaves out what was said already and sets the time of the rest: after
// the quiet hours, and one unasked message a week.
func (o *Outbox) timed(ctx context.Context, st *store.Store, dues []Due, taken map[string]bool, now time.Time) (out []Due, err error) {
	var phones []string
	for _, d := range dues {
		if d.Bound {
			phones = append(phones, st.OpenIDIndex(d.openid))
		}
	}
	ends, err := st.CapEnds(ctx, phones, weekly)
	if err != nil {
		return nil, err
	}
	next := map[string]time.Time{}
	for _, d := range dues {
		fresh := d.reasons[:0:0]
		for _, r := range d.reasons {
			if !taken[r] {
				fresh = append(fresh, r)
			}
		}
		if len(fresh) == 0 {
			continue
		}
		d.reasons = fresh
		at := models.Awake(now, o.QuietCadres, o.Zone)
		if d.Bound {
			free, seen := next[d.openid]
			if !seen {
				free = ends[st.OpenIDIndex(d.openid)].Time()
			}
			if free.After(at) {
				at = models.Awake(free, o.QuietCadres, o.Zone)
				d.Reason += ";每周只发一条,往后排"
			}
			next[d.openid] = at.Add(weekly)
		}
		d.DueAt = at.In(o.Zone)
		out = append(out, d)
	}
	return out, nil
}

// dutyDue is the reminder of a cadre whose pairings are behind their visits.
func (o *Outbox) dutyDue(c models.Cadre, roster []store.Paired, tallies map[string]models.Tally, today models.Day) *Due {
	_, half := models.Pace(o.Target, today)
	d := &Due{Key: KindDuty + "/" + c.ID + "/" + half, Kind: KindDuty, Template: templateDuty}
	for _, p := range roster {
		if n, half := models.VisitsBehind(p.Pairing, tallies[p.ID], o.Target, today); n > 0 {
			d.reasons = append(d.reasons, "visit/"+p.ID+"/"+half)
		}
	}
	if len(d.reasons) == 0 {
		return nil
	}
	d.Text = say.DutyCard(len(d.reasons)).Text()
	d.Reason = fmt.Sprintf("%s 有%d户走访还没到数", half, len(d.reasons))
	d.payload = mustJSON(dutyPayload{c.ID})
	return d
}

// summaryDue is the summary of last month, in the first days of this one.
func (o *Outbox) summaryDue(c models.Cadre, today models.Day) *Due {
	if today.Time().Day() > summaryDays {
		return nil
	}
	month := models.NewDay(today.Year(), today.Time().Month()-1, 1)
	key := KindSummary + "/" + c.ID + "/" + string(month[:7])
	return &Due{
		Key: key, Kind: KindSummary, Template: templateSummary, reasons: []string{key}, payload: mustJSON(summaryPayload{c.ID, month}),
		Text: say.SummaryTitle(month), Reason: string(month[:7]) + " 小结",
	}
}

func mustJSON(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of ours
	}
	return string(raw)
}

// Keep writes what is due as deliveries; those of unbound people are not
// written, so that their reasons are not used up.
func (o *Outbox) Keep(ctx context.Context, st *store.Store, d Due) error {
	if !d.Bound {
		return nil
	}
	return st.InTx(ctx, func(tx *store.Store) error {
		_, err := tx.PlanDelivery(ctx, store.Delivery{
			Kind: d.Kind, Role: models.RoleCadre, SubjectID: d.cadre, OpenID: models.Conceal(d.openid),
			Payload: models.Conceal(d.payload), DueAt: models.InstantOf(d.DueAt),
		}, d.reasons)
		return err
	})
}

// duty words a reminder, if it is still due.
func (o *Outbox) duty(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	today := models.DayOf(o.Now(), o.Zone)
	roster, err := st.Roster(ctx, d.SubjectID, today)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if roster, err = present(ctx, st, roster, today); err != nil {
		return bot.Outgoing{}, err
	}
	var pairings []models.Pairing
	for _, p := range roster {
		pairings = append(pairings, p.Pairing)
	}
	tallies, err := st.Tallies(ctx, pairings, today.Year())
	if err != nil {
		return bot.Outgoing{}, err
	}
	behind := 0
	for _, p := range pairings {
		if n, _ := models.VisitsBehind(p, tallies[p.ID], o.Target, today); n > 0 {
			behind++
		}
	}
	if behind == 0 {
		return bot.Outgoing{Cancel: "the duty is met"}, nil
	}
	if out, ok, err := o.unasked(ctx, st, d); err != nil || !ok {
		return out, err
	}
	words := say.DutyCard(behind)
	return o.route(ctx, st, d, o.card(templateDuty, "/h/summary", words.Fields()), words.Text())
}

// summary words last month's summary.
func (o *Outbox) summary(ctx context.Context, st *store.Store, d store.Delivery) (bot.Outgoing, error) {
	var p summaryPayload
	if err := json.Unmarshal([]byte(d.Payload.Reveal()), &p); err != nil {
		return bot.Outgoing{}, err
	}
	if models.DayOf(o.Now(), o.Zone).Sub(p.Month) > 31+30 {
		return bot.Outgoing{Cancel: "a month too late"}, nil
	}
	last := models.NewDay(p.Month.Year(), p.Month.Time().Month()+1, 1).Add(-1)
	counts, err := st.CountKinds(ctx, d.SubjectID, p.Month, last)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if out, ok, err := o.unasked(ctx, st, d); err != nil || !ok {
		return out, err
	}
	words := say.SummaryCard(p.Month, counts[models.KindVisit], counts[models.KindContact], counts[models.KindHelp])
	return o.route(ctx, st, d, o.card(templateSummary, "/h/summary", words.Fields()), words.Text())
}

// Slots are the moments at which the service plans by itself: reminders on
// Thursday afternoon (users.md 四.2), summaries on the first of the month.
func (o *Outbox) Slots(now time.Time) (duty, summary time.Time) {
	local := now.In(o.Zone)
	day := time.Date(local.Year(), local.Month(), local.Day(), 15, 0, 0, 0, o.Zone)
	duty = day.AddDate(0, 0, -((int(day.Weekday()) - int(time.Thursday) + 7) % 7))
	if duty.After(local) {
		duty = duty.AddDate(0, 0, -7)
	}
	summary = time.Date(local.Year(), local.Month(), 1, 9, 0, 0, 0, o.Zone)
	if summary.After(local) {
		summary = summary.AddDate(0, -1, 0)
	}
	return duty, summary
}

// Tick plans when a slot has come that was not planned yet. Replicas may do it
// at once: each reason is a row that exists once. A new database begins with
// the next slot.
func (o *Outbox) Tick(ctx context.Context, st *store.Store) error {
	now := o.Now()
	duty, summary := o.Slots(now)
	for kind, slot := range map[string]time.Time{KindDuty: duty, KindSummary: summary} {
		name, value := "planned/"+kind, slot.UTC().Format(time.RFC3339)
		have, err := st.Mark(ctx, name)
		if err != nil {
			return err
		}
		if have != "" && have < value {
			err := o.Plan(ctx, st, now, func(d Due) error {
				if d.Kind != kind {
					return nil
				}
				return o.Keep(ctx, st, d)
			})
			if err != nil {
				return err
			}
		}
		if have != value {
			if err := st.SetMark(ctx, name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// planPayload is a visit that a cadre said they would make.
type planPayload struct {
	Cadre      string     `json:"cadre"`
	Recipients []string   `json:"recipients"`
	Since      models.Day `json:"since"`
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
		made[a.RecipientID] = made[a.RecipientID] || a.Kind == models.KindVisit
	}
	states, err := st.StatesOn(ctx, p.Recipients, models.DayOf(o.Now(), o.Zone))
	if err != nil {
		return bot.Outgoing{}, err
	}
	open := 0
	for _, id := range p.Recipients {
		if !made[id] && states[id].State != models.StateDeceased {
			open++
		}
	}
	if open == 0 {
		return bot.Outgoing{Cancel: "the visit was made"}, nil
	}
	if until := o.quiet(d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	words := say.PlanCard(open)
	return o.route(ctx, st, d, o.card(templateDuty, "/h/summary", words.Fields()), words.Text())
}
