package desk

import (
	"context"
	"slices"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// MakeCodes makes a code for each, in commits of 500. A code is told only after it
// is stored; nobody can read it again afterwards.
func MakeCodes(ctx context.Context, st *store.Store, role models.Role, people []store.Invitee) (rows []xlsx.InvitationRow, err error) {
	for part := range slices.Chunk(people, commitRows) {
		codes, err := storeCodes(ctx, st, role, part)
		if err != nil {
			return rows, err
		}
		for i, p := range part {
			rows = append(rows, xlsx.InvitationRow{
				Role: role.Label(), Name: p.Name, Unit: p.Unit, PhoneEnd: p.Phone[max(0, len(p.Phone)-4):], Recipient: p.Recipient, Code: codes[i],
			})
		}
	}
	return rows, nil
}

// storeCodes makes codes in one commit; in a city's worth of them one may be
// taken already, and then all are drawn again.
func storeCodes(ctx context.Context, st *store.Store, role models.Role, people []store.Invitee) (codes []string, err error) {
	subjects := make([]string, len(people))
	for i, p := range people {
		subjects[i] = p.SubjectID
	}
	for range 5 {
		err = st.InTx(ctx, func(tx *store.Store) (err error) {
			codes, err = tx.InviteAll(ctx, role, subjects)
			return err
		})
		if !store.IsDuplicate(err) {
			break
		}
	}
	return codes, err
}
