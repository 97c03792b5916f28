package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

func TestAuditChain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		st := db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 60 {
			clock.Add(time.Second)
			must(st.Note(ctx, "read", fmt.Sprintf("recipient:%026d", i%3), "看全"))
		}
		must(st.NoteChange(ctx, "change", "recipient:x", "address", "老地址", "新地址"))
		// Several at once: each row gets one place.
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				for range 6 {
					if _, err := st.SealAudit(ctx, 20); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		for {
			n, err := st.SealAudit(ctx, 20)
			must(err)
			if n == 0 {
				break
			}
		}
		c, err := st.VerifyAudit(ctx, "")
		must(err)
		if c.Rows != 61 || c.Waiting != 0 || c.Broken != 0 || !strings.HasPrefix(c.Head, "61 ") {
			t.Fatalf("%+v", c)
		}
		known := c.Head
		must(st.Note(ctx, "read", "recipient:y", ""))
		if c, err = st.VerifyAudit(ctx, known); err != nil || c.Waiting != 1 || c.Broken != 0 {
			t.Fatalf("%+v %v", c, err)
		}
		if n, err := st.SealAudit(ctx, 20); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		rows, err := st.AuditTrail(ctx, store.AuditFilter{Person: fmt.Sprintf("%026d", 1)}, 50)
		if err != nil || len(rows) != 20 || rows[0].Action != "read" {
			t.Fatalf("%d rows of a person, %v", len(rows), err)
		}
		// Changed, removed and cut off: each is found, and where.
		for _, tc := range []struct {
			sql  string
			at   int64
			word string
		}{
			{"UPDATE audit SET detail = '没看' WHERE seq = 30", 30, "改过"},
			{"UPDATE audit SET detail = '看全' WHERE seq = 30", 0, ""},
			{"UPDATE audit SET actor = 'account:other' WHERE seq = 7", 7, "改过"},
			{"UPDATE audit SET actor = 'system:test' WHERE seq = 7", 0, ""},
			{"DELETE FROM audit WHERE seq = 62", 62, "后面少了"},
			{"UPDATE meta SET value = '" + known + "' WHERE name = 'audit_head'", 0, ""},
			{"DELETE FROM audit WHERE seq = 12", 12, "没有了"},
		} {
			must(db.Exec(ctx, tc.sql))
			c, err := st.VerifyAudit(ctx, known)
			if err != nil || c.Broken != tc.at || !strings.Contains(c.Fault, tc.word) {
				t.Errorf("%s: %+v %v", tc.sql, c, err)
			}
		}
		if c, err := st.VerifyAudit(ctx, "99 x"); err != nil || c.Broken == 0 {
			t.Errorf("a chain shorter than it was: %+v %v", c, err)
		}
		// An office sees what was done with its people, others do not.
		if rows, err := db.As(models.Actor{Account: "a", Region: "620821", Role: models.AccountCounty}).AuditTrail(ctx, store.AuditFilter{}, 50); err != nil || len(rows) != 0 {
			t.Errorf("another county reads %d rows, %v", len(rows), err)
		}
	})
}
