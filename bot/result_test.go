package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"aixin/bot"
	"aixin/models"
	"aixin/models/store"
)

func word(job, status string) bot.Message {
	return bot.Message{Identity: "e|a|1|" + bot.EventDelivered + "||" + job, From: "a", Kind: bot.KindEvent, Event: bot.EventDelivered, JobID: job, Status: status, At: time.Now()}
}

// Words of the platform about deliveries come by the hundred at once, some twice:
// they end their deliveries and are nobody's conversation. While the database is
// away they wait in the journal.
func TestWordsOnDeliveries(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		st := r.db.System("test")
		const n = 200
		for i := range n {
			if err := st.AddDelivery(ctx, fmt.Sprint(i), store.Delivery{Kind: "card", SubjectID: fmt.Sprint(i), OpenID: models.Conceal(fmt.Sprint("o", i))}); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := st.LeaseDeliveries(ctx, "w", time.Minute, n, "")
		if err != nil {
			t.Fatal(err)
		}
		var all []store.Accepted
		for _, d := range rows {
			all = append(all, store.Accepted{Delivery: d, Job: "j" + d.SubjectID})
		}
		if lost, err := st.AcceptDeliveries(ctx, all); err != nil || lost != 0 {
			t.Fatal(lost, err)
		}
		var group sync.WaitGroup
		for i := range n - 1 {
			for range 2 {
				group.Go(func() {
					if a, err := r.Receive(ctx, word(fmt.Sprint("j", i), "success")); err != nil || a.Text != "" {
						t.Error(a, err)
					}
				})
			}
		}
		group.Wait()
		states, err := st.DeliveryStates(ctx)
		if err != nil || states[store.DeliveryDelivered] != n-1 {
			t.Errorf("%v %v", states, err)
		}
		if r.calls.Load() != 0 {
			t.Errorf("%d words were taken for talk", r.calls.Load())
		}
		lost := bot.New(bot.Options{DB: away(t, r.db), Journal: r.journal, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		if a, err := lost.Receive(ctx, word(fmt.Sprint("j", n-1), "success")); err != nil || a.Text != "" || r.journal.Len() != 1 {
			t.Errorf("with the database away: %+v %v, %d in the journal", a, err, r.journal.Len())
		}
	})
}

// slowPlatform does something while it sends.
type slowPlatform struct {
	sender
	meanwhile func(n int)
	sends     int
}

func (p *slowPlatform) SendText(context.Context, bot.OpenID, string) error {
	p.sends++
	p.meanwhile(p.sends)
	return nil
}

// A delivery whose lease would end while it is being sent is given back: another
// process would send it too.
func TestNobodySendsOnALeaseThatEnds(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		st := r.db.System("test")
		for _, key := range []string{"a", "b"} {
			if err := st.AddDelivery(ctx, key, store.Delivery{Kind: bot.KindLate, OpenID: models.Conceal("o"), Payload: models.Conceal(key)}); err != nil {
				t.Fatal(err)
			}
		}
		slow := &slowPlatform{meanwhile: func(n int) {
			if n == 1 {
				r.clock.Add(35 * time.Second)
				return
			}
			r.clock.Add(12 * time.Second)
			if rows, err := st.LeaseDeliveries(ctx, "another", time.Minute, 2, ""); err != nil || len(rows) != 0 {
				t.Errorf("another process got %d that are being sent (%v)", len(rows), err)
			}
		}}
		r.worker.Platform = slow
		stop := r.loops(t)
		defer stop()
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			states, err := st.DeliveryStates(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if states[store.DeliveryDelivered] == 2 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("%v after %d sends", states, slow.sends)
			}
		}
	})
}
