package store

import (
	"errors"
	"strings"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// Cause is what stands between the program and its database, as far as somebody
// who runs it can mend it.
type Cause string

// The causes; the empty one is anything else.
const (
	CauseAway     Cause = "away"     // nobody answers there
	CauseDenied   Cause = "denied"   // user or password are wrong, or the user may not
	CauseNoSchema Cause = "noschema" // the server has no database of that name
	CauseNoFile   Cause = "nofile"   // the file or its folder cannot be opened
	CauseNoBase   Cause = "nobase"   // the file is none of SQLite's
	CauseReadOnly Cause = "readonly"
	CauseFull     Cause = "full"
)

// sqliteSays are pieces of SQLite's messages and what they mean.
var sqliteSays = []struct {
	piece string
	cause Cause
}{
	{"unable to open database file", CauseNoFile},
	{"file is not a database", CauseNoBase},
	{"attempt to write a readonly database", CauseReadOnly},
	{"database or disk is full", CauseFull},
	{"no space left on device", CauseFull},
}

// Why finds the cause of an error.
func Why(err error) Cause {
	if err == nil {
		return ""
	}
	var my *mysqldriver.MySQLError
	if errors.As(err, &my) {
		switch my.Number {
		case 1044, 1045, 1142, 1227, 1698:
			return CauseDenied
		case 1049:
			return CauseNoSchema
		case 1290, 1836:
			return CauseReadOnly
		}
	}
	for _, s := range sqliteSays {
		if strings.Contains(err.Error(), s.piece) {
			return s.cause
		}
	}
	if Away(err) {
		return CauseAway
	}
	return ""
}
