package understand

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	want := " " + os.Getenv("IDS") + " "
	u := New()
	for _, f := range []string{"testdata/dev.jsonl", "testdata/own.jsonl"} {
		for _, l := range readLabelled(t, f) {
			if !strings.Contains(want, " "+l.ID+" ") {
				continue
			}
			m := &message{u: u, runes: clean(l.Text), today: l.Today, roster: l.Roster, names: u.namesOf(l.Roster), days: u.calendar.at(l.Today)}
			m.text = string(m.runes)
			m.scan()
			m.split()
			fmt.Println(l.ID, l.Text, m.decide().Intent)
			for _, c := range m.clauses {
				fmt.Printf("   [%s] plain=%s tagged=%s\n", c.text, c.plain, c.tagged)
				for n, tb := range map[string]table{"visit": visitRules, "noVisit": noVisit, "absent": absent, "aid": aidRules, "noAid": noAid, "othersDid": othersDid} {
					for i := range tb {
						if loc := tb[i].re.FindStringIndex(c.tagged); loc != nil {
							fmt.Printf("      %s#%d %q\n", n, i, c.tagged[loc[0]:loc[1]])
						}
					}
				}
				for n, tb := range map[string]table{"diff": difficultyRules, "deed": deedRules, "byhelp": deedByHelping, "plan": planRules, "asks": asksRules, "missed": missedCall, "problem": problems} {
					for i := range tb {
						if loc := tb[i].re.FindStringIndex(c.plain); loc != nil {
							fmt.Printf("      %s#%d %q\n", n, i, c.plain[loc[0]:loc[1]])
						}
					}
				}
			}
		}
	}
}

func TestYY(t *testing.T) {
	u := New()
	for _, text := range strings.Split(os.Getenv("T"), "|") {
		m := u.begin(Input{Text: text, Today: "2026-11-21", Roster: []Person{{"谷军", []string{"老谷"}}, {"马海龙", []string{"海龙"}}}})
		for _, c := range m.clauses {
			fmt.Printf("   [%s] plain=%s tagged=%s\n", c.text, c.plain, c.tagged)
			for n, tb := range map[string]table{"visit": visitRules, "noVisit": noVisit, "absent": absent, "aid": aidRules, "noAid": noAid, "othersDid": othersDid} {
				for i := range tb {
					if loc := tb[i].re.FindStringIndex(c.tagged); loc != nil {
						fmt.Printf("      %s#%d %q\n", n, i, c.tagged[loc[0]:loc[1]])
					}
				}
			}
			for n, tb := range map[string]table{"diff": difficultyRules, "deed": deedRules, "byhelp": deedByHelping, "plan": planRules, "asks": asksRules, "missed": missedCall, "problem": problems} {
				for i := range tb {
					if loc := tb[i].re.FindStringIndex(c.plain); loc != nil {
						fmt.Printf("      %s#%d %q\n", n, i, c.plain[loc[0]:loc[1]])
					}
				}
			}
			fmt.Println("  need", needWords.FindString(c.plain), "wished", wished.FindString(c.plain), "advice", adviceOnly.FindString(c.plain), "notHelping", notHelping.FindString(c.plain), "forUs", forUs.FindString(c.plain))
		}
		fmt.Printf("%+v\n", m.decide())
	}
}
