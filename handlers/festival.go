package handlers

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"

	"aixin/handlers/understand"
	"aixin/models"
)

//go:embed festivals.yaml
var festivalsFile []byte

// festival is a day on which a family likes to be thought of.
type festival struct {
	Name  string `yaml:"name"`
	On    string `yaml:"on"`
	For   string `yaml:"for"`
	Words string `yaml:"words"` // with %s for the date; none: 6月1日是儿童节
	Ahead int    `yaml:"ahead"`
	Idea  string `yaml:"idea"`
}

var festivals = sync.OnceValue(func() []festival {
	var all []festival
	if err := yaml.Unmarshal(festivalsFile, &all); err != nil {
		panic(err) // a shipped file of ours; a test reads it
	}
	for _, f := range all {
		if _, ok := f.in(2026); !ok || forWhom[f.For] == nil || f.Ahead < 7 {
			panic(fmt.Sprintf("festivals.yaml: %+v", f))
		}
	}
	return all
})

// forWhom tells in whose home a day matters.
var forWhom = map[string]func(r models.Recipient, on models.Day) bool{
	"all":      func(models.Recipient, models.Day) bool { return true },
	"child":    func(r models.Recipient, on models.Day) bool { age := r.Age(on); return age >= 0 && age < 18 },
	"old":      func(r models.Recipient, on models.Day) bool { return r.Age(on) >= 60 },
	"disabled": func(r models.Recipient, _ models.Day) bool { return r.Is(models.CategorySevereDisability) },
}

// in is the day in a year.
func (f festival) in(year int) (models.Day, bool) {
	var month, day, week int
	if rest, ok := strings.CutPrefix(f.On, "农历"); ok {
		n, _ := fmt.Sscanf(strings.TrimSpace(rest), "%d-%d", &month, &day)
		on, known := understand.Lunar(year, month, day)
		return on, n == 2 && known
	}
	if n, _ := fmt.Sscanf(f.On, "%d月第%d个周日", &month, &week); n == 2 {
		first := models.NewDay(year, time.Month(month), 1)
		return first.Add((7-int(first.Weekday()))%7 + 7*(week-1)), true
	}
	if n, _ := fmt.Sscanf(f.On, "%d-%d", &month, &day); n == 2 {
		return models.NewDay(year, time.Month(month), day), true
	}
	return understand.Term(year, f.On)
}

// feast is a festival with its day.
type feast struct {
	festival
	Day models.Day
}

// comingFeasts are those of which it is time to speak.
func comingFeasts(today models.Day) (out []feast) {
	for _, f := range festivals() {
		for _, year := range []int{today.Year(), today.Year() + 1} {
			if on, ok := f.in(year); ok && today < on && on.Sub(today) <= f.Ahead {
				out = append(out, feast{f, on})
			}
		}
	}
	return out
}

// feastNamed finds one by its name, in a year.
func feastNamed(name string, year int) (feast, bool) {
	for _, f := range festivals() {
		if on, ok := f.in(year); ok && f.Name == name {
			return feast{f, on}, true
		}
	}
	return feast{}, false
}
