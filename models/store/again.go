package store

import (
	"context"

	"aixin/models"
)

// TellAgain plans anew what could not reach people who have just written: of the
// given kind, about questions that are theirs to answer (cadres) or their own
// (families), due since a moment. There was no window to write into, and now
// there is one.
func (s *Store) TellAgain(ctx context.Context, kind string, role models.Role, people []string, since models.Instant) error {
	if len(people) == 0 {
		return nil
	}
	whose := "question.asker_id IN ?"
	if role == models.RoleCadre {
		whose = "question.answered_at = 0 AND question.cadre_id IN ?"
	}
	var ids []string
	err := s.q(ctx).Model(&Delivery{}).Joins("JOIN question ON question.id = delivery.subject_id").
		Where("delivery.kind = ? AND delivery.state IN ? AND delivery.due_at >= ? AND delivery.role = ?", kind, []string{DeliveryFailed, DeliveryRefused}, since, role).
		Where("delivery.reason IN ? OR delivery.reason LIKE ? OR delivery.reason LIKE ?", []string{ReasonNoWay, ReasonBlocked}, "%(no_window)", "%(unreachable)").
		Where(whose, people).Order("delivery.id").Limit(5).Pluck("delivery.id", &ids).Error
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.q(ctx).Model(&Delivery{}).Where("id IN ? AND state IN ?", ids, []string{DeliveryFailed, DeliveryRefused}).Updates(map[string]any{
		"state": DeliveryPlanned, "reason": "", "due_at": s.Now(), "attempts": 0, "outcomes": 0, "owner": "", "lease_until": 0, "done_at": 0,
	}).Error
}
