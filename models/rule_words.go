package models

import (
	"errors"
	"fmt"
	"strings"
)

var (
	cycleWords = map[Cycle]string{CycleYear: "每年", CycleHalf: "每半年", CycleMonth: "每月", CycleWeek: "每周"}
	shareWords = map[Share]string{ShareWhole: "不折算", ShareHandover: "换人按天分", ShareDays: "按天折算"}
	unitWords  = map[RuleUnit]string{UnitPerson: "按人", UnitHousehold: "按户", UnitCadre: "按干部"}
	stageWords = map[PolicyStage]string{PolicyExplained: "宣讲", PolicyApplied: "申请", PolicyObtained: "办成"}
)

// Label is the word for a period.
func (p Cycle) Label() string { return cycleWords[p] }

// Label is the word for a way of sharing.
func (s Share) Label() string { return shareWords[s] }

// Label is the word for a unit.
func (u RuleUnit) Label() string { return unitWords[u] }

// Label is the word for a stage of a policy.
func (s PolicyStage) Label() string { return stageWords[s] }

// Words says a rule in one sentence, by the names of a day: 每年联系4次(结对、换人按天分).
func (r Rule) Words(ls Lists, on Day) string {
	if r.Number == 0 {
		return r.Name + ":不再要求"
	}
	var parts []string
	for _, word := range []string{ls.Line(r.Line, on), ls.Categories(r.Categories, on), ls.CareMode(r.CareMode, on), r.Share.Label()} {
		if word != "" {
			parts = append(parts, word)
		}
	}
	if r.Spacing > 0 {
		parts = append(parts, fmt.Sprintf("两次隔%d天", r.Spacing))
	}
	if r.Kind == KindHelp {
		parts = append(parts, r.Unit.Label())
		var stages []string
		for s := range strings.SplitSeq(r.Stages, ",") {
			stages = append(stages, PolicyStage(s).Label())
		}
		parts = append(parts, "政策要"+strings.Join(stages, "或"))
	}
	unit := "次"
	if r.Kind == KindHelp {
		unit = "件"
	}
	return fmt.Sprintf("%s%s%d%s(%s)", r.Cycle.Label(), r.Name, r.Number, unit, strings.Join(parts, "、"))
}

// Check finds what is wrong with a rule that somebody wants to set.
func (r Rule) Check(ls Lists) error {
	var faults []error
	add := func(wrong bool, words string) {
		if wrong {
			faults = append(faults, errors.New(words))
		}
	}
	within := func(list string, ok func(string) bool) bool {
		for part := range strings.SplitSeq(list, ",") {
			if part != "" && !ok(part) {
				return false
			}
		}
		return true
	}
	add(r.Key == "" || len(r.Key) > 20 || strings.Trim(r.Key, "abcdefghijklmnopqrstuvwxyz_0123456789") != "", "规则编号用小写字母,最多20个")
	add(r.Name == "" || len([]rune(r.Name)) > 6, "名称要写,最多6个字")
	add(r.Kind != KindContact && r.Kind != KindVisit && r.Kind != KindHelp, "类别是联系、走访、实事之一")
	add(r.Number < 0 || r.Number > 366, "次数在0到366之间,0就是不再要求")
	add(r.Cycle.Label() == "", "周期是每年、每半年、每月、每周之一")
	add(!ls.Has(ListLine, string(r.Line), r.FromDay), "条线不对")
	add(!within(r.Categories, func(c string) bool { return ls.Has(ListCategory, c, r.FromDay) }), "类别要从清单里选")
	add(r.CareMode != "" && !ls.Has(ListCareMode, string(r.CareMode), r.FromDay), "供养方式要从清单里选")
	add(r.Share.Label() == "", "折算办法不对")
	add(r.Unit != "" && r.Unit.Label() == "", "实事按人、按户或按干部")
	add(r.Spacing < 0 || r.Spacing > 180 || r.Grace < 0 || r.Grace > 180, "天数在0到180之间")
	add(!within(r.Stages, func(s string) bool { return PolicyStage(s).Label() != "" }), "政策要宣讲、申请、办成里的")
	add(!within(r.Channels, func(s string) bool { return Channel(s).Label() != "" }), "联系方式要电话、短信、微信、视频里的")
	add(r.FromDay == "", "从哪天起要写")
	return errors.Join(faults...)
}
