package handlers_test

import (
	"strings"
	"testing"

	"aixin/bot"
	"aixin/handlers/understand"
)

// What reaches a locked telephone, and what is written down by the service, bears
// no name, no words and no sum: answers, carried words, recordings and pictures
// that are held back.
func TestCardsAndLogsBearNoName(t *testing.T) {
	s := newStage(t, understand.New(), "sqlite")
	s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01; 马海龙(海龙) 9 峡门村 2026-01-01")
	s.direct("guardian 谷婶 of 谷军")
	s.say("护理补贴咋停了,我家羊圈边上的水管子谁给修哩")
	s.say("给王干部捎句话:羊病了,欠了药费800元")
	var sent []string
	late := func(day string) {
		s.direct(day)
		sent = append(sent, s.deliver())
	}
	late("2026-11-25 10:00")
	s.who = "王敏"
	for _, words := range []string{"转告老谷:一级残疾补贴300元批下来了", "1", "回复 1 低保金下月发", "转告老谷", "[语音]", "1", "[照片 证件]"} {
		s.say(words)
	}
	late("2026-11-28 10:00")
	late("2026-11-28 10:05")
	cards := 0
	for line := range strings.Lines(strings.Join(sent, "")) {
		if !strings.Contains(line, "[卡片") {
			continue
		}
		cards++
		for _, private := range []string{"谷", "马海龙", "王", "残疾", "低保", "补贴", "病", "元", "羊", "水管"} {
			if strings.Contains(line[strings.Index(line, "[卡片"):], private) {
				t.Errorf("a card bears %q: %s", private, line)
			}
		}
	}
	if cards < 4 {
		t.Errorf("%d cards went, want those of an answer, of two carried words and of questions:\n%s", cards, strings.Join(sent, ""))
	}
	s.chat.Understand = nil // a fault, which is logged
	s.say("昨天去谷军家送了800元,他低保停了,一级残疾")
	if s.written.Len() == 0 {
		t.Error("a fault was not logged")
	}
	for _, private := range []string{"谷军", "谷婶", "残疾", "低保", "补贴", "300元", "800元", "o_王敏"} {
		if strings.Contains(s.written.String(), private) {
			t.Errorf("the log bears %q:\n%s", private, &s.written)
		}
	}
	if page := bot.OpenID("o_谷婶"); strings.Contains(strings.Join(sent, ""), string(page)) {
		t.Error("an openid was sent")
	}
}
