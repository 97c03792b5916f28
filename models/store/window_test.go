package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"aixin/models/store"
	"aixin/models/store/storetest"
)

func TestTheLedgerOfAWindow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st, ctx, n := db.System("test"), context.Background(), 0
		hear := func(spoke int) {
			t.Helper()
			n++
			if _, _, err := st.ClaimInbound(ctx, fmt.Sprint("k", n), "who", []byte("x"), spoke, st.Now(), "o", time.Second); err != nil {
				t.Fatal(err)
			}
			clock.Add(time.Second)
		}
		left := func(want int) {
			t.Helper()
			if w, err := st.Window(ctx, "who"); err != nil || w.Left != want {
				t.Errorf("left %d, want %d (%v)", w.Left, want, err)
			}
		}
		left(0)
		hear(store.Tapped)
		left(store.TapQuota)
		for range 2 {
			if ok, err := st.SpendWindow(ctx, "who"); !ok || err != nil {
				t.Fatal(ok, err)
			}
		}
		left(1)
		clock.Add(time.Minute)
		left(0)
		hear(store.Wrote)
		// Eight at once take five.
		var group sync.WaitGroup
		var mu sync.Mutex
		took := 0
		for range 8 {
			group.Go(func() {
				ok, err := st.SpendWindow(ctx, "who")
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if ok {
					took++
				}
			})
		}
		group.Wait()
		if took != store.WindowQuota {
			t.Errorf("%d were spent", took)
		}
		left(0)
		hear(store.Wrote)
		left(store.WindowQuota)
		if err := st.CloseWindow(ctx, "who"); err != nil {
			t.Fatal(err)
		}
		left(0)
		hear(store.Wrote)
		clock.Add(48 * time.Hour)
		left(0)
	})
}
