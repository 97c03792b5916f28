package models

import "testing"

// When a question that nobody answers is told of: working days, around weekends,
// National Day and the days that are swapped for it; nights wait for the morning.
func TestQuestionClock(t *testing.T) {
	words, voice := Question{State: QuestionOpen, Words: Conceal("水管子谁给修")}, Question{State: QuestionOpen, PhotoID: "p"}
	complaint, thanks := Question{State: QuestionComplaint, Words: Conceal("没人来过")}, Question{State: QuestionCarried, Words: Conceal("谢谢")}
	for _, tc := range []struct {
		name, asked string
		q           Question
		steps       []string // what and when
	}{
		{"in the middle of a week", "2026-11-24 10:00", words, []string{StepRemind, "2026-11-26 10:00", StepUnit, "2026-11-27 10:00", StepCounty, "2026-12-01 10:00"}},
		{"on a Friday", "2026-11-20 10:00", words, []string{StepRemind, "2026-11-24 10:00", StepUnit, "2026-11-25 10:00", StepCounty, "2026-11-27 10:00"}},
		{"on a Saturday night", "2026-11-21 22:10", words, []string{StepRemind, "2026-11-25 08:30", StepUnit, "2026-11-26 08:30", StepCounty, "2026-11-30 08:30"}},
		{"before National Day", "2026-09-30 16:00", words, []string{StepRemind, "2026-10-09 16:00", StepUnit, "2026-10-10 16:00", StepCounty, "2026-10-13 16:00"}},
		{"on National Day", "2026-10-01 09:00", words, []string{StepRemind, "2026-10-10 08:30", StepUnit, "2026-10-12 08:30", StepCounty, "2026-10-14 08:30"}},
		{"a voice in the afternoon", "2026-11-20 15:00", voice, []string{StepUnheard, "2026-11-23 09:30", StepRemind, "2026-11-24 15:00", StepUnit, "2026-11-25 15:00", StepCounty, "2026-11-27 15:00"}},
		{"a voice at night", "2026-11-23 22:00", voice, []string{StepUnheard, "2026-11-24 12:30", StepRemind, "2026-11-26 08:30", StepUnit, "2026-11-27 08:30", StepCounty, "2026-12-01 08:30"}},
		{"a complaint", "2026-11-24 10:00", complaint, []string{StepCounty, "2026-11-26 10:00", StepCity, "2026-12-01 10:00"}},
		{"thanks", "2026-11-24 10:00", thanks, nil},
	} {
		tc.q.AskedAt = InstantOf(moment(t, tc.asked))
		var got []string
		for i, s := range DefaultQuestionClock.Steps(tc.q) {
			got = append(got, s.What, DefaultQuestionClock.Next(tc.q, i, pingliang).Time().In(pingliang).Format("2006-01-02 15:04"))
		}
		if len(got) != len(tc.steps) {
			t.Errorf("%s: %v", tc.name, got)
			continue
		}
		for i := range got {
			if got[i] != tc.steps[i] {
				t.Errorf("%s: %v, want %v", tc.name, got, tc.steps)
				break
			}
		}
		if DefaultQuestionClock.Next(tc.q, len(tc.steps)/2, pingliang) != 0 {
			t.Errorf("%s: there is a step after the last", tc.name)
		}
	}
	late := QuestionClock{Remind: 1, Unit: 1, County: 2, Hear: 8}
	words.AskedAt = InstantOf(moment(t, "2026-11-24 10:00"))
	if at := late.Next(words, 2, pingliang); at != InstantOf(moment(t, "2026-11-26 10:00")) {
		t.Errorf("other limits: %v", at.Time())
	}
}
