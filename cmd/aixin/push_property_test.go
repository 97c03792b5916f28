package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"aixin/bot"
	"aixin/bot/wechat"
	"aixin/bot/wechatsim"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// What may happen to one send, and where it may end. Codes are those of
// wechat-platform.md §5.
var (
	busyCodes  = []int{-1, 45011, 45066, 42010, 9001002, 40001, 40014, 42001}
	goneCodes  = []int{40003, 43004, 43019, 43101, 48002, 50005, 46004, 70000}
	shutCodes  = []int{45015, 45047}
	wrongCodes = []int{40007, 40118, 40008, 40035, 40036, 40037, 40039, 40054, 40055, 44002, 44004, 45001, 45002, 45008, 47001, 47003, 87014, 40249}
	spentCodes = []int{45009, 45028, 48006}
	stopCodes  = []int{48001, 48004, 48008, 50002, 50001, 43116, 45103, 45113, 65400, 40013, 40125, 40164, 61004, 40243, 89503}
)

// ordeal is what one send goes through, and what must come of it.
type ordeal struct {
	faults []wechatsim.Fault
	end    string
	shown  int  // how often the person sees it
	unsure bool // a card of which nobody knew for a while whether it had arrived
}

func any1(d *rand.Rand, codes []int) int { return codes[d.IntN(len(codes))] }

// slow marks the answer that comes after the caller's time is over.
const slow = "<html>too late</html>"

// ordeals makes n of them: every fourth is a text, which cannot be repeated when
// nobody knows what became of it. In a troubled account some sends meet a refusal
// of the whole account or of its API.
func ordeals(d *rand.Rand, n int, troubled bool) []ordeal {
	out := make([]ordeal, n)
	for i := range out {
		text := i%4 == 3
		o := ordeal{end: store.DeliveryDelivered, shown: 1}
		lost := func(f wechatsim.Fault) { // the answer, or the send itself
			f.Count = 1
			o.faults, o.unsure = append(o.faults, f), !text
			if text {
				o.end = store.DeliveryUnknown
				if !f.After {
					o.shown = 0
				}
			}
		}
		ends := func(state string, f wechatsim.Fault) {
			f.Count = 1
			o.faults, o.end, o.shown = append(o.faults, f), state, 0
		}
		after := d.IntN(2) == 0
		switch k := d.IntN(20); {
		case k < 8:
		case k < 10:
			o.faults = append(o.faults, wechatsim.Fault{ErrCode: any1(d, busyCodes), Count: 1 + d.IntN(2)})
		case k == 10:
			ends(store.DeliveryRefused, wechatsim.Fault{ErrCode: any1(d, goneCodes)})
		case k == 11:
			ends(store.DeliveryFailed, wechatsim.Fault{ErrCode: any1(d, wrongCodes)})
		case k == 12 && text:
			ends(store.DeliveryFailed, wechatsim.Fault{ErrCode: any1(d, shutCodes)})
		case k == 13:
			lost(wechatsim.Fault{Drop: true, After: after})
		case k == 14:
			lost(wechatsim.Fault{Status: http.StatusBadGateway, Body: "<html>Bad Gateway</html>", After: after})
		case k == 15:
			lost(wechatsim.Fault{Status: http.StatusOK, Body: "<html>portal</html>"})
		case k == 16:
			lost(wechatsim.Fault{Status: http.StatusGatewayTimeout, Body: slow, After: after})
		case k == 17 && !text:
			ends(store.DeliveryRefused, wechatsim.Fault{Finish: []string{"failed:user block", "failed: user block"}[d.IntN(2)]})
		case k == 18 && !text:
			ends(store.DeliveryFailed, wechatsim.Fault{Finish: []string{"failed: system failed", "failed:freq limit", "failed:new word"}[d.IntN(3)]})
		case k == 19 && !text:
			// Busy before, lost after: the repetition is still under the same id.
			o.faults = append(o.faults, wechatsim.Fault{ErrCode: any1(d, busyCodes), Count: 1})
			lost(wechatsim.Fault{Drop: true, After: true})
		}
		out[i] = o
	}
	if troubled {
		for _, code := range append(slices.Clone(stopCodes), spentCodes...) {
			i := 4 * d.IntN(n/4) // a card: the window of a text would be over after a day
			out[i] = ordeal{faults: []wechatsim.Fault{{ErrCode: code, Count: 1}}, end: store.DeliveryDelivered, shown: 1}
		}
	}
	return out
}

// impatient is a caller whose time is over when the answer marked slow comes, so
// that nobody has to wait for it.
type impatient struct{ http.RoundTripper }

func (t impatient) RoundTrip(r *http.Request) (*http.Response, error) {
	rsp, err := t.RoundTripper.RoundTrip(r)
	if err != nil || rsp.StatusCode != http.StatusGatewayTimeout {
		return rsp, err
	}
	rsp.Body.Close()
	return nil, os.ErrDeadlineExceeded
}

// TestEverySendEndsRight sends five thousand messages to a platform that does all
// it is known to do, by seed, and looks at each row's end and each phone. What is
// unknown in the end is a text whose answer was lost, or a card that could not be
// repeated in time because the account itself was stopped.
func TestEverySendEndsRight(t *testing.T) {
	for _, tc := range []struct {
		name     string
		seed     uint64
		sends    int
		troubled bool
		first    bool // results come before the send call returns
	}{
		{"an account that is well", 1, 2000, false, false},
		{"results come first", 2, 1500, false, true},
		{"an account in trouble", 3, 1500, true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newOrdealPost(t)
			p.sim.Faults().FinishFirst(tc.first)
			all := ordeals(rand.New(rand.NewPCG(tc.seed, 7)), tc.sends, tc.troubled)
			p.write(all)
			began := p.clock.Now()
			for step := 0; ; step++ {
				if step%3 == 0 {
					p.sim.InvalidateTokens()
				}
				p.drain()
				states, err := p.st.DeliveryStates(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if states[store.DeliveryPlanned] == 0 {
					t.Logf("%d sends over %s: %v", len(all), p.clock.Now().Sub(began), states)
					break
				}
				if p.clock.Now().Sub(began) > 10*24*time.Hour {
					t.Fatalf("still open: %v", states)
				}
				if step < 60 {
					p.clock.Add(5 * time.Second)
				} else {
					p.clock.Add(time.Hour) // over the rests of the account
				}
			}
			results, err := p.st.NoticeResults(t.Context(), "ordeal", "", "", len(all))
			if err != nil {
				t.Fatal(err)
			}
			rows := map[string]store.NoticeResult{}
			for _, r := range results {
				rows[r.SubjectID] = r
			}
			for i, o := range all {
				d, shown := rows[fmt.Sprint(i)], len(p.sim.Inbox(ordealOpenID(i)))
				if tc.troubled && o.unsure && d.State == store.DeliveryUnknown && strings.Contains(d.Reason, "too late to repeat") && shown <= 1 {
					continue
				}
				if d.State != o.end || shown != o.shown {
					t.Errorf("send %d (%+v) ended %s (%s) and shows %d times, want %s and %d", i, o.faults, d.State, d.Reason, shown, o.end, o.shown)
				}
			}
		})
	}
}

func ordealOpenID(i int) string { return fmt.Sprintf("oProperty%019d", i) }

// ordealPost is a worker with a simulated platform, on a clock that is moved by hand.
type ordealPost struct {
	t      *testing.T
	clock  *storetest.Clock
	st     *store.Store
	sim    *wechatsim.Sim
	worker *bot.Worker
}

func newOrdealPost(t *testing.T) *ordealPost {
	clock := storetest.NewClock()
	db := storetest.Open(t, "sqlite", clock.Now)
	p := &ordealPost{t: t, clock: clock, st: db.System("test")}
	heard := func(ctx context.Context, m bot.Message) (bot.Answer, error) {
		return bot.Answer{}, p.st.DeliveryEvents(ctx, []store.Word{{JobID: m.JobID, Status: m.Status}})
	}
	callback, err := wechat.NewCallback(wechat.Settings{AppID: demoAppID, Token: demoToken, AESKey: demoAESKey}, heard, clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(callback)
	t.Cleanup(front.Close)
	p.sim = wechatsim.New(wechatsim.Config{
		AppID: demoAppID, AppSecret: demoSecret, Token: demoToken, AESKey: demoAESKey, Account: "gh_test",
		CallbackURL: front.URL, PublicURL: "http://127.0.0.1", Now: clock.Now,
	})
	t.Cleanup(p.sim.Close)
	api := httptest.NewServer(p.sim.API())
	t.Cleanup(api.Close)
	template := wechatsim.DefaultTemplates()[0].ID
	p.worker = &bot.Worker{
		DB: db, Now: clock.Now, Real: time.Now, Log: slog.New(slog.DiscardHandler), Observer: newMeter(), Owner: "test", Zone: time.UTC,
		Platform: wechat.NewClient(wechat.Options{
			AppID: demoAppID, AppSecret: demoSecret, BaseURL: api.URL, Now: clock.Now,
			HTTP: &http.Client{Timeout: time.Minute, Transport: impatient{&http.Transport{MaxIdleConnsPerHost: 64}}},
		}),
		Prepare: func(_ context.Context, _ *store.Store, d store.Delivery) (bot.Outgoing, error) {
			if d.Kind == "text" {
				return bot.Outgoing{Text: "您好"}, nil
			}
			return bot.Outgoing{Card: &bot.Card{Template: template, Fields: map[string]string{"thing1": "一", "thing2": "二", "thing3": "三"}}}, nil
		},
	}
	return p
}

// write plans one delivery for each ordeal and sets its faults up.
func (p *ordealPost) write(all []ordeal) {
	p.t.Helper()
	ctx := p.t.Context()
	err := p.st.InTx(ctx, func(tx *store.Store) error {
		for i, o := range all {
			who := ordealOpenID(i)
			p.sim.Add(wechatsim.Person{OpenID: who, Name: "x", Followed: true})
			kind, path := "card", "/cgi-bin/message/template/send"
			if i%4 == 3 {
				kind, path = "text", "/cgi-bin/message/custom/send"
				p.sim.OpenWindow(who)
			}
			for _, f := range o.faults {
				if f.OpenID = who; f.Finish == "" {
					f.Path = path
				}
				p.sim.Faults().Add(f)
			}
			err := tx.AddDelivery(ctx, who, store.Delivery{Kind: kind, Role: models.RoleCadre, SubjectID: fmt.Sprint(i), NoticeID: "ordeal", OpenID: models.Conceal(who)})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.t.Fatal(err)
	}
}

// drain sends what is due now and waits for the platform's words on it.
func (p *ordealPost) drain() {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.t.Context())
	done := make(chan struct{})
	go func() { p.worker.Deliver(ctx); close(done) }()
	for {
		open, err := p.st.OpenDeliveries(ctx, p.st.Now())
		if err != nil {
			p.t.Fatal(err)
		}
		if open == 0 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	<-done
	p.sim.Settle()
	if err := p.st.JoinEvents(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}
