package handlers

import (
	"context"
	"time"

	"aixin/bot"
	"aixin/models"
)

// againFor is how long a question or an answer that found no way waits for its
// reader to write.
const againFor = 30 * 24 * time.Hour

// tellAgain sends whoever writes what could not reach them while their window
// was shut: the questions that wait for a cadre, the answers to a family.
func (t *talk) tellAgain(ctx context.Context) error {
	if t.Msg.Kind == bot.KindEvent {
		return nil
	}
	since := t.Tx.Now().Add(-againFor)
	people := map[models.Role][]string{}
	for _, b := range t.bindings {
		people[b.Role] = append(people[b.Role], b.SubjectID)
	}
	if err := t.Tx.TellAgain(ctx, KindQuestion, models.RoleCadre, people[models.RoleCadre], since); err != nil {
		return err
	}
	for _, role := range []models.Role{models.RoleGuardian, models.RoleRecipient} {
		if err := t.Tx.TellAgain(ctx, KindAnswer, role, people[role], since); err != nil {
			return err
		}
	}
	return nil
}
