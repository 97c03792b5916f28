package handlers

import (
	"context"
	"fmt"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// Hour is a moment of the week: Weekday 1 Monday … 7 Sunday, Minute of the day.
type Hour struct{ Weekday, Minute int }

// DefaultHour is when a week's messages go out where nobody says otherwise:
// Thursday afternoon (users.md 四.2), before the weekend and the next week.
var DefaultHour = Hour{4, 15 * 60}

// officeMoment is when offices get theirs: on the morning of each working day one
// looks whether something is due.
const officeMoment = 9 * 60

// last is the newest moment of an hour up to now. On a day of rest it moves to the
// next working day, but where somebody chose the weekend.
func (h Hour) last(now time.Time, zone *time.Location) time.Time {
	c := models.PushChoice{Weekday: h.Weekday, Minute: h.Minute}
	at := c.Next(now.AddDate(0, 0, -21), zone)
	newest := at
	for ; !at.After(now); at = at.AddDate(0, 0, 7) {
		moved := c.Free(at, zone)
		if !moved.After(now) {
			newest = moved
		}
	}
	return newest
}

// Tick plans when a slot has come that was not planned yet: the common one, and
// those that cadres chose. Replicas may do it at once: each reason is a row that
// exists once. A new database begins with the next slot.
func (o *Outbox) Tick(ctx context.Context, st *store.Store) error {
	now := o.Now()
	choices, err := st.PushChoices(ctx, models.RoleCadre, nil)
	if err != nil {
		return err
	}
	hours := map[Hour]bool{{}: true}
	for _, c := range choices {
		hours[Hour{c.Weekday, c.Minute}] = true
	}
	for h := range hours {
		slot := h
		if h.Weekday == 0 {
			slot = DefaultHour
		}
		who := audience{cadres: func(c models.PushChoice) bool { return c.Weekday == h.Weekday && c.Minute == h.Minute }}
		if err := o.slot(ctx, st, now, fmt.Sprintf("planned/%d-%04d", h.Weekday, h.Minute), slot.last(now, o.Zone), who); err != nil {
			return err
		}
	}
	local := now.In(o.Zone)
	morning := time.Date(local.Year(), local.Month(), local.Day(), 0, officeMoment, 0, 0, o.Zone)
	if morning.After(now) {
		morning = morning.AddDate(0, 0, -1)
	}
	for !models.Workday(models.DayOf(morning, o.Zone)) {
		morning = morning.AddDate(0, 0, -1)
	}
	return o.slot(ctx, st, now, "planned/offices", morning, audience{offices: true})
}

func (o *Outbox) slot(ctx context.Context, st *store.Store, now time.Time, name string, at time.Time, who audience) error {
	value := at.UTC().Format(time.RFC3339)
	have, err := st.Mark(ctx, name)
	if err != nil || have == value {
		return err
	}
	if have != "" && have < value {
		if err := o.plan(ctx, st, now, who, func(d []Due) error { return o.Keep(ctx, st, d) }); err != nil {
			return err
		}
	}
	return st.SetMark(ctx, name, value)
}
