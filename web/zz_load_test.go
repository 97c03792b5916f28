package web

import (
	"fmt"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store/storetest"
)

func TestLoadTmp(t *testing.T) {
	for _, driver := range []string{"mysql"} {
		clock := storetest.NewClock()
		w := newWorld(t, storetest.Open(t, driver, clock.Now), clock)
		st := w.db.System("x")
		var regs []models.Region
		var units []models.Unit
		for _, c := range models.Counties {
			for k := 0; k < 14; k++ {
				code := fmt.Sprintf("%s%03d", c.Code, 100+k)
				regs = append(regs, models.Region{Code: code, Parent: c.Code, Name: fmt.Sprintf("镇%d", k), Path: fmt.Sprintf("%s/镇%d", c.Path, k)})
				units = append(units, models.Unit{ID: st.NewID(), Name: fmt.Sprintf("%s单位%d", c.Path, k), Region: c.Code})
			}
		}
		must := func(err error) {
			if err != nil {
				t.Fatal(err)
			}
		}
		must(st.Create(ctx, &regs))
		must(st.Create(ctx, &units))
		var cadres []models.Cadre
		var people []models.Recipient
		var pairs []models.Pairing
		for i := range 20000 {
			id := st.NewID()
			cadres = append(cadres, models.Cadre{ID: id, Name: models.Conceal("王建国"), PhoneIdx: id, UnitID: units[i%len(units)].ID})
			r := models.Recipient{ID: st.NewID(), Number: fmt.Sprintf("N%06d", i), Name: models.Conceal("谷军平"), Region: regs[i%len(regs)].Code + "001"}
			people = append(people, r)
			pairs = append(pairs, models.Pairing{ID: st.NewID(), CadreID: id, RecipientID: r.ID, Line: models.LinePairing, FromDay: "2022-01-01"})
		}
		must(st.Create(ctx, &cadres))
		must(st.Create(ctx, &people))
		must(st.Create(ctx, &pairs))
		for year := 2024; year <= 2026; year++ {
			var acts []models.Activity
			for i := range 20000 {
				for k := range 8 {
					acts = append(acts, models.Activity{ID: st.NewID(), RecordID: st.NewID(), CadreID: cadres[i].ID, RecipientID: people[i].ID, PairingID: pairs[i].ID,
						Kind: []models.Kind{models.KindVisit, models.KindContact, models.KindContact, models.KindAid}[k%4], Day: models.NewDay(year, 1, 1+(i*7+k*41)%320), Status: models.StatusActive})
				}
			}
			must(st.Create(ctx, &acts))
		}
		w.account("city1", models.AccountCity, county{region: models.CityCode}, "某")
		for _, login := range []string{"city1", "kongtong1"} {
			c := w.signIn(login)
			for _, q := range []string{"", "?from=&to=", "?from=&to=&region=620802100", "?from=&to=&unit=" + units[3].ID, "?from=&to=&kind=aid", "?from=&to=&older=2024-05-05.x"} {
				t0 := time.Now()
				a := w.ask("GET", "/admin/activities"+q, nil, c)
				t.Logf("%s %s %-30s %d %v", driver, login, q, a.StatusCode, time.Since(t0))
			}
		}
		c := w.signIn("kongtong1")
		t0 := time.Now()
		a := w.ask("GET", "/admin/activities.xlsx", nil, c)
		t.Logf("xlsx %d %d bytes %v", a.StatusCode, len(a.body), time.Since(t0))
	}
}
