package main

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// What is read at once for a batch gives each person the words that they would get
// alone: cadres, offices with their lists, a notice; some with an open window, some
// who block the account.
func TestABatchSaysWhatEachWouldHear(t *testing.T) {
	p := newPost(t, "sqlite", 12)
	ctx := context.Background()
	p.clock.Set(time.Date(2026, 11, 2, 1, 5, 0, 0, time.UTC)) // a Monday, 9:05 in Pingliang
	for i, a := range []models.Account{
		{Role: models.AccountCity, Region: models.CityCode},
		{Role: models.AccountCounty, Region: "620802"},
		{Role: models.AccountCounty, Region: "620802"},
		{Role: models.AccountCounty, Region: "620802"},
	} {
		a.Name, a.Login, a.Password = models.Conceal("县办"), fmt.Sprint("office", i), "$argon2id$none"
		p.must(p.st.AddAccount(ctx, &a))
		p.must(p.st.Bind(ctx, fmt.Sprint("oOffice", i), models.RoleAdmin, a.ID))
	}
	if n := p.plan(); n < 12 {
		t.Fatalf("only %d are due", n)
	}
	p.clock.Add(6 * 24 * time.Hour) // whoever wants theirs on Thursday is due by then
	for i := range 4 {
		idx := p.st.OpenIDIndex(openid(i))
		if i%2 == 0 {
			_, _, err := p.st.ClaimInbound(ctx, fmt.Sprint("key", i), idx, []byte("x"), store.Wrote, p.st.Now(), "o", time.Second)
			p.must(err)
			continue
		}
		p.must(p.st.Block(ctx, idx))
	}
	rows, err := p.st.LeaseDeliveries(ctx, "test", time.Minute, 100, "")
	p.must(err)
	if len(rows) < 12 {
		t.Fatalf("only %d deliveries", len(rows))
	}
	together, err := p.outbox.Look(ctx, p.st, rows)
	p.must(err)
	kinds := map[string]int{}
	for _, d := range rows {
		alone, err := p.outbox.Prepare(ctx, p.st, d)
		p.must(err)
		among, err := together(ctx, p.st, d)
		p.must(err)
		if !reflect.DeepEqual(alone, among) {
			t.Errorf("%s to %s %s: alone %+v, among others %+v", d.Kind, d.Role, d.SubjectID, alone, among)
		}
		switch {
		case among.Unreachable != "":
			kinds["blocked"]++
		case among.Text != "":
			kinds["text"]++
		case among.Card != nil:
			kinds["card"]++
		}
		kinds[string(d.Role)]++
	}
	for _, k := range []string{"blocked", "card", "text", "cadre", "admin"} {
		if kinds[k] == 0 {
			t.Errorf("no %s among %v", k, kinds)
		}
	}
	if kinds["admin"] < 3 {
		t.Errorf("too few offices for one survey of all: %v", kinds)
	}
}
