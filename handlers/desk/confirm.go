package desk

import (
	"context"

	"aixin/models"
	"aixin/models/store"
)

// SayVisit keeps a family's word on a visit; store.ErrLost where there is one
// already. A no is looked into by somebody of another unit, among others and days
// later.
func SayVisit(ctx context.Context, tx *store.Store, c models.Confirmation, said models.Said, words string, today models.Day) error {
	if err := tx.AnswerConfirmation(ctx, c, said, words); err != nil || said != models.SaidNo {
		return err
	}
	return tx.AddHiddenCheck(ctx, c.RecipientID, c.CadreID, c.Day, models.Conceal("confirmation "+c.ID), today)
}
