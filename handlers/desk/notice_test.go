package desk_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// bureau is two counties with cadres and families, for notices.
type bureau struct {
	t             *testing.T
	ctx           context.Context
	st            *store.Store
	clock         *storetest.Clock
	rules         desk.Notices
	city, near    models.Account // 平凉市, 崆峒区
	second, far   models.Account // 崆峒区, 泾川县
	liaison       models.Account // of the unit of 崆峒区
	unit          string
	cadres, homes []string // of 崆峒区
	abroad        []string // cadres of 泾川县
}

func newBureau(t *testing.T, db *store.DB, clock *storetest.Clock) *bureau {
	b := &bureau{t: t, ctx: context.Background(), st: db.System("test"), clock: clock}
	b.rules = desk.Notices{ApproveAbove: 10, Card: true, Zone: time.FixedZone("CST", 8*3600)}
	unit := models.Unit{ID: b.st.NewID(), Name: "崆峒区财政局", Region: "620802"}
	other := models.Unit{ID: b.st.NewID(), Name: "泾川县教育局", Region: "620821"}
	b.create(&unit, &other)
	b.unit = unit.ID
	names := []string{"王敏", "李强", "张巧", "赵六", "钱七"}
	for i, name := range names {
		c := models.Cadre{ID: b.st.NewID(), Name: models.Conceal(name), Phone: models.Conceal(fmt.Sprint("1390000000", i)), PhoneIdx: fmt.Sprint(i), UnitID: unit.ID, Region: "620802"}
		if i == 1 {
			c.Speciality = models.SpecialityTeacher
		}
		if i == 4 {
			c.UnitID, c.Region = other.ID, "620821"
		}
		r := models.Recipient{ID: b.st.NewID(), Number: fmt.Sprint("G", i), Name: models.Conceal("谷" + name), Region: c.Region, Categories: "orphan,other"}
		if i == 2 {
			r.Categories = "severe_disability"
		}
		k := models.Contact{ID: b.st.NewID(), RecipientID: r.ID, Kind: models.ContactGuardian, Name: models.Conceal("家长")}
		n := models.Contact{ID: b.st.NewID(), RecipientID: r.ID, Kind: models.ContactNeighbour, Name: models.Conceal("邻居")}
		p := models.Pairing{ID: b.st.NewID(), CadreID: c.ID, RecipientID: r.ID, Line: models.LinePairing, FromDay: "2026-01-01"}
		b.create(&c, &r, &k, &n, &p)
		if i == 4 {
			b.abroad = append(b.abroad, c.ID)
		} else {
			b.cadres, b.homes = append(b.cadres, c.ID), append(b.homes, r.ID)
		}
		if i != 3 { // 赵六 is not bound, nor is his family
			b.must(b.st.Bind(b.ctx, fmt.Sprint("oCadre", i), models.RoleCadre, c.ID))
			b.must(b.st.Bind(b.ctx, fmt.Sprint("oHome", i/2), models.RoleGuardian, k.ID)) // 0 and 1 share a phone
		}
		if i == 2 { // 张巧's year is full
			for j := range 7 {
				rec := models.Record{CadreID: c.ID}
				a := models.Activity{RecipientID: r.ID, PairingID: p.ID, Kind: models.KindContact, Day: models.NewDay(2026, time.Month(2+j), 3)}
				switch {
				case j >= 5:
					a.Kind = models.KindVisit
				case j == 4:
					a.Kind, a.Help = models.KindHelp, models.HelpDeed
				}
				b.must(b.st.AddRecord(b.ctx, &rec, []models.Activity{a}))
			}
		}
	}
	b.city = b.account("city", models.AccountCity, models.CityCode, "")
	b.near = b.account("near", models.AccountCounty, "620802", "")
	b.second = b.account("second", models.AccountCounty, "620802", "")
	b.far = b.account("far", models.AccountCounty, "620821", "")
	b.liaison = b.account("liaison", models.AccountUnit, "620802", unit.ID)
	return b
}

func (b *bureau) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureau) create(rows ...any) {
	b.t.Helper()
	for _, r := range rows {
		b.must(b.st.Create(b.ctx, r))
	}
}

func (b *bureau) account(login string, role models.AccountRole, region, unit string) models.Account {
	a := models.Account{Name: models.Conceal(login), Login: login, Password: "$argon2id$none", Role: role, Region: region, UnitID: unit}
	b.must(b.st.AddAccount(b.ctx, &a))
	return a
}

func (b *bureau) preview(a models.Account, d desk.NoticeDraft) desk.NoticePreview {
	b.t.Helper()
	p, err := b.rules.Preview(b.ctx, b.st, a, d)
	b.must(err)
	return p
}

func (b *bureau) submit(a models.Account, d desk.NoticeDraft) models.Notice {
	b.t.Helper()
	var n models.Notice
	b.must(b.st.InTx(b.ctx, func(tx *store.Store) (err error) {
		n, err = b.rules.Submit(b.ctx, tx, a, d)
		return err
	}))
	return n
}

func (b *bureau) counts(n models.Notice) map[string]int {
	b.t.Helper()
	c, err := b.st.NoticeCounts(b.ctx, n.ID)
	b.must(err)
	return c
}

func (b *bureau) refused(err error, words string) {
	b.t.Helper()
	var r desk.NoticeRefused
	if !errors.As(err, &r) || !strings.Contains(r.Error(), words) {
		b.t.Errorf("refused with %v, want %q", err, words)
	}
}

func toCadres(body string) desk.NoticeDraft {
	return desk.NoticeDraft{Audience: models.Audience{Role: models.RoleCadre}, Body: body}
}

func eachBureau(t *testing.T, fn func(b *bureau)) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) { fn(newBureau(t, db, clock)) })
}

func TestWhomANoticeIsFor(t *testing.T) {
	eachBureau(t, func(b *bureau) {
		teacher := models.SpecialityTeacher
		for _, tc := range []struct {
			name       string
			who        models.Account
			a          models.Audience
			all, reach int
			whom       string
		}{
			{"the city's cadres", b.city, models.Audience{Role: models.RoleCadre}, 5, 4, "平凉市的干部"},
			{"a county's own", b.near, models.Audience{Role: models.RoleCadre}, 4, 3, "崆峒区的干部"},
			{"another county's", b.far, models.Audience{Role: models.RoleCadre}, 1, 1, "泾川县的干部"},
			{"a unit's", b.liaison, models.Audience{Role: models.RoleCadre}, 4, 3, "崆峒区财政局的干部"},
			{"by unit", b.city, models.Audience{Role: models.RoleCadre, UnitID: b.unit}, 4, 3, "崆峒区财政局的干部"},
			{"teachers", b.near, models.Audience{Role: models.RoleCadre, Speciality: &teacher}, 1, 1, "崆峒区的教师干部"},
			{"by category", b.near, models.Audience{Role: models.RoleCadre, Category: models.CategoryOrphan}, 3, 2, "崆峒区的干部(孤儿)"},
			{"by line", b.near, models.Audience{Role: models.RoleCadre, Line: models.LineRehab}, 0, 0, "崆峒区的干部(医疗康复)"},
			{"something to do", b.near, models.Audience{Role: models.RoleCadre, Duty: models.DutyShort}, 3, 2, "崆峒区的干部(今年还差)"},
			{"all done", b.near, models.Audience{Role: models.RoleCadre, Duty: models.DutyMet}, 1, 1, "崆峒区的干部(今年够了)"},
			{"a list", b.near, models.Audience{Role: models.RoleCadre, List: []string{b.cadres[0], b.abroad[0]}}, 1, 1, "崆峒区的干部(名单上的)"},
			{"families, one phone once", b.near, models.Audience{Role: models.RoleGuardian}, 3, 2, "崆峒区的关爱对象家"},
			{"families of a unit's cadres", b.liaison, models.Audience{Role: models.RoleGuardian, Category: models.CategorySevereDisability}, 1, 1, "崆峒区财政局的关爱对象家(困难重度残疾人)"},
		} {
			p := b.preview(tc.who, desk.NoticeDraft{Audience: tc.a, Body: "天冷,注意取暖安全。"})
			if p.All != tc.all || p.Reach != tc.reach || p.Whom != tc.whom {
				b.t.Errorf("%s: %d of %d, %s", tc.name, p.Reach, p.All, p.Whom)
			}
			for _, s := range p.Samples {
				if !strings.Contains(s.Who, "*") || strings.Contains(s.Text, "谷") {
					b.t.Errorf("%s: a sample shows %q %q", tc.name, s.Who, s.Text)
				}
			}
		}
		_, err := b.rules.Preview(b.ctx, b.st, b.near, desk.NoticeDraft{Audience: models.Audience{Role: models.RoleCadre, Region: "620821"}, Body: "x"})
		b.refused(err, "不归您管")
		_, err = b.rules.Preview(b.ctx, b.st, b.near, toCadres("{姓名}您好"))
		b.refused(err, "{姓名} 填不了")
		_, err = b.rules.Preview(b.ctx, b.st, b.near, desk.NoticeDraft{Audience: models.Audience{Role: models.RoleCadre}, Body: "x", Urgent: true})
		b.refused(err, "列出名字")
		p := b.preview(b.near, toCadres("{称呼},今年{还差},共{户数}。"))
		var got []string
		for _, s := range p.Samples {
			got = append(got, s.Text)
		}
		if all := strings.Join(got, "\n"); !strings.Contains(all, "王同志,今年还差4次联系、2次走访、1件实事,共1户。") || !strings.Contains(all, "张同志,今年都够了,共1户。") {
			b.t.Errorf("filled in: %s", all)
		}
		ids, missing, err := desk.FindList(b.ctx, b.st, b.near, models.RoleCadre, "王敏\n13900000001,钱七\n没这人")
		b.must(err)
		if len(ids) != 2 || strings.Join(missing, " ") != "钱七 没这人" {
			b.t.Errorf("list: %d found, not %v", len(ids), missing)
		}
	})
}

func TestALargeNoticeNeedsASecondPerson(t *testing.T) {
	eachBureau(t, func(b *bureau) {
		b.rules.ApproveAbove = 2
		n := b.submit(b.near, toCadres("明天停电。"))
		if n.State != models.NoticeWaiting || b.counts(n)[store.DeliveryHeld] != 3 || b.counts(n)[store.DeliveryFailed] != 1 {
			b.t.Fatalf("%s %v", n.State, b.counts(n))
		}
		if due, err := b.st.OpenDeliveries(b.ctx, b.st.Now()); err != nil || due != 0 {
			b.t.Fatalf("%d would go out: %v", due, err)
		}
		approve := func(a models.Account, why string) (err error) {
			_, err = b.rules.Approve(b.ctx, b.st, a, n, why)
			return err
		}
		b.refused(approve(b.near, ""), "另一位管理员")
		b.refused(approve(b.near, "只有我一人"), "另一位管理员")
		b.refused(approve(b.far, ""), "不归您")
		b.refused(approve(b.liaison, ""), "不归您")
		if _, err := b.st.As(b.far.Actor()).NoticeNumbered(b.ctx, n.No()); !errors.Is(err, store.ErrNotFound) {
			b.t.Errorf("another county reads it: %v", err)
		}
		b.must(approve(b.second, ""))
		if b.counts(n)[store.DeliveryPlanned] != 3 {
			b.t.Fatalf("after approval: %v", b.counts(n))
		}
		n = b.submit(b.near, toCadres("再说一次。"))
		b.clock.Add(31 * time.Minute)
		b.refused(approve(b.near, " "), "写明原因")
		b.must(approve(b.near, "局里只有一人在岗"))
		if c, err := b.st.CountAudit(b.ctx, "notice.approve"); err != nil || c != 2 {
			b.t.Errorf("%d approvals in the audit: %v", c, err)
		}
		// Two this week: a third goes to nobody but who is told urgently.
		p := b.preview(b.near, toCadres("第三条"))
		if p.Reach != 0 || p.HadTwo != 3 {
			b.t.Errorf("a third: %+v", p)
		}
		_, err := b.rules.Submit(b.ctx, b.st, b.near, toCadres("第三条"))
		b.refused(err, "本周都已收过两条")
		b.rules.ApproveAbove = 10
		d := toCadres("{称呼}马上回电")
		d.Audience.List, d.Urgent = b.cadres[:1], true
		if n = b.submit(b.near, d); b.counts(n)[store.DeliveryPlanned] != 1 || !n.Urgent {
			b.t.Errorf("urgent: %v", b.counts(n))
		}
		b.clock.Add(8 * 24 * time.Hour)
		if p := b.preview(b.near, toCadres("下周")); p.Reach != 3 || p.HadOne != 0 {
			b.t.Errorf("a week later: %+v", p)
		}
	})
}

func TestANoticeIsPausedTakenBackAndSentAgain(t *testing.T) {
	eachBureau(t, func(b *bureau) {
		d := toCadres("下周一开会。")
		d.At = b.st.Now().Add(48 * time.Hour)
		n := b.submit(b.near, d)
		b.clock.Add(24 * time.Hour)
		if due, _ := b.st.OpenDeliveries(b.ctx, b.st.Now()); due != 0 {
			b.t.Fatalf("%d go before their time", due)
		}
		n, err := b.rules.Pause(b.ctx, b.st, b.near, n)
		b.must(err)
		_, err = b.rules.Pause(b.ctx, b.st, b.near, n)
		b.refused(err, "暂停")
		_, err = b.rules.Resume(b.ctx, b.st, b.far, n)
		b.refused(err, "不归您")
		b.clock.Add(72 * time.Hour)
		if c := b.counts(n); c[store.DeliveryHeld] != 3 {
			b.t.Fatalf("paused: %v", c)
		}
		n, err = b.rules.Resume(b.ctx, b.st, b.city, n)
		b.must(err)
		rows, err := b.st.LeaseDeliveries(b.ctx, "w", time.Minute, 1, "")
		b.must(err)
		n, err = b.rules.Cancel(b.ctx, b.st, b.near, n)
		b.must(err)
		// What is being sent right now ends by itself.
		if c := b.counts(n); c[store.DeliveryCancelled] != 2 || c[store.DeliveryPlanned] != 1 {
			b.t.Fatalf("taken back: %v", c)
		}
		b.must(b.st.FinishDelivery(b.ctx, rows[0], store.DeliveryDelivered, "", ""))
		_, err = b.rules.Resume(b.ctx, b.st, b.near, n)
		b.refused(err, "取消了")

		n = b.submit(b.near, toCadres("请补录。"))
		rows, err = b.st.LeaseDeliveries(b.ctx, "w", time.Minute, 5, "")
		b.must(err)
		for i, state := range []string{store.DeliveryDelivered, store.DeliveryFailed, store.DeliveryUnknown} {
			b.must(b.st.FinishDelivery(b.ctx, rows[i], state, "x", ""))
		}
		again, left, err := b.rules.Resend(b.ctx, b.st, b.near, n, false)
		if b.must(err); again != 1 || left != 1 {
			b.t.Fatalf("again %d, left %d", again, left)
		}
		b.must(b.st.Bind(b.ctx, "oLate", models.RoleCadre, b.cadres[3]))
		again, left, err = b.rules.Resend(b.ctx, b.st, b.near, n, true)
		if b.must(err); again != 2 || left != 0 {
			b.t.Fatalf("again %d, left %d", again, left)
		}
		rows, err = b.st.LeaseDeliveries(b.ctx, "w", time.Minute, 5, "")
		b.must(err)
		if len(rows) != 3 || rows[0].Attempts != 1 || rows[0].OpenID.Empty() {
			b.t.Fatalf("sent again: %+v", rows)
		}
		people, err := b.rules.People(b.ctx, b.st, b.near, n, "", "", 10)
		if b.must(err); len(people) != 4 || !strings.Contains(people[0].Who, "*") {
			b.t.Errorf("people: %+v", people)
		}
		if people, err = b.rules.People(b.ctx, b.st, b.far, n, "", "", 10); err != nil || len(people) != 0 {
			b.t.Errorf("another county sees %+v %v", people, err)
		}
	})
}

func TestANoticeNobodyApprovesEnds(t *testing.T) {
	eachBureau(t, func(b *bureau) {
		b.rules.ApproveAbove = 0
		n := b.submit(b.near, toCadres("没人批的。"))
		b.clock.Add(8 * 24 * time.Hour)
		b.must(b.st.SweepNotices(b.ctx))
		if c := b.counts(n); c[store.DeliveryCancelled] != 3 || c[store.DeliveryHeld] != 0 {
			b.t.Errorf("%v", c)
		}
	})
}
