package models

import (
	"strings"
	"testing"
)

// A list changes from a day on; what was before keeps its words and its place.
func TestListsKeepThePast(t *testing.T) {
	lists := ShippedLists()
	change := func(c Choice) string {
		t.Helper()
		next, err := lists.Change(c, "2026-11-21")
		if err != nil {
			return err.Error()
		}
		lists = append(lists, next)
		return next.Code
	}
	if got := change(Choice{List: ListChecklist, Name: "吃穿", FromDay: "2026-11-21"}); got != "own1" {
		t.Error(got)
	}
	if got := change(Choice{List: ListChecklist, Name: "用药", FromDay: "2026-12-01"}); got != "own2" {
		t.Error(got)
	}
	if got := change(Choice{List: ListLine, Code: string(LineCounsel), Name: "心理关爱", FromDay: "2027-01-01"}); got != string(LineCounsel) {
		t.Error(got)
	}
	if got := change(Choice{List: ListCategory, Code: string(CategoryOther), Name: "其他", FromDay: "2027-01-01", Gone: true}); got != string(CategoryOther) {
		t.Error(got)
	}
	for _, c := range []struct {
		list ListName
		on   Day
		want string
	}{
		{ListChecklist, "2026-11-20", ""},
		{ListChecklist, "2026-11-21", "吃穿"},
		{ListChecklist, "2026-12-01", "吃穿、用药"},
		{ListLine, "2026-12-31", "结对、帮学助教、医疗康复、心理抚慰、亲情关怀"},
		{ListLine, "2027-01-01", "结对、帮学助教、医疗康复、心理关爱、亲情关怀"},
		{ListCategory, "2027-01-01", "孤儿、事实无人抚养儿童、困难重度残疾人、特困人员"},
	} {
		if got := lists.Names(c.list, c.on); got != c.want {
			t.Errorf("%s on %s: %s, want %s", c.list, string(c.on), got, c.want)
		}
	}
	if got := lists.Categories("other,orphan", "2027-06-01"); got != "其他、孤儿" {
		t.Error("who is registered under what is gone keeps it:", got)
	}
	for _, c := range []struct {
		change Choice
		want   string
	}{
		{Choice{List: ListCategory, FromDay: "2026-12-01"}, "名称要写"},
		{Choice{List: ListCategory, Name: "五保户", FromDay: "2026-12-01"}, "“五保户”已经是“特困人员”的叫法"},
		{Choice{List: ListCategory, Name: "帮教人员", FromDay: "2026-11-20"}, "从今天起"},
		{Choice{List: ListLine, Code: string(LinePairing), Name: "结对", FromDay: "2026-12-01", Gone: true}, "不能停用"},
		{Choice{List: ListCareMode, Code: "nothing", Name: "寄养", FromDay: "2026-12-01"}, "没有这一项"},
		{Choice{List: "fruit", Name: "梨", FromDay: "2026-12-01"}, "没有这张清单"},
	} {
		if got := change(c.change); !strings.Contains(got, c.want) {
			t.Errorf("%+v: %s, want %s", c.change, got, c.want)
		}
	}
}
