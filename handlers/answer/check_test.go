package answer

import (
	"strings"
	"testing"
)

const checked = `
- {id: a, category: 低保, question: 低保怎么办, variants: [低保咋办, 办低保, 低保去哪], answer: 到乡镇申请。, source: 办法, hotline: "12345", effective: "2026-01-01", review: "2027-01-01", signed: [县民政局]}
- {id: b, category: 低保, question: 护理补贴怎么停了, variants: [护理补贴, 补贴停了, 残疾补贴停了], answer: 到乡镇问。每月发给你120元。, source: 办法, hotline: "12345", review: "2026-11-21"}
- {id: c, category: 医保, question: 医保怎么交, variants: [交医保], answer: 手机交。, source: 办法, region: "6101", effective: "2026年", review: "2026-13-01"}
`

func TestCheck(t *testing.T) {
	b, err := Load([]byte(checked))
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	faults := 0
	for _, f := range b.Check("2026-11-21") {
		words = append(words, f.Entry+" "+f.Words)
		if f.Fault {
			faults++
		}
		if f.Entry == "a" {
			t.Errorf("nothing is wrong with a: %s", f.Words)
		}
	}
	all := strings.Join(words, "\n")
	for _, want := range []string{"c region", "c effective", "c review", "c 没有电话", "b 2026-11-21 就该复核", "b 没人会签", "b 写了金额", "c 只有 1 种问法"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in:\n%s", want, all)
		}
	}
	if faults != 5 {
		t.Errorf("%d faults:\n%s", faults, all)
	}
	for _, tc := range []struct {
		e     Entry
		holds bool
	}{
		{Entry{}, true}, {Entry{Region: "620802"}, true}, {Entry{Region: "620825"}, false}, {Entry{Effective: "2026-11-22"}, false}, {Entry{Effective: "2026-11-21"}, true},
	} {
		if got := tc.e.HoldsIn("620802101003", "2026-11-21"); got != tc.holds {
			t.Errorf("%+v: %t", tc.e, got)
		}
	}
	for _, f := range Default().Check("2026-11-21") {
		if f.Fault {
			t.Errorf("the shipped base: %s %s", f.Entry, f.Words)
		}
	}
}

// What is asked alike stands together, with the entries nearest to it.
func TestGaps(t *testing.T) {
	gaps := Default().Gaps([]string{"羊圈的水管谁给修", "养老院一个月交多少", "羊圈水管子谁修哩", "水管坏了羊圈没水谁给修"})
	if len(gaps) < 2 || len(gaps) > 3 || len(gaps[0].Questions) < 2 || !strings.Contains(gaps[0].Questions[0], "水管") {
		t.Fatalf("%+v", gaps)
	}
	if len(gaps[0].Nearest) == 0 {
		t.Error("no entry is near")
	}
}
