package store_test

import (
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// One unasked message in seven days, counted from the minute in which the last one
// was due: a sending that took some seconds does not put off the next week's.
func TestCapOfAWeek(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		const week = 7 * 24 * time.Hour
		st := db.System("test")
		due := clock.Now().Truncate(time.Hour).Add(time.Hour)
		at := func(d time.Duration) { clock.Set(due.Add(d)) }
		take := func(delivery string, want bool) {
			t.Helper()
			ok, next, err := st.TakeCap(t.Context(), "someone", delivery, week)
			if err != nil || ok != want {
				t.Fatalf("%s at %v: %v, %v, want %v", delivery, clock.Now(), ok, err, want)
			}
			if !ok && next != models.InstantOf(due.Add(week)) {
				t.Errorf("%s may go at %v, want %v", delivery, next.Time(), due.Add(week))
			}
		}
		at(2500 * time.Millisecond) // it took a moment until this one's turn came
		take("first", true)
		take("first", true) // the same again
		take("second", false)
		at(week - time.Second)
		take("second", false)
		at(week)
		take("second", true)
	})
}
