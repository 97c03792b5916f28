package store_test

import (
	"testing"
	"time"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// What found no way to its reader goes out again once they write; what failed for
// another reason, is another's or was settled meanwhile does not.
func TestTellAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := t.Context(), db.System("test")
		cadre, asker := st.NewID(), st.NewID()
		ask := func(key, kind string, role models.Role, state, reason string, settled bool) {
			t.Helper()
			q := models.Question{AskerID: asker, RecipientID: st.NewID(), CadreID: cadre, Words: models.Conceal("问"), State: models.QuestionOpen}
			if err := st.AddQuestion(ctx, &q); err != nil {
				t.Fatal(err)
			}
			if err := st.AddDelivery(ctx, key, store.Delivery{Kind: kind, Role: role, SubjectID: q.ID, OpenID: models.Conceal("o")}); err != nil {
				t.Fatal(err)
			}
			rows, err := st.LeaseDeliveries(ctx, "me", time.Minute, 5, "")
			if err != nil || len(rows) != 1 {
				t.Fatalf("%d leased, %v", len(rows), err)
			}
			if err := st.FinishDelivery(ctx, rows[0], state, reason, ""); err != nil {
				t.Fatal(err)
			}
			if settled {
				if err := st.SettleQuestion(ctx, q, models.QuestionAnswered, "答"); err != nil {
					t.Fatal(err)
				}
			}
		}
		ask("no way", "question", models.RoleCadre, store.DeliveryFailed, store.ReasonNoWay, false)
		ask("late", "question", models.RoleCadre, store.DeliveryFailed, "custom: errcode 45015 (no_window)", false)
		ask("blocked", "question", models.RoleCadre, store.DeliveryRefused, store.ReasonBlocked, false)
		ask("answered", "question", models.RoleCadre, store.DeliveryFailed, store.ReasonNoWay, true)
		ask("bad words", "question", models.RoleCadre, store.DeliveryFailed, "custom: errcode 45002 (bad_content)", false)
		ask("office", "question", models.RoleAdmin, store.DeliveryFailed, store.ReasonNoWay, false)
		ask("answer", "answer", models.RoleGuardian, store.DeliveryFailed, "custom: errcode 45047 (no_window)", true)
		planned := func(want ...string) {
			t.Helper()
			for _, key := range []string{"no way", "late", "blocked", "answered", "bad words", "office", "answer"} {
				d, err := st.DeliveryUnder(ctx, key)
				if err != nil {
					t.Fatal(err)
				}
				is := false
				for _, w := range want {
					is = is || w == key
				}
				if (d.State == store.DeliveryPlanned) != is || is && (d.Attempts != 0 || d.DueAt > st.Now()) {
					t.Errorf("%s is %s after %d attempts", key, d.State, d.Attempts)
				}
			}
		}
		again := func(kind string, role models.Role, who string, since time.Duration) {
			t.Helper()
			if err := st.TellAgain(ctx, kind, role, []string{who}, st.Now().Add(-since)); err != nil {
				t.Fatal(err)
			}
		}
		clock.Add(time.Hour)
		again("question", models.RoleCadre, st.NewID(), 24*time.Hour)
		again("answer", models.RoleGuardian, st.NewID(), 24*time.Hour)
		again("question", models.RoleCadre, cadre, time.Minute) // too long ago
		planned()
		again("question", models.RoleCadre, cadre, 24*time.Hour)
		planned("no way", "late", "blocked")
		again("answer", models.RoleGuardian, asker, 24*time.Hour)
		planned("no way", "late", "blocked", "answer")
	})
}
