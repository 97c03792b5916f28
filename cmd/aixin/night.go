package main

import (
	"context"
	"errors"
	"time"

	"aixin/handlers"
	"aixin/models"
	"aixin/models/store"
)

// nightHour is the hour of the work that waits for the night.
const nightHour = 3

// atNight does that work once a night, in whichever replica comes first. The
// year's standings are counted anew, for during an update a replica of the version
// before may have written activities only; words older than keep are forgotten, and
// so are the bytes of recordings and pictures that nobody needs.
func atNight(ctx context.Context, st *store.Store, eraser handlers.Eraser, now time.Time, keep time.Duration) error {
	if now.Hour() != nightHour {
		return nil
	}
	const mark = "standings/recounted"
	today := string(models.DayOf(now, now.Location()))
	if have, err := st.Mark(ctx, mark); err != nil || have == today {
		return err
	}
	if err := st.SetMark(ctx, mark, today); err != nil {
		return err
	}
	if err := errors.Join(st.Recount(ctx, now.Year()), st.RecountTotals(ctx)); err != nil {
		return err
	}
	const batch = 1000
	for n := batch; n == batch; {
		var err error
		if n, err = st.ForgetWords(ctx, models.InstantOf(now.Add(-keep)), batch); err != nil {
			return err
		}
	}
	return eraser.Sweep(ctx, st, now, keep)
}
