package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

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

	role    models.Role
	subject string
	openid  string
	reasons []string
	dated   models.Day // of no use after this day
	asked   bool       // the office set it: no cap, no choice of hour
	every   string     // of a digest
}

// The templates by the names of the settings.
const (
	templateDuty    = "duty_reminder"
	templateSummary = "monthly_summary"
	templateNotice  = "notice"
)

// planPage is how many cadres are looked at together.
const planPage = 500

// audience says who is planned for: everybody, or those at whose hour it is.
type audience struct {
	cadres  func(models.PushChoice) bool // nil: none
	offices bool
}

func anyHour(models.PushChoice) bool { return true }

// Plan finds what is due at now, by the rules and the facts alone: to each cadre
// one message over all people and reasons, to offices what they are to enter and
// to look after. Reasons that were spoken of already are left out. What was
// found comes in pages.
func (o *Outbox) Plan(ctx context.Context, st *store.Store, now time.Time, found func([]Due) error) error {
	return o.plan(ctx, st, now, audience{anyHour, true}, found)
}

func (o *Outbox) plan(ctx context.Context, st *store.Store, now time.Time, who audience, found func([]Due) error) error {
	today := models.DayOf(now, o.Zone)
	choices, err := st.PushChoices(ctx, models.RoleCadre, nil)
	if err != nil {
		return err
	}
	var cadres []models.Cadre
	for after := ""; who.cadres != nil; {
		page, err := st.CadrePage(ctx, after, planPage)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].ID
		for _, c := range page {
			if choice := choices[c.ID]; who.cadres(choice) && !choice.Off {
				cadres = append(cadres, c)
			}
		}
	}
	book, err := readLedger(ctx, st, idsOf(cadres), today)
	if err != nil {
		return err
	}
	for page := range slices.Chunk(cadres, planPage) {
		dues, err := o.planCadres(ctx, st, book, page)
		if err == nil {
			dues, err = o.timed(ctx, st, dues, choices, now)
		}
		if err == nil && len(dues) > 0 {
			err = found(dues)
		}
		if err != nil {
			return err
		}
	}
	if !who.offices {
		return nil
	}
	dues, err := o.planOffices(ctx, st, now)
	if err != nil || len(dues) == 0 {
		return err
	}
	return found(dues)
}

// planCadres says for each cadre what there is to say.
func (o *Outbox) planCadres(ctx context.Context, st *store.Store, book *ledger, cadres []models.Cadre) ([]Due, error) {
	ids := idsOf(cadres)
	known, err := o.know(ctx, st, book, ids)
	if err != nil {
		return nil, err
	}
	bound, err := st.BindingsOf(ctx, models.RoleCadre, ids)
	if err != nil {
		return nil, err
	}
	causes := map[string][]cause{}
	var reasons []string
	for _, id := range ids {
		causes[id] = known.causes(id)
		for _, c := range causes[id] {
			reasons = append(reasons, c.key())
		}
	}
	taken, err := st.ReasonsTaken(ctx, reasons)
	if err != nil {
		return nil, err
	}
	var dues []Due
	for _, c := range cadres {
		// What was spoken of goes along where something new is to be said, so
		// that the one message a week tells all.
		fresh := keys(causes[c.ID], taken)
		if len(fresh) == 0 {
			continue
		}
		words := known.words(c.ID, saidAgain(causes[c.ID], taken))
		d := Due{
			Key: "week/" + c.ID + "/" + string(book.today.Monday()), To: "cadre", Name: c.Name.Reveal(), Kind: kindOf(words), Template: templateDuty,
			Text: words.Card().Text(), Reason: words.Why(), role: models.RoleCadre, subject: c.ID, reasons: fresh,
		}
		if words.OnlySummary() {
			d.Template = templateSummary
		}
		if b, ok := bound[c.ID]; ok {
			d.Bound, d.openid = true, b.OpenID.Reveal()
		} else {
			d.Reason += say.NotReachable
		}
		dues = append(dues, d)
	}
	return dues, nil
}

func idsOf(cadres []models.Cadre) (ids []string) {
	for _, c := range cadres {
		ids = append(ids, c.ID)
	}
	return ids
}

// saidAgain leaves out what was spoken of, but for duties: they are named as long
// as they are open.
func saidAgain(causes []cause, taken map[string]bool) (out []cause) {
	for _, c := range causes {
		if c.duty() || !taken[c.key()] {
			out = append(out, c)
		}
	}
	return out
}

func keys(causes []cause, taken map[string]bool) (fresh []string) {
	for _, c := range causes {
		if key := c.key(); !taken[key] {
			fresh = append(fresh, key)
		}
	}
	return fresh
}

// kindOf is the kind by which a week's message goes: what weighs most in it.
func kindOf(w say.Weekly) string {
	switch {
	case w.Owes():
		return KindDuty
	case w.Birthdays > 0:
		return KindBirthday
	case w.Festival != "":
		return KindFestival
	}
	return KindSummary
}

// timed sets the time of what is due: when the person wants it, after the quiet
// hours, and one unasked message a week.
func (o *Outbox) timed(ctx context.Context, st *store.Store, dues []Due, choices map[string]models.PushChoice, now time.Time) (out []Due, err error) {
	var phones []string
	for _, d := range dues {
		if d.Bound {
			phones = append(phones, st.OpenIDIndex(d.openid))
		}
	}
	last, err := st.LastCap(ctx, phones)
	if err != nil {
		return nil, err
	}
	for _, d := range dues {
		choice := choices[d.subject]
		if d.asked {
			choice = models.PushChoice{}
		}
		at := choice.Next(now, o.Zone)
		if at.After(now) && d.Bound {
			d.Reason += say.LaterAsked
		}
		if sent := last[st.OpenIDIndex(d.openid)]; d.Bound && sent > 0 && !d.asked {
			if free := sent.Time().Add(choice.Span()); free.After(at) {
				d.Reason += map[bool]string{true: say.LaterSeldom, false: say.LaterCap}[choice.Span() > weekly]
				at = choice.Free(choice.Next(free, o.Zone), o.Zone)
			}
		}
		if awake := models.Awake(at, st.Hours().QuietCadres, o.Zone); awake.After(at) {
			d.Reason += say.LaterQuiet
			at = awake
		}
		d.DueAt = at.In(o.Zone).Truncate(time.Second)
		if d.dated == "" || models.DayOf(at, o.Zone) <= d.dated {
			out = append(out, d)
		}
	}
	return out, nil
}

// Keep writes what is due as deliveries; those of unbound people are not
// written, so that their reasons are not used up.
func (o *Outbox) Keep(ctx context.Context, st *store.Store, dues []Due) error {
	var rows []store.Reminder
	for _, d := range dues {
		if !d.Bound {
			continue
		}
		rows = append(rows, store.Reminder{Reasons: d.reasons, Delivery: store.Delivery{
			Kind: d.Kind, Role: d.role, SubjectID: d.subject, OpenID: models.Conceal(d.openid), DueAt: models.InstantOf(d.DueAt),
		}})
	}
	for len(rows) > 0 {
		n := min(len(rows), 200)
		if err := st.PlanReminders(ctx, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// reasonsOf reads the reasons that a delivery was planned for.
func reasonsOf(d store.Delivery) []string { return strings.Fields(d.Payload.Reveal()) }
