package store_test

import (
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

func TestDirectoryFindsPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st := db.System("test")
		village, _, err := st.EnsureRegion(ctx, "崆峒区/峡门乡/吴坡村")
		if err != nil {
			t.Fatal(err)
		}
		add := func(number, name, id, region string) string {
			t.Helper()
			idx := st.IDIndex(number)
			r := models.Recipient{
				ID: st.NewID(), Number: number, Name: models.Conceal(name), IDNumber: models.Conceal(id), IDIdx: &idx, Region: region, Categories: "orphan",
				CreatedAt: st.Now(), UpdatedAt: st.Now(),
			}
			if err := st.Create(ctx, &r); err != nil {
				t.Fatal(err)
			}
			return r.ID
		}
		gu := add("K1", "谷军", "62080219520101123X", village)
		add("K2", "单雄信", "620802195201011111", village)
		add("J1", "谷军", "620821195201012222", "620821")
		cadre := models.Cadre{ID: st.NewID(), Name: models.Conceal("古俊"), Phone: models.Conceal("1"), PhoneIdx: st.PhoneIndex("1"), UnitID: "u", Region: "620802", CreatedAt: st.Now(), UpdatedAt: st.Now()}
		if err := st.Create(ctx, &cadre); err != nil {
			t.Fatal(err)
		}
		county := db.As(models.Actor{Account: "a", Region: "620802", Role: models.AccountCounty})
		for words, want := range map[string][]string{
			"谷军": {"谷军", "古俊"}, "古军": {"谷军", "古俊"}, "gujun": {"谷军", "古俊"}, "GJ": {"谷军", "古俊"}, "gu j": {"谷军", "古俊"},
			"123x": {"谷军"}, "雄": {"单雄信"}, "sxx": {"单雄信"}, "danxiongxin": nil, "k2": {"单雄信"}, "2222": nil, "": nil, "%": nil,
		} {
			found, err := county.Find(ctx, words, 10)
			var names []string
			for _, f := range found {
				names = append(names, f.Name)
			}
			same := len(names) == len(want)
			for i := range want {
				same = same && names[i] == want[i]
			}
			if err != nil || !same {
				t.Errorf("%q found %v, want %v (%v)", words, names, want, err)
			}
		}
		if found, err := db.As(models.Actor{Account: "a", Region: "620802", Role: models.AccountEditor}).Find(ctx, "谷军", 10); err != nil || len(found) != 0 {
			t.Errorf("an editor found %v, %v", found, err)
		}
		// A change and a row that is taken away are known soon.
		clock.Add(10 * time.Second)
		r, err := st.Recipient(ctx, gu)
		if err != nil {
			t.Fatal(err)
		}
		r.Name, r.UpdatedAt = models.Conceal("谷大军"), st.Now()
		if err := st.Save(ctx, &r); err != nil {
			t.Fatal(err)
		}
		if found, _ := county.Find(ctx, "谷大军", 10); len(found) != 1 {
			t.Errorf("the new name found %v", found)
		}
		clock.Add(10 * time.Second)
		if err := db.Exec(ctx, "DELETE FROM recipient WHERE id = ?", gu); err != nil {
			t.Fatal(err)
		}
		if found, _ := county.Find(ctx, "谷大军", 10); len(found) != 0 {
			t.Errorf("who is gone is found: %v", found)
		}
	})
}
