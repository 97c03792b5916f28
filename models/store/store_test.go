package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

var ctx = context.Background()

func TestSecretsAreSealedAndOpened(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		st := db.System("test")
		c := models.Cadre{ID: st.NewID(), Name: models.Conceal("王敏𠮷"), Phone: models.Conceal("19900000001"), PhoneIdx: st.PhoneIndex("19900000001")}
		if err := st.Create(ctx, &c); err != nil {
			t.Fatal(err)
		}
		got, err := st.Cadre(ctx, c.ID)
		if err != nil || got.Name.Reveal() != "王敏𠮷" {
			t.Fatalf("got %q, %v", got.Name.Reveal(), err)
		}
		if !strings.HasPrefix(got.Name.Box(), "v1:") || strings.Contains(got.Name.Box(), "王") {
			t.Fatal("the name stands unsealed")
		}
		// Moved to another row, a sealed value does not open.
		other := models.Cadre{ID: st.NewID(), PhoneIdx: "x"}
		if err := st.Create(ctx, &other); err != nil {
			t.Fatal(err)
		}
		if err := db.Exec(ctx, "UPDATE cadre SET name = ? WHERE id = ?", got.Name.Box(), other.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := st.Cadre(ctx, other.ID); err == nil {
			t.Fatal("a value moved to another row opened")
		}
		// The schema refuses clear text from any side.
		if err := db.Exec(ctx, "UPDATE cadre SET name = ? WHERE id = ?", "王敏", c.ID); err == nil {
			t.Fatal("the database took a name in the clear")
		}
		if s := fmt.Sprintf("%v %+v %#v %s", got, got, got, got.Name); strings.Contains(s, "王敏") {
			t.Fatal("a Secret printed itself")
		}
	})
}

func TestSealedFieldsAreNotUpdatedByMap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		st := db.System("test")
		c := models.Cadre{ID: st.NewID(), PhoneIdx: "x"}
		if err := st.Create(ctx, &c); err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{"王敏", models.Conceal("王敏")} {
			if err := db.UpdateByMap(ctx, &models.Cadre{}, c.ID, map[string]any{"name": v}); err == nil {
				t.Fatalf("a map update with %T was taken", v)
			}
		}
	})
}

func TestAnotherKeysetIsRefused(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		dsn := storetest.DSN(t, driver)
		open := func() *store.DB {
			keys, err := store.NewKeys()
			if err != nil {
				t.Fatal(err)
			}
			db, err := store.Open(store.Options{Driver: driver, DSN: dsn, Keys: keys, Now: func() time.Time { return storetest.Now }})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			return db
		}
		if err := open().CheckSchema(ctx); !errors.Is(err, store.ErrOldSchema) {
			t.Fatalf("%s: an empty database: %v", driver, err)
		}
		if _, err := open().Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := open().Migrate(ctx); !errors.Is(err, store.ErrOtherKeys) {
			t.Fatalf("%s: another keyset: %v", driver, err)
		}
	}
}

func TestReplicasMigrateTogether(t *testing.T) {
	dsn := storetest.DSN(t, "mysql")
	keys, err := store.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			db, err := store.Open(store.Options{Driver: "mysql", DSN: dsn, Keys: keys, Now: time.Now})
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if _, err := db.Migrate(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func TestAMessageIsClaimedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		st := db.System("test")
		var mu sync.Mutex
		fresh := 0
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				row, isFresh, err := st.ClaimInbound(ctx, "key", "sender", []byte("payload"), store.Wrote, st.Now(), fmt.Sprint("o", i), time.Second)
				if err != nil || row.ID == 0 {
					t.Errorf("claim: %v", err)
				}
				mu.Lock()
				defer mu.Unlock()
				if isFresh {
					fresh++
				}
			})
		}
		group.Wait()
		if fresh != 1 {
			t.Fatalf("%d claims were fresh", fresh)
		}
	})
}

// Words older than the office keeps go, the oldest first and a batch at a time;
// the message stays counted, and younger words and open messages stay whole.
func TestOldWordsAreForgotten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		st := db.System("test")
		start := st.Now()
		for i := range 5 {
			at := start.Add(time.Duration(i) * time.Hour)
			row, _, err := st.ClaimInbound(ctx, fmt.Sprint("key", i), "sender", []byte("words"), store.Wrote, at, "o", time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if i == 2 {
				continue // still open
			}
			if _, err := st.FinishInbound(ctx, row, "o", store.InboundDone, []byte("answer")); err != nil {
				t.Fatal(err)
			}
		}
		before := start.Add(210 * time.Minute) // between the fourth and the fifth
		for _, want := range []int{2, 1, 0} {
			if n, err := st.ForgetWords(ctx, before, 2); err != nil || n != want {
				t.Fatalf("%d forgotten, %v, want %d", n, err, want)
			}
		}
		for i := range 5 {
			row, err := st.Inbound(ctx, fmt.Sprint("key", i))
			if err != nil {
				t.Fatal(err)
			}
			if gone := row.Payload == "" && row.Reply == ""; gone != (i < 4 && i != 2) {
				t.Errorf("message %d: payload %q reply %q", i, row.Payload, row.Reply)
			}
		}
	})
}

func TestWorkIsLeasedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st := db.System("test")
		for i := range 60 {
			if err := st.AddJob(ctx, "k", fmt.Sprint(i), st.Now()); err != nil {
				t.Fatal(err)
			}
			if err := st.AddJob(ctx, "k", fmt.Sprint(i), st.Now()); err != nil {
				t.Fatal(err)
			}
		}
		clock.Add(time.Second)
		var mu sync.Mutex
		seen := map[string]int{}
		var group sync.WaitGroup
		for w := range 4 {
			group.Go(func() {
				for {
					jobs, err := st.LeaseJobs(ctx, fmt.Sprint("w", w), time.Minute, 10)
					if err != nil && !store.Away(err) {
						t.Error(err)
						return
					}
					if err == nil && len(jobs) == 0 {
						return
					}
					mu.Lock()
					for _, j := range jobs {
						seen[j.SubjectID]++
					}
					mu.Unlock()
				}
			})
		}
		group.Wait()
		for id, n := range seen {
			if n != 1 {
				t.Fatalf("job %s was leased %d times", id, n)
			}
		}
		if len(seen) < 40 {
			t.Fatalf("only %d of 60 jobs were handed out", len(seen))
		}
		// A lease that ended is handed out again, and the first holder is refused.
		jobs, _ := st.LeaseJobs(ctx, "x", time.Minute, 100)
		clock.Add(2 * time.Minute)
		again, err := st.LeaseJobs(ctx, "y", time.Minute, 100)
		if err != nil || len(again) != 60 {
			t.Fatalf("%d jobs after the leases ended, %v", len(again), err)
		}
		for _, j := range jobs {
			if err := st.FinishJob(ctx, j, store.JobDone, ""); !errors.Is(err, store.ErrLost) {
				t.Fatalf("a lost lease could finish: %v", err)
			}
		}
	})
}

func TestTheZeroActorSeesNobody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		st := db.System("test")
		r := models.Recipient{ID: st.NewID(), Number: "1", Region: "620802001", Name: models.Conceal("谷军")}
		c := models.Cadre{ID: st.NewID(), PhoneIdx: "x", Region: "620802"}
		p := models.Pairing{ID: st.NewID(), CadreID: c.ID, RecipientID: r.ID, Line: models.LinePairing, FromDay: "2026-01-01"}
		for _, row := range []any{&r, &c, &p} {
			if err := st.Create(ctx, row); err != nil {
				t.Fatal(err)
			}
		}
		for _, tc := range []struct {
			who  string
			as   models.Actor
			sees bool
		}{
			{"nobody", models.Actor{}, false},
			{"the paired cadre", models.Actor{Cadre: c.ID}, true},
			{"another cadre", models.Actor{Cadre: st.NewID()}, false},
			{"the county", models.Actor{Account: "a", Region: "620802"}, true},
			{"the city", models.Actor{Account: "a", Region: "6208"}, true},
			{"another county", models.Actor{Account: "a", Region: "620821"}, false},
			{"an administrator without a region", models.Actor{Account: "a"}, false},
			{"a contact of somebody else", models.Actor{Contact: st.NewID()}, false},
		} {
			_, err := db.As(tc.as).Recipient(ctx, r.ID)
			if got := err == nil; got != tc.sees {
				t.Errorf("%s sees the person: %v (%v)", tc.who, got, err)
			}
		}
	})
}
