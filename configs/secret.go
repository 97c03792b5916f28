package configs

import (
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"
)

const mask = "******"

// Secret is a setting that no print, log or dump ever shows.
type Secret string

// Reveal returns the secret itself.
func (s Secret) Reveal() string { return string(s) }

// String returns a mask, or nothing where nothing is set.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// Address is a setting with a place in it and perhaps a password: a DSN or a
// storage URL. It is shown without the password.
type Address string

// Reveal returns the address itself.
func (a Address) Reveal() string { return string(a) }

// String returns the address with its password masked; all of it is masked
// where it is not clear which part the password is.
func (a Address) String() string {
	text := string(a)
	if scheme, _, ok := strings.Cut(text, "://"); ok {
		u, err := url.Parse(text)
		if err != nil || u.User == nil && strings.Contains(text, "@") || strings.Contains(u.Path, "@") {
			return mask
		}
		if u.User == nil {
			return text
		}
		user := url.User(u.User.Username()).String()
		u.User = nil
		return scheme + "://" + user + ":" + mask + "@" + strings.TrimPrefix(u.String(), scheme+"://")
	}
	if !strings.Contains(text, "@") && (!strings.Contains(text, ":") || strings.HasPrefix(text, "file:")) {
		return text
	}
	dsn, ok := splitDSN(text)
	switch {
	case !ok:
		return mask
	case dsn.password == "":
		return text
	}
	return dsn.user + ":" + mask + "@" + dsn.rest
}

// Every way of printing ends in String: fmt with any verb, JSON, YAML and slog.

func (s Secret) Format(f fmt.State, _ rune)    { io.WriteString(f, s.String()) }
func (s Secret) GoString() string              { return s.String() }
func (s Secret) LogValue() slog.Value          { return slog.StringValue(s.String()) }
func (s Secret) MarshalText() ([]byte, error)  { return []byte(s.String()), nil }
func (a Address) Format(f fmt.State, _ rune)   { io.WriteString(f, a.String()) }
func (a Address) GoString() string             { return a.String() }
func (a Address) LogValue() slog.Value         { return slog.StringValue(a.String()) }
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// Masked returns all settings as YAML, secrets and passwords masked.
func (c Config) Masked() string {
	k := koanf.New(".")
	err := k.Load(structs.Provider(c, "koanf"), nil)
	if err == nil {
		var text []byte
		if text, err = k.Marshal(yaml.Parser()); err == nil {
			return string(text)
		}
	}
	return "# " + err.Error() + "\n"
}

// mysqlDSN is a DSN of go-sql-driver, cut where that driver cuts it.
type mysqlDSN struct{ user, password, rest, address, name string }

// splitDSN reads user:password@tcp(host:3306)/name?parameters.
func splitDSN(text string) (dsn mysqlDSN, ok bool) {
	slash := strings.LastIndexByte(text, '/')
	if slash < 0 {
		return dsn, false
	}
	at := strings.LastIndexByte(text[:slash], '@')
	if at >= 0 {
		dsn.user, dsn.password, _ = strings.Cut(text[:at], ":")
	}
	dsn.rest = text[at+1:]
	dsn.address = text[at+1 : slash]
	var params string
	dsn.name, params, _ = strings.Cut(text[slash+1:], "?")
	if network, inside, found := strings.Cut(dsn.address, "("); found {
		ok = network != "" && !strings.ContainsAny(network, ": ") && strings.HasSuffix(inside, ")")
	} else {
		ok = network == "" || network == "tcp" || network == "unix"
	}
	if _, err := url.ParseQuery(params); err != nil {
		return dsn, false
	}
	return dsn, ok
}
