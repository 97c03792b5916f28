package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// needs narrows a query over needs: a cadre sees those of the own people and the
// own reports, a contact the own ones, an office those of its places; which
// office handles one is models.Account.HandlesNeed.
func (s *Store) needs(q *gorm.DB) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account != "" && a.Unit != "":
		return q.Where("recipient_id IN (SELECT recipient_id FROM pairing WHERE cadre_id IN (SELECT id FROM cadre WHERE unit_id = ?))", a.Unit)
	case a.Account != "" && a.Region != "":
		return q.Where("region LIKE ?", a.Region+"%")
	case a.Cadre != "":
		return q.Where("(asker_id = ? OR cadre_id = ? OR recipient_id IN (SELECT recipient_id FROM pairing WHERE cadre_id = ?))", a.Cadre, a.Cadre, a.Cadre)
	case a.Contact != "":
		return q.Where("asker_id = ?", a.Contact)
	}
	return q.Where("1 = 0")
}

// AddNeed enters a need under the next number.
func (s *Store) AddNeed(ctx context.Context, n *models.Need) error {
	n.ID, n.RaisedAt = s.NewID(), s.Now()
	return s.numbered(ctx, func() *gorm.DB { return s.q(ctx).Model(&models.Need{}) }, func(number int) error {
		n.Number = number
		return s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Create(n).Error })
	})
}

// Need finds one.
func (s *Store) Need(ctx context.Context, id string) (n models.Need, err error) {
	err = s.needs(s.q(ctx)).First(&n, "id = ?", id).Error
	return n, notFound(err)
}

// NeedNumbered finds a need by its number.
func (s *Store) NeedNumbered(ctx context.Context, number int) (n models.Need, err error) {
	err = s.needs(s.q(ctx)).First(&n, "number = ?", number).Error
	return n, notFound(err)
}

// NeedsOf lists the newest needs that people asked for.
func (s *Store) NeedsOf(ctx context.Context, askers []string, limit int) (rows []models.Need, err error) {
	err = s.needs(s.q(ctx)).Where("asker_id IN ?", askers).Order("raised_at DESC, number DESC").Limit(limit).Find(&rows).Error
	return rows, err
}

// OpenNeeds lists what an office still has to do, oldest first.
func (s *Store) OpenNeeds(ctx context.Context, limit int) (rows []models.Need, err error) {
	err = s.needs(s.q(ctx)).Where("state IN ?", []models.NeedState{models.NeedChecking, models.NeedPassed, models.NeedTaken}).
		Order("raised_at, number").Limit(limit).Find(&rows).Error
	return rows, err
}

// NeedsShown lists the needs of a desk: what waits (open), whom to telephone
// because no word came (call), or what is over, the newest first.
func (s *Store) NeedsShown(ctx context.Context, show string, limit int) (rows []models.Need, err error) {
	q := s.needs(s.q(ctx))
	switch show {
	case "call":
		q = q.Where("state = ? AND rating = ?", models.NeedClosed, models.RatingUnreached).Order("closed_at DESC, number DESC")
	case "over":
		q = q.Where("state IN ?", []models.NeedState{models.NeedDone, models.NeedClosed}).Order("done_at DESC, number DESC")
	default:
		q = q.Where("state NOT IN ?", []models.NeedState{models.NeedDone, models.NeedClosed}).Order("raised_at, number")
	}
	return rows, q.Limit(limit).Find(&rows).Error
}

// UnratedNeeds lists the needs of recipients that are done and await the
// family's word.
func (s *Store) UnratedNeeds(ctx context.Context, recipients []string) (rows []models.Need, err error) {
	err = s.needs(s.q(ctx)).Where("recipient_id IN ? AND state = ?", recipients, models.NeedDone).Order("done_at DESC, number DESC").Find(&rows).Error
	return rows, err
}

// UnrecordedNeeds lists the solved needs that a cadre was offered to record.
func (s *Store) UnrecordedNeeds(ctx context.Context, cadreID string) (rows []models.Need, err error) {
	err = s.needs(s.q(ctx)).Where("cadre_id = ? AND state = ? AND record_id = '' AND rating <> ?", cadreID, models.NeedClosed, models.RatingBad).
		Order("closed_at DESC, number DESC").Limit(20).Find(&rows).Error
	return rows, err
}

// DueNeeds lists the needs that nobody took, or did, in time, and those that no
// word came on.
func (s *Store) DueNeeds(ctx context.Context, now models.Instant) (rows []models.Need, err error) {
	err = s.needs(s.q(ctx)).Where("next_at > 0 AND next_at <= ?", now).Order("next_at, id").Limit(50).Find(&rows).Error
	return rows, err
}

// SaveNeed writes what became of a need since it was read as before; ErrLost
// where something else became of it meanwhile. What was asked stays as it is.
func (s *Store) SaveNeed(ctx context.Context, before, after models.Need) error {
	res := s.q(ctx).Model(&after).
		Select("department", "state", "step", "account_id", "reason", "result", "rating", "reopened", "record_id",
			"taken_at", "due_at", "paused_at", "done_at", "closed_at", "next_at").
		Where("state = ? AND step = ? AND account_id = ? AND department = ? AND next_at = ? AND paused_at = ? AND record_id = ?",
			before.State, before.Step, before.AccountID, before.Department, before.NextAt, before.PausedAt, before.RecordID).
		Updates(&after)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// ContactsBound lists the bindings of a recipient and of the contact persons who
// may speak for the household, those who were bound first coming first.
func (s *Store) ContactsBound(ctx context.Context, recipientID string) (rows []models.Binding, err error) {
	kinds := []models.ContactKind{models.ContactGuardian, models.ContactSelf, models.ContactRelative, models.ContactInstitution}
	var kin []string
	if err := s.q(ctx).Model(&models.Contact{}).Where("recipient_id = ? AND kind IN ?", recipientID, kinds).Pluck("id", &kin).Error; err != nil {
		return nil, err
	}
	err = s.q(ctx).Where("subject_id IN ? AND ended_at = 0 AND role = CASE WHEN subject_id = ? THEN ? ELSE ? END",
		append(kin, recipientID), recipientID, models.RoleRecipient, models.RoleGuardian).Order("bound_at, id").Find(&rows).Error
	return rows, err
}
