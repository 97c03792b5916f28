package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
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

// ordeal is what one send goes through.
type ordeal struct {
	faults []wechatsim.Fault
	ends   []string
}

func any1(d *rand.Rand, codes []int) int { return codes[d.IntN(len(codes))] }

// ordeals makes n of them; text sends cannot be repeated when nobody knows what
// became of them.
func ordeals(d *rand.Rand, n int) []ordeal {
	out := make([]ordeal, n)
	slow := 0
	for i := range out {
		text := i%4 == 3
		done := []string{store.DeliveryDelivered}
		unsure := done
		if text {
			unsure = []string{store.DeliveryUnknown}
		}
		o := ordeal{ends: done}
		add := func(f wechatsim.Fault) { o.faults = append(o.faults, f) }
		switch k := d.IntN(20); {
		case k < 8:
		case k < 10:
			add(wechatsim.Fault{ErrCode: any1(d, busyCodes), Count: 1 + d.IntN(2)})
		case k == 10:
			add(wechatsim.Fault{ErrCode: any1(d, goneCodes), Count: 1})
			o.ends = []string{store.DeliveryRefused}
		case k == 11:
			add(wechatsim.Fault{ErrCode: any1(d, wrongCodes), Count: 1})
			o.ends = []string{store.DeliveryFailed}
		case k == 12 && text:
			add(wechatsim.Fault{ErrCode: any1(d, shutCodes), Count: 1})
			o.ends = []string{store.DeliveryFailed}
		case k == 13:
			add(wechatsim.Fault{Drop: true, After: d.IntN(2) == 0, Count: 1})
			o.ends = unsure
		case k == 14:
			add(wechatsim.Fault{Status: 502, Body: "<html>Bad Gateway</html>", After: d.IntN(2) == 0, Count: 1})
			o.ends = unsure
		case k == 15:
			add(wechatsim.Fault{Status: 200, Body: "<html>portal</html>", Count: 1})
			o.ends = unsure
		case k == 16 && slow < 60:
			slow++
			add(wechatsim.Fault{Delay: time.Second, After: d.IntN(2) == 0, Count: 1})
			o.ends = unsure
		case k == 17 && !text:
			add(wechatsim.Fault{Finish: []string{"failed:user block", "failed: user block"}[d.IntN(2)], Count: 1})
			o.ends = []string{store.DeliveryRefused}
		case k == 18 && !text:
			add(wechatsim.Fault{Finish: []string{"failed: system failed", "failed:freq limit", "failed:new word"}[d.IntN(3)], Count: 1})
			o.ends = []string{store.DeliveryFailed}
		}
		out[i] = o
	}
	// The account's own troubles stop everything for a while: a few are enough. An
	// outcome that was unknown before such a rest stays so.
	for _, code := range append(slices.Clone(stopCodes), spentCodes...) {
		i := 4 * d.IntN(n/4) // a card: the window of a text would be over after a day
		out[i] = ordeal{faults: []wechatsim.Fault{{ErrCode: code, Count: 1}}, ends: []string{store.DeliveryDelivered}}
	}
	return out
}

// TestEverySendEndsRight sends five thousand messages to a platform that does all
// it is known to do, by seed, and looks at each row's end and each phone.
func TestEverySendEndsRight(t *testing.T) {
	const sends = 5000
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			dice := rand.New(rand.NewPCG(seed, 7))
			all := ordeals(dice, sends/2)
			clock := storetest.NewClock()
			db := storetest.Open(t, "sqlite", clock.Now)
			st, ctx := db.System("test"), context.Background()
			heard := func(ctx context.Context, m bot.Message) (bot.Answer, error) {
				return bot.Answer{}, st.DeliveryEvents(ctx, []store.Word{{JobID: m.JobID, Status: m.Status}})
			}
			callback, err := wechat.NewCallback(wechat.Settings{AppID: demoAppID, Token: demoToken, AESKey: demoAESKey}, heard, clock.Now, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			front := httptest.NewServer(callback)
			t.Cleanup(front.Close)
			sim := wechatsim.New(wechatsim.Config{
				AppID: demoAppID, AppSecret: demoSecret, Token: demoToken, AESKey: demoAESKey, Account: "gh_test",
				CallbackURL: front.URL, PublicURL: "http://127.0.0.1", Now: clock.Now,
			})
			t.Cleanup(sim.Close)
			api := httptest.NewServer(sim.API())
			t.Cleanup(api.Close)
			// The result comes before the send call returns: always in one seed.
			sim.Faults().FinishFirst(seed%2 == 0)
			template := wechatsim.DefaultTemplates()[0].ID
			w := &bot.Worker{
				DB: db, Now: clock.Now, Real: time.Now, Log: slog.New(slog.DiscardHandler), Observer: newMeter(), Owner: "test", Zone: time.UTC,
				Platform: wechat.NewClient(wechat.Options{
					AppID: demoAppID, AppSecret: demoSecret, BaseURL: api.URL, Now: clock.Now, HTTP: &http.Client{Timeout: 300 * time.Millisecond},
				}),
				Prepare: func(_ context.Context, _ *store.Store, d store.Delivery) (bot.Outgoing, error) {
					if d.Kind == "text" {
						return bot.Outgoing{Text: "您好"}, nil
					}
					return bot.Outgoing{Card: &bot.Card{Template: template, Fields: map[string]string{"thing1": "一", "thing2": "二", "thing3": "三"}}}, nil
				},
			}
			for i, o := range all {
				who := fmt.Sprintf("oProperty%019d", i)
				sim.Add(wechatsim.Person{OpenID: who, Name: "x", Followed: true})
				kind, path := "card", "/cgi-bin/message/template/send"
				if i%4 == 3 {
					kind, path = "text", "/cgi-bin/message/custom/send"
					sim.OpenWindow(who)
				}
				for _, f := range o.faults {
					f.OpenID = who
					if f.Finish == "" {
						f.Path = path
					}
					sim.Faults().Add(f)
				}
				if err := st.AddDelivery(ctx, who, store.Delivery{Kind: kind, Role: models.RoleCadre, SubjectID: fmt.Sprint(i), NoticeID: "ordeal", OpenID: models.Conceal(who)}); err != nil {
					t.Fatal(err)
				}
			}
			began := clock.Now()
			for step := 0; ; step++ {
				run, cancel := context.WithCancel(ctx)
				done := make(chan struct{})
				go func() { w.Deliver(run); close(done) }()
				for {
					open, err := st.OpenDeliveries(ctx, st.Now())
					if err != nil {
						t.Fatal(err)
					}
					if open == 0 {
						break
					}
					if step%3 == 0 {
						sim.InvalidateTokens()
					}
					time.Sleep(5 * time.Millisecond)
				}
				cancel()
				<-done
				sim.Settle()
				if err := st.JoinEvents(ctx); err != nil {
					t.Fatal(err)
				}
				states, err := st.DeliveryStates(ctx)
				if err != nil {
					t.Fatal(err)
				}
				if states[store.DeliveryPlanned] == 0 {
					t.Logf("%d sends over %s: %v", len(all), clock.Now().Sub(began), states)
					break
				}
				if clock.Now().Sub(began) > 10*24*time.Hour {
					t.Fatalf("still open after %s: %v", clock.Now().Sub(began), states)
				}
				if step < 40 {
					clock.Add(5 * time.Second)
				} else {
					clock.Add(time.Hour) // over the rests of the account
				}
			}
			results, err := st.NoticeResults(ctx, "ordeal", "", "", len(all))
			if err != nil {
				t.Fatal(err)
			}
			rows := map[string]store.NoticeResult{}
			for _, r := range results {
				rows[r.SubjectID] = r
			}
			for i, o := range all {
				d := rows[fmt.Sprint(i)]
				ends := append(slices.Clone(o.ends), store.DeliveryUnknown)
				if len(o.faults) == 0 || o.ends[0] != store.DeliveryDelivered {
					ends = o.ends
				}
				if !slices.Contains(ends, d.State) {
					t.Errorf("send %d (%+v) ended %s (%s), want %v", i, o.faults, d.State, d.Reason, ends)
				}
				if n := len(sim.Inbox(fmt.Sprintf("oProperty%019d", i))); n > 1 || d.State == store.DeliveryDelivered && n != 1 {
					t.Errorf("send %d (%+v) is %s and shows %d times", i, o.faults, d.State, n)
				}
			}
		})
	}
}
