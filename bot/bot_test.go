package bot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"aixin/bot"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

var ctx = context.Background()

// rig is a bot on real storage whose handler counts, remembers and can be told
// to fail, wait or panic.
type rig struct {
	*bot.Bot
	db      *store.DB
	dir     string
	clock   *storetest.Clock
	calls   atomic.Int64
	before  func(t *bot.Turn) error
	worker  *bot.Worker
	sent    *sender
	journal *bot.Journal
}

// sender is the platform's end of the deliveries.
type sender struct {
	mu   sync.Mutex
	text []string
	fail []error
}

func (s *sender) SendText(_ context.Context, _ bot.OpenID, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fail) > 0 {
		err := s.fail[0]
		s.fail = s.fail[1:]
		return err
	}
	s.text = append(s.text, text)
	return nil
}
func (s *sender) SendCard(context.Context, bot.OpenID, bot.Card) (string, error) { return "", nil }
func (s *sender) FetchMedia(context.Context, string, int64) ([]byte, string, error) {
	return nil, "", nil
}

func (s *sender) got() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.text...)
}

// each runs a test on both databases, with the embedded Redis on SQLite and a
// real one beside MariaDB.
func each(t *testing.T, fn func(t *testing.T, r *rig)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(t, newRig(t, db, clock)) })
}

func newRig(t *testing.T, db *store.DB, clock *storetest.Clock) *rig {
	r := &rig{db: db, dir: t.TempDir(), clock: clock, sent: &sender{}}
	var client redis.UniversalClient
	if db.Driver() == "sqlite" {
		m := miniredis.RunT(t)
		client = redis.NewClient(&redis.Options{Addr: m.Addr(), DisableIdentity: true})
	} else {
		client = redis.NewClient(&redis.Options{Addr: storetest.RedisAddr(t), DisableIdentity: true})
	}
	t.Cleanup(func() { client.Close() })
	var err error
	log := slog.New(slog.DiscardHandler)
	if r.journal, err = bot.OpenJournal(r.dir, "one", db.Keys(), log); err != nil {
		t.Fatal(err)
	}
	r.Bot = bot.New(bot.Options{
		DB: db, Redis: client, Journal: r.journal, Handle: r.handle, Now: time.Now, Log: log,
		Words: bot.Words{Journalled: "kept", Failed: func(id string) string { return "failed " + id }},
	})
	r.worker = &bot.Worker{DB: db, Platform: r.sent, Now: time.Now, Log: log, Observer: r.Bot.Observer, Owner: "w"}
	return r
}

// handle says how many messages the sender has had, from the session, so that
// lost updates show.
func (r *rig) handle(_ context.Context, t *bot.Turn) (bot.Reply, error) {
	r.calls.Add(1)
	if r.before != nil {
		if err := r.before(t); err != nil {
			return bot.Reply{}, err
		}
	}
	t.State = append(t.State, '.')
	return bot.Reply{Text: fmt.Sprintf("%d:%s", len(t.State), t.Msg.Text)}, nil
}

func text(from, id, words string) bot.Message {
	return bot.Message{Identity: "m|" + id + "|" + from, From: bot.OpenID(from), Kind: bot.KindText, Text: words, At: time.Now()}
}

// say sends a message and gives the words of the answer.
func (r *rig) say(t *testing.T, m bot.Message) string { return ask(t, r.Bot, m) }

func ask(t *testing.T, b *bot.Bot, m bot.Message) string {
	t.Helper()
	a, err := b.Receive(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	return a.Text
}

func TestTheSameMessageIsHandledOnceAndAnsweredAlike(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		m := text("a", "1", "hi")
		var group sync.WaitGroup
		answers := make([]bot.Answer, 3)
		for i := range answers {
			group.Go(func() {
				a, err := r.Receive(ctx, m)
				if err != nil {
					t.Error(err)
				}
				answers[i] = a
			})
		}
		group.Wait()
		again, err := r.Receive(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range append(answers, again) {
			if a.Text != "1:hi" || !a.At.Equal(answers[0].At) {
				t.Fatalf("answers differ: %+v and %+v", a, answers[0])
			}
		}
		if n := r.calls.Load(); n != 1 {
			t.Fatalf("handled %d times", n)
		}
		// The same MsgId of another person is another message.
		if got := r.say(t, text("b", "1", "hi")); got != "1:hi" {
			t.Fatalf("another person's message: %q", got)
		}
	})
}

func TestASendersMessagesAreHandledOneAtATime(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		const n = 30
		var group sync.WaitGroup
		for i := range n {
			group.Go(func() {
				if _, err := r.Receive(ctx, text("a", fmt.Sprint(i), "x")); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := r.say(t, text("a", "last", "x")); got != fmt.Sprintf("%d:x", n+1) {
			t.Fatalf("the session lost a message: %q", got)
		}
	})
}

func TestTwoReplicasShareASender(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		one, two := newRig(t, db, clock), newRig(t, db, clock)
		var group sync.WaitGroup
		for i := range 20 {
			for _, r := range []*rig{one, two} { // both get every message
				group.Go(func() {
					if _, err := r.Receive(ctx, text("a", fmt.Sprint(i), "x")); err != nil {
						t.Error(err)
					}
				})
			}
		}
		group.Wait()
		if got := two.say(t, text("a", "last", "x")); got != "21:x" {
			t.Fatalf("session after 20 messages at two replicas: %q", got)
		}
	})
}

func TestAPanicIsAnsweredAndLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.before = func(t *bot.Turn) error {
			if t.Msg.Text == "panic" {
				panic("secret words of a person")
			}
			if t.Msg.Text == "error" {
				return errors.New("a fault")
			}
			return nil
		}
		for _, words := range []string{"panic", "error"} {
			if got := r.say(t, text("a", words, words)); !strings.HasPrefix(got, "failed ") {
				t.Fatalf("%s: %q", words, got)
			}
		}
		if got := r.say(t, text("a", "3", "fine")); got != "1:fine" {
			t.Fatalf("after the faults: %q", got)
		}
	})
}

func TestASlowAnswerComesAsAMessageOfItsOwn(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.before = func(t *bot.Turn) error {
			if t.Msg.Text == "slow" {
				time.Sleep(4200 * time.Millisecond)
			}
			return nil
		}
		m := text("a", "1", "slow")
		start := time.Now()
		got := r.say(t, m)
		if took := time.Since(start); took > 4700*time.Millisecond {
			t.Fatalf("answered %q after %v", got, took)
		}
		if r.db.Driver() == "sqlite" && got == "1:slow" {
			return // one writer at a time: the mark waited for the handler and found it done
		}
		if got != "" {
			t.Fatalf("answered %q", got)
		}
		if got := r.say(t, m); got != "" {
			t.Fatalf("the redelivery was answered %q", got)
		}
		stop := r.loops(t)
		r.waitSent(t, "1:slow")
		stop()
		if r.calls.Load() != 1 {
			t.Fatalf("handled %d times", r.calls.Load())
		}
	})
}

// loops runs the loops until stop is called.
func (r *rig) loops(t *testing.T) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { bot.Run(ctx, r.Bot, r.worker); close(done) }()
	return func() { cancel(); <-done }
}

func (r *rig) waitSent(t *testing.T, want ...string) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for strings.Join(r.sent.got(), "|") != strings.Join(want, "|") {
		if time.Now().After(deadline) {
			t.Fatalf("sent %q, want %q", r.sent.got(), want)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestAJournalSurvivesItsProcess(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		dir := t.TempDir()
		log := slog.New(slog.DiscardHandler)
		dead, err := bot.OpenJournal(dir, "dead", r.db.Keys(), log)
		if err != nil {
			t.Fatal(err)
		}
		lost := bot.New(bot.Options{DB: away(t, r.db), Journal: dead, Handle: r.handle, Words: bot.Words{Journalled: "kept"}, Now: time.Now, Log: log})
		for i := range 3 {
			if got := ask(t, lost, text("a", fmt.Sprint(i), fmt.Sprint("w", i))); got != "kept" {
				t.Fatalf("with the database away: %q", got)
			}
		}
		if got := ask(t, lost, text("a", "1", "w1")); got != "kept" || dead.Len() != 3 {
			t.Fatalf("a redelivery: %q, %d entries", got, dead.Len())
		}
		raw, err := os.ReadFile(filepath.Join(dir, "dead.journal"))
		if err != nil || strings.Contains(string(raw), "identity") {
			t.Fatalf("the journal lies open: %v", err)
		}
		// A torn last line was never acknowledged and is passed over.
		f, _ := os.OpenFile(filepath.Join(dir, "dead.journal"), os.O_APPEND|os.O_WRONLY, 0)
		f.WriteString("AAAA")
		f.Close()
		// While its process lives nobody takes it.
		heir, err := bot.OpenJournal(dir, "heir", r.db.Keys(), log)
		if err != nil || heir.Len() != 0 {
			t.Fatalf("a living journal was taken: %d, %v", heir.Len(), err)
		}
		dead.Abandon()
		if err := heir.Adopt(); err != nil || heir.Len() != 3 {
			t.Fatalf("adopted %d, %v", heir.Len(), err)
		}
		r.Bot.Journal = heir
		stop := r.loops(t)
		r.waitSent(t, "1:w0", "2:w1", "3:w2")
		stop()
		if heir.Len() != 0 || r.calls.Load() != 3 {
			t.Fatalf("%d entries left, handled %d", heir.Len(), r.calls.Load())
		}
	})
}

// A message that another process holds waits in the journal; other people's
// messages behind it do not.
func TestNobodysTroubleHoldsUpTheRest(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		lost := bot.New(bot.Options{DB: away(t, r.db), Journal: r.journal, Handle: r.handle, Words: bot.Words{Journalled: "kept"}, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
		held := text("a", "1", "held")
		for _, m := range []bot.Message{held, text("a", "2", "behind it"), text("b", "1", "free")} {
			if got := ask(t, lost, m); got != "kept" {
				t.Fatalf("with the database away: %q", got)
			}
		}
		st := r.db.System("test")
		payload, _ := json.Marshal(held)
		row, _, err := st.ClaimInbound(ctx, r.db.Keys().Index("inbound", held.Identity), st.OpenIDIndex("a"), payload, 1, models.InstantOf(time.Now()), "other", time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		stop := r.loops(t)
		defer stop()
		r.waitSent(t, "1:free")
		if r.journal.Len() != 2 {
			t.Fatalf("%d entries left, want the two of a", r.journal.Len())
		}
		if _, err := st.FinishInbound(ctx, row, "other", store.InboundDone, []byte(`{"text":"by the other"}`)); err != nil {
			t.Fatal(err)
		}
		r.waitSent(t, "1:free", "by the other", "1:behind it")
	})
}

// away is a database that does not answer, with the same keys.
func away(t *testing.T, db *store.DB) *store.DB {
	gone, err := store.Open(store.Options{Driver: "mysql", DSN: "nobody@tcp(127.0.0.1:1)/x", Keys: db.Keys(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { gone.Close() })
	return gone
}

func TestAbandonedMessagesAreFinished(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		st := r.db.System("test")
		keys := r.db.Keys()
		m := text("a", "1", "left")
		payload := fmt.Sprintf(`{"identity":%q,"from":"a","kind":"text","text":"left","at":"2026-11-21T10:00:00Z"}`, m.Identity)
		// Claimed by a process that died: its lease ended an hour ago.
		r.clock.Set(time.Now().Add(-time.Hour))
		if _, _, err := st.ClaimInbound(ctx, keys.Index("inbound", m.Identity), st.OpenIDIndex("a"), []byte(payload), store.Wrote, models.InstantOf(time.Now()), "dead", time.Second); err != nil {
			t.Fatal(err)
		}
		r.clock.Set(time.Now())
		// A later message of the sender does not overtake it.
		if got := r.say(t, text("a", "2", "next")); got != "2:next" {
			t.Fatalf("the later message: %q", got)
		}
		stop := r.loops(t)
		r.waitSent(t, "1:left")
		stop()
	})
}

func TestDeliveriesFollowThePolicy(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		st := r.db.System("test")
		r.clock.Set(time.Now())
		r.sent.fail = []error{
			&bot.SendError{API: "/x", Code: 45015, Action: bot.ActNoWindow},
			&bot.SendError{API: "/x", Action: bot.ActUnknown},
		}
		for _, key := range []string{"a", "b", "c"} {
			if err := st.AddDelivery(ctx, key, store.Delivery{Kind: bot.KindLate, OpenID: models.Conceal("o"), Payload: models.Conceal(key)}); err != nil {
				t.Fatal(err)
			}
			if err := st.AddDelivery(ctx, key, store.Delivery{Kind: bot.KindLate, OpenID: models.Conceal("o"), Payload: models.Conceal("twice")}); err != nil {
				t.Fatal(err)
			}
			r.clock.Add(time.Millisecond)
		}
		r.clock.Add(time.Minute)
		stop := r.loops(t)
		r.waitSent(t, "c")
		stop()
	})
}

func TestCut(t *testing.T) {
	for _, tc := range []struct{ text, head, rest string }{
		{"短", "短", ""},
		{"甲甲\n\n乙乙", "甲甲", "乙乙"},
		{"甲甲甲\n乙乙乙", "甲甲甲", "乙乙乙"},
		{"一句。两句话", "一句。", "两句话"},
		{"没有停顿的话", "没有停", "顿的话"},
	} {
		head, rest := bot.Cut(tc.text, 11)
		if head != tc.head || rest != tc.rest {
			t.Errorf("Cut(%q) = %q, %q", tc.text, head, rest)
		}
	}
}
