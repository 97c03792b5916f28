package handlers_test

import (
	"regexp"
	"strings"
	"testing"

	"aixin/bot"
	"aixin/handlers/understand"
)

// The scenes of domain.md §3.2 that this part serves: what the answer must hold
// and what it must not. The wording of the policy base may change.
func TestFamilyScenes(t *testing.T) {
	sum := regexp.MustCompile(`每月[^,。]{0,6}\d+元`)
	for _, scene := range []struct{ scene, says, holds, lacks string }{
		{"G2", "低保咋办哩", "12345 回1", ""},
		{"G3", "一级残疾一个月补多少", "12345", ""},
		{"G4", "娃他妈跑了五年了,能办个啥", "12345 回1", ""},
		{"G5", "我的帮扶干部是谁,电话多少", "王敏 单位", "139"},
		{"G6", "干部一年要来几回", "4次 2次 1件", ""},
		{"G7", "一直没人来过", "反映 县", "转给王干部"},
		{"G9", "我反映的事到哪步了", "没有问过", ""},
		{"G10", "娃不想念书了", "12345", ""},
		{"G11", "心里木乱,睡不着", "12356", ""},
		{"G12", "不想活了", "12356 110 120 12345", "回1 已通知"},
		{"G13", "孙女叫人欺负了", "110 120 12345 12356 衣物", "回1 已通知"},
		{"G14", "有人说交800保证金就给补助", "110", ""},
		{"G17", "给王干部捎句话:羊病了", "捎给王干部", ""},
		{"G18", "谢谢王干部,娃考上高中了", "捎给王干部", ""},
		{"G22", "记录说上月来过,其实没来", "反映 县", "转给王干部"},
		{"G23", "今天下雪了没", "天气", "提问"},
		{"用语", "进度", "没有问过", ""},
		{"用语", "我的资料", "谷家 王敏", ""},
		{"用语", "谁来过", "没记不等于没来", ""},
		{"闲话", "嗯", "在", "提问"},
	} {
		s := newStage(t, understand.New(), "sqlite")
		s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
		s.direct("guardian 谷婶 of 谷军")
		got := s.say(scene.says)
		for w := range strings.FieldsSeq(scene.holds) {
			if !strings.Contains(got, w) {
				t.Errorf("%s %s: no %q in: %s", scene.scene, scene.says, w, got)
			}
		}
		for w := range strings.FieldsSeq(scene.lacks) {
			if strings.Contains(got, w) {
				t.Errorf("%s %s: %q in: %s", scene.scene, scene.says, w, got)
			}
		}
		if got == "" || len(got) > bot.MaxReply || sum.MatchString(got) {
			t.Errorf("%s %s: %s", scene.scene, scene.says, got)
		}
	}
}
