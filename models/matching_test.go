package models_test

import (
	"fmt"
	"strings"
	"testing"

	"aixin/models"
)

func seeker(id, region, household, needs string, mode models.CareMode, categories ...models.Category) models.Seeker {
	var words []string
	for _, c := range categories {
		words = append(words, string(c))
	}
	return models.NewSeeker(models.Recipient{
		ID: id, Region: region, Household: household, Needs: models.Conceal(needs), CareMode: mode, Categories: strings.Join(words, ","),
	})
}

func TestCraftOf(t *testing.T) {
	for _, tc := range []struct {
		speciality models.Speciality
		unit       string
		want       models.Craft
	}{
		{models.SpecialityTeacher, "崆峒区税务局", models.CraftTeaching},
		{"", "峡门乡中心小学", models.CraftTeaching},
		{"", "静宁县残疾人联合会", models.CraftMedicine},
		{"", "峡门乡人民政府", models.CraftGrassroots},
		{"", "崆峒区林业和草原局", ""},
	} {
		if got := models.CraftOf(tc.speciality, tc.unit); got != tc.want {
			t.Errorf("%q %s: %q, want %q", tc.speciality, tc.unit, got, tc.want)
		}
	}
}

func TestMatch(t *testing.T) {
	const village, other, far = "620802001001", "620802002001", "620826001001"
	helpers := []models.Helper{
		{ID: "teacher", Region: village[:9], Craft: models.CraftTeaching},
		{ID: "medic", Region: village[:9], Craft: models.CraftMedicine},
		{ID: "farmer", Region: village, Craft: models.CraftGrassroots, Load: 1},
		{ID: "full", Region: village, Craft: models.CraftTeaching, Load: models.MatchLimit, Households: []string{"H7"}},
		{ID: "old friend", Region: other[:6], Load: 1},
		{ID: "far", Region: far[:6], Craft: models.CraftTeaching},
		{ID: "city", Region: models.CityCode},
	}
	for _, tc := range []struct {
		name  string
		who   models.Seeker
		first string
		why   string
	}{
		{"a child goes to the school", seeker("a", village, "", "", "", models.CategoryOrphan), "teacher", "同乡镇;搞教育的,能帮着上学;现在没有结对的人"},
		{"the wish comes before the category", seeker("b", village, "", "想做康复", "", models.CategoryOrphan), "medic", "同乡镇;医疗残联口的,能帮着康复看病,正合家里的需求;现在没有结对的人"},
		{"the scattered to who is near", seeker("c", village, "", "", models.CareModeScattered, models.CategoryExtremePoverty), "farmer", "同村;基层干部,离得近、常能上门;现在结对 1 人"},
		{"a household stays together", seeker("d", village, "H7", "", ""), "full", "已结对这一户的家人;同村;现在结对 3 人"},
		{"no other county", seeker("e", far, "", "", ""), "far", "同县;现在没有结对的人"},
	} {
		got := models.Match([]models.Seeker{tc.who}, helpers)[tc.who.ID]
		if len(got) == 0 || got[0].CadreID != tc.first || strings.Join(got[0].Why, ";") != tc.why {
			t.Errorf("%s: %+v", tc.name, got)
		}
		for _, p := range got {
			if p.CadreID == "far" && tc.who.Region != far || len(got) > 3 {
				t.Errorf("%s: %+v", tc.name, got)
			}
		}
	}
	again := seeker("f", other, "", "", "")
	again.Before = []string{"old friend"}
	if got := models.Match([]models.Seeker{again}, helpers)["f"]; got[0].CadreID != "old friend" || !strings.Contains(strings.Join(got[0].Why, ";"), "以前结过对") {
		t.Errorf("%+v", got)
	}
	again.Not = "old friend"
	for _, p := range models.Match([]models.Seeker{again}, helpers)["f"] {
		if p.CadreID == "old friend" {
			t.Error("who was replaced is proposed again")
		}
	}
	// Two children of one village are not sent to one teacher while others are free.
	two := append(helpers, models.Helper{ID: "teacher2", Region: village[:9], Craft: models.CraftTeaching})
	got := models.Match([]models.Seeker{seeker("a", village, "", "", "", models.CategoryOrphan), seeker("b", village, "", "", "", models.CategoryOrphan)}, two)
	if got["a"][0].CadreID == got["b"][0].CadreID {
		t.Errorf("both to %s", got["a"][0].CadreID)
	}
}

// crowd is a city's worth of people to match.
func crowd(people, staff int) (seekers []models.Seeker, helpers []models.Helper) {
	region := func(i int) string {
		return fmt.Sprintf("%s%03d%03d", models.Counties[i%7].Code, i/7%15+1, i/105%20+1)
	}
	needs := []string{"", "想做康复", "辅导作业", "冬天取暖"}
	for i := range people {
		seekers = append(seekers, seeker(fmt.Sprint("r", i), region(i), fmt.Sprint("H", i/2), needs[i%4], models.CareModeScattered, models.CategoryExtremePoverty))
	}
	crafts := []models.Craft{"", models.CraftTeaching, models.CraftMedicine, models.CraftGrassroots}
	for i := range staff {
		helpers = append(helpers, models.Helper{ID: fmt.Sprint("c", i), Region: region(i)[:[]int{4, 6, 9, 9}[i%4]], Craft: crafts[i/4%4], Load: i % 3})
	}
	return seekers, helpers
}

func TestMatchACity(t *testing.T) {
	seekers, helpers := crowd(2000, 20_000)
	if got := models.Match(seekers, helpers); len(got) != 2000 {
		t.Errorf("%d of 2000 have a proposal", len(got))
	}
}

func BenchmarkMatch(b *testing.B) {
	seekers, helpers := crowd(2000, 20_000)
	for b.Loop() {
		models.Match(seekers, helpers)
	}
}
