package store_test

import (
	"testing"

	"aixin/models/store"
	"aixin/models/store/storetest"
)

// A full disk under SQLite is told as such, and is no refusal: what is sent
// meanwhile waits in the journal.
func TestWhyADatabaseRefuses(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, "sqlite", storetest.NewClock().Now)
	full := func() error { // a page limit is to SQLite what a full disk is
		ctx := t.Context()
		return db.Alone(ctx, "PRAGMA max_page_count=1", "CREATE TABLE more (x)", "INSERT INTO more SELECT zeroblob(1000000)")
	}
	if err := full(); store.Why(err) != store.CauseFull || !store.Away(err) {
		t.Errorf("%v: cause %q, away %v", err, store.Why(err), store.Away(err))
	}
	if store.Why(nil) != "" || store.Away(nil) {
		t.Error("no error has a cause")
	}
}
