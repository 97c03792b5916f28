package say

import "time"

// SampleCards are the words behind each template setting, as a test send and the
// check of an account's templates fill them.
func SampleCards(at time.Time) map[string]Card {
	return map[string]Card{
		"duty_reminder":   Weekly{Visits: 1, By: "2026-12-31", Today: "2026-12-01"}.Card(),
		"monthly_summary": SummaryCard("2026-10-01", true, 1, 1, 1),
		"notice":          NoticeCard("试发", "试发"),
		"question_reply":  QuestionCard(0, "试发,不用管", at),
		"need_update":     QuestionCard(0, "试发,不用管", at),
		"alert":           AlertCard(0, at),
	}
}
