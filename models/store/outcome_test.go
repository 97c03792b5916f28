package store_test

import (
	"context"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// What the platform took and what it said of it come together in any order, each
// once, and never over somebody else's lease.
func TestWhatBecomesOfDeliveries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st, ctx := db.System("test"), context.Background()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		plan := func(n int) []store.Delivery {
			t.Helper()
			for range n {
				who := st.NewID()
				must(st.AddDelivery(ctx, who, store.Delivery{Kind: "card", SubjectID: who, NoticeID: "n", OpenID: models.Conceal("o" + who)}))
			}
			rows, err := st.LeaseDeliveries(ctx, "me", time.Minute, n, "")
			must(err)
			if len(rows) != n {
				t.Fatalf("leased %d of %d", len(rows), n)
			}
			return rows
		}
		accept := func(lost int, rows ...store.Delivery) {
			t.Helper()
			var all []store.Accepted
			for _, d := range rows {
				all = append(all, store.Accepted{Delivery: d, Job: "job" + d.SubjectID})
			}
			got, err := st.AcceptDeliveries(ctx, all)
			must(err)
			if got != lost {
				t.Errorf("%d leases lost, want %d", got, lost)
			}
		}
		say := func(status string, rows ...store.Delivery) {
			t.Helper()
			var words []store.Word
			for _, d := range rows {
				words = append(words, store.Word{JobID: "job" + d.SubjectID, Status: status})
			}
			must(st.DeliveryEvents(ctx, words))
		}
		ended := func(state string, rows ...store.Delivery) {
			t.Helper()
			all, err := st.NoticeResults(ctx, "n", "", "", 1000)
			must(err)
			states := map[string]string{}
			for _, r := range all {
				states[r.SubjectID] = r.State
			}
			for _, d := range rows {
				if states[d.SubjectID] != state {
					t.Errorf("%s ended %q, want %q", d.SubjectID, states[d.SubjectID], state)
				}
			}
		}

		rows := plan(40)
		say("success", rows[:10]...) // before the send call returned
		accept(0, rows...)
		ended(store.DeliveryDelivered, rows[:10]...)
		ended(store.DeliveryAccepted, rows[10:]...)
		say("success", rows[5:30]...) // some of them again
		say("failed:user block", rows[30])
		say("failed:freq limit", rows[31], rows[32])
		say("failed:user block", rows[0]) // only the first word counts
		must(st.DeliveryEvents(ctx, []store.Word{{Status: "success"}, {JobID: "of another system", Status: "success"}}))
		ended(store.DeliveryDelivered, rows[:30]...)
		ended(store.DeliveryRefused, rows[30])
		ended(store.DeliveryFailed, rows[31], rows[32])
		ended(store.DeliveryAccepted, rows[33:]...)
		if way, err := st.Way(ctx, st.OpenIDIndex(rows[30].OpenID.Reveal())); err != nil || !way.Blocked {
			t.Errorf("who blocks the account is not known: %+v %v", way, err)
		}

		// Silence is counted from the send, not from when it was due; a word that
		// comes after it still counts.
		clock.Add(47 * time.Hour)
		late := plan(2)
		accept(0, late...)
		clock.Add(2 * time.Hour)
		must(st.CloseSilent(ctx, st.Now().Add(-48*time.Hour)))
		ended(store.DeliveryUnknown, rows[33:]...)
		ended(store.DeliveryAccepted, late...)
		say("success", rows[33])
		ended(store.DeliveryDelivered, rows[33])

		// Whose lease went to another changes nothing.
		mine := plan(3)
		clock.Add(2 * time.Minute)
		theirs, err := st.LeaseDeliveries(ctx, "other", time.Minute, 2, "")
		must(err)
		accept(2, mine...)
		accept(0, theirs...)
		ended(store.DeliveryAccepted, mine...)
	})
}

// A word that was written while its delivery was not yet accepted, and whose
// process died before it looked, is found by the sweep.
func TestAWordOutlivesItsProcess(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st, ctx := db.System("test"), context.Background()
		if err := st.AddDelivery(ctx, "k", store.Delivery{Kind: "card", SubjectID: "s", NoticeID: "n", OpenID: models.Conceal("o")}); err != nil {
			t.Fatal(err)
		}
		rows, err := st.LeaseDeliveries(ctx, "me", time.Minute, 1, "")
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		if _, err := st.AcceptDeliveries(ctx, []store.Accepted{{Delivery: rows[0], Job: "j"}}); err != nil {
			t.Fatal(err)
		}
		if err := db.Exec(ctx, "INSERT INTO delivery_event (job_id, status, at) VALUES ('j', 'success', 1)"); err != nil {
			t.Fatal(err)
		}
		if err := st.JoinEvents(ctx); err != nil {
			t.Fatal(err)
		}
		if states, err := st.DeliveryStates(ctx); err != nil || states[store.DeliveryDelivered] != 1 {
			t.Errorf("%v %v", states, err)
		}
	})
}
