package models

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestDuties works out the examples of testdata/duties.txt, a table that a clerk
// can read and correct.
func TestDuties(t *testing.T) {
	const file = "testdata/duties.txt"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	rows := 0
	for _, line := range strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			out = append(out, line)
			continue
		}
		cells := strings.Split(line, "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) < 5 {
			t.Fatalf("a row has five columns at least: %s", line)
		}
		rows++
		tally := example(t, cells)
		got := strings.Join(append(cells[:5:5], tally.Line(), told(tally)), " | ")
		if got != line && !*update {
			t.Errorf("\n have %s\n want %s", got, line)
		}
		out = append(out, got)
	}
	if rows < 40 {
		t.Errorf("only %d examples", rows)
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(out, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// told says each obligation of now, of weeks the one before too.
func told(t Tally) string {
	var parts []string
	for _, o := range t.Duties {
		name := o.Name
		if o.Cycle == CycleWeek {
			if t.On.Monday().Sub(o.From) > 7 {
				continue
			}
			name = o.Cycle.Slot(o.From)
		} else if t.On < o.From || t.On > o.To {
			continue
		}
		s := name + " " + o.Word(t.Seen)
		if o.State == ObligationDue {
			s += ",该提醒"
		}
		if o.Proxied > 0 {
			s += ",电话代看"
		}
		if o.Rest != "" && o.State != ObligationCancelled {
			s += "," + o.Rest.Label()
		}
		if o.Reason != "" {
			s += "(" + o.Reason + ")"
		}
		parts = append(parts, s)
	}
	var not []string
	for _, c := range t.Credits {
		if c.Why != "" {
			not = append(not, c.Why)
		}
	}
	if len(not) > 0 {
		parts = append(parts, "没算:"+strings.Join(not, "、"))
	}
	return strings.Join(parts, "; ")
}

var exampleDeeds = map[string]Activity{
	"走访": {Kind: KindVisit}, "电话": {Kind: KindContact, Channel: ChannelPhone}, "短信": {Kind: KindContact, Channel: ChannelSMS},
	"微信": {Kind: KindContact, Channel: ChannelWeChat}, "视频": {Kind: KindContact, Channel: ChannelVideo},
	"实事": {Kind: KindHelp, Help: HelpDeed}, "困难": {Kind: KindHelp, Help: HelpDifficulty}, "资助": {Kind: KindAid},
	"宣讲": {Kind: KindHelp, Help: HelpPolicy, Stage: PolicyExplained}, "申请": {Kind: KindHelp, Help: HelpPolicy, Stage: PolicyApplied},
	"办成": {Kind: KindHelp, Help: HelpPolicy, Stage: PolicyObtained},
}

// example reads one row.
func example(t *testing.T, cells []string) Tally {
	t.Helper()
	fail := func(what string) { t.Fatalf("%s: %q cannot be read", cells[0], what) }
	on := Day(cells[4])
	day := func(s string) Day {
		if len(s) == 5 {
			s = fmt.Sprint(on.Year(), "-", s)
		}
		d, err := ParseDay(s)
		if err != nil {
			fail(s)
		}
		return d
	}
	var f Facts
	ids := map[string]string{}
	for i, part := range strings.Split(cells[1], ";") {
		words := strings.Fields(part)
		from, to, ok := strings.Cut(words[1], "~")
		if !ok {
			fail(part)
		}
		p := Pairing{ID: fmt.Sprint("p", i), CadreID: strings.TrimPrefix(words[0], "*"), RecipientID: "r", Line: LinePairing, FromDay: day(from)}
		if to != "" {
			p.ToDay = day(to)
		}
		if len(words) > 2 {
			if line, ok := ShippedLists().Code(ListLine, words[2], ""); ok {
				p.Line = Line(line)
			} else {
				p.Reason = words[2]
			}
		}
		f.Chain = append(f.Chain, p)
		ids[p.CadreID] = p.ID
		if strings.HasPrefix(words[0], "*") {
			f.Pairing = p
		}
	}
	for _, part := range strings.Split(cells[2], ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		what, when, _ := strings.Cut(part, " ")
		a := Activity{CadreID: f.Pairing.CadreID, RecipientID: "r"}
		who, at, moment := strings.Cut(what, "@")
		if by, forWhom, ok := strings.Cut(who, "替"); ok {
			a.CadreID, a.PairingID = by, ids[string([]rune(forWhom)[0])]
			who = string([]rune(forWhom)[1:])
		} else if r := []rune(who); strings.ContainsRune("甲乙丙", r[0]) {
			a.CadreID, who = string(r[0]), string(r[1:])
		}
		deed, ok := exampleDeeds[who]
		if !ok {
			fail(part)
		}
		a.Kind, a.Channel, a.Help, a.Stage = deed.Kind, deed.Channel, deed.Help, deed.Stage
		if moment {
			utc, err := time.Parse("2006-01-02T15:04Z", at)
			if err != nil {
				fail(at)
			}
			a.Day = DayOf(utc, time.FixedZone("Asia/Shanghai", 8*3600))
		} else {
			a.Day = day(when)
		}
		f.Activities = append(f.Activities, a)
	}
	rules := DefaultRules()
	later := false
	for _, part := range strings.Split(cells[3], ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}
		switch words[0] {
		case "期初":
			f.Pairing.OpeningAsOf = day(words[1])
			if _, err := fmt.Sscanf(words[2], "%d/%d/%d", &f.Pairing.OpeningContacts, &f.Pairing.OpeningVisits, &f.Pairing.OpeningHelps); err != nil {
				fail(part)
			}
		case "期初未知":
			f.Pairing.OpeningUnknown, f.Pairing.CreatedAt = true, InstantOf(day(words[1]).Time())
		case "分散特困":
			f.Categories, f.CareMode = string(CategoryExtremePoverty), CareModeScattered
		case "集中特困":
			f.Categories, f.CareMode = string(CategoryExtremePoverty), CareModeCentralized
		case "退出":
			f.ExitedOn = day(words[1])
		case "事后看":
			later = true
		case "规则":
			rules = append(rules, exampleRule(t, rules, words))
		case "住院", "外出", "去世":
			from, to, _ := strings.Cut(words[1], "~")
			row := RecipientState{State: map[string]State{"住院": StateHospital, "外出": StateAway, "去世": StateDeceased}[words[0]], FromDay: day(from)}
			if to != "" {
				row.ToDay = day(to)
			}
			f.States = append(f.States, row)
		default:
			fail(part)
		}
	}
	if later {
		return ReckonYear(rules, f, on.Year())
	}
	return Reckon(rules, f, on)
}

// exampleRule reads 规则 走访 每年 3 2026-07-01 本期 隔30 按天.
func exampleRule(t *testing.T, rules RuleSet, words []string) Rule {
	t.Helper()
	for _, r := range DefaultRules() {
		if r.Name != words[1] {
			continue
		}
		for cycle, label := range cycleWords {
			if label == words[2] {
				r.Cycle = cycle
			}
		}
		fmt.Sscan(words[3], &r.Number) // a number by the table
		r.FromDay, r.RecordedAt = Day(words[4]), Instant(len(rules))
		for _, w := range words[5:] {
			switch {
			case w == "本期":
				r.AtOnce = true
			case w == "按天":
				r.Share = ShareDays
			case strings.HasPrefix(w, "隔"):
				fmt.Sscan(strings.TrimPrefix(w, "隔"), &r.Spacing)
			}
		}
		if err := r.Check(ShippedLists()); err != nil {
			t.Fatal(words, err)
		}
		return r
	}
	t.Fatal("no rule", words)
	return Rule{}
}

// A change says from which day it governs: the next period that begins, or the
// one that runs.
func TestRuleBegins(t *testing.T) {
	visit := DefaultRules().Latest("visit")
	for _, c := range []struct {
		cycle  Cycle
		from   Day
		atOnce bool
		want   Day
	}{
		{CycleYear, "2026-07-01", false, "2027-01-01"},
		{CycleYear, "2026-07-01", true, "2026-01-01"},
		{CycleYear, "2027-01-01", false, "2027-01-01"},
		{CycleMonth, "2026-07-15", false, "2027-01-01"},
	} {
		visit.Cycle, visit.FromDay, visit.AtOnce = c.cycle, c.from, c.atOnce
		if got := DefaultRules().Begins(visit); got != c.want {
			t.Errorf("%s from %s at once %t: %s, not %s", c.cycle, string(c.from), c.atOnce, string(got), string(c.want))
		}
	}
}
