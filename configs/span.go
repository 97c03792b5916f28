package configs

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"aixin/models"
)

const day = 24 * time.Hour

// Span is a length of time, written 90s, 30m, 24h or 30d; 0 for none.
type Span time.Duration

// Duration returns the span as the standard library's type.
func (s Span) Duration() time.Duration { return time.Duration(s) }

// String writes whole days as days.
func (s Span) String() string {
	d := time.Duration(s)
	switch {
	case d == 0:
		return "0"
	case d%day == 0:
		return strconv.Itoa(int(d/day)) + "d"
	case d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return d.String()
}

// MarshalText writes the span as the settings file has it.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

var errSpan = errors.New("要写成 90s、30m、24h、30d 这样带单位的时长,或 0")

func parseSpan(text string) (Span, error) {
	text = strings.TrimSpace(text)
	if text == "" || text == "0" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 36500 {
			return 0, errSpan
		}
		return Span(time.Duration(n) * day), nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, errSpan
	}
	return Span(d), nil
}

// Quiet returns the quiet hours of cadres and of families; Validate has made
// sure that they can be read.
func (p Push) Quiet() (cadres, families []models.Window) {
	cadres, err := models.ParseWindows(p.QuietHours)
	if err != nil {
		panic("configs: Quiet before Validate: " + err.Error())
	}
	families, err = models.ParseWindows(p.QuietHoursGuardian)
	if err != nil {
		panic("configs: Quiet before Validate: " + err.Error())
	}
	return cadres, families
}
