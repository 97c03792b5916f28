package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"aixin/bot"
	"aixin/bot/wechat"
	"aixin/bot/wechatsim"
	"aixin/configs"
	"aixin/handlers"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/models/town"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestRemindThroughTheYear is a golden file of what is due for the demo town at
// ten moments: whoever changes a rule reads here what it changes for people.
func TestRemindThroughTheYear(t *testing.T) {
	clock := storetest.NewClock()
	db := storetest.Open(t, "sqlite", clock.Now)
	st := db.System("test")
	ctx := context.Background()
	today := models.Day("2026-11-21")
	if err := st.InTx(ctx, func(tx *store.Store) error { return moveIn(ctx, tx, town.Demo(today), today) }); err != nil {
		t.Fatal(err)
	}
	zone := configs.Default().Zone()
	var out strings.Builder
	for _, at := range []string{
		"2026-01-05 10:00", "2026-03-12 10:00", "2026-05-05 22:30", "2026-06-11 13:00", "2026-06-29 09:00",
		"2026-07-02 09:30", "2026-10-29 15:00", "2026-11-05 15:00", "2026-12-03 07:00", "2026-12-30 16:00",
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", at, zone)
		if err != nil {
			t.Fatal(err)
		}
		clock.Set(now)
		fmt.Fprintf(&out, "== %s %s\n", at, models.DayOf(now, zone))
		var lines []string
		err = testOutbox(clock).Plan(ctx, st, now, func(dues []handlers.Due) error {
			for _, d := range dues {
				lines = append(lines, fmt.Sprintf("%s %s 绑定=%v %s | %s | %s\n", d.Kind, d.Name, d.Bound, d.DueAt.Format("01-02 15:04"),
					strings.ReplaceAll(d.Text, "\n", " / "), d.Reason))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(lines)
		out.WriteString(strings.Join(lines, ""))
	}
	const file = "testdata/remind.golden"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != out.String() {
		t.Errorf("what is due has changed (-update writes it):\n%s", out.String())
	}
}

func testOutbox(clock *storetest.Clock) *handlers.Outbox {
	cfg := configs.Default()
	ids := map[string]string{}
	for _, tpl := range wechatsim.DefaultTemplates() {
		ids[tpl.Name] = tpl.ID
	}
	return &handlers.Outbox{
		Templates: ids, Zone: cfg.Zone(), PublicURL: "https://example.test",
		Now: clock.Now,
	}
}

// post is a worker with a real client against the simulator, on a town of n
// cadres who are behind their visits.
type post struct {
	t      *testing.T
	clock  *storetest.Clock
	db     *store.DB
	st     *store.Store
	sim    *wechatsim.Sim
	worker *bot.Worker
	outbox *handlers.Outbox
	log    *strings.Builder
	people []models.Pairing
}

func newPost(t *testing.T, driver string, n int) *post {
	p := &post{t: t, clock: storetest.NewClock(), log: &strings.Builder{}}
	p.clock.Set(time.Date(2026, 11, 26, 7, 0, 0, 0, time.UTC)) // a Thursday, 15:00 in Pingliang
	p.db = storetest.Open(t, driver, p.clock.Now)
	p.st = p.db.System("test")
	p.sim = wechatsim.New(wechatsim.Config{
		AppID: demoAppID, AppSecret: demoSecret, Token: demoToken, AESKey: demoAESKey, Account: "gh_test",
		CallbackURL: "http://127.0.0.1:1/", PublicURL: "http://127.0.0.1", Now: p.clock.Now, Timeout: 200 * time.Millisecond,
	})
	t.Cleanup(p.sim.Close)
	api := httptest.NewServer(p.sim.API())
	t.Cleanup(api.Close)
	log := slog.New(slog.NewTextHandler(p.log, nil))
	p.outbox = testOutbox(p.clock)
	p.worker = &bot.Worker{
		DB: p.db, Prepare: p.outbox.Prepare, Look: p.outbox.Look, Zone: p.outbox.Zone, Now: p.clock.Now, Log: log, Observer: newMeter(), Owner: "test",
		Platform: wechat.NewClient(wechat.Options{AppID: demoAppID, AppSecret: demoSecret, BaseURL: api.URL, Now: p.clock.Now, Log: log, HTTP: &http.Client{Timeout: 300 * time.Millisecond}}),
	}
	ctx := context.Background()
	for i := range n {
		c := models.Cadre{ID: p.st.NewID(), Name: models.Conceal(fmt.Sprint("干部", i)), PhoneIdx: fmt.Sprint(i), Region: "620802"}
		r := models.Recipient{ID: p.st.NewID(), Number: fmt.Sprint(i), Name: models.Conceal("谷军"), Region: "620802"}
		pairing := models.Pairing{ID: p.st.NewID(), CadreID: c.ID, RecipientID: r.ID, Line: models.LinePairing, FromDay: "2026-01-01"}
		for _, row := range []any{&c, &r, &pairing} {
			p.must(p.st.Create(ctx, row))
		}
		p.must(p.st.Bind(ctx, openid(i), models.RoleCadre, c.ID))
		p.sim.Add(wechatsim.Person{OpenID: openid(i), Name: "干部", Followed: true})
		p.people = append(p.people, pairing)
	}
	return p
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// plan keeps what is due now and gives how many there were.
func (p *post) plan() (n int) {
	p.t.Helper()
	ctx := context.Background()
	p.must(p.outbox.Plan(ctx, p.st, p.clock.Now(), func(dues []handlers.Due) error {
		n += len(dues)
		return p.outbox.Keep(ctx, p.st, dues)
	}))
	return n
}

// deliver runs the loop until nothing is due, moving the clock over pauses.
func (p *post) deliver(span time.Duration) {
	p.t.Helper()
	end := p.clock.Now().Add(span)
	for p.clock.Now().Before(end) {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		done := make(chan struct{})
		go func() { p.worker.Deliver(ctx); close(done) }()
		for {
			open, err := p.st.OpenDeliveries(ctx, models.InstantOf(p.clock.Now()))
			p.must(err)
			if open == 0 {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
		<-done
		p.clock.Add(time.Minute)
	}
}

func (p *post) states() map[string]int {
	p.t.Helper()
	out, err := p.st.DeliveryStates(context.Background())
	p.must(err)
	return out
}

func (p *post) cards(i int) (n int) {
	for _, item := range p.sim.Inbox(openid(i)) {
		if item.Kind == "card" {
			n++
		}
	}
	return n
}

func TestAReminderGoesOutOnceAndKeepsTheHours(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			p := newPost(t, driver, 2)
			if n := p.plan(); n != 2 {
				t.Fatalf("%d due, want 2", n)
			}
			if n := p.plan(); n != 0 {
				t.Fatalf("planned again: %d", n)
			}
			p.deliver(3 * time.Minute)
			if p.cards(0) != 1 || p.cards(1) != 1 {
				t.Fatalf("cards: %d %d, states %v\n%s", p.cards(0), p.cards(1), p.states(), p.log)
			}
			// The summary of the month before waits for its week, and for the
			// morning.
			p.clock.Set(time.Date(2026, 12, 1, 14, 30, 0, 0, time.UTC)) // 22:30
			if n := p.plan(); n != 2 {
				t.Fatalf("%d summaries due", n)
			}
			p.deliver(2 * time.Minute)
			if p.cards(0) != 1 {
				t.Fatal("two unasked messages in a week")
			}
			p.clock.Set(time.Date(2026, 12, 3, 6, 50, 0, 0, time.UTC))
			p.deliver(2 * time.Minute)
			if p.cards(0) != 1 {
				t.Fatal("the week was not over")
			}
			p.clock.Set(time.Date(2026, 12, 3, 7, 5, 0, 0, time.UTC))
			p.deliver(2 * time.Minute)
			if p.cards(0) != 2 {
				t.Fatalf("the summary did not come after the week: %v\n%s", p.states(), p.log)
			}
		})
	}
}

func TestADutyThatIsMetStopsItsReminder(t *testing.T) {
	p := newPost(t, "sqlite", 1)
	p.plan()
	ctx := context.Background()
	rec := models.Record{CadreID: p.people[0].CadreID}
	day := func(d models.Day) models.Activity {
		return models.Activity{RecipientID: p.people[0].RecipientID, PairingID: p.people[0].ID, Kind: models.KindVisit, Day: d}
	}
	did := []models.Activity{day("2026-05-01"), day("2026-11-20"), day("2026-11-20")}
	did[2].Kind, did[2].Help = models.KindHelp, models.HelpDeed
	for _, d := range []models.Day{"2026-03-01", "2026-06-01", "2026-09-01", "2026-11-01"} {
		a := day(d)
		a.Kind, a.Channel = models.KindContact, models.ChannelPhone
		did = append(did, a)
	}
	p.must(p.st.AddRecord(ctx, &rec, did))
	p.deliver(2 * time.Minute)
	if p.cards(0) != 0 || p.states()[store.DeliveryCancelled] != 1 {
		t.Fatalf("cards %d, states %v", p.cards(0), p.states())
	}
}

func TestEveryRefusalEndsInItsState(t *testing.T) {
	const send = "/cgi-bin/message/template/send"
	for _, tc := range []struct {
		name  string
		fault wechatsim.Fault
		span  time.Duration
		state string
		cards int
		log   string
	}{
		{"the token is refused once", wechatsim.Fault{Path: send, ErrCode: 40001, Count: 1}, 2 * time.Minute, store.DeliveryAccepted, 1, ""},
		{"the platform is busy", wechatsim.Fault{Path: send, ErrCode: -1, Count: 2}, 5 * time.Minute, store.DeliveryAccepted, 1, "errcode=-1"},
		{"the day's quota is used up", wechatsim.Fault{Path: send, ErrCode: 45009, Count: 1}, 5 * time.Minute, store.DeliveryPlanned, 0, "errcode=45009"},
		{"the person does not follow", wechatsim.Fault{Path: send, ErrCode: 43004, Count: 1}, 2 * time.Minute, store.DeliveryRefused, 0, "errcode=43004"},
		{"the answer is lost after the send", wechatsim.Fault{Path: send, Drop: true, After: true, Count: 1}, 5 * time.Minute, store.DeliveryAccepted, 1, "unknown"},
		{"the connection breaks before the send", wechatsim.Fault{Path: send, Drop: true, Count: 1}, 5 * time.Minute, store.DeliveryAccepted, 1, "unknown"},
		{"the call takes too long", wechatsim.Fault{Path: send, Delay: time.Second, After: true, Count: 1}, 5 * time.Minute, store.DeliveryAccepted, 1, "unknown"},
		{"a gateway answers with HTML", wechatsim.Fault{Path: send, Status: 502, Body: "<html>", Count: 1}, 5 * time.Minute, store.DeliveryAccepted, 1, "unknown"},
		{"a value does not fit", wechatsim.Fault{Path: send, ErrCode: 47003, Count: 1}, 2 * time.Minute, store.DeliveryFailed, 0, "errcode=47003"},
		{"the account is banned", wechatsim.Fault{Path: send, ErrCode: 48004, Count: 1}, 5 * time.Minute, store.DeliveryPlanned, 0, "errcode=48004"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPost(t, "sqlite", 1)
			p.sim.Faults().Add(tc.fault)
			p.plan()
			p.deliver(tc.span)
			if p.cards(0) != tc.cards || p.states()[tc.state] != 1 {
				t.Errorf("cards %d, states %v, want %d and %s\n%s", p.cards(0), p.states(), tc.cards, tc.state, p.log)
			}
			if !strings.Contains(p.log.String(), tc.log) {
				t.Errorf("the log does not say why (%s):\n%s", tc.log, p.log)
			}
			if m := regexp.MustCompile(`oTest\d+|谷军|干部\d|` + demoSecret).FindString(p.log.String()); m != "" {
				t.Errorf("the log holds %q", m)
			}
		})
	}
}

func TestANoticeReachesTwoThousandOnce(t *testing.T) {
	const people = 2000
	s := newSiteOf(t, people, "mysql", storetest.DSN(t, "mysql"), storetest.RedisAddr(t))
	s.env = append(s.env, "AIXIN_PUSH_APPROVE_ABOVE=5000", "AIXIN_PUSH_RATE_PER_SECOND=500")
	s.sim.Faults().Add(wechatsim.Fault{Path: "/cgi-bin/message/template/send", Delay: 50 * time.Millisecond})
	s.start()
	p := s.start()
	ctx := context.Background()
	preview, err := s.sim.Text(ctx, officeOpenID, "发通知 明天下午停电检修,走访请避开。")
	if err != nil || !strings.Contains(preview.Text, fmt.Sprint(people, " 人")) {
		t.Fatalf("preview: %v %q", err, preview.Text)
	}
	code := regexp.MustCompile(`确认就回 (\d{4})`).FindStringSubmatch(preview.Text)
	if code == nil {
		t.Fatalf("no code in %q", preview.Text)
	}
	if wrong, _ := s.sim.Text(ctx, officeOpenID, "1"); !strings.Contains(wrong.Text, "没有发") {
		t.Fatalf("another code: %q", wrong.Text)
	}
	going, err := s.sim.Text(ctx, officeOpenID, code[1])
	if err != nil || !strings.Contains(going.Text, "在发了") {
		t.Fatalf("confirmation: %v %q", err, going.Text)
	}
	killed := false
	deadline := time.Now().Add(4 * time.Minute)
	for {
		stats := s.sim.Stats()
		if !killed && stats.Cards >= people/3 {
			p.kill()
			killed = true
			p.launch()
		}
		if stats.Cards >= people {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("only %d cards; %+v", stats.Cards, stats)
		}
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(2 * time.Second)
	for i := range people {
		n := 0
		for _, item := range s.sim.Inbox(openid(i)) {
			if item.Kind == "card" {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("person %d got %d cards", i, n)
		}
	}
	if stats := s.sim.Stats(); stats.Tokens != 1 {
		t.Errorf("%d token calls", stats.Tokens)
	}
	deadline = time.Now().Add(time.Minute)
	for {
		progress, err := s.sim.Text(ctx, officeOpenID, "通知进度")
		if err == nil && strings.Contains(progress.Text, fmt.Sprintf("送到 %d", people)) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("progress: %v %q", err, progress.Text)
		}
		time.Sleep(time.Second)
	}
}
