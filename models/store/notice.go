package store

import (
	"context"

	"gorm.io/gorm/clause"

	"aixin/models"
)

// Audience is who would get a notice of this actor.
type Audience struct {
	People   []models.Binding // bound, and with room for a notice
	Unbound  int
	Recently int // had their notices of the week
}

// CadreAudience finds the cadres in the actor's scope.
func (s *Store) CadreAudience(ctx context.Context, weekAgo models.Instant) (a Audience, err error) {
	var ids []string
	if err = s.cadres(s.q(ctx).Model(&models.Cadre{}), "id").Where("left_at = 0").Order("id").Pluck("id", &ids).Error; err != nil {
		return a, err
	}
	bound, err := s.BindingsOf(ctx, models.RoleCadre, ids)
	if err != nil {
		return a, err
	}
	had := map[string]int{}
	err = inChunks(ids, func(part []string) error {
		var rows []struct {
			SubjectID string
			N         int
		}
		err := s.q(ctx).Model(&Delivery{}).Select("subject_id, count(*) AS n").
			Where("subject_id IN ? AND notice_id <> '' AND created_at >= ? AND state NOT IN ?", part, weekAgo, []string{DeliveryFailed, DeliveryCancelled}).
			Group("subject_id").Scan(&rows).Error
		for _, r := range rows {
			had[r.SubjectID] = r.N
		}
		return err
	})
	if err != nil {
		return a, err
	}
	for _, id := range ids {
		b, ok := bound[id]
		switch {
		case !ok:
			a.Unbound++
		case had[id] >= models.NoticesAWeek:
			a.Recently++
		default:
			a.People = append(a.People, b)
		}
	}
	return a, nil
}

// SendNotice stores a notice with a delivery for each of its people, all or
// nothing.
func (s *Store) SendNotice(ctx context.Context, n *models.Notice, people []models.Binding, kind string) error {
	n.ID, n.SentAt, n.People = s.NewID(), s.Now(), len(people)
	if err := s.q(ctx).Create(n).Error; err != nil {
		return err
	}
	rows := make([]Delivery, len(people))
	for i, b := range people {
		rows[i] = Delivery{
			ID: s.NewID(), KeyHash: s.db.keys.Index("delivery", "notice/"+n.ID+"/"+b.SubjectID), Kind: kind, Role: b.Role,
			SubjectID: b.SubjectID, OpenID: b.OpenID, State: DeliveryPlanned, DueAt: s.Now(), CreatedAt: s.Now(), NoticeID: n.ID,
		}
	}
	if len(rows) == 0 {
		return nil
	}
	return s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, 200).Error
}

// Notice finds a notice.
func (s *Store) Notice(ctx context.Context, id string) (n models.Notice, err error) {
	err = s.q(ctx).First(&n, "id = ?", id).Error
	return n, notFound(err)
}

// LastNotice finds the newest notice of an account.
func (s *Store) LastNotice(ctx context.Context, accountID string) (n models.Notice, err error) {
	err = s.q(ctx).Where("account_id = ?", accountID).Order("sent_at DESC, id DESC").First(&n).Error
	return n, notFound(err)
}

// NoticeFor finds the newest notice that went to a person.
func (s *Store) NoticeFor(ctx context.Context, subjectID string) (n models.Notice, err error) {
	var d Delivery
	err = s.q(ctx).Where("subject_id = ? AND notice_id <> ''", subjectID).Order("id DESC").First(&d).Error
	if err != nil {
		return n, notFound(err)
	}
	return s.Notice(ctx, d.NoticeID)
}
