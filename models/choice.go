package models

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// ListName names a list of words that an office keeps.
type ListName string

// The lists.
const (
	ListCategory  ListName = "category"  // 类别
	ListCareMode  ListName = "care_mode" // 供养方式
	ListLine      ListName = "line"      // 条线
	ListChecklist ListName = "checklist" // 四必查: what is looked at on a visit; the office says what
)

// ListNames are the lists in the order of pages.
var ListNames = []ListName{ListCategory, ListCareMode, ListLine, ListChecklist}

// Label is the word for a list.
func (l ListName) Label() string {
	return map[ListName]string{ListCategory: "类别", ListCareMode: "供养方式", ListLine: "条线", ListChecklist: "四必查"}[l]
}

// Choice is one version of an entry of a list. Rows of the register hold its
// code, which never changes; a new name, or the end, is another version that
// holds from a day on. Nothing is overwritten, so that a past day keeps its words.
type Choice struct {
	ID         string   `gorm:"primaryKey"`
	List       ListName `gorm:"column:list_name"`
	Code       string
	Name       string
	Others     string // what workbooks also call it, separated by 、
	Rank       int    `gorm:"column:rank_no"` // its place in the list
	FromDay    Day    // "": as shipped
	Gone       bool   // offered no more from that day on
	RecordedAt Instant
	Author     string
}

// Lists are all versions of all entries, those that are shipped first, then in
// the order in which they were recorded.
type Lists []Choice

// ShippedLists are the words of the programme's papers (domain.md §1.2, §1.4).
// What the four things are that a visit looks at, no paper says.
func ShippedLists() Lists {
	var out Lists
	add := func(list ListName, rows ...[3]string) {
		for i, r := range rows {
			out = append(out, Choice{List: list, Code: r[0], Name: r[1], Others: r[2], Rank: 10 * (i + 1)})
		}
	}
	add(ListCategory,
		[3]string{string(CategoryOrphan), "孤儿"},
		[3]string{string(CategoryDeFactoUnattended), "事实无人抚养儿童", "事实无人抚养、事无儿童、事实孤儿"},
		[3]string{string(CategorySevereDisability), "困难重度残疾人", "重度残疾人、困难重残、重残、重度残疾、困难重度残疾"},
		[3]string{string(CategoryExtremePoverty), "特困人员", "特困、特困供养人员、特困供养、特困家庭、五保、五保户"},
		[3]string{string(CategoryOther), "其他", "其它"})
	add(ListCareMode, [3]string{string(CareModeScattered), "分散", "分散供养"}, [3]string{string(CareModeCentralized), "集中", "集中供养"})
	add(ListLine,
		[3]string{string(LinePairing), "结对", "结对帮扶、结对关爱"},
		[3]string{string(LineTutoring), "帮学助教"}, [3]string{string(LineRehab), "医疗康复"},
		[3]string{string(LineCounsel), "心理抚慰"}, [3]string{string(LineFamilyCare), "亲情关怀"})
	return out
}

// On lists the entries that are offered on a day, in their order.
func (ls Lists) On(list ListName, on Day) (out []Choice) {
	for code, versions := range ls.entries(list) {
		if c, ok := versionOn(versions, on); ok && !c.Gone {
			c.Code = code
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Choice) int { return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Code, b.Code)) })
	return out
}

func (ls Lists) entries(list ListName) map[string][]Choice {
	out := map[string][]Choice{}
	for _, c := range ls {
		if c.List == list {
			out[c.Code] = append(out[c.Code], c)
		}
	}
	return out
}

// versionOn is the version that holds on a day: that of the latest day, and of
// two from the same day the one that was said last.
func versionOn(versions []Choice, on Day) (best Choice, ok bool) {
	for _, c := range versions {
		if c.FromDay <= on && (!ok || c.FromDay >= best.FromDay) {
			best, ok = c, true
		}
	}
	return best, ok
}

// Entry is an entry as it was on a day, also where it is offered no more; before
// its first day, as it was first.
func (ls Lists) Entry(list ListName, code string, on Day) Choice {
	versions := ls.entries(list)[code]
	if len(versions) == 0 {
		return Choice{List: list, Code: code, Name: code}
	}
	if c, ok := versionOn(versions, on); ok {
		return c
	}
	return versions[0]
}

// Word is what an entry was called on a day.
func (ls Lists) Word(list ListName, code string, on Day) string { return ls.Entry(list, code, on).Name }

// Code finds the entry that a word names on a day, by its name or what else it
// is called.
func (ls Lists) Code(list ListName, word string, on Day) (code string, ok bool) {
	offered := ls.On(list, on)
	for _, c := range offered {
		if c.Name == word {
			return c.Code, true
		}
	}
	for _, c := range offered {
		if slices.Contains(c.OtherNames(), word) {
			return c.Code, true
		}
	}
	return "", false
}

// Has tells whether a code is offered on a day.
func (ls Lists) Has(list ListName, code string, on Day) bool {
	return slices.ContainsFunc(ls.On(list, on), func(c Choice) bool { return c.Code == code })
}

// Names joins what is offered on a day, for sentences.
func (ls Lists) Names(list ListName, on Day) string {
	var names []string
	for _, c := range ls.On(list, on) {
		names = append(names, c.Name)
	}
	return strings.Join(names, "、")
}

// Categories says the categories of somebody: 孤儿、困难重度残疾人.
func (ls Lists) Categories(codes string, on Day) string {
	var names []string
	for code := range strings.SplitSeq(codes, ",") {
		if code != "" {
			names = append(names, ls.Word(ListCategory, code, on))
		}
	}
	return strings.Join(names, "、")
}

// Line says a line of pairings.
func (ls Lists) Line(l Line, on Day) string { return ls.Word(ListLine, string(l), on) }

// CareMode says how somebody is supported: 分散供养.
func (ls Lists) CareMode(m CareMode, on Day) string {
	if m == "" {
		return ""
	}
	return strings.TrimSuffix(ls.Word(ListCareMode, string(m), on), "供养") + "供养"
}

// Services are the one-to-one lines beside the pairing itself that there were on
// a day.
func (ls Lists) Services(on Day) (out []Choice) {
	for _, c := range ls.On(ListLine, on) {
		if c.Code != string(LinePairing) {
			out = append(out, c)
		}
	}
	return out
}

// servicesMost is how many one-to-one lines there are room for.
const servicesMost = 12

// services are the one-to-one lines that a report of a day tells of.
func (ls Lists) services(on Day) (out []Service) {
	for _, c := range ls.Services(on) {
		out = append(out, Service{Line(c.Code), c.Name})
	}
	return out[:min(len(out), servicesMost)]
}

// OtherNames splits what an entry is also called.
func (c Choice) OtherNames() []string {
	return strings.FieldsFunc(c.Others, func(r rune) bool { return strings.ContainsRune("、,;, ", r) || r == '\uff0c' || r == '\uff1b' })
}

// checklistMost is how many things a visit is asked to look at: more is a form.
const checklistMost = 6

// Change makes the next version of an entry of what somebody said: of one that
// there is, or, without a code, of a new one at the end of its list. What was
// before a day stays, so it begins today at the earliest.
func (ls Lists) Change(c Choice, today Day) (Choice, error) {
	c.Name, c.Others = strings.TrimSpace(c.Name), strings.Join(c.OtherNames(), "、")
	entries, added := ls.entries(c.List), c.Code == ""
	c.Rank = 0
	if of := entries[c.Code]; len(of) > 0 {
		c.Rank = of[0].Rank
	}
	if added {
		own := 1
		for entries["own"+strconv.Itoa(own)] != nil {
			own++
		}
		c.Code = "own" + strconv.Itoa(own)
		for _, versions := range entries {
			c.Rank = max(c.Rank, versions[0].Rank)
		}
		c.Rank += 10
	}
	faults := ls.faults(c, added)
	if c.FromDay != "" && c.FromDay < today {
		faults = append(faults, errors.New("从今天起,或以后的一天起"))
	}
	return c, errors.Join(faults...)
}

// faults finds what is wrong with a version that somebody wants to add.
func (ls Lists) faults(c Choice, added bool) (faults []error) {
	wrong := func(is bool, words string) {
		if is {
			faults = append(faults, errors.New(words))
		}
	}
	wrong(c.List.Label() == "", "没有这张清单")
	wrong(c.Name == "" || len([]rune(c.Name)) > 14, "名称要写,最多14个字")
	wrong(strings.ContainsAny(c.Name, ",;、\uff0c\uff1b\n"), "名称里不要有顿号、逗号、分号")
	wrong(len([]rune(c.Others)) > 120, "别的叫法太长,最多120个字")
	wrong(c.FromDay == "", "从哪天起要写")
	wrong(!added && len(ls.entries(c.List)[c.Code]) == 0, "没有这一项")
	wrong(added && c.Gone, "新加的一项不能同时停用")
	wrong(c.Gone && c.List == ListLine && c.Code == string(LinePairing), "“结对”是主条线,不能停用")
	wrong(added && c.List == ListChecklist && len(ls.On(ListChecklist, c.FromDay)) >= checklistMost, "一次走访最多查"+strconv.Itoa(checklistMost)+"项,先停用一项")
	wrong(added && c.List == ListLine && len(ls.Services(c.FromDay)) >= servicesMost, "条线最多"+strconv.Itoa(servicesMost)+"条,先停用一条")
	words := append(c.OtherNames(), c.Name)
	for _, other := range ls.On(c.List, c.FromDay) {
		for _, w := range append(other.OtherNames(), other.Name) {
			wrong(other.Code != c.Code && !c.Gone && slices.Contains(words, w), "“"+w+"”已经是“"+other.Name+"”的叫法")
		}
	}
	return faults
}

// String says a version in words: 类别“安置帮教人员”.
func (c Choice) String() string {
	text := c.List.Label() + "“" + c.Name + "”"
	if c.Others != "" {
		text += "(也叫 " + c.Others + ")"
	}
	if c.Gone {
		text += "停用"
	}
	return text
}
