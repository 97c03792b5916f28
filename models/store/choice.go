package store

import (
	"context"

	"aixin/models"
)

// Lists are the words of the lists that an office keeps: those that are shipped,
// and what was changed since.
func (s *Store) Lists(ctx context.Context) (models.Lists, error) {
	var rows []models.Choice
	err := s.q(ctx).Order("recorded_at, id").Find(&rows).Error
	return append(models.ShippedLists(), rows...), err
}

// AddChoice sets a version of an entry.
func (s *Store) AddChoice(ctx context.Context, c *models.Choice) error {
	c.ID, c.RecordedAt, c.Author = s.NewID(), s.Now(), s.actor.String()
	if err := s.q(ctx).Create(c).Error; err != nil {
		return err
	}
	return s.Note(ctx, "list", "list:"+string(c.List)+"/"+c.Code, c.String()+" "+string(c.FromDay))
}

// visitCheck is what one item of the checklist was like on a visit.
type visitCheck struct {
	RecordID    string `gorm:"primaryKey"`
	RecipientID string `gorm:"primaryKey"`
	Code        string `gorm:"primaryKey"`
	Day         models.Day
	Fine        bool
	RecordedAt  models.Instant
}

func (visitCheck) TableName() string { return "visit_check" }

// KeepChecks keeps what a visit found of each item for some people; said again,
// the later word holds.
func (s *Store) KeepChecks(ctx context.Context, record string, recipients []string, day models.Day, fine map[string]bool) error {
	var rows []visitCheck
	for _, r := range recipients {
		for code, ok := range fine {
			rows = append(rows, visitCheck{record, r, code, day, ok, s.Now()})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return s.tx.WithContext(ctx).Save(&rows).Error
}

// LastChecks are the day and the items of the last visit to a person on which the
// checklist was answered.
func (s *Store) LastChecks(ctx context.Context, recipient string) (day models.Day, fine map[string]bool, err error) {
	var rows []visitCheck
	err = s.q(ctx).Raw(`SELECT v.* FROM visit_check v JOIN record r ON r.id = v.record_id AND r.voided_at = 0
		WHERE v.recipient_id = ? ORDER BY v.day DESC, v.recorded_at DESC LIMIT 24`, recipient).Scan(&rows).Error
	fine = map[string]bool{}
	for _, row := range rows {
		if row.RecordID == rows[0].RecordID {
			day, fine[row.Code] = row.Day, row.Fine
		}
	}
	return day, fine, err
}
