package models

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

// TemplateKind is how the platform judges the fields of a message template.
type TemplateKind string

// The kinds. Of a category template each key has a type, and one value that breaks
// it loses the whole message. The fields of a classic one are all alike: what is
// behind the twentieth character or a line break is not shown.
const (
	CategoryTemplate TemplateKind = "category"
	ClassicTemplate  TemplateKind = "classic"
)

// Key is the platform's key for a field of ours: the one that the settings name,
// else ours (thing1), which of a classic template has the same number (keyword1).
func (k TemplateKind) Key(field string, named map[string]string) string {
	if other := named[field]; other != "" {
		return other
	}
	if k == ClassicTemplate {
		return "keyword" + field[len(fieldType(field)):]
	}
	return field
}

func fieldType(key string) string { return strings.TrimRight(key, "0123456789") }

// shown is how many characters of a classic field people see.
const shown = 20

// fieldLimits are the most characters of a field by the type of its key
// (wechat-platform.md §4.2).
var fieldLimits = map[string]int{
	"thing": 20, "short_thing": 20, "enum_string": 20, "character_string": 32, "number": 32, "letter": 32, "symbol": 5, "phone_number": 17,
	"car_number": 8, "name": 10, "phrase": 5, "const": 20, "amount": 12, "keyword": shown,
}

// fieldTakes are the characters that a type takes; what is not here takes all.
var fieldTakes = map[string]func(rune) bool{
	"character_string": func(r rune) bool { return r <= unicode.MaxASCII },
	"letter":           func(r rune) bool { return r <= unicode.MaxASCII && unicode.IsLetter(r) },
	"phrase":           func(r rune) bool { return unicode.Is(unicode.Han, r) },
	"number":           func(r rune) bool { return r >= '0' && r <= '9' || r == '.' },
	"phone_number":     func(r rune) bool { return r >= '0' && r <= '9' || strings.ContainsRune("+-() ", r) },
	"symbol":           func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) },
}

// Fit makes a value fit the field of a key: the type's characters only, no more of
// them than it takes, no line breaks, never empty. A character outside the common
// ones counts twice, as some of the platform's own tools count it.
func (k TemplateKind) Fit(key, value string) string {
	kind := fieldType(key)
	limit, limited := fieldLimits[kind]
	takes := fieldTakes[kind]
	if k == ClassicTemplate {
		limit, limited, takes = shown, true, nil
	}
	value = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case takes != nil && !takes(r):
			return -1
		}
		return r
	}, value))
	switch {
	case limited && width(value) > limit && takes != nil:
		value = head(value, limit)
	case limited && width(value) > limit:
		value = head(value, limit-1) + "…"
	}
	if value == "" {
		return "-"
	}
	return value
}

func width(s string) (n int) {
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// head is the beginning of a text that is no wider than n.
func head(s string, n int) string {
	for i, r := range s {
		if n -= utf16.RuneLen(r); n < 0 {
			return s[:i]
		}
	}
	return s
}
