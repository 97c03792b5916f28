package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"aixin/bot/wechatsim"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// binary is the program as a user runs it, built once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "aixin-bin")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "aixin")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %v\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// site is a deployment: one database, its settings, a platform and processes.
type site struct {
	t    *testing.T
	env  []string
	sim  *wechatsim.Sim
	data string
	keys *store.Keys
	// targets are the processes' addresses; deliveries go round them.
	mu      sync.Mutex
	targets []string
	turn    int
	bin     string
	front   string   // the proxy's address
	calls   []string // what was asked of the platform: address and, of cards, the body
}

// cadresOfSite is how many cadres a site has unless told otherwise.
const cadresOfSite = 25

// newSite makes a database with bound cadres, each paired with one person, and
// the platform that their phones talk to.
func newSite(t *testing.T, driver, dsn, redisAddr string) *site {
	t.Helper()
	return newSiteOf(t, cadresOfSite, driver, dsn, redisAddr)
}

func newSiteOf(t *testing.T, cadres int, driver, dsn, redisAddr string) *site {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, data: t.TempDir(), bin: bin}
	if s.keys, err = store.NewKeys(); err != nil {
		t.Fatal(err)
	}
	if err := s.keys.Save(filepath.Join(s.data, "keyset.json")); err != nil {
		t.Fatal(err)
	}
	if driver == "sqlite" {
		dsn = filepath.Join(s.data, "aixin.db")
	}
	// The proxy in front of the replicas.
	front := httptest.NewServer(http.HandlerFunc(s.proxy))
	t.Cleanup(front.Close)
	s.sim = wechatsim.New(wechatsim.Config{
		AppID: demoAppID, AppSecret: demoSecret, Token: demoToken, AESKey: demoAESKey, Account: "gh_test",
		CallbackURL: front.URL + "/wechat/callback", PublicURL: "http://127.0.0.1", Now: time.Now,
	})
	t.Cleanup(s.sim.Close)
	api := httptest.NewServer(s.overheard(s.sim.API()))
	t.Cleanup(api.Close)
	s.front = front.URL
	s.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.data,
		"AIXIN_DATA_DIR=" + s.data, "AIXIN_DATABASE_DRIVER=" + driver, "AIXIN_DATABASE_DSN=" + dsn, "AIXIN_REDIS_ADDRS=" + redisAddr,
		"AIXIN_WECHAT_APP_ID=" + demoAppID, "AIXIN_WECHAT_APP_SECRET=" + demoSecret, "AIXIN_WECHAT_TOKEN=" + demoToken,
		"AIXIN_WECHAT_ENCODING_AES_KEY=" + demoAESKey, "AIXIN_WECHAT_API_BASE_URL=" + api.URL, "AIXIN_PUSH_QUIET_HOURS=", "AIXIN_PUSH_QUIET_HOURS_GUARDIAN=",
	}
	for _, tpl := range wechatsim.DefaultTemplates() {
		s.env = append(s.env, "AIXIN_WECHAT_TEMPLATES_"+strings.ToUpper(tpl.Name)+"="+tpl.ID)
	}
	if out, err := s.run("migrate"); err != nil {
		t.Fatalf("migrate: %v\n%s", err, out)
	}
	s.people(cadres, driver, dsn)
	return s
}

// overheard keeps what is asked of the platform.
func (s *site) overheard(api http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := r.URL.RequestURI()
		if strings.Contains(call, "/message/template/") {
			raw, err := io.ReadAll(r.Body)
			if err != nil {
				panic(http.ErrAbortHandler)
			}
			call += " " + string(raw)
			r.Body = io.NopCloser(bytes.NewReader(raw))
		}
		s.mu.Lock()
		s.calls = append(s.calls, call)
		s.mu.Unlock()
		api.ServeHTTP(w, r)
	})
}

func openid(i int) string { return fmt.Sprintf("oTest%02d", i) }

func (s *site) people(cadres int, driver, dsn string) {
	db, err := store.Open(store.Options{Driver: driver, DSN: dsn, Keys: s.keys, Now: time.Now})
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	ctx := context.Background()
	err = db.System("test").InTx(ctx, func(tx *store.Store) error {
		for i := range cadres {
			c := models.Cadre{ID: tx.NewID(), Name: models.Conceal(fmt.Sprint("干部", i)), PhoneIdx: fmt.Sprint(i), Region: "620802"}
			r := models.Recipient{ID: tx.NewID(), Number: fmt.Sprint("N", i), Name: models.Conceal("谷军"), Aliases: models.Conceal("老谷"), Region: "620802"}
			p := models.Pairing{ID: tx.NewID(), CadreID: c.ID, RecipientID: r.ID, Line: models.LinePairing, FromDay: "2020-01-01"}
			for _, row := range []any{&c, &r, &p} {
				if err := tx.Create(ctx, row); err != nil {
					return err
				}
			}
			if err := tx.Bind(ctx, openid(i), models.RoleCadre, c.ID); err != nil {
				return err
			}
			s.sim.Add(wechatsim.Person{OpenID: openid(i), Name: fmt.Sprint("干部", i), Followed: true})
		}
		office := models.Account{
			ID: tx.NewID(), Name: models.Conceal("县办"), Login: "office", Password: "$argon2id$none", Role: models.AccountCounty, Region: "620802", CreatedAt: tx.Now(),
		}
		s.sim.Add(wechatsim.Person{OpenID: officeOpenID, Name: "县办", Followed: true})
		if err := tx.Create(ctx, &office); err != nil {
			return err
		}
		if err := tx.Bind(ctx, officeOpenID, models.RoleAdmin, office.ID); err != nil {
			return err
		}
		duty := models.Account{
			ID: tx.NewID(), Name: models.Conceal("值班员"), Login: "duty", Password: office.Password, Role: models.AccountDuty, Region: "620802", CreatedAt: tx.Now(),
		}
		s.sim.Add(wechatsim.Person{OpenID: dutyOpenID, Name: "值班员", Followed: true})
		if err := tx.Create(ctx, &duty); err != nil {
			return err
		}
		return tx.Bind(ctx, dutyOpenID, models.RoleAdmin, duty.ID)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// officeOpenID is an administrator's phone.
const officeOpenID = "oTestOffice"

// dutyOpenID is the phone of somebody on duty.
const dutyOpenID = "oTestDuty"

func (s *site) run(args ...string) (string, error) {
	cmd := exec.Command(s.bin, args...)
	cmd.Env = s.env
	cmd.Dir = s.data
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// proxy is the load balancer: it goes round the processes and, like a real one,
// breaks the connection where the one it chose is not there.
func (s *site) proxy(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.turn++
	target := ""
	if len(s.targets) > 0 {
		target = s.targets[s.turn%len(s.targets)]
	}
	s.mu.Unlock()
	req, err := http.NewRequestWithContext(r.Context(), r.Method, "http://"+target+r.URL.RequestURI(), r.Body)
	if err != nil || target == "" {
		panic(http.ErrAbortHandler)
	}
	req.Header = r.Header
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(resp.StatusCode)
	w.Write(body.Bytes())
}

// process is one running aixin serve.
type process struct {
	s    *site
	cmd  *exec.Cmd
	addr string
	ops  string
	log  *bytes.Buffer
	mu   sync.Mutex
}

func (s *site) start() *process {
	s.t.Helper()
	p := &process{
		s: s, log: &bytes.Buffer{},
		addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(storetest.FreePort(s.t))),
		ops:  net.JoinHostPort("127.0.0.1", strconv.Itoa(storetest.FreePort(s.t))),
	}
	p.launch()
	s.mu.Lock()
	s.targets = append(s.targets, p.addr)
	s.mu.Unlock()
	s.t.Cleanup(func() {
		p.kill()
		p.discreet()
		if s.t.Failed() {
			p.mu.Lock()
			defer p.mu.Unlock()
			tail := p.log.String()
			s.t.Logf("log of %s:\n%s", p.addr, tail[max(0, len(tail)-4000):])
		}
	})
	return p
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.Write(b)
}

func (p *process) launch() {
	p.s.t.Helper()
	p.cmd = exec.Command(p.s.bin, "serve")
	p.cmd.Env = append([]string{"AIXIN_SERVER_LISTEN=" + p.addr, "AIXIN_SERVER_OPS_LISTEN=" + p.ops, "AIXIN_SERVER_PUBLIC_URL=http://" + p.addr}, p.s.env...)
	p.cmd.Dir = p.s.data
	p.cmd.Stdout, p.cmd.Stderr = p, p
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		p.s.t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		resp, err := http.Get("http://" + p.ops + "/healthz")
		if err == nil {
			resp.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.s.t.Fatalf("serve does not come up: %s", p.log)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// discreet fails the test where the log holds a name, words or an openid.
func (p *process) discreet() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, secret := range []string{"谷军", "老谷", "慰问金", "不想活", "oTest", demoSecret, demoToken, demoAESKey, "停电"} {
		if i := strings.Index(p.log.String(), secret); i >= 0 {
			from := max(0, i-200)
			p.s.t.Errorf("the log holds %q: …%s", secret, p.log.String()[from:min(p.log.Len(), i+100)])
		}
	}
}

// kill is kill -9.
func (p *process) kill() {
	if p.cmd.ProcessState == nil {
		p.cmd.Process.Kill()
		p.cmd.Wait()
	}
}

// stop is SIGTERM; it tells how long the process took to go.
func (p *process) stop() time.Duration {
	start := time.Now()
	p.cmd.Process.Signal(syscall.SIGTERM)
	p.cmd.Wait()
	return time.Since(start)
}

// told is what a phone heard about one message.
type told struct {
	receipt bool // the passive reply named the gift
	kept    bool // 已收到
	silent  bool // success without words
	fault   bool // the platform gave up
}

// rushing holds the test whose phones are sending: two rushes at once would
// measure this machine.
var rushing sync.Mutex

// rush sends n gifts of distinct sums from the cadres' phones at rate a second,
// doing at(i) before the i-th, and gives what each phone heard.
func (s *site) rush(n int, rate float64, at map[int]func()) []told {
	rushing.Lock()
	defer rushing.Unlock()
	out := make([]told, n)
	var group sync.WaitGroup
	start := time.Now()
	for i := range n {
		if f := at[i]; f != nil {
			f()
		}
		time.Sleep(time.Until(start.Add(time.Duration(float64(i) / rate * float64(time.Second)))))
		group.Go(func() {
			sum := 1001 + i
			reply, err := s.sim.Text(context.Background(), openid(i%cadresOfSite), fmt.Sprintf("给老谷送了%d元慰问金", sum))
			switch {
			case err != nil || reply.Fault != "":
				out[i].fault = true
			case strings.Contains(reply.Text, fmt.Sprintf("资助%d元", sum)):
				out[i].receipt = true
			case strings.Contains(reply.Text, "已收到"):
				out[i].kept = true
			case reply.Text == "":
				out[i].silent = true
			default:
				s.t.Errorf("message %d was answered %q", i, reply.Text)
			}
		})
	}
	group.Wait()
	return out
}

// exported counts the gifts of each sum in aixin export activities.
func (s *site) exported() map[int]int {
	s.t.Helper()
	cmd := exec.Command(s.bin, "export", "activities", "--from", "2020-01-01", "--to", "2099-12-31", "--format", "jsonl")
	cmd.Env, cmd.Dir = s.env, s.data
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	raw, err := cmd.Output()
	if err != nil {
		s.t.Fatalf("export: %v\n%s", err, stderr.String())
	}
	out := map[int]int{}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		var row struct {
			Kind   string   `json:"kind"`
			Amount *float64 `json:"amount_yuan"`
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			s.t.Fatal(err)
		}
		if row.Kind == "aid" && row.Amount != nil {
			out[int(math.Round(*row.Amount))]++
		}
	}
	return out
}

// settle waits until every message that was acknowledged in any way is stored,
// and checks that each is there exactly once.
func (s *site) settle(messages []told, within time.Duration) {
	s.t.Helper()
	deadline := time.Now().Add(within)
	for {
		stored := s.exported()
		missing, count := 0, map[string]int{}
		for i, m := range messages {
			n := stored[1001+i]
			switch {
			case n > 1:
				s.t.Fatalf("message %d is stored %d times", i, n)
			case n == 0 && !m.fault:
				missing++
			}
			switch {
			case m.receipt:
				count["receipt"]++
				if n == 0 {
					s.t.Fatalf("message %d got its receipt and is not stored", i)
				}
			case m.kept:
				count["kept"]++
			case m.silent:
				count["silent"]++
			case m.fault:
				count["fault"]++
			}
		}
		if missing == 0 {
			s.t.Logf("heard %v, all stored once", count)
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%d acknowledged messages are not stored; heard %v", missing, count)
		}
		time.Sleep(500 * time.Millisecond)
	}
}

// answered tells whether each phone heard its receipt, at once or later in a
// message of its own. One in a hundred may have heard of a fault: three tries fell
// into a restart.
func (s *site) answered(messages []told) {
	s.t.Helper()
	faults := 0
	for i, m := range messages {
		switch {
		case m.fault:
			faults++
		case m.kept:
			s.t.Errorf("message %d went to the journal, with the database there", i)
		}
	}
	if faults*100 > len(messages) {
		s.t.Errorf("%d of %d heard of a fault", faults, len(messages))
	}
}

func TestKillNineLosesNothing(t *testing.T) {
	s := newSite(t, "sqlite", "", "")
	p := s.start()
	s.settle(s.rush(500, 50, map[int]func(){150: func() { p.kill(); p.launch() }, 320: func() { p.kill(); p.launch() }}), time.Minute)
	metricsAreDiscreet(t, p.ops)
}

func TestTwoProcessesAndOneIsKilled(t *testing.T) {
	s := newSite(t, "mysql", storetest.DSN(t, "mysql"), storetest.RedisAddr(t))
	s.start()
	p := s.start()
	messages := s.rush(500, 50, map[int]func(){250: func() { p.kill(); p.launch() }})
	s.settle(messages, time.Minute)
	// One more, delivered three times in parallel, is one record and one reply.
	answers := s.sim.Deliver(context.Background(), s.sim.NewText(openid(0), "给老谷送了5555元慰问金"), 3)
	for _, a := range answers {
		if a.Err != nil || a.Status != http.StatusOK {
			t.Fatalf("a parallel delivery: %v %d", a.Err, a.Status)
		}
	}
	if n := s.exported()[5555]; n != 1 {
		t.Fatalf("stored %d times", n)
	}
}

func TestMariaDBGoesAway(t *testing.T) {
	t.Parallel()
	server, base := storetest.StartMariaDB(t)
	s := newSite(t, "mysql", storetest.FreshDatabase(t, base), storetest.RedisAddr(t))
	s.start()
	var back sync.WaitGroup
	messages := s.rush(500, 50, map[int]func(){200: func() {
		back.Go(func() { server.Stop(); time.Sleep(20 * time.Second); server.Start() })
	}})
	back.Wait()
	s.settle(messages, time.Minute)
	for i, m := range messages {
		if m.fault {
			t.Errorf("message %d was answered with a fault", i)
		}
	}
}

// Danger is answered and somebody is told although the database is away, and the
// replay afterwards makes a case of it.
func TestDangerIsHeardWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	server, base := storetest.StartMariaDB(t)
	s := newSite(t, "mysql", storetest.FreshDatabase(t, base), storetest.RedisAddr(t))
	s.start()
	ctx := context.Background()
	deadline := time.Now().Add(20 * time.Second)
	for { // the first snapshot of the roster
		if _, err := os.Stat(filepath.Join(s.data, "duty", "duty.roster")); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no snapshot of the roster")
		}
		time.Sleep(100 * time.Millisecond)
	}
	server.Stop()
	reply, err := s.sim.Text(ctx, openid(3), "我不想活了,药都买好了")
	if err != nil || !strings.Contains(reply.Text, "110") || !strings.Contains(reply.Text, "12356") {
		t.Fatalf("%v %q", err, reply.Text)
	}
	told := func() int { return len(s.sim.Inbox(dutyOpenID)) }
	for deadline := time.Now().Add(20 * time.Second); told() == 0; {
		if time.Now().After(deadline) {
			t.Fatal("nobody on duty was told")
		}
		time.Sleep(50 * time.Millisecond)
	}
	server.Start()
	for deadline := time.Now().Add(40 * time.Second); ; {
		reply, err := s.sim.Text(ctx, dutyOpenID, "收到 1")
		if err == nil && strings.Contains(reply.Text, "不想活了") {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("no case after the replay: %q", reply.Text)
		}
		time.Sleep(time.Second)
	}
}

func TestRedisGoesAway(t *testing.T) {
	t.Parallel()
	server, addr := storetest.StartRedis(t)
	s := newSite(t, "mysql", storetest.DSN(t, "mysql"), addr)
	s.start()
	var back sync.WaitGroup
	messages := s.rush(500, 50, map[int]func(){100: func() {
		back.Go(func() { server.Stop(); time.Sleep(20 * time.Second); server.Start() })
	}})
	back.Wait()
	s.settle(messages, time.Minute)
	s.answered(messages)
}

func TestStopDrainsInTime(t *testing.T) {
	s := newSite(t, "sqlite", "", "")
	p := s.start()
	messages := s.rush(50, 100, map[int]func(){25: func() {
		if took := p.stop(); took > 10*time.Second {
			t.Errorf("SIGTERM took %v", took)
		}
		p.launch()
	}})
	s.settle(messages, time.Minute)
}

func TestServeNamesEveryFault(t *testing.T) {
	s := newSite(t, "sqlite", "", "")
	s.env = append(s.env, "AIXIN_WECHAT_ENCODING_AES_KEY=short", "AIXIN_WECHAT_APP_ID=", "AIXIN_TIME_ZONE=Mars/Base", "AIXIN_SERVER_PUBLIC_URL=http://example.com")
	out, err := s.run("serve")
	if err == nil {
		t.Fatal("serve started on a broken configuration")
	}
	for _, want := range []string{"app_id", "encoding_aes_key", "time_zone", "public_url"} {
		if !strings.Contains(strings.ToLower(out), want) {
			t.Errorf("%s is not named in:\n%s", want, out)
		}
	}
	s.env = append(s.env, "AIXIN_NO_SUCH_THING=1")
	if out, _ := s.run("serve"); !strings.Contains(out, "AIXIN_NO_SUCH_THING") {
		t.Errorf("an unknown setting is not named:\n%s", out)
	}
}
