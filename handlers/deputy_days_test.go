package handlers

import (
	"testing"

	"aixin/models"
)

func TestDeputyDays(t *testing.T) {
	const today = models.Day("2026-11-21") // a Saturday
	for text, want := range map[string][2]models.Day{
		"老谷让张三代管到月底":         {today, "2026-11-30"},
		"我的户请张三代管一个月":        {today, "2026-12-20"},
		"代管半个月":              {today, "2026-12-05"},
		"张三的户由李四代管到12月31日":   {today, "2026-12-31"},
		"我的户张三代管到下月5号":       {today, "2026-12-05"},
		"让张三代管到5号":           {today, "2026-12-05"},
		"从12月1日到12月20日由张三代管": {"2026-12-01", "2026-12-20"},
		"明天起代管一周":            {"2026-11-22", "2026-11-28"},
		"代管两周":               {today, "2026-12-04"},
		"代管十天":               {today, "2026-11-30"},
		"到年底都由张三代管":          {today, "2026-12-31"},
		"到1月15日由张三代管":        {today, "2027-01-15"},
		"这周让张三代管":            {today, "2026-11-22"},
		"到下个月底由张三代管":         {today, "2026-12-31"},
		"我的户让张三代管":           {today, ""},
	} {
		from, to := deputyDays(text, today)
		if from != want[0] || to != want[1] {
			t.Errorf("%s: %s to %s, want %s to %s", text, from, to, want[0], want[1])
		}
	}
}
