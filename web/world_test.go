package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

var ctx = context.Background()

// world is two counties, each with a unit, a cadre, two people, activities and
// a photo, and the site that shows them.
type world struct {
	t      *testing.T
	site   *site
	url    string
	db     *store.DB
	clock  *storetest.Clock
	album  album.Store
	redis  *miniredis.Miniredis // nil with a real one
	client redis.UniversalClient
	oauth  *fakeOAuth
	here   county
	there  county
	cookie map[string]string // session cookies by login or openid
}

// county is one side of the world, with the words that only its own may read.
type county struct {
	region, path  string
	unit, cadre   string // ids
	people        []string
	photo, openid string
	words         []string // unit, township, numbers
	names         []string // full names: nobody reads them at the console
}

const password = "长河落日圆-2026"

var passwordHash = sync.OnceValue(func() string {
	hash, err := HashPassword(password)
	if err != nil {
		panic(err)
	}
	return hash
})

// fakeOAuth plays WeChat: a code is "code-" and the openid, good once.
type fakeOAuth struct {
	mu   sync.Mutex
	used map[string]bool
	back string
}

func (f *fakeOAuth) OAuthURL(redirect, state string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.back = redirect + "?state=" + state
	return "https://open.example/authorize?redirect_uri=" + url.QueryEscape(redirect) + "&state=" + state
}

func (f *fakeOAuth) OAuthOpenID(_ context.Context, code string) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	openid, ok := strings.CutPrefix(code, "code-")
	if !ok || f.used[code] {
		return "", errors.New("40163 code been used")
	}
	f.used[code] = true
	return openid, nil
}

func eachWorld(t *testing.T, fn func(w *world)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(newWorld(t, db, clock)) })
}

func newWorld(t *testing.T, db *store.DB, clock *storetest.Clock) *world {
	t.Helper()
	w := &world{t: t, db: db, clock: clock, oauth: &fakeOAuth{used: map[string]bool{}}, cookie: map[string]string{}}
	addr := ""
	if db.Driver() == "sqlite" {
		w.redis = miniredis.RunT(t)
		addr = w.redis.Addr()
	} else {
		addr = storetest.RedisAddr(t)
	}
	w.client = redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{addr}, DisableIdentity: true, MaxRetries: -1, DialTimeout: time.Second})
	t.Cleanup(func() { w.client.Close() })
	var err error
	if w.album, err = album.Open(ctx, "file://"+t.TempDir()); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewUnstartedServer(nil)
	w.url = "http://" + srv.Listener.Addr().String()
	zone := time.FixedZone("CST", 8*3600)
	w.site, err = newSite(Options{
		DB: db, Redis: w.client, OAuth: w.oauth, Album: w.album, Zone: zone, Now: clock.Now, PublicURL: w.url, Painter: testPainter(t),
		LookFor: func(ctx context.Context, a models.Account) (desk.Office, error) {
			return desk.LookFor(ctx, db.System("test"), a, clock.Now(), zone)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if srv.Config.Handler, err = w.site.handler(); err != nil {
		t.Fatal(err)
	}
	srv.Start()
	t.Cleanup(srv.Close)
	w.here = w.settle("崆峒区/峡门乡/吴坡村", "崆峒区财政局", "欧阳建国", []string{"谷军平", "马海龙"}, "H")
	w.there = w.settle("泾川县/高平镇/原面村", "泾川县教育局", "慕容秋菊", []string{"司马长安", "尚小满"}, "T")
	w.account("kongtong1", models.AccountCounty, w.here, "周知远")
	w.account("jingchuan1", models.AccountCounty, w.there, "郑望舒")
	w.account("kongtong2", models.AccountUnit, w.here, "冯青山")
	w.account("jingchuan2", models.AccountUnit, w.there, "陈北斗")
	w.account("kongtong3", models.AccountDuty, w.here, "褚守夜")
	return w
}

func (w *world) settle(path, unit, cadre string, people []string, mark string) county {
	w.t.Helper()
	st := w.db.System("test")
	code, _, err := st.EnsureRegion(ctx, path)
	if err != nil {
		w.t.Fatal(err)
	}
	parts := strings.Split(path, "/")
	c := county{region: code[:6], path: parts[0], openid: "o" + mark + "0000000000000000000000000", words: []string{unit, parts[1]}, names: append([]string{cadre}, people...)}
	u := models.Unit{ID: st.NewID(), Name: unit, Region: c.region}
	k := models.Cadre{ID: st.NewID(), Name: models.Conceal(cadre), Phone: models.Conceal("1990000" + mark), PhoneIdx: st.PhoneIndex(mark), UnitID: u.ID, Region: c.region}
	c.unit, c.cadre = u.ID, k.ID
	w.create(&u, &k)
	if err := st.Bind(ctx, c.openid, models.RoleCadre, k.ID); err != nil {
		w.t.Fatal(err)
	}
	for i, name := range people {
		number := mark + "00" + string(rune('1'+i))
		r := models.Recipient{ID: st.NewID(), Number: number, Name: models.Conceal(name), Region: code, Categories: string(models.CategoryOrphan)}
		p := models.Pairing{ID: st.NewID(), CadreID: k.ID, RecipientID: r.ID, Line: models.LinePairing, FromDay: "2025-01-01"}
		w.create(&r, &p)
		c.people, c.words = append(c.people, r.ID), append(c.words, number)
		w.record(c, p, []models.Activity{
			{Kind: models.KindVisit, Day: models.Day("2026-11-0" + string(rune('2'+i)))},
			{Kind: models.KindAid, Day: models.Day("2026-11-0" + string(rune('2'+i))), AmountFen: fen(30000), Note: models.Conceal("给" + name + "送了米面油")},
		})
		w.record(c, p, []models.Activity{{Kind: models.KindContact, Channel: models.ChannelPhone, Day: "2026-09-01"}})
	}
	pic, err := album.Develop(aPicture())
	if err != nil {
		w.t.Fatal(err)
	}
	c.photo = w.photo(c, pic.Thumb)
	return c
}

func fen(n int64) *int64 { return &n }

func (w *world) create(rows ...any) {
	w.t.Helper()
	for _, row := range rows {
		if err := w.db.System("test").Create(ctx, row); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) record(c county, p models.Pairing, acts []models.Activity) string {
	w.t.Helper()
	for i := range acts {
		acts[i].RecipientID, acts[i].PairingID = p.RecipientID, p.ID
	}
	r := models.Record{CadreID: c.cadre}
	if err := w.db.System("test").AddRecord(ctx, &r, acts); err != nil {
		w.t.Fatal(err)
	}
	return r.ID
}

// photo puts a blurred picture to a county's first activity, as the fetcher does.
func (w *world) photo(c county, thumb []byte) string {
	w.t.Helper()
	st := w.db.System("test")
	rec, err := st.LastRecord(ctx, c.cadre)
	if err != nil {
		w.t.Fatal(err)
	}
	p := models.Photo{RecordID: rec.ID, CadreID: c.cadre, Kind: "image"}
	if err := st.AddPhoto(ctx, &p); err != nil {
		w.t.Fatal(err)
	}
	p.State, p.BlobKey, p.Mime, p.StoredAt = models.PhotoStored, "photo/"+p.ID, "image/jpeg", st.Now()
	if err := st.SavePhoto(ctx, p); err != nil {
		w.t.Fatal(err)
	}
	box, err := st.Keys().Seal("photo."+p.ID, thumb)
	if err == nil {
		err = w.album.Put(ctx, p.BlobKey+".thumb", box)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return p.ID
}

func (w *world) account(login string, role models.AccountRole, c county, name string) models.Account {
	w.t.Helper()
	a := models.Account{Name: models.Conceal(name), Login: login, Password: passwordHash(), Role: role, Region: c.region, PasswordAt: models.InstantOf(w.clock.Now())}
	if role == models.AccountUnit {
		a.UnitID = c.unit
	}
	if err := w.db.System("test").AddAccount(ctx, &a); err != nil {
		w.t.Fatal(err)
	}
	return a
}

// answer is what came back, its body read.
type answer struct {
	*http.Response
	body string
}

var still = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// ask makes one request with cookies (name=value) and, for a POST, a form.
func (w *world) ask(method, path string, form url.Values, cookies ...string) answer {
	w.t.Helper()
	req, err := http.NewRequest(method, w.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Cookie", strings.Join(cookies, "; "))
	resp, err := still.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{resp, string(body)}
}

// set finds a cookie that an answer set.
func (a answer) set(name string) string {
	for _, c := range a.Cookies() {
		if c.Name == name && c.MaxAge >= 0 {
			return name + "=" + c.Value
		}
	}
	return ""
}

// signIn gives the session cookie of a login, once for a test.
func (w *world) signIn(login string) string {
	w.t.Helper()
	if w.cookie[login] == "" {
		a := w.ask("POST", "/admin/signin", url.Values{"login": {login}, "password": {password}})
		if w.cookie[login] = a.set(OfficeCookie(false)); a.StatusCode != http.StatusSeeOther || w.cookie[login] == "" {
			w.t.Fatalf("%s was not let in: %d %s", login, a.StatusCode, a.body)
		}
	}
	return w.cookie[login]
}

// arrive goes to WeChat and back as an openid and gives the phone's cookie.
func (w *world) arrive(openid string) string {
	w.t.Helper()
	if w.cookie[openid] == "" {
		out := w.ask("GET", "/h/summary", nil)
		in := w.ask("GET", strings.TrimPrefix(w.oauth.back, w.url)+"&code=code-"+openid, nil, out.set(StateCookie(false)))
		if w.cookie[openid] = in.set(PhoneCookie(false)); in.StatusCode != http.StatusSeeOther || w.cookie[openid] == "" {
			w.t.Fatalf("%s did not come back: %d %s", openid, in.StatusCode, in.body)
		}
	}
	return w.cookie[openid]
}
