package models

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
)

// Secret is a text that stands sealed in the database and is never printed: a
// name, a phone number, an address, somebody's words. The store seals it before
// a write and opens it after a read; a Secret that was not sealed cannot be
// written.
type Secret struct {
	text string
	box  string
}

// ErrUnsealed is returned where a Secret would reach the database in the clear.
var ErrUnsealed = errors.New("models: a Secret reached the database unsealed")

// Conceal wraps a text.
func Conceal(text string) Secret { return Secret{text: text} }

// Reveal returns the text. Callers that show it to a person answer for the
// audit row.
func (s Secret) Reveal() string { return s.text }

// Empty tells whether there is no text.
func (s Secret) Empty() bool { return s.text == "" && s.box == "" }

// Box returns the sealed form, for the store only.
func (s Secret) Box() string { return s.box }

// WithBox returns s with its sealed form set, for the store only.
func (s Secret) WithBox(box string) Secret { s.box = box; return s }

// Opened returns s with its text set, for the store only.
func (s Secret) Opened(text string) Secret { s.text = text; return s }

// Value implements driver.Valuer: only the sealed form ever leaves.
func (s Secret) Value() (driver.Value, error) {
	if s.text != "" && s.box == "" {
		return nil, ErrUnsealed
	}
	return s.box, nil
}

// Scan implements sql.Scanner: what comes in is the sealed form.
func (s *Secret) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = Secret{}
	case string:
		*s = Secret{box: v}
	case []byte:
		*s = Secret{box: string(v)}
	default:
		return fmt.Errorf("models: cannot read a Secret from %T", src)
	}
	return nil
}

// String hides the text from fmt and logs.
func (s Secret) String() string { return "〔密〕" }

// GoString hides the text from %#v.
func (s Secret) GoString() string { return "models.Secret〔密〕" }

// LogValue hides the text from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue("〔密〕") }

// MarshalText refuses: a Secret is revealed on purpose or not at all.
func (s Secret) MarshalText() ([]byte, error) {
	return nil, errors.New("models: a Secret is not marshalled; Reveal it on purpose")
}
