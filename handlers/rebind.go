package handlers

import (
	"context"
	"errors"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// confirmRebind asks whether this phone, which is somebody's already, becomes that of
// whom the code is for: a code that was handed to the wrong one must not make
// one cadre another unasked.
func (t *talk) confirmRebind(ctx context.Context, inv models.Invitation, mine string) (string, error) {
	now, err := t.seat(ctx, inv.Role, mine)
	if err != nil {
		return "", err
	}
	next, err := t.seat(ctx, inv.Role, inv.SubjectID)
	if err != nil {
		return "", err
	}
	t.session.Ask = &question{Kind: askRebind, Asked: 1, At: t.Tx.Now(), Record: inv.ID}
	return say.AskRebind(now, next), nil
}

// seatTaken is whom this phone already is in the role of an invitation, where that is
// one only and another: who answers for several children keeps all of them.
func (t *talk) seatTaken(inv models.Invitation) string {
	for _, b := range t.bindings {
		if b.Role == inv.Role && b.SubjectID != inv.SubjectID && (inv.Role == models.RoleCadre || inv.Role == models.RoleAdmin) {
			return b.SubjectID
		}
	}
	return ""
}

// seat names somebody by surname and unit, as a code does.
func (t *talk) seat(ctx context.Context, role models.Role, id string) (say.Seat, error) {
	if role == models.RoleAdmin {
		a, err := t.Tx.Account(ctx, id)
		return say.Seat{Surname: models.Surname(a.Name.Reveal()), Unit: a.Role.Label()}, err
	}
	c, err := t.Tx.Cadre(ctx, id)
	if err != nil {
		return say.Seat{}, err
	}
	unit, err := t.Tx.UnitName(ctx, c.UnitID)
	return say.Seat{Surname: models.Surname(c.Name.Reveal()), Unit: unit}, err
}

// answerRebind takes 是 or 否; anything else leaves all as it is and is answered
// as usual.
func (t *talk) answerRebind(ctx context.Context, plain string) (reply string, done bool, err error) {
	q := t.session.Ask
	if q == nil || q.Kind != askRebind {
		return "", false, nil
	}
	t.session.Ask = nil
	if q.At < t.Tx.Now().Add(-askedFor) {
		return "", false, nil
	}
	switch yesNo(plain) {
	case -1:
		return say.RebindRefused, true, nil
	case 0:
		return "", false, nil
	}
	inv, err := t.Tx.InvitationByID(ctx, q.Record)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && inv.UsedAt != 0:
		return say.CodeUsed, true, nil
	case err != nil:
		return "", true, err
	case inv.ExpiresAt < models.InstantOf(t.Now):
		return say.CodeExpired, true, nil
	}
	if mine := t.seatTaken(inv); mine != "" {
		if err := t.Tx.UnbindOne(ctx, t.Sender, inv.Role, mine); err != nil {
			return "", true, err
		}
		if err := t.Tx.Note(ctx, "unbind", string(inv.Role)+":"+mine, "another's code was used"); err != nil {
			return "", true, err
		}
	}
	reply, err = t.finishBinding(ctx, inv)
	return reply, true, err
}
