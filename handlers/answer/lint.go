package answer

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"aixin/models"
)

// Faults are what keeps a base from being read, entry by entry.
type Faults []Finding

// Error names every faulty entry.
func (f Faults) Error() string {
	var lines []string
	for _, x := range f {
		if x.Entry == "" {
			lines = append(lines, x.Words)
		} else {
			lines = append(lines, x.Entry+":"+x.Words)
		}
	}
	return strings.Join(lines, "\n")
}

// Read reads the entries of a base and finds what keeps it from being one. What can
// be read comes with the faults, so that these are shown at their entries.
func Read(data []byte) (entries []Entry, faults Faults) {
	if err := yaml.Unmarshal(data, &entries); err != nil {
		return nil, Faults{{Fault: true, Words: "不是政策库的写法(YAML),读不出:" + err.Error()}}
	}
	if len(entries) == 0 {
		return nil, Faults{{Fault: true, Words: "里面一条也没有"}}
	}
	known, asked := map[string]bool{}, map[string]string{}
	for i, e := range entries {
		name := e.ID
		if name == "" {
			name = fmt.Sprintf("第%d条", i+1)
		}
		fault := func(format string, args ...any) {
			faults = append(faults, Finding{Entry: name, Fault: true, Words: fmt.Sprintf(format, args...)})
		}
		switch {
		case e.ID == "":
			fault("没有编号(id)")
		case e.ID == None || e.ID == Crisis:
			fault("编号不能用 %s", e.ID)
		case known[e.ID]:
			fault("编号用了两次")
		}
		known[e.ID] = true
		for _, field := range []struct{ name, value string }{
			{"分类(category)", e.Category}, {"问题(question)", e.Question}, {"回答(answer)", e.Answer}, {"依据(source)", e.Source},
		} {
			if strings.TrimSpace(field.value) == "" {
				fault("没有%s", field.name)
			}
		}
		for _, q := range e.wordings() {
			key := plain(q)
			if key == "" {
				fault("有一种问法是空的")
			} else if other, ok := asked[key]; ok && other != e.ID {
				fault("问法“%s”和 %s 的一样", q, other)
			}
			asked[key] = e.ID
		}
	}
	return entries, faults
}

// Examine reads a base as the check of it does: what keeps it from being taken in,
// and what an editor should look at. It does not make the base ready to be asked.
func Examine(data []byte, today models.Day) (entries []Entry, found []Finding) {
	entries, faults := Read(data)
	return entries, append(faults, check(entries, today)...)
}
