package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"aixin/bot/wechatsim"
	"aixin/configs"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/town"
	"aixin/web"
)

type demoCmd struct {
	Listen string `help:"网页和回调的地址。" default:"127.0.0.1:8080"`
	Data   string `help:"数据放哪;默认 data/demo。删掉它就从头来。" placeholder:"DIR" default:"data/demo"`
}

// The demo's account is made up; it exists in the simulator only.
const (
	demoAppID  = "wxdemo0000000000aa"
	demoSecret = "demo-secret-of-the-simulator"
	demoToken  = "demotoken"
	// demoLogin and demoPassword open the demo's console.
	demoLogin    = "kongtong"
	demoPassword = "look-around-2026"
	demoAESKey   = "DemoDemoDemoDemoDemoDemoDemoDemoDemoDemoDeA"
)

// Help is shown by aixin demo --help.
func (demoCmd) Help() string {
	return `不需要任何账号、服务器和设置:数据库是一个文件,Redis 在进程里,微信平台由模拟器扮演,
人都是编的。打开打印出来的网址,在像手机一样的页面里以不同人的身份发消息。`
}

// Run starts the whole service with the simulator.
func (c *demoCmd) Run(e *env) error {
	public, err := listen("--listen", c.Listen)
	if err != nil {
		return err
	}
	api, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ops, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	base := "http://" + public.Addr().String()
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return err
	}
	zone := configs.Default().Zone()
	sim := wechatsim.New(wechatsim.Config{
		AppID: demoAppID, AppSecret: demoSecret, Token: demoToken, AESKey: demoAESKey, Account: "gh_aixin_demo", Name: "爱心甘肃·平凉",
		CallbackURL: base + "/wechat/callback", PublicURL: base, Now: func() time.Time { return e.clock.Now().In(zone) }, Shift: e.clock.Shift,
		PageCookies: []http.Cookie{{Name: web.PhoneCookie(false), Path: "/"}}, Log: e.log,
	})
	defer sim.Close()
	app, err := newApp(e.ctx, demoConfig(data, base, "http://"+api.Addr().String()), e.clock, e.log,
		appOptions{migrate: true, makeKeys: true, authorize: base + "/sim/oauth/authorize"})
	if err != nil {
		return err
	}
	people, err := settle(e.ctx, app.db, models.DayOf(e.clock.Now(), app.cfg.Zone()))
	if err != nil {
		app.close()
		return err
	}
	app.onDrain = append(app.onDrain, sim.Close)
	sim.Add(people...)
	app.mux.Handle("/sim/", sim.Page())
	app.mux.Handle("GET /{$}", http.RedirectHandler("/sim/", http.StatusFound))
	platform := &http.Server{Handler: sim.API(), ReadHeaderTimeout: 5 * time.Second}
	go platform.Serve(api)
	defer platform.Close()
	if err := publishMenus(e.ctx, app.client, base); err != nil {
		app.close()
		return fmt.Errorf("menu: %w", err)
	}
	fmt.Fprintf(e.stdout, `爱心甘肃·平凉 演示已就绪(人和事都是编的)
  聊天页面   %s/sim/
  微信回调   %s/wechat/callback
             AppID %s  Token %s
             EncodingAESKey %s
  管理台     %s/admin/   登录名 %s  密码 %s
  健康与指标 http://%s/readyz  /metrics
  数据目录   %s(删掉就从头来)
按 Ctrl-C 结束。
`, base, base, demoAppID, demoToken, demoAESKey, base, demoLogin, demoPassword, ops.Addr(), c.Data)
	return app.Run(e.ctx, public, ops)
}

func demoConfig(data, base, api string) configs.Config {
	cfg := configs.Default()
	cfg.DataDir = data
	cfg.Server.PublicURL = base
	cfg.Web.RequireTOTP = false // the printed password is enough to look around
	cfg.WeChat.AppID, cfg.WeChat.AppSecret, cfg.WeChat.Token, cfg.WeChat.EncodingAESKey = demoAppID, demoSecret, demoToken, demoAESKey
	cfg.WeChat.APIBaseURL = api
	for _, t := range wechatsim.DefaultTemplates() {
		setTemplate(&cfg.WeChat.Templates, t.Name, t.ID)
	}
	return cfg
}

func setTemplate(t *configs.Templates, name, id string) {
	for key, field := range map[string]*string{
		"duty_reminder": &t.DutyReminder, "monthly_summary": &t.MonthlySummary, "notice": &t.Notice,
		"question_reply": &t.QuestionReply, "need_update": &t.NeedUpdate, "alert": &t.Alert,
	} {
		if key == name {
			*field = id
		}
	}
}

// settle moves the made-up town in, once, and gives the people of the chat
// page: those bound already and some with a code in their hand.
func settle(ctx context.Context, db *store.DB, today models.Day) ([]wechatsim.Person, error) {
	st := db.System("demo town")
	demo := town.Demo(today)
	n, _, err := st.CountPeople(ctx)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		if err := st.InTx(ctx, func(tx *store.Store) error {
			return errors.Join(moveIn(ctx, tx, demo, today), openOffices(ctx, tx))
		}); err != nil {
			return nil, fmt.Errorf("demo town: %w", err)
		}
	}
	people, err := phones(ctx, st, demo)
	return append(people, officePhones()...), err
}

// offices are the demo's administrators: somebody of the county and two on duty.
var offices = []struct {
	key, name, login string
	role             models.AccountRole
	try              []string
}{
	{"A1", "县办小周", demoLogin, models.AccountCounty, []string{"发通知 本周五下午开个短会,村上的事先安排好。", "通知进度"}},
	{"A2", "值班老马", "zhiban1", models.AccountDuty, nil},
	{"A3", "值班小李", "zhiban2", models.AccountDuty, nil},
}

func officePhones() (people []wechatsim.Person) {
	for _, o := range offices {
		people = append(people, wechatsim.Person{
			OpenID: demoOpenID(o.key), Name: o.name, Role: o.role.Label(), Note: "崆峒区", Followed: true, Try: o.try,
		})
	}
	return people
}

// openOffices makes the demo's accounts, bound to their phones.
func openOffices(ctx context.Context, tx *store.Store) error {
	hash, err := web.HashPassword(demoPassword)
	if err != nil {
		return err
	}
	for _, o := range offices {
		a := models.Account{
			Name: models.Conceal(o.name), Login: o.login, Password: hash, Role: o.role, Region: "620802", PasswordAt: tx.Now(),
		}
		if err := tx.AddAccount(ctx, &a); err != nil {
			return err
		}
		if err := tx.Bind(ctx, demoOpenID(o.key), models.RoleAdmin, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// demoOpenID is the openid of somebody of the town in the simulator.
func demoOpenID(key string) string { return "oDemo_" + key }

// boundCadres of the demo are bound from the start; the others hold a code.
const boundCadres = 6

func phones(ctx context.Context, st *store.Store, demo town.Town) (people []wechatsim.Person, err error) {
	cadres, err := st.CadreInvitees(ctx)
	if err != nil {
		return nil, err
	}
	byName := map[string]store.Invitee{}
	for _, c := range cadres {
		byName[c.Name] = c
	}
	for i, c := range demo.Cadres {
		p := wechatsim.Person{OpenID: demoOpenID(c.Key), Name: c.Name, Role: "干部", Note: c.Unit, Followed: true}
		if i == 0 {
			p.Try = []string{"昨天去老谷家走访,送了米面油300块", "进度", "给海龙打了个电话", "三户都看望了,各送一袋面50元", "撤销"}
		}
		if i >= boundCadres && i < boundCadres+2 {
			if p.Code, err = st.Invite(ctx, models.RoleCadre, byName[c.Name].SubjectID); err != nil {
				return nil, err
			}
			p.Try = []string{"绑定 " + p.Code}
		}
		if i < boundCadres+2 {
			people = append(people, p)
		}
	}
	guardians, err := st.ContactInvitees(ctx)
	if err != nil {
		return nil, err
	}
	for i, g := range guardians {
		if len(people) >= boundCadres+5 || i >= 20 {
			break
		}
		if g.Name == "" {
			continue
		}
		code, err := st.Invite(ctx, models.RoleGuardian, g.SubjectID)
		if err != nil {
			return nil, err
		}
		people = append(people, wechatsim.Person{
			OpenID: demoOpenID("G" + g.SubjectID[len(g.SubjectID)-8:]), Name: g.Name, Role: "监护人", Note: g.Recipient + "家",
			Followed: true, Code: code, Try: []string{"绑定 " + code, "同意", "低保咋办哩"},
		})
	}
	return people, nil
}

var errNoDemoCadre = errors.New("the demo town has lost a cadre")

// moveIn enters the town's people, pairings and what was done.
func moveIn(ctx context.Context, tx *store.Store, demo town.Town, today models.Day) error {
	units, cadres, recipients, pairings := map[string]string{}, map[string]models.Cadre{}, map[string]string{}, map[string]string{}
	region := func(path string) (string, error) {
		code, _, err := tx.EnsureRegion(ctx, path)
		return code, err
	}
	for _, u := range demo.Units {
		code, err := region(u.Region)
		if err != nil {
			return err
		}
		row := models.Unit{ID: tx.NewID(), Name: u.Name, Region: code}
		units[u.Name] = row.ID
		if err := tx.Create(ctx, &row); err != nil {
			return err
		}
	}
	for i, c := range demo.Cadres {
		code, err := region(c.Region)
		if err != nil {
			return err
		}
		row := models.Cadre{
			ID: tx.NewID(), Name: models.Conceal(c.Name), Phone: models.Conceal(c.Phone), PhoneIdx: tx.PhoneIndex(c.Phone),
			UnitID: units[c.Unit], Post: c.Post, Region: code, Speciality: c.Speciality, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		cadres[c.Key] = row
		if err := tx.Create(ctx, &row); err != nil {
			return err
		}
		if i < boundCadres {
			if err := tx.Bind(ctx, demoOpenID(c.Key), models.RoleCadre, row.ID); err != nil {
				return err
			}
		}
	}
	for i, r := range demo.Recipients {
		code, err := region(r.Region)
		if err != nil {
			return err
		}
		if err := moveInPerson(ctx, tx, i, r, code, recipients); err != nil {
			return err
		}
	}
	for _, p := range demo.Pairings {
		if _, ok := cadres[p.Cadre]; !ok {
			return errNoDemoCadre
		}
		row := models.Pairing{
			ID: tx.NewID(), CadreID: cadres[p.Cadre].ID, RecipientID: recipients[p.Recipient], Line: p.Line, FromDay: p.From, ToDay: p.To,
			Reason: p.Reason, CreatedAt: tx.Now(),
		}
		pairings[p.Cadre+p.Recipient+string(p.Line)] = row.ID
		if err := tx.Create(ctx, &row); err != nil {
			return err
		}
	}
	records := map[string]string{}
	var acts []models.Activity
	for a := range demo.Activities {
		if records[a.Record] == "" {
			rec := models.Record{CadreID: cadres[a.Cadre].ID}
			if err := tx.AddRecord(ctx, &rec, nil); err != nil {
				return err
			}
			records[a.Record] = rec.ID
		}
		at := models.InstantOf(a.RecordedOn.Time().Add(10 * time.Hour))
		acts = append(acts, models.Activity{
			ID: tx.NewID(), RecordID: records[a.Record], CadreID: cadres[a.Cadre].ID, RecipientID: recipients[a.Recipient],
			PairingID: pairings[a.Cadre+a.Recipient+string(a.Line)], Kind: a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage, Day: a.Day,
			AmountFen: a.AmountFen, Goods: a.Kind == models.KindAid && models.InKind(a.Note), Source: models.SourceImport, Note: models.Conceal(a.Note), Status: models.StatusActive, RecordedAt: at,
		})
	}
	return tx.Create(ctx, &acts)
}

func moveInPerson(ctx context.Context, tx *store.Store, i int, r town.Recipient, region string, recipients map[string]string) error {
	row := models.Recipient{
		ID: tx.NewID(), Number: r.Number, Name: models.Conceal(r.Name), IDNumber: models.Conceal(r.IDNumber), Birth: models.Conceal(string(r.Birth)),
		CareMode: r.CareMode, Region: region, Address: models.Conceal(r.Address), Household: r.Household, EnteredOn: r.EnteredOn, Needs: models.Conceal(r.Needs),
		ExitedOn: r.ExitedOn, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	if r.EnteredOn != "" { // entered then, not when the demo was opened
		row.CreatedAt = models.InstantOf(r.EnteredOn.Time())
	}
	if row.Number == "" {
		row.Number = fmt.Sprintf("D%04d", i+1)
	}
	if r.IDNumber != "" {
		idx := tx.IDIndex(r.IDNumber)
		row.IDIdx = &idx
	}
	for j, c := range r.Categories {
		if j > 0 {
			row.Categories += ","
		}
		row.Categories += string(c)
	}
	row.SetAliases(r.Aliases)
	recipients[r.Key] = row.ID
	if err := tx.Create(ctx, &row); err != nil {
		return err
	}
	for _, c := range r.Contacts {
		contact := models.Contact{
			ID: tx.NewID(), RecipientID: row.ID, Kind: c.Kind, Name: models.Conceal(c.Name), Phone: models.Conceal(c.Phone),
			PhoneIdx: tx.PhoneIndex(c.Phone), CreatedAt: tx.Now(),
		}
		if err := tx.Create(ctx, &contact); err != nil {
			return err
		}
	}
	return nil
}
