// Package wechatsim plays the WeChat platform for the demo, for tests and for
// load runs: the API that the bot calls (API), the signed and encrypted pushes
// that a follower's phone causes (Text, Photo, Click …), the web authorisation,
// and a phone-like chat page (Page). The bot talks to it over real HTTP.
//
// It is strict on purpose: where the platform refuses, it refuses; where the
// documents leave a choice open, it takes the one that is harder on the bot and
// says so in a comment. People in it are made up.
package wechatsim

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"time"

	"aixin/bot/wechat"
)

// Config says which account the simulator plays and where the bot is.
type Config struct {
	AppID, AppSecret, Token string
	AESKey                  string // 43 characters; "" plays a test account: plaintext pushes
	Account                 string // original id of the account, gh_…
	Name                    string // what the chat page calls the account
	CallbackURL             string // the bot's /wechat/callback
	PublicURL               string // of the server that has the page at /sim/, as the browser sees it

	// PageCookies (name and path) are those by which the account's own pages know
	// a person. They are forgotten when a link is opened on another phone, as a
	// browser plays all of them.
	PageCookies []http.Cookie

	Now   func() time.Time                           // the clock; required
	Shift func(time.Duration)                        // moves the one clock of the demo; nil: no clock buttons
	Sleep func(context.Context, time.Duration) error // nil: really waits

	Timeout   time.Duration // of one push; 0: the platform's 5 s
	RetryGap  time.Duration // before the next delivery of a push that failed at once; 0: 1 s
	Templates []Template    // of the account; nil: DefaultTemplates
	Log       *slog.Logger  // nil: silent
}

// Person is somebody with a phone.
type Person struct {
	OpenID   string
	Name     string
	Role     string   // shown in the list: 干部, 监护人 …
	Note     string   // who this is, in a line
	Followed bool     // follows the account
	Blocked  bool     // refuses the account's messages
	Snapshot bool     // looks at pages in snapshot mode: authorises as a made-up account
	Code     string   // binding code, shown as a hint
	Try      []string // sentences to tap
}

// ErrNotFollowing says that the person does not follow the account: such a
// phone cannot write to it.
var ErrNotFollowing = errors.New("wechatsim: this person does not follow the account")

// ErrUnknownPerson says that no such person was added.
var ErrUnknownPerson = errors.New("wechatsim: unknown person")

// Sim is the platform. Its methods may be called from many goroutines.
type Sim struct {
	cfg    Config
	cipher *wechat.Cipher // nil in plaintext mode
	client *http.Client
	log    *slog.Logger
	faults *Faults
	boot   string // tells the page that this is another run

	life context.Context // ends with Close
	stop context.CancelFunc

	mu        sync.Mutex
	phones    map[string]*phone
	order     []string // openids in the order they were added
	templates map[string]Template
	media     mediaShelf
	menu      *menu
	tags      []tag
	tagged    int // tags ever made
	tokens    tokens
	oauth     oauthCodes
	sent      sentIDs
	quota     quota
	scenes    map[string]string // QR ticket → scene
	stats     Stats
	watchers  map[*watcher]struct{}
	lastID    int64

	finish finishQueue
}

// New makes a simulator. It panics on a configuration that no account could
// have, as only a programming error brings one here.
func New(cfg Config) *Sim {
	if cfg.Now == nil {
		panic("wechatsim: Config.Now is nil")
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 5 * time.Second
	}
	if cfg.RetryGap == 0 {
		cfg.RetryGap = time.Second
	}
	if cfg.Templates == nil {
		cfg.Templates = DefaultTemplates()
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Name == "" {
		cfg.Name = "结对帮扶·爱心甘肃"
	}
	s := &Sim{
		cfg:       cfg,
		log:       cfg.Log,
		faults:    newFaults(),
		boot:      randomHex(8),
		phones:    make(map[string]*phone),
		templates: make(map[string]Template),
		scenes:    make(map[string]string),
		watchers:  make(map[*watcher]struct{}),
		lastID:    randomInt(1 << 60),
	}
	s.stats.Calls = make(map[string]int)
	s.stats.Refusals = make(map[int]int)
	for _, t := range cfg.Templates {
		s.templates[t.ID] = t
	}
	if cfg.AESKey != "" {
		c, err := wechat.NewCipher(cfg.AppID, cfg.AESKey)
		if err != nil {
			panic(fmt.Sprintf("wechatsim: %v", err))
		}
		s.cipher = c
	}
	s.life, s.stop = context.WithCancel(context.Background())
	s.client = &http.Client{
		Transport: &http.Transport{MaxIdleConns: 256, MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute},
		// The platform does not follow redirects of a callback.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return s
}

// Close ends what the simulator still has under way: pushes, open streams of
// the page. Give it to http.Server.RegisterOnShutdown, or the streams keep a
// graceful shutdown waiting.
func (s *Sim) Close() {
	s.stop()
	s.finish.wait()
	s.client.CloseIdleConnections()
}

// Add brings people in; one with a known openid replaces that person's card and
// keeps the phone's content.
func (s *Sim) Add(people ...Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range people {
		if ph, ok := s.phones[p.OpenID]; ok {
			ph.Person = p
			continue
		}
		s.phones[p.OpenID] = &phone{Person: p}
		s.order = append(s.order, p.OpenID)
	}
	s.wake("people")
}

// Block makes a person refuse (or accept again) the account's messages, as a
// phone does in the account's settings.
func (s *Sim) Block(openid string, on bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ph, ok := s.phones[openid]
	if !ok {
		return ErrUnknownPerson
	}
	ph.Blocked = on
	s.wake("people")
	return nil
}

// Faults scripts what goes wrong.
func (s *Sim) Faults() *Faults { return s.faults }

// Stats counts what happened so far.
func (s *Sim) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats.clone()
}

// nextID gives message and job ids: past 2^53, as the platform's are. s.mu held.
func (s *Sim) nextID() int64 {
	s.lastID++
	return 3_000_000_000_000_000_000 + s.lastID
}

// now is the simulated time, in the zone of the clock.
func (s *Sim) now() time.Time { return s.cfg.Now() }

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func randomHex(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// randomName has the letters of the platform's ids: base64 without + and /.
func randomName(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	return strings.NewReplacer("-", "x", "_", "y").Replace(base64.RawURLEncoding.EncodeToString(b))[:n]
}

// NewOpenID makes up an openid: o and 27 more characters.
func NewOpenID() string { return "o" + randomName(27) }

func randomInt(below int64) int64 {
	n, err := rand.Int(rand.Reader, big.NewInt(below))
	if err != nil {
		panic(err)
	}
	return n.Int64()
}
