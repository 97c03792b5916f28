package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// Card is the words of a template message: three fields, none with a name, a
// category, an illness or a sum.
type Card [3]struct{ Label, Key, Value string }

// Text says the card as a message.
func (c Card) Text() string {
	var lines []string
	for _, f := range c {
		if f.Value != "" {
			lines = append(lines, f.Label+":"+f.Value)
		}
	}
	return strings.Join(lines, "\n")
}

// Fields are the values by the keys of the shipped templates.
func (c Card) Fields() map[string]string {
	out := map[string]string{}
	for _, f := range c {
		out[f.Key] = f.Value
	}
	return out
}

// SummaryTitle names a month's summary.
func SummaryTitle(month models.Day) string { return fmt.Sprintf("%d月小结", month.Time().Month()) }

// SummaryCard comes after a month and tells how far the cadre's own year is.
func SummaryCard(month models.Day, thisYear bool, visits, contacts, helps int) Card {
	year := "今年"
	if !thisYear {
		year = "去年"
	}
	return Card{
		{"月份", "thing1", SummaryTitle(month)},
		{"内容", "thing2", fmt.Sprintf("%s走访%d次 联系%d次 实事%d件", year, visits, contacts, helps)},
		{"说明", "thing3", "点开看每户还差啥"},
	}
}
