package main

import (
	"maps"
	"regexp"
	"slices"
	"testing"
	"time"

	"aixin/bot/wechatsim"
	"aixin/handlers/say"
	"aixin/models"
)

// Every card of every template, with the largest counts and the longest dates:
// each value keeps its type's limit as the platform counts it, in either kind of template, nothing had to be
// cut off, and there is no category, illness or sum in it, nor room for a name.
func TestEveryCardFitsAtItsLargest(t *testing.T) {
	const most, own = 22427, 99 // of an office, and of one cadre
	at := time.Date(2026, 12, 30, 23, 59, 0, 0, time.FixedZone("CST", 8*3600))
	day, moment := at.Format("2006年1月2日"), at.Format("15:04")
	entry := say.Entry{Month: "2026-12-01", Today: "2026-12-10", Settle: "2026-12-13", Close: "2026-12-15", Sign: "2026-12-18"}
	fullest := say.Weekly{
		Today: "2026-11-21", Visits: most, Contacts: most, Helps: most, By: "2026-12-31", Birthdays: most, Birthday: "2026-11-28",
		Festival: "11月21日是全国助残日", Idea: "坐坐、拉拉家常", FestivalOn: "2026-11-28", Questions: most, Month: "2026-10-01", Did: [3]int{own, own, own},
	}
	all := map[string][]say.Card{
		"duty_reminder": {
			fullest.Card(), say.Weekly{Today: "2026-11-21", Visits: most, By: "2026-12-31"}.Card(), entry.Card(), say.PlanCard(most, false), say.PlanCard(most, true),
			say.OfficeDigest{Place: "平凉市", At: at, Monthly: true, Unseen90: most, Unseen180: most, Visits: most, Contacts: most, Helps: most, Behind: most, Unpaired: most, Needs: most, Moved: most, Weekly: most, Cadres: most, Bound: most, Close: "2026-12-15", Entry: &entry}.Card(),
		},
		"monthly_summary": {say.SummaryCard("2026-12-01", true, own, own, own), say.SummaryCard("2026-12-01", false, own, own, own)},
		"notice":          {say.NoticeCard(day, moment), say.BehalfCard(day, moment, true), say.BehalfCard(day, moment, false), say.StateCard(at), say.AdjustCard("2026-12-30")},
		"question_reply":  {say.QuestionCard(most, say.CardQuestion(most), at), say.QuestionCard(most, say.CardAnswer, at), say.QuestionCard(most, say.CardTold, at), say.QuestionCard(most, say.CardVisit, at)},
		"need_update":     {say.QuestionCard(most, say.CardNeed(most), at), say.QuestionCard(most, say.CardNeedNews(most), at), say.QuestionCard(most, say.CardRating(most), at)},
		"alert":           {say.AlertCard(most, at), say.AlertCard(0, at)},
	}
	told := regexp.MustCompile(`孤儿|无人抚养|残疾人|特困|病|精神|[0-9]元`)
	for _, tpl := range wechatsim.DefaultTemplates() {
		if len(all[tpl.Name]) == 0 {
			t.Errorf("no card for the template %s", tpl.Name)
		}
		want := slices.Sorted(slices.Values(tpl.Keys()))
		for _, card := range all[tpl.Name] {
			fields := card.Fields()
			if got := slices.Sorted(maps.Keys(fields)); !slices.Equal(got, want) {
				t.Errorf("%s fills %v, the template has %v", tpl.Name, got, want)
			}
			for _, kind := range []models.TemplateKind{models.CategoryTemplate, models.ClassicTemplate} {
				for field, value := range fields {
					key := kind.Key(field, nil)
					fitted := kind.Fit(key, value)
					switch {
					case !wechatsim.ValidField(key, fitted):
						t.Errorf("%s %s %s: the platform refuses %q", kind, tpl.Name, key, fitted)
					case fitted != value || wechatsim.Shown(key, fitted) != value:
						t.Errorf("%s %s %s: of %q people see %q", kind, tpl.Name, key, value, wechatsim.Shown(key, fitted))
					case told.MatchString(value):
						t.Errorf("%s %s %s: %q tells too much", kind, tpl.Name, key, value)
					}
				}
			}
		}
	}
}
