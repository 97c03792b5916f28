package main

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"aixin/models/store"
	"aixin/models/store/storetest"
)

// TestTenProcessesPlanAndSendOnce starts the program ten times at once: first each
// plans, then each sends, on one MariaDB and one Redis. Each person is written to
// once, and who plans last finds nothing.
func TestTenProcessesPlanAndSendOnce(t *testing.T) {
	const people, processes = 60, 10
	dsn := storetest.DSN(t, "mysql")
	s := newSiteOf(t, people, "mysql", dsn, storetest.RedisAddr(t))
	s.env = append(s.env, "AIXIN_PUSH_RATE_PER_SECOND=200")
	at := []string{"remind", "--at", "2026-11-26T15:00:00+08:00"} // a Thursday afternoon
	atOnce := func(args ...string) {
		t.Helper()
		var group sync.WaitGroup
		start := make(chan struct{})
		for range processes {
			group.Go(func() {
				<-start
				if out, err := s.run(args...); err != nil {
					t.Errorf("%v: %v\n%s", args, err, out)
				}
			})
		}
		close(start)
		group.Wait()
	}
	dry, err := s.run(append(at, "--dry-run")...)
	if err != nil {
		t.Fatal(err, dry)
	}
	due := strings.Count(dry, "\n") // everybody here is bound: the cadres and an office
	if due <= people {
		t.Fatalf("only %d are due", due)
	}
	atOnce(at...)
	db, err := store.Open(store.Options{Driver: "mysql", DSN: dsn, Keys: s.keys, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	st := db.System("test")
	states, err := st.DeliveryStates(context.Background())
	if err != nil || len(states) != 1 || states[store.DeliveryPlanned] != due {
		t.Fatalf("ten processes planned %v for %d people (%v)", states, due, err)
	}
	if out, err := s.run(at...); err != nil || strings.TrimSpace(out) != "" {
		t.Errorf("an eleventh still finds: %v\n%s", err, out)
	}
	atOnce(append(at, "--send")...)
	for i := range people {
		if n := len(s.sim.Inbox(openid(i))); n != 1 {
			t.Errorf("person %d got %d cards", i, n)
		}
	}
	if n := s.sim.Stats().Duplicates; n != 0 {
		t.Errorf("%d cards were sent again and held back by the platform", n)
	}
}
