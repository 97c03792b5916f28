package answer

import (
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// changed is the shipped base as an office left it.
func changed(t *testing.T, change func([]Entry) []Entry) *Base {
	t.Helper()
	body, err := yaml.Marshal(change(Default().Entries()))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Load(body)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What an office changes in the base is understood at once, and the rest as before.
func TestAnOfficesChangesAreUnderstood(t *testing.T) {
	heating := Entry{
		ID: "heating", Category: "取暖", Question: "冬季取暖补贴怎么领?",
		Variants: []string{"烧煤的钱公家给补不", "取暖费补多少", "冬天买煤有没有补助"}, Answer: "到村上登记。", Source: "县公告",
	}
	for _, c := range []struct {
		name   string
		change func([]Entry) []Entry
		asked  map[string]string
	}{
		{"a new entry", func(all []Entry) []Entry { return append(all, heating) }, map[string]string{
			"烧煤的钱公家给补不": "heating", "取暖补贴咋领哩": "heating", "今年冬天取暖补助发多少": "heating",
			"低保咋申请哩": "dibao-apply", "残疾证到期咋换": "disab-cert", "今天天气咋样": None, "手机坏了哪修": None,
		}},
		{"another wording", func(all []Entry) []Entry {
			i := slices.IndexFunc(all, func(e Entry) bool { return e.ID == "temp-what" })
			all[i].Variants = append(slices.Clone(all[i].Variants), "遭了黑霜冻能要些钱不")
			return all
		}, map[string]string{"遭了黑霜冻,能不能要些钱": "temp-what", "轮椅坏了找谁": "disab-aids"}},
		{"another id for the same", func(all []Entry) []Entry {
			i := slices.IndexFunc(all, func(e Entry) bool { return e.ID == "disab-cert" })
			all[i].ID = "papers"
			return all
		}, map[string]string{"老汉瘫着,评残能到屋里来不": "papers", "本本到期了咋换": "papers", "轮椅坏了找谁": "disab-aids"}},
		{"an entry gone", func(all []Entry) []Entry {
			return slices.DeleteFunc(all, func(e Entry) bool { return e.ID == "proj-lovemom" })
		}, map[string]string{"爱心妈妈怎么找": None, "轮椅坏了找谁": "disab-aids"}},
	} {
		b := changed(t, c.change)
		for text, want := range c.asked {
			if got := b.Ask(text, "guardian"); got.ID != want {
				t.Errorf("%s: %q: want %s, got %+v", c.name, text, want, got)
			}
		}
	}
	// All that others asked is answered as before, but for what the new entry is for.
	with := changed(t, func(all []Entry) []Entry { return append(all, heating) })
	var other, all int
	for _, q := range lines[question](t, "stranger_questions11.jsonl") {
		if all++; with.Ask(q.Text, q.Role).ID != Default().Ask(q.Text, q.Role).ID && !strings.Contains(q.Text, "取暖") {
			other++
		}
	}
	t.Logf("%d of %d questions are answered otherwise beside a new entry", other, all)
	if other*50 > all {
		t.Error("more than one in fifty")
	}
}
