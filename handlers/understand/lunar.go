package understand

import (
	"slices"
	"sync"

	"aixin/models"
)

var years = sync.OnceValue(loadCalendar)

// Lunar is the day on which a day of the lunar year falls; day 31 stands for the
// last day of the month. The table holds the years 2000 to 2050.
func Lunar(year, month, day int) (models.Day, bool) { return years().lunar(year, month, day) }

// Term is the day of a solar term in a year.
func Term(year int, name string) (models.Day, bool) {
	i := slices.Index(termNames[:], name)
	if i < 0 {
		return "", false
	}
	return years().term(year, i)
}
