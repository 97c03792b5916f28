package answer

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"testing"
)

//go:embed testdata
var testdata embed.FS

type question struct{ Text, Role, Answer string }

func lines[T any](t testing.TB, name string) []T {
	t.Helper()
	data, err := testdata.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("%s: %v in %s", name, err, s.Text())
		}
		out = append(out, v)
	}
	return out
}
