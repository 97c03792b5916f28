package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// adjustments narrows a query over change requests: an office sees those of its
// place and its own, a liaison those of the unit.
func (s *Store) adjustments(q *gorm.DB) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account != "" && !s.inArea(models.ObjectChange):
	case a.Account != "" && a.Unit != "":
		return q.Where("(unit_id = ? OR to_unit_id = ? OR proposed_by = ?)", a.Unit, a.Unit, a.Account)
	case a.Account != "" && a.Region != "":
		return q.Where("(region LIKE ? OR proposed_by = ?)", a.Region+"%", a.Account)
	}
	return q.Where("1 = 0")
}

// AddAdjustment enters a change request.
func (s *Store) AddAdjustment(ctx context.Context, a *models.Adjustment) error {
	a.ID, a.ProposedAt, a.State = s.NewID(), s.Now(), models.AdjustmentProposed
	return s.q(ctx).Create(a).Error
}

// Adjustment finds one.
func (s *Store) Adjustment(ctx context.Context, id string) (a models.Adjustment, err error) {
	err = s.adjustments(s.q(ctx)).First(&a, "id = ?", id).Error
	return a, notFound(err)
}

// SaveAdjustment writes a request that still stands as it was read; ErrLost where
// somebody was faster.
func (s *Store) SaveAdjustment(ctx context.Context, before models.AdjustmentState, a models.Adjustment) error {
	// The sealed words are saved with their row, so the state is taken first.
	res := s.q(ctx).Model(&models.Adjustment{}).Where("id = ? AND state = ?", a.ID, before).Update("state", a.State)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	if res.Error != nil {
		return res.Error
	}
	return s.q(ctx).Save(&a).Error
}

// AdjustmentFilter says which change requests a list shows.
type AdjustmentFilter struct {
	States []models.AdjustmentState
	Kind   models.AdjustmentKind
	Alone  bool           // decided by who proposed them
	Since  models.Instant // decided, or proposed, since
	Until  models.Instant
}

// Adjustments lists change requests, the newest first.
func (s *Store) Adjustments(ctx context.Context, f AdjustmentFilter, after string, limit int) (rows []models.Adjustment, err error) {
	q := s.adjustments(s.q(ctx))
	if len(f.States) > 0 {
		q = q.Where("state IN ?", f.States)
	}
	if f.Kind != "" {
		q = q.Where("kind = ?", f.Kind)
	}
	if f.Alone {
		q = q.Where("alone = ?", true)
	}
	if f.Since != 0 {
		q = q.Where("proposed_at >= ?", f.Since)
	}
	if f.Until != 0 {
		q = q.Where("proposed_at < ?", f.Until)
	}
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return rows, q.Order("id DESC").Limit(limit).Find(&rows).Error
}

// CountAdjustments counts those that wait for a decision.
func (s *Store) CountAdjustments(ctx context.Context) (n int64, err error) {
	err = s.adjustments(s.q(ctx).Model(&models.Adjustment{})).Where("state = ?", models.AdjustmentProposed).Count(&n).Error
	return n, err
}

// OpenAdjustmentFor finds a request about the same person that is not settled
// yet, wherever it was made.
func (s *Store) OpenAdjustmentFor(ctx context.Context, a models.Adjustment) (found models.Adjustment, err error) {
	q := s.q(ctx).Where("kind = ? AND state IN ?", a.Kind, []models.AdjustmentState{models.AdjustmentProposed, models.AdjustmentApproved})
	switch {
	case a.RecipientID != "":
		q = q.Where("recipient_id = ?", a.RecipientID)
		if a.Kind == models.AdjustLineIn || a.Kind == models.AdjustLineOut {
			q = q.Where("line = ?", a.Line)
		}
	case a.CadreID != "":
		q = q.Where("cadre_id = ?", a.CadreID)
	case a.Kind == models.AdjustUnitMerge:
		q = q.Where("unit_id = ?", a.UnitID)
	default:
		return found, ErrNotFound
	}
	return found, notFound(q.First(&found).Error)
}

// MovementsOf lists what a change request moved.
func (s *Store) MovementsOf(ctx context.Context, adjustmentID string) (rows []models.Movement, err error) {
	return rows, s.q(ctx).Where("adjustment_id = ?", adjustmentID).Order("id").Find(&rows).Error
}

// UnitCadres lists the cadres of a unit who have not left, past the scope.
func (s *Store) UnitCadres(ctx context.Context, unitID string) (rows []models.Cadre, err error) {
	return rows, s.q(ctx).Where("unit_id = ? AND left_at = 0", unitID).Order("id").Find(&rows).Error
}

// AddHandover writes a card for the next cadre.
func (s *Store) AddHandover(ctx context.Context, h *models.Handover) error {
	h.ID, h.CreatedAt = s.NewID(), s.Now()
	return s.q(ctx).Create(h).Error
}

// Handover finds one, of those that concern the actor.
func (s *Store) Handover(ctx context.Context, id string) (h models.Handover, err error) {
	q := s.q(ctx)
	switch a := s.actor; {
	case a.Cadre != "":
		q = q.Where("(cadre_id = ? OR to_cadre_id = ?)", a.Cadre, a.Cadre)
	case a.Account != "" && a.Unit != "":
		of := s.q(ctx).Model(&models.Cadre{}).Select("id").Where("unit_id = ?", a.Unit)
		q = q.Where("(cadre_id IN (?) OR to_cadre_id IN (?))", of, of)
	default:
		q = s.people(q, "recipient_id")
	}
	return h, notFound(q.First(&h, "id = ?", id).Error)
}

// OpenHandover finds the last card of a person that no cadre has taken yet.
func (s *Store) OpenHandover(ctx context.Context, recipientID string, line models.Line) (h models.Handover, err error) {
	err = s.q(ctx).Where("recipient_id = ? AND line = ? AND to_cadre_id = ''", recipientID, line).Order("on_day DESC, id DESC").First(&h).Error
	return h, notFound(err)
}

// TakeHandover gives a card to the cadre who follows.
func (s *Store) TakeHandover(ctx context.Context, id, cadreID string, on models.Day) error {
	return s.q(ctx).Model(&models.Handover{}).Where("id = ? AND to_cadre_id = ''", id).Updates(map[string]any{"to_cadre_id": cadreID, "on_day": on}).Error
}

// MarkHandoverRead notes that the next cadre has opened the card.
func (s *Store) MarkHandoverRead(ctx context.Context, id string) error {
	return s.q(ctx).Model(&models.Handover{}).Where("id = ? AND read_at = 0", id).Update("read_at", s.Now()).Error
}

// HandoversOf lists the cards of a change request, or to a cadre, newest first.
func (s *Store) HandoversOf(ctx context.Context, adjustmentID, toCadreID string) (rows []models.Handover, err error) {
	q := s.q(ctx)
	if adjustmentID != "" {
		q = q.Where("adjustment_id = ?", adjustmentID)
	}
	if toCadreID != "" {
		q = q.Where("to_cadre_id = ?", toCadreID)
	}
	return rows, q.Order("id DESC").Limit(200).Find(&rows).Error
}

// CancelPlanned cancels what is planned to be sent to somebody, but for the kinds
// that are still owed.
func (s *Store) CancelPlanned(ctx context.Context, role models.Role, subjects, owed []string, reason string) error {
	return inChunks(subjects, func(part []string) error {
		q := s.q(ctx).Model(&Delivery{}).Where("role = ? AND subject_id IN ? AND state = ?", role, part, DeliveryPlanned)
		if len(owed) > 0 {
			q = q.Where("kind NOT IN ?", owed)
		}
		return q.Updates(map[string]any{"state": DeliveryCancelled, "reason": cut(reason, 200), "done_at": s.Now()}).Error
	})
}

// Release ends what ties a person in a role to a phone: the binding, and the
// codes that nobody used.
func (s *Store) Release(ctx context.Context, role models.Role, subjects []string) error {
	return inChunks(subjects, func(part []string) error {
		err := s.q(ctx).Model(&models.Binding{}).Where("subject_id IN ? AND role = ? AND ended_at = 0", part, role).Update("ended_at", s.Now()).Error
		if err != nil {
			return err
		}
		return s.q(ctx).Model(&models.Invitation{}).Where("subject_id IN ? AND role = ? AND used_at = 0", part, role).Update("used_at", s.Now()).Error
	})
}

// PassMatters gives what a cadre still owes one person's family, open questions
// and needs, to the next cadre; "" gives the questions to the offices. The
// numbers under which the cadre knows the questions are new ones.
func (s *Store) PassMatters(ctx context.Context, recipientID, from, to string) error {
	var asked []models.Question
	err := s.q(ctx).Where("recipient_id = ? AND cadre_id = ? AND answered_at = 0", recipientID, from).
		Where("state IN ?", []models.QuestionState{models.QuestionOpen, models.QuestionCarried}).Order("asked_at, id").Find(&asked).Error
	if err != nil {
		return err
	}
	for _, q := range asked {
		err := s.numbered(ctx, func() *gorm.DB { return s.q(ctx).Model(&models.Question{}).Where("cadre_id = ?", to) }, func(n int) error {
			return s.savepoint(ctx, func(tx *gorm.DB) error {
				return tx.Model(&models.Question{}).Where("id = ?", q.ID).Updates(map[string]any{"cadre_id": to, "number": n}).Error
			})
		})
		if err != nil {
			return err
		}
	}
	return s.q(ctx).Model(&models.Need{}).Where("recipient_id = ? AND cadre_id = ? AND closed_at = 0", recipientID, from).Update("cadre_id", to).Error
}

// OpenMatters is what is still open for a person: needs, questions that nobody
// has answered, and the last times that somebody was there.
func (s *Store) OpenMatters(ctx context.Context, recipientID string) (needs []models.Need, asked []models.Question, last []models.Activity, err error) {
	if err = s.q(ctx).Where("recipient_id = ? AND closed_at = 0 AND done_at = 0", recipientID).Order("raised_at, id").Find(&needs).Error; err != nil {
		return nil, nil, nil, err
	}
	if err = s.q(ctx).Where("recipient_id = ? AND answered_at = 0", recipientID).Order("asked_at, id").Find(&asked).Error; err != nil {
		return nil, nil, nil, err
	}
	err = s.q(ctx).Where("recipient_id = ? AND voided_at = 0", recipientID).Order("day DESC, id DESC").Limit(5).Find(&last).Error
	return needs, asked, last, err
}

// PlansOf lists the reminders of visits that a cadre spoke of and that did not go
// out: what was promised to the next.
func (s *Store) PlansOf(ctx context.Context, cadreID string) (rows []Delivery, err error) {
	return rows, s.q(ctx).Where("role = ? AND subject_id = ? AND kind = 'plan' AND state IN ?", models.RoleCadre, cadreID, []string{DeliveryPlanned, DeliveryCancelled}).
		Order("due_at").Find(&rows).Error
}

// DeliveriesFor lists what was planned for people in a role, the newest first.
func (s *Store) DeliveriesFor(ctx context.Context, role models.Role, subjects []string, limit int) (rows []Delivery, err error) {
	return rows, s.q(ctx).Where("role = ? AND subject_id IN ?", role, subjects).Order("id DESC").Limit(limit).Find(&rows).Error
}
