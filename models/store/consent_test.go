package store_test

import (
	"context"
	"testing"

	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// A version is asked about once; an agreement holds by the versions that still
// hold, and the newest word counts, on both databases.
func TestConsentByItsVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ask := models.ConsentAsk{SubjectID: st.NewID(), RecipientID: st.NewID(), Version: "2027-01"}
		for i := range 2 {
			if first, err := st.AskConsent(ctx, ask); err != nil || first != (i == 0) {
				t.Errorf("time %d: %t %v", i, first, err)
			}
		}
		must(st.AnswerConsentAsk(ctx, ask.SubjectID, ask.Version, models.ConsentNo))
		holds := func(versions ...string) bool {
			t.Helper()
			ok, err := st.Consented(ctx, ask.SubjectID, models.PurposeSensitive, versions)
			must(err)
			return ok
		}
		give := models.Consent{Role: models.RoleGuardian, SubjectID: ask.SubjectID, RecipientID: ask.RecipientID, Purpose: models.PurposeSensitive, Version: "2026-11", Way: models.ConsentChat}
		must(st.GiveConsent(ctx, give))
		if !holds("2027-01", "2026-11") || holds("2027-01") {
			t.Error("an older yes holds where it does not, or not where it does")
		}
		give.Version = "2027-01"
		must(st.GiveConsent(ctx, give))
		if rows, err := st.ConsentsOf(ctx, ask.SubjectID); err != nil || len(rows) != 2 || !holds("2027-01") {
			t.Errorf("the older one is no longer on record: %+v %v", rows, err)
		}
		must(st.WithdrawConsent(ctx, []string{ask.SubjectID}, models.PurposeSensitive))
		if holds("2027-01", "2026-11") {
			t.Error("taken back, and it holds")
		}
	})
}
