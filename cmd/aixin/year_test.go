package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"aixin/configs"
	"aixin/handlers"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// yearPerson is somebody whom a cadre of the golden year looks after.
type yearPerson struct {
	birth      models.Day
	lunar      bool
	categories string
	from       models.Day
}

// yearCadre is one of ten ways of being a cadre.
type yearCadre struct {
	name, what string
	people     []yearPerson
	// does tells what is done on a day, for all people: "v" a visit, "c" a call,
	// "h" a thing; told is whether a reminder came three days ago.
	does   func(day models.Day, told bool) string
	choice map[models.Day]models.PushChoice // said on that day
	bound  models.Day                       // since; "" from the start
	state  map[models.Day]models.State      // of the first person; "" ends it
}

func on(days map[models.Day]string) func(models.Day, bool) string {
	return func(d models.Day, _ bool) string { return days[d] }
}

func nothing(models.Day, bool) string { return "" }

func afterAReminder(_ models.Day, told bool) string {
	if told {
		return "vch"
	}
	return ""
}

var (
	elder    = yearPerson{"1949-10-18", false, "extreme_poverty", "2025-01-01"}
	child    = yearPerson{"2015-06-11", false, "de_facto", "2025-01-01"}
	disabled = yearPerson{"1988-03-05", false, "severe_disability", "2025-01-01"}
	early    = on(map[models.Day]string{"2026-01-12": "vc", "2026-03-02": "c", "2026-05-06": "vch", "2026-07-08": "c"})
)

var yearCadres = []yearCadre{
	{name: "勤一早", what: "一户老人,事事赶在前头", people: []yearPerson{elder}, does: early},
	{name: "忘二牛", what: "一户孩子,全年一样没做", people: []yearPerson{child}, does: nothing},
	{name: "听三声", what: "两户,提醒三天后就去、就打、就办", people: []yearPerson{elder, disabled}, does: afterAReminder},
	{name: "忙四方", what: "三户,只打电话不上门", people: []yearPerson{elder, child, disabled}, does: on(map[models.Day]string{"2026-02-10": "c", "2026-05-10": "c", "2026-08-10": "c", "2026-10-10": "c"})},
	{name: "月五亮", what: "一户老人,过农历八月十二的生日", people: []yearPerson{{"1950-08-12", true, "extreme_poverty", "2025-01-01"}}, does: early},
	{name: "接六手", what: "一户,7月10日才接手,10月去过一回", people: []yearPerson{{"1962-12-20", false, "other", "2026-07-10"}}, does: on(map[models.Day]string{"2026-10-20": "vc"})},
	{
		name: "改七点", what: "3月20日说改到周五早上,5月30日改回(头一条仍等满7天),9月1日改到周一晚上十点(免打扰里);12月21日夜里补记了全年", people: []yearPerson{child}, does: nothing,
		choice: map[models.Day]models.PushChoice{"2026-03-20": {Weekday: 5, Minute: 8*60 + 30}, "2026-05-30": {}, "2026-09-01": {Weekday: 1, Minute: 22 * 60}},
	},
	{
		name: "少八句", what: "2月1日说以后少提醒(两周一条),11月6日说最近别催(歇14天)", people: []yearPerson{elder, child}, does: nothing,
		choice: map[models.Day]models.PushChoice{"2026-02-01": {Every: 14}, "2026-11-06": {Every: 14, HoldUntil: models.InstantOf(time.Date(2026, 11, 19, 16, 0, 0, 0, time.UTC))}},
	},
	{name: "迟九绑", what: "一户残疾人,9月1日才绑定微信", people: []yearPerson{disabled}, does: nothing, bound: "2026-09-01"},
	{
		name: "送十程", what: "老人4月20日住院、5月25日出院、8月3日去世;还有一个孩子", people: []yearPerson{elder, child}, does: nothing,
		state: map[models.Day]models.State{"2026-04-20": models.StateHospital, "2026-05-25": "", "2026-08-03": models.StateDeceased},
	},
}

// goldenYear plays a year.
type goldenYear struct {
	t       *testing.T
	ctx     context.Context
	clock   *storetest.Clock
	st      *store.Store
	outbox  *handlers.Outbox
	zone    *time.Location
	names   map[string]string // by subject id
	ids     map[string]string // by name
	pairs   map[string][]models.Pairing
	told    map[string]models.Day
	states  map[string]string
	out     strings.Builder
	headed  models.Day
	monthly map[string]int
}

// TestGoldenYear is a year of pushes for ten cadres, a county's office and a
// unit's liaison, day by day: who changes a rule reads here what it changes.
func TestGoldenYear(t *testing.T) {
	y := &goldenYear{
		t: t, ctx: context.Background(), clock: storetest.NewClock(), zone: configs.Default().Zone(), names: map[string]string{}, ids: map[string]string{},
		pairs: map[string][]models.Pairing{}, told: map[string]models.Day{}, states: map[string]string{}, monthly: map[string]int{},
	}
	y.clock.Set(time.Date(2025, 12, 31, 4, 0, 0, 0, time.UTC))
	db := storetest.Open(t, "sqlite", y.clock.Now)
	y.st, y.outbox = db.System("test"), testOutbox(y.clock)
	y.settle()
	y.must(y.outbox.Tick(y.ctx, y.st)) // a new database begins with the next slot
	for day := models.Day("2026-01-01"); day <= "2026-12-31"; day = day.Add(1) {
		y.live(day)
	}
	y.sums()
	compareGolden(t, "testdata/year.golden", y.out.String())
}

// compareGolden holds what came against a file; -update writes it.
func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		w, g := strings.Split(string(want), "\n"), strings.Split(got, "\n")
		for i := range min(len(w), len(g)) {
			if w[i] != g[i] {
				t.Fatalf("%s has changed in line %d (-update writes it):\n  was %s\n  is  %s", file, i+1, w[i], g[i])
			}
		}
		t.Fatalf("%s has changed: %d lines, now %d (-update writes it)", file, len(w), len(g))
	}
}

func (y *goldenYear) must(err error) {
	y.t.Helper()
	if err != nil {
		y.t.Fatal(err)
	}
}

func (y *goldenYear) printf(format string, args ...any) { fmt.Fprintf(&y.out, format, args...) }

// settle moves everybody in.
func (y *goldenYear) settle() {
	y.printf("# 2026年的推送,一天一天。★ 是发出的,× 是到时候不用发了(办完了)。班=调休上班的周末,休=放假。\n# 免打扰 21:00-8:00、12:30-14:30;每人每周最多一条;默认周四15:00;没绑定的发不到。\n")
	region, _, err := y.st.EnsureRegion(y.ctx, "崆峒区/峡门乡/吴坡村")
	y.must(err)
	unit := models.Unit{ID: y.st.NewID(), Name: "区林草局", Region: "620802"}
	y.must(y.st.Create(y.ctx, &unit))
	for i, c := range yearCadres {
		y.printf("# %s:%s\n", c.name, c.what)
		cadre := models.Cadre{ID: y.st.NewID(), Name: models.Conceal(c.name), PhoneIdx: fmt.Sprint(i), UnitID: unit.ID, Region: "620802"}
		y.must(y.st.Create(y.ctx, &cadre))
		y.names[cadre.ID], y.ids[c.name] = c.name, cadre.ID
		if c.bound == "" {
			y.must(y.st.Bind(y.ctx, openid(i), models.RoleCadre, cadre.ID))
		}
		for j, p := range c.people {
			r := models.Recipient{
				ID: y.st.NewID(), Number: fmt.Sprint(i, "-", j), Name: models.Conceal("某人"), Region: region, Birth: models.Conceal(string(p.birth)),
				BirthLunar: p.lunar, Categories: p.categories,
			}
			pair := models.Pairing{ID: y.st.NewID(), CadreID: cadre.ID, RecipientID: r.ID, Line: models.LinePairing, FromDay: p.from}
			y.must(y.st.Create(y.ctx, &r))
			y.must(y.st.Create(y.ctx, &pair))
			y.pairs[c.name] = append(y.pairs[c.name], pair)
		}
	}
	for i, a := range []models.Account{
		{Name: models.Conceal("县办"), Login: "county", Password: "$argon2id$test", Role: models.AccountCounty, Region: "620802"},
		{Name: models.Conceal("联络员"), Login: "liaison", Password: "$argon2id$test", Role: models.AccountUnit, Region: "620802", UnitID: unit.ID},
	} {
		y.must(y.st.AddAccount(y.ctx, &a))
		y.names[a.ID] = a.Name.Reveal()
		y.must(y.st.Bind(y.ctx, openid(100+i), models.RoleAdmin, a.ID))
	}
	y.printf("# 县办:清单每周一;联络员:清单每月;录入提醒10日(预出)起,15日关账,遇休息日提前\n")
}

// live plays a day: what people do in the morning, and what goes out.
func (y *goldenYear) live(day models.Day) {
	d := day.Time()
	midnight := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, y.zone)
	for _, minute := range []int{8 * 60, 8*60 + 30, 9 * 60, 14*60 + 30, 15 * 60, 15*60 + 5, 22 * 60} {
		y.clock.Set(midnight.Add(time.Duration(minute) * time.Minute))
		y.must(y.outbox.Tick(y.ctx, y.st))
		y.deliver(day)
		if day == "2026-12-21" && minute == 22*60 {
			y.record(day, yearCadres[6], "vvcccch")
		}
		if minute == 9*60 {
			for i, c := range yearCadres {
				y.act(day, i, c)
			}
		}
	}
}

func (y *goldenYear) act(day models.Day, i int, c yearCadre) {
	id := y.ids[c.name]
	if c.bound == day {
		y.must(y.st.Bind(y.ctx, openid(i), models.RoleCadre, id))
	}
	if choice, ok := c.choice[day]; ok {
		choice.Role, choice.SubjectID = models.RoleCadre, id
		y.must(y.st.SetPushChoice(y.ctx, choice))
	}
	if state, ok := c.state[day]; ok {
		who := y.pairs[c.name][0].RecipientID
		if state == "" {
			y.must(y.st.EndState(y.ctx, y.states[who], day.Add(-1)))
		} else {
			row := models.RecipientState{RecipientID: who, State: state, FromDay: day, CadreID: id}
			y.must(y.st.AddState(y.ctx, &row))
			y.states[who] = row.ID
		}
	}
	if did := c.does(day, y.told[c.name] != "" && day == y.told[c.name].Add(3)); did != "" {
		y.record(day, c, did)
	}
}

// record writes down what a cadre did for all people; of several visits one is of
// today, the others are of the days before.
func (y *goldenYear) record(day models.Day, c yearCadre, did string) {
	id := y.ids[c.name]
	var acts []models.Activity
	for _, p := range y.pairs[c.name] {
		for i, what := range did {
			a := models.Activity{RecipientID: p.RecipientID, PairingID: p.ID, Day: day.Add(-i)}
			switch what {
			case 'v':
				a.Kind = models.KindVisit
			case 'c':
				a.Kind, a.Channel = models.KindContact, models.ChannelPhone
			case 'h':
				a.Kind, a.Help = models.KindHelp, models.HelpDeed
			}
			acts = append(acts, a)
		}
	}
	y.must(y.st.AddRecord(y.ctx, &models.Record{CadreID: id}, acts))
	y.line(day, "· %s 做了:%s", c.name, strings.NewReplacer("v", "走访 ", "c", "电话 ", "h", "实事 ").Replace(did))
}

// deliver prepares what is due as the delivery loop does, and writes down what
// would go out.
func (y *goldenYear) deliver(day models.Day) {
	rows, err := y.st.LeaseDeliveries(y.ctx, "test", time.Minute, 100, "")
	y.must(err)
	slices.SortFunc(rows, func(a, b store.Delivery) int { return strings.Compare(y.names[a.SubjectID], y.names[b.SubjectID]) })
	for _, d := range rows {
		out, err := y.outbox.Prepare(y.ctx, y.st, d)
		y.must(err)
		who, now := y.names[d.SubjectID], y.clock.Now().In(y.zone).Format("15:04")
		switch {
		case out.Cancel != "":
			y.line(day, "× %s %s 不发了:%s", now, who, out.Cancel)
			y.must(y.st.FinishDelivery(y.ctx, d, store.DeliveryCancelled, out.Cancel, ""))
			y.must(y.st.GiveCapBack(y.ctx, d.ID))
		case !out.Wait.IsZero():
			y.line(day, "○ %s %s 等到 %s:%s", now, who, out.Wait.In(y.zone).Format("1月2日15:04"), out.Reason)
			y.must(y.st.PostponeDelivery(y.ctx, d, models.InstantOf(out.Wait), out.Reason))
		case out.Card != nil:
			y.line(day, "★ %s %s ← [%s] %s", now, who, d.Kind, cardLine(out.Card.Fields))
			y.must(y.st.FinishDelivery(y.ctx, d, store.DeliveryDelivered, "", ""))
			if d.Kind == handlers.KindDuty {
				y.told[who] = day
			}
			y.monthly[who]++
		default:
			y.t.Fatalf("%s: %+v", who, out)
		}
	}
}

func cardLine(fields map[string]string) string {
	var parts []string
	for _, key := range []string{"thing1", "thing2", "thing3"} {
		parts = append(parts, fields[key])
	}
	return strings.Join(parts, " | ")
}

// line writes a line under its day.
func (y *goldenYear) line(day models.Day, format string, args ...any) {
	if y.headed != day {
		y.headed = day
		mark := ""
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		switch {
		case models.Workday(day) && weekend:
			mark = " 班"
		case !models.Workday(day):
			mark = " 休"
		}
		y.printf("\n%s%s\n", day, mark)
	}
	y.printf("  "+format+"\n", args...)
}

// sums tells how often each was written to, and that nobody got two in a week.
func (y *goldenYear) sums() {
	y.printf("\n# 全年条数\n")
	for _, c := range yearCadres {
		y.printf("# %s %d\n", c.name, y.monthly[c.name])
	}
	y.printf("# 县办 %d 联络员 %d\n", y.monthly["县办"], y.monthly["联络员"])
}
