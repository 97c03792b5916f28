package main

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"

	"aixin/models"
	"aixin/models/store"
)

// office is a fresh database with what admin commands run in.
func office(t *testing.T) (e *env, out *bytes.Buffer) {
	t.Helper()
	t.Setenv("AIXIN_DATA_DIR", t.TempDir())
	for _, args := range [][]string{{"keys", "init"}, {"migrate"}} {
		if code := run(context.Background(), args, strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}); code != 0 {
			t.Fatalf("%v: exit %d", args, code)
		}
	}
	out = &bytes.Buffer{}
	return &env{ctx: context.Background(), clock: &clock{}, stdout: out, stderr: &bytes.Buffer{}, log: slog.New(slog.DiscardHandler)}, out
}

func openStore(t *testing.T, e *env) *store.Store {
	t.Helper()
	db, stop, err := e.store()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return db.System("test")
}

var firstForm = regexp.MustCompile(`首个密码 ((?:[a-z0-9]{4}-){3}[a-z0-9]{4})`)

func TestAdminCreate(t *testing.T) {
	e, out := office(t)
	if err := (&adminCreateCmd{Name: "周知远", Role: "county", Region: "崆峒区"}).Run(e); err != nil {
		t.Fatal(err)
	}
	first := firstForm.FindStringSubmatch(out.String())
	if first == nil || !strings.Contains(out.String(), "登录名 kongtong1\n") {
		t.Fatalf("printed:\n%s", out)
	}
	st := openStore(t, e)
	a, err := st.AccountByLogin(e.ctx, "kongtong1")
	if err != nil || a.Name.Reveal() != "周知远" || a.Role != models.AccountCounty || a.Region != "620802" || a.PasswordAt != 0 {
		t.Fatalf("%+v %v", a, err)
	}
	if ok, err := argon2id.ComparePasswordAndHash(first[1], a.Password); !ok || err != nil || strings.Contains(a.Password, first[1]) {
		t.Error("the printed password does not open the account")
	}
	if err := (&adminCreateCmd{Name: "郑望舒", Role: "township", Region: "崆峒区/峡门乡"}).Run(e); err != nil {
		t.Fatal(err)
	}
	if a, err = st.AccountByLogin(e.ctx, "kongtong2"); err != nil || len(a.Region) != 9 {
		t.Errorf("%+v %v", a, err)
	}
	if note := e.stderr.(*bytes.Buffer).String(); !strings.Contains(note, "已新建") {
		t.Errorf("a new township was not named: %q", note)
	}
	unit := models.Unit{ID: st.NewID(), Name: "泾川县教育局", Region: "620821"}
	if err := st.Create(e.ctx, &unit); err != nil {
		t.Fatal(err)
	}
	if err := (&adminCreateCmd{Name: "陈北斗", Role: "unit", Unit: "泾川县教育局", Login: "Jiaoyu.01"}).Run(e); err != nil {
		t.Fatal(err)
	}
	if a, err = st.AccountByLogin(e.ctx, "jiaoyu.01"); err != nil || a.UnitID != unit.ID || a.Region != "620821" || a.Actor() != (models.Actor{Account: a.ID, Unit: unit.ID, Role: a.Role}) {
		t.Errorf("%+v %v", a, err)
	}
	if n, err := st.CountAudit(e.ctx, "account.create"); err != nil || n != 3 {
		t.Errorf("%d audit rows, %v", n, err)
	}
	out.Reset()
	if err := (&adminListCmd{}).Run(e); err != nil || !strings.Contains(out.String(), "kongtong2") || !strings.Contains(out.String(), "首个密码没换") || strings.Contains(out.String(), "argon2id") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAdminCreateSaysWhatIsWrong(t *testing.T) {
	e, _ := office(t)
	for words, c := range map[string]adminCreateCmd{
		"没有“兰州市”":      {Name: "甲", Role: "county", Region: "兰州市"},
		"地方选平凉市":       {Name: "甲", Role: "city", Region: "崆峒区"},
		"管一个县区":        {Name: "甲", Role: "county", Region: "崆峒区/峡门乡"},
		"管一个乡镇":        {Name: "甲", Role: "township", Region: "崆峒区"},
		"要写 --unit":    {Name: "甲", Role: "unit", Region: "崆峒区"},
		"没有单位":         {Name: "甲", Role: "unit", Unit: "某局"},
		"只给单位联络员":      {Name: "甲", Role: "city", Region: "平凉市", Unit: "某局"},
		"--department": {Name: "甲", Role: "department", Region: "崆峒区"},
		"--login":      {Name: "甲", Role: "city", Region: "平凉市", Login: "王"},
		"--region":     {Name: "甲", Role: "duty"},
		"--name":       {Name: " ", Role: "duty", Region: "平凉市"},
	} {
		if err := c.Run(e); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%+v: %v, want %q", c, err, words)
		}
	}
	// A refused account leaves nothing behind, no new township either.
	st := openStore(t, e)
	rows, err := st.Accounts(e.ctx)
	if err != nil || len(rows) != 0 {
		t.Errorf("%d accounts, %v", len(rows), err)
	}
	if below, err := st.RegionsBelow(e.ctx, []string{"620802"}); err != nil || len(below) != 0 {
		t.Errorf("%d townships were made, %v", len(below), err)
	}
	if err := (&adminCreateCmd{Name: "甲", Role: "duty", Region: "平凉市", Login: "zhiban"}).Run(e); err != nil {
		t.Fatal(err)
	}
	if err := (&adminCreateCmd{Name: "乙", Role: "duty", Region: "平凉市", Login: "zhiban"}).Run(e); err == nil || !strings.Contains(err.Error(), "已经有人用了") {
		t.Error(err)
	}
}

func TestAdminPasswordAndDisable(t *testing.T) {
	e, out := office(t)
	if err := (&adminCreateCmd{Name: "甲", Role: "duty", Region: "平凉市"}).Run(e); err != nil {
		t.Fatal(err)
	}
	st := openStore(t, e)
	before, err := st.AccountByLogin(e.ctx, "pingliang1")
	if err != nil {
		t.Fatal(err)
	}
	if err := st.SetPassword(e.ctx, before.ID, before.Password, 5); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if err := (&adminPasswordCmd{Login: "pingliang1"}).Run(e); err != nil {
		t.Fatal(err)
	}
	after, err := st.AccountByLogin(e.ctx, "pingliang1")
	first := firstForm.FindStringSubmatch(out.String())
	if err != nil || first == nil || after.PasswordAt != 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	if ok, err := argon2id.ComparePasswordAndHash(first[1], after.Password); !ok || err != nil {
		t.Error("the new password does not open the account")
	}
	if err := st.Bind(e.ctx, "oAdmin", models.RoleAdmin, after.ID); err != nil {
		t.Fatal(err)
	}
	code, err := st.Invite(e.ctx, models.RoleAdmin, after.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := (&adminDisableCmd{Login: "PingLiang1"}).Run(e); err != nil {
		t.Fatal(err)
	}
	if _, err := st.BindingOf(e.ctx, models.RoleAdmin, after.ID); err != store.ErrNotFound {
		t.Error("a disabled account keeps its phone")
	}
	if i, err := st.Invitation(e.ctx, code); err != nil || i.UsedAt == 0 {
		t.Error("its code is still good")
	}
	if err := (&adminDisableCmd{Login: "pingliang1"}).Run(e); err == nil {
		t.Error("disabled twice")
	}
	if err := (&adminPasswordCmd{Login: "nobody"}).Run(e); err == nil {
		t.Error("a password for nobody")
	}
}
