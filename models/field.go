package models

import (
	"strings"
	"unicode"
)

// fieldLimits are the most characters of a template field by the first part of
// its key (wechat-platform.md §4.2).
var fieldLimits = map[string]int{
	"thing": 20, "character_string": 32, "number": 32, "letter": 32, "symbol": 5, "phone_number": 17,
	"car_number": 8, "name": 10, "phrase": 5, "const": 20, "amount": 12,
}

// FitField makes a value fit the type of a template field: its characters
// counted as people see them, no line breaks, never empty. A value that the
// platform refuses would lose the whole message.
func FitField(key, value string) string {
	kind := strings.TrimRight(key, "0123456789")
	value = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case kind == "character_string" && r > unicode.MaxASCII:
			return -1
		case kind == "phrase" && !unicode.Is(unicode.Han, r):
			return -1
		case kind == "number" && (r < '0' || r > '9') && r != '.':
			return -1
		}
		return r
	}, value))
	runes := []rune(value)
	if limit, ok := fieldLimits[kind]; ok && len(runes) > limit {
		runes = append(runes[:limit-1:limit-1], '…')
		if kind == "character_string" || kind == "number" || kind == "phrase" {
			runes = []rune(value)[:limit]
		}
	}
	if len(runes) == 0 {
		return "-"
	}
	return string(runes)
}
