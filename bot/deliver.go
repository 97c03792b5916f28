package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// Outgoing is what Prepare makes of a delivery at the moment of sending.
type Outgoing struct {
	Card   *Card
	Text   string    // inside an open window; the card then is for when its messages are used up
	Voice  []byte    // a recording to pass on, after the text
	Cancel string    // no longer due, and why
	Hold   bool      // stopped by somebody, who lets it go on
	Wait   time.Time // not before then
	Reason string    // why it waits
	// Unreachable says why there is no way to this person.
	Unreachable string
	// Urgent messages are repeated after an unknown outcome: danger.
	Urgent bool
}

// Prepare decides at the last moment whether a delivery is still due, when it
// may go, and in which words. It writes nothing that a second call would double.
type Prepare func(ctx context.Context, st *store.Store, d store.Delivery) (Outgoing, error)

// Look reads at once what Prepare needs for many deliveries, each to another
// person.
type Look func(ctx context.Context, st *store.Store, batch []store.Delivery) (Prepare, error)

func (w *Worker) deliveries(ctx context.Context, only string) (more bool) {
	st := w.DB.System("delivery loop")
	width := max(w.circuits.width(apiCard), w.circuits.width(apiText))
	// No more than can be sent while the lease holds, also by many processes.
	batchSize := 8 * width
	if w.Rate > 0 {
		batchSize = min(batchSize, max(narrow, w.Rate))
	}
	batch, err := st.LeaseDeliveries(ctx, w.Owner, workLease, batchSize, only)
	if err != nil || len(batch) == 0 {
		return false
	}
	// What goes to one person goes in order; people do not wait for each other.
	people := map[string][]store.Delivery{}
	var order []string
	var first []store.Delivery
	for _, d := range batch {
		to := d.OpenID.Reveal()
		if people[to] == nil {
			order, first = append(order, to), append(first, d)
		}
		people[to] = append(people[to], d)
	}
	prepare := w.Prepare
	if w.Look != nil {
		if prepare, err = w.Look(ctx, st, first); err != nil {
			w.Log.Warn("deliveries cannot be prepared; their lease will end", "err", err)
			return false
		}
	}
	queue := make(chan []store.Delivery)
	var group sync.WaitGroup
	for range min(width, len(order)) {
		group.Go(func() {
			for mine := range queue {
				w.deliver(ctx, st, mine[0], prepare)
				for _, d := range mine[1:] { // the first may have changed what is known of the person
					w.taken().wait()
					w.deliver(ctx, st, d, w.Prepare)
				}
			}
		})
	}
	for _, to := range order {
		queue <- people[to]
	}
	close(queue)
	group.Wait()
	w.taken().wait()
	return len(batch) == batchSize
}

// taken writes what the platform took. A card whose lease ends before that is
// repeated under the same client_msg_id, so that it need not be written at once.
func (w *Worker) taken() *together[store.Accepted] {
	w.once.Do(func() {
		w.accepted.do = func(all []store.Accepted) error {
			ctx, cancel := context.WithTimeout(context.Background(), sendLimit)
			defer cancel()
			lost, err := w.DB.System("delivery loop").AcceptDeliveries(ctx, all)
			if err != nil {
				w.Log.Warn("what the platform took is not written; the leases will end", "deliveries", len(all), "err", err)
			} else if lost > 0 {
				w.Log.Info("leases were lost while sending", "deliveries", lost)
			}
			return err
		}
	})
	return &w.accepted
}

// deliver brings one delivery a step on and writes what came of it.
func (w *Worker) deliver(ctx context.Context, st *store.Store, d store.Delivery, prepare Prepare) {
	// A stopping process finishes what it has begun.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), workLease-5*time.Second)
	defer cancel()
	err := w.step(ctx, st, d, prepare)
	if err != nil && !errors.Is(err, store.ErrLost) {
		w.Log.Warn("delivery outcome not written; its lease will end", "delivery", d.ID, "err", err)
	}
}

func (w *Worker) step(ctx context.Context, st *store.Store, d store.Delivery, prepare Prepare) error {
	out := Outgoing{Text: d.Payload.Reveal()}
	if d.Kind != KindLate {
		if prepare == nil {
			return w.finish(ctx, st, d, store.DeliveryFailed, "nobody knows its words")
		}
		var err error
		if out, err = prepare(ctx, st, d); err != nil {
			w.Log.Warn("delivery cannot be prepared", "delivery", d.ID, "kind", d.Kind, "err", err)
			return st.PostponeDelivery(ctx, d, models.InstantOf(w.Now().Add(backoff(d.Attempts))), err.Error())
		}
	}
	cutOff := d.Attempts-1 > d.Outcomes // a process died while it was sending
	switch {
	case out.Cancel != "":
		return w.finish(ctx, st, d, store.DeliveryCancelled, out.Cancel)
	case out.Hold:
		return st.HoldDelivery(ctx, d)
	case !out.Wait.IsZero():
		return st.ReturnDelivery(ctx, d, models.InstantOf(out.Wait), out.Reason)
	case out.Unreachable != "":
		return w.finish(ctx, st, d, store.DeliveryFailed, out.Unreachable)
	case out.Card != nil && (out.Text == "" || cutOff):
		return w.sendCard(ctx, st, d, *out.Card, out.Urgent)
	case cutOff && !out.Urgent:
		return w.finish(ctx, st, d, store.DeliveryUnknown, "cut off while sending")
	}
	return w.sendText(ctx, st, d, out)
}

func (w *Worker) finish(ctx context.Context, st *store.Store, d store.Delivery, state, reason string) error {
	w.Observer.Sent(d.Kind, state)
	if state != store.DeliveryDelivered && state != store.DeliveryUnknown {
		if err := st.GiveCapBack(ctx, d.ID); err != nil {
			return err
		}
	}
	return st.FinishDelivery(ctx, d, state, reason, "")
}

// The paths of the two APIs, by which rests are kept.
const (
	apiText = "custom"
	apiCard = "template"
)

func (w *Worker) sendCard(ctx context.Context, st *store.Store, d store.Delivery, card Card, urgent bool) error {
	if until := w.resting(ctx, apiCard); !until.IsZero() {
		return st.ReturnDelivery(ctx, d, models.InstantOf(until), "the platform rests")
	}
	// Inside its ten minutes client_msg_id makes a repetition safe, not later: the
	// rest of an API may lie between.
	unsure := max(d.UnsureAt, d.CutAt)
	if d.UnsureAt > 0 && d.CutAt > 0 {
		unsure = min(d.UnsureAt, d.CutAt)
	}
	if unsure != 0 && w.Now().Sub(unsure.Time()) > 8*time.Minute && !urgent {
		return w.finish(ctx, st, d, store.DeliveryUnknown, "may have arrived; too late to repeat it safely")
	}
	// The same id for every attempt: the platform then sends it once.
	sum := sha256.Sum256([]byte(d.KeyHash))
	card.ClientID = hex.EncodeToString(sum[:16])
	if err := w.turn(ctx); err != nil {
		return err
	}
	if !holds(st, d) {
		return giveBack(ctx, st, d)
	}
	sendCtx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	jobID, err := w.Platform.SendCard(sendCtx, OpenID(d.OpenID.Reveal()), card)
	if err == nil {
		w.circuits.well(apiCard)
		w.Observer.Sent(d.Kind, store.DeliveryAccepted)
		w.taken().add(store.Accepted{Delivery: d, Job: jobID})
		return nil
	}
	return w.failed(ctx, st, d, err, apiCard, urgent || d.Attempts < 6)
}

func (w *Worker) sendText(ctx context.Context, st *store.Store, d store.Delivery, out Outgoing) error {
	if until := w.resting(ctx, apiText); !until.IsZero() {
		if out.Card != nil {
			return w.sendCard(ctx, st, d, *out.Card, out.Urgent)
		}
		return st.ReturnDelivery(ctx, d, models.InstantOf(until), "the platform rests")
	}
	text, idx := out.Text, st.OpenIDIndex(d.OpenID.Reveal())
	for first := true; text != ""; first = false {
		spent, err := st.SpendWindow(ctx, idx)
		if err != nil {
			return err
		}
		// By our own ledger nothing is left. Where there is no other way the platform
		// may still say so itself.
		if !spent && first && out.Card != nil {
			return w.sendCard(ctx, st, d, *out.Card, out.Urgent)
		}
		if err := w.turn(ctx); err != nil {
			return err
		}
		if first && !holds(st, d) {
			return giveBack(ctx, st, d)
		}
		var head string
		head, text = Cut(text, MaxReply)
		sendCtx, cancel := context.WithTimeout(ctx, sendLimit)
		err = w.Platform.SendText(sendCtx, OpenID(d.OpenID.Reveal()), head)
		cancel()
		if err != nil && first {
			if noWindow(err) {
				if err := st.CloseWindow(ctx, idx); err != nil {
					return err
				}
				if out.Card != nil { // refused, so that nobody has seen it
					return w.sendCard(ctx, st, d, *out.Card, out.Urgent)
				}
			}
			return w.failed(ctx, st, d, err, apiText, out.Urgent)
		}
		if err != nil {
			break // the beginning arrived; repeating it would say it twice
		}
		w.circuits.well(apiText)
	}
	return w.finish(ctx, st, d, store.DeliveryDelivered, "")
}

// failed does what the platform's refusal asks for (wechat-platform.md §5).
func (w *Worker) failed(ctx context.Context, st *store.Store, d store.Delivery, err error, api string, repeatable bool) error {
	var fault *SendError
	if !errors.As(err, &fault) {
		fault = &SendError{API: api, Reason: err.Error(), Action: ActRetry}
	}
	w.Log.Warn("delivery not sent", "delivery", d.ID, "kind", d.Kind, "attempt", d.Attempts, "api", fault.API, "errcode", fault.Code, "reason", fault.Reason, "action", fault.Action)
	later := func(pause time.Duration) error {
		if d.Attempts >= maxAttempts {
			return w.finish(ctx, st, d, store.DeliveryFailed, fault.Error())
		}
		return st.PostponeDelivery(ctx, d, models.InstantOf(w.Now().Add(pause)), fault.Error())
	}
	if fault.Action == ActRetry || fault.Action == ActUnknown {
		if pause := w.circuits.ill(api); pause > 0 {
			w.Log.Error("an API of the platform fails again and again; it rests", "api", api, "for", pause)
			w.rest(ctx, api, w.Now().Add(pause))
		}
	}
	switch fault.Action {
	case ActRetry:
		return later(max(backoff(d.Attempts), fault.After))
	case ActStopAPI:
		until := w.rest(ctx, api, w.resetHour())
		return st.PostponeDelivery(ctx, d, models.InstantOf(until), fault.Error())
	case ActStopAll:
		until := w.Now().Add(10 * time.Minute)
		w.Log.Error("the platform refuses the account; nothing is sent for ten minutes", "errcode", fault.Code, "reason", fault.Reason)
		w.rest(ctx, apiText, until)
		w.rest(ctx, apiCard, until)
		return st.PostponeDelivery(ctx, d, models.InstantOf(until), fault.Error())
	case ActUnknown:
		if repeatable {
			return st.UnsureDelivery(ctx, d, models.InstantOf(w.Now().Add(min(backoff(d.Attempts), time.Minute))), fault.Error())
		}
		return w.finish(ctx, st, d, store.DeliveryUnknown, fault.Error())
	case ActUnreachable:
		if err := st.Block(ctx, st.OpenIDIndex(d.OpenID.Reveal())); err != nil {
			return err
		}
		return w.finish(ctx, st, d, store.DeliveryRefused, fault.Error())
	}
	return w.finish(ctx, st, d, store.DeliveryFailed, fault.Error())
}

// sendLimit is how long one call of the platform may take.
const sendLimit = 15 * time.Second

// turn waits until the rate of all processes allows one more call.
func (w *Worker) turn(ctx context.Context) error {
	return w.pace.wait(ctx, w.Redis, w.Rate, w.clock())
}

// holds tells whether the lease of a delivery outlasts the call that sends it;
// after it another process may be sending it too.
func holds(st *store.Store, d store.Delivery) bool {
	return d.LeaseUntil >= st.Now().Add(sendLimit)
}

func giveBack(ctx context.Context, st *store.Store, d store.Delivery) error {
	return st.ReturnDelivery(ctx, d, st.Now(), "waited too long for its turn")
}

// clock is the machine's.
func (w *Worker) clock() func() time.Time {
	if w.Real != nil {
		return w.Real
	}
	return w.Now
}

// noWindow tells that the platform takes no more free messages to this person.
func noWindow(err error) bool {
	var fault *SendError
	return errors.As(err, &fault) && fault.Action == ActNoWindow
}

// resetHour is when the platform's daily quotas are taken to begin anew: its
// documents name no hour, so a little after midnight.
func (w *Worker) resetHour() time.Time {
	zone := w.Zone
	if zone == nil {
		zone = time.UTC
	}
	local := w.Now().In(zone)
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 10, 0, 0, zone)
}
