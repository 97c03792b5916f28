package main

import (
	"context"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// recountAt is the hour in which the year's standings are counted anew: during an
// update a replica of the version before may have written activities only.
const recountAt = 3

// recountAtNight does it once a night, in whichever replica comes first.
func recountAtNight(ctx context.Context, st *store.Store, now time.Time) error {
	if now.Hour() != recountAt {
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
	return st.Recount(ctx, now.Year())
}
