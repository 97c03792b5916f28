package store

import (
	"context"

	"gorm.io/gorm"

	"aixin/models"
)

// Erase removes what came with an openid whose person has left the account: the
// openid itself wherever it stands, the conversation, and the words of finished
// messages. Records, open questions and what the register holds stay; those go
// to the liaison (design.md §6 "Unfollowing").
func (s *Store) Erase(ctx context.Context, openidIdx string) error {
	var bound []models.Binding
	if err := s.q(ctx).Where("openid_idx = ?", openidIdx).Find(&bound).Error; err != nil {
		return err
	}
	now := s.Now()
	for _, b := range bound {
		ended := b.EndedAt
		if ended == 0 {
			ended = now
		}
		steps := []*gorm.DB{
			s.q(ctx).Exec("UPDATE binding SET openid = '', openid_idx = ?, ended_at = ? WHERE id = ?", "erased/"+b.ID, ended, b.ID),
			s.q(ctx).Exec("UPDATE delivery SET openid = '', payload = '', state = CASE WHEN state IN (?, ?) THEN ? ELSE state END, reason = ? WHERE subject_id = ? AND role = ?",
				DeliveryPlanned, DeliveryHeld, DeliveryCancelled, "the person left the account", b.SubjectID, b.Role),
			s.q(ctx).Exec("UPDATE question SET openid = '' WHERE asker_id = ?", b.SubjectID),
		}
		for _, step := range steps {
			if step.Error != nil {
				return step.Error
			}
		}
	}
	for _, sql := range []string{
		"DELETE FROM conversation WHERE sender = ?",
		"UPDATE inbound SET payload = '', reply = '', sender = '' WHERE sender = ? AND state <> 'open'",
		"DELETE FROM reach WHERE openid_idx = ?",
		"DELETE FROM phone_tag WHERE openid_idx = ?",
	} {
		if err := s.q(ctx).Exec(sql, openidIdx).Error; err != nil {
			return err
		}
	}
	return s.Note(ctx, "erase", "openid", "left the account")
}
