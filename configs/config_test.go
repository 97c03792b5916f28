package configs

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"aixin/models"
)

func TestDerived(t *testing.T) {
	c := Default()
	if c.Zone().String() != "Asia/Shanghai" || c.DSN() != "data/aixin.db" || c.KeysetFile() != "data/keyset.json" {
		t.Errorf("zone %v, DSN %s, keyset %s", c.Zone(), c.DSN(), c.KeysetFile())
	}
	if u, err := c.StorageURL(); err != nil || !strings.HasPrefix(u, "file:///") || !strings.HasSuffix(u, "/data/photos") {
		t.Errorf("storage %s, %v", u, err)
	}
	cadres, families := c.Push.Quiet()
	h := time.Hour
	if !slices.Equal(cadres, []models.Window{{From: 21 * h, To: 8 * h}, {From: 12*h + 30*time.Minute, To: 14*h + 30*time.Minute}}) || !slices.Equal(families, []models.Window{{From: 20 * h, To: 8 * h}}) {
		t.Errorf("quiet hours %v, %v", cadres, families)
	}
	c.Database.Driver, c.Database.DSN, c.Security.KeysetFile, c.Storage.URL = "mysql", "d", "k", "u"
	if u, _ := c.StorageURL(); c.DSN() != "d" || c.KeysetFile() != "k" || u != "u" {
		t.Error("what is set does not hold")
	}
	for text, want := range map[string]Span{"": 0, "0": 0, "30d": Span(30 * day), "90s": Span(90 * time.Second), "36h": Span(36 * time.Hour)} {
		if got, err := parseSpan(text); err != nil || got != want {
			t.Errorf("parseSpan(%q) = %v, %v", text, got, err)
		}
		if again, _ := parseSpan(want.String()); again != want {
			t.Errorf("%v does not read back", want)
		}
	}
	for _, text := range []string{"30", "-1h", "-1d", "1.5d", "d", "99999999d", "soon"} {
		if _, err := parseSpan(text); err == nil {
			t.Errorf("parseSpan(%q) accepted", text)
		}
	}
	c.mysql("app:hush@tcp(db:3306)/aixin")
	if n := len(c.Warnings()); n != 2 {
		t.Errorf("warnings %q", c.Warnings())
	}
	c.Redis.Addrs = nil // MySQL with the embedded Redis is worth a warning, no fault
	if w := c.Warnings(); len(w) != 3 || !strings.Contains(strings.Join(w, "\n"), "redis.addrs") {
		t.Errorf("warnings %q", w)
	}
	if err := c.Validate(true); strings.Contains(fmt.Sprint(err), "redis.addrs") {
		t.Error(err)
	}
}
