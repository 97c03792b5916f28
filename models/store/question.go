package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"aixin/models"
)

// questions narrows a query over questions: a cadre sees those that came to the
// cadre, a contact the own ones, an office those of its people.
func (s *Store) questions(q *gorm.DB) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Cadre != "":
		return q.Where("cadre_id = ?", a.Cadre)
	case a.Contact != "":
		return q.Where("asker_id = ?", a.Contact)
	case a.Account != "" && a.Unit != "":
		return q.Where("recipient_id IN (SELECT recipient_id FROM pairing WHERE cadre_id IN (SELECT id FROM cadre WHERE unit_id = ?))", a.Unit)
	}
	return s.people(q, "recipient_id")
}

// AddQuestion enters a question under the next number of its cadre, or of the
// offices.
func (s *Store) AddQuestion(ctx context.Context, q *models.Question) error {
	if q.ID == "" {
		q.ID = s.NewID()
	}
	q.AskedAt = s.Now()
	return s.numbered(ctx, func() *gorm.DB { return s.q(ctx).Model(&models.Question{}).Where("cadre_id = ?", q.CadreID) }, func(n int) error {
		q.Number = n
		return s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Create(q).Error })
	})
}

// numbered gives a new row the number after the highest; where another process
// took it first, the one after that.
func (s *Store) numbered(_ context.Context, rows func() *gorm.DB, create func(int) error) error {
	var err error
	for range 20 {
		var last int
		if err = rows().Select("COALESCE(MAX(number), 0)").Scan(&last).Error; err != nil {
			return err
		}
		if err = create(last + 1); !errors.Is(err, gorm.ErrDuplicatedKey) {
			return err
		}
	}
	return err
}

// Question finds one.
func (s *Store) Question(ctx context.Context, id string) (q models.Question, err error) {
	err = s.questions(s.q(ctx)).First(&q, "id = ?", id).Error
	return q, notFound(err)
}

// QuestionMedium is the recording or picture of a question that the actor may see.
func (s *Store) QuestionMedium(ctx context.Context, id string) (p models.Photo, err error) {
	mine := s.questions(s.q(ctx).Model(&models.Question{}).Select("photo_id").Where("id = ?", id))
	err = s.q(ctx).Where("id <> '' AND id IN (?)", mine).First(&p).Error
	return p, notFound(err)
}

// AnswerMedium is the recording of an answer that the actor may see.
func (s *Store) AnswerMedium(ctx context.Context, id string) (p models.Photo, err error) {
	mine := s.questions(s.q(ctx).Model(&models.Question{}).Select("answer_photo_id").Where("id = ?", id))
	err = s.q(ctx).Where("id <> '' AND id IN (?)", mine).First(&p).Error
	return p, notFound(err)
}

// QuestionNumbered finds a question by the number that its cadre, or for the
// empty id an office, knows it by.
func (s *Store) QuestionNumbered(ctx context.Context, cadreID string, number int) (q models.Question, err error) {
	err = s.questions(s.q(ctx)).First(&q, "cadre_id = ? AND number = ?", cadreID, number).Error
	return q, notFound(err)
}

// OpenQuestions lists what waits for a cadre's answer, or for the empty id for
// an office's, oldest first.
func (s *Store) OpenQuestions(ctx context.Context, cadreID string) (rows []models.Question, err error) {
	err = s.questions(s.q(ctx)).Where("cadre_id = ? AND answered_at = 0 AND state <> ?", cadreID, models.QuestionCarried).Order("asked_at, id").Limit(20).Find(&rows).Error
	return rows, err
}

// LateQuestions lists what waits for a cadre's answer and has come up to an
// office, oldest first.
func (s *Store) LateQuestions(ctx context.Context) (rows []models.Question, err error) {
	err = s.questions(s.q(ctx)).Where("cadre_id <> '' AND answered_at = 0 AND step > 1").Order("asked_at, id").Limit(50).Find(&rows).Error
	return rows, err
}

// QuestionsOf lists the newest questions of people who ask.
func (s *Store) QuestionsOf(ctx context.Context, askers []string, limit int) (rows []models.Question, err error) {
	err = s.questions(s.q(ctx)).Where("asker_id IN ?", askers).Order("asked_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}

// answerLook is when it is looked whether an answer has arrived.
const answerLook = time.Hour

// SettleQuestion writes what became of a question; ErrLost where it was settled
// before.
func (s *Store) SettleQuestion(ctx context.Context, q models.Question, state models.QuestionState, words string) error {
	q.AccountID = s.actor.Account
	q.State, q.Answer, q.AnsweredAt, q.NextAt = state, models.Conceal(words), s.Now(), 0 // with AnswerPhotoID as it was given
	if state == models.QuestionAnswered {
		q.NextAt = s.Now().Add(answerLook)
	}
	res := s.q(ctx).Model(&q).Select("state", "answer", "answer_photo_id", "answered_at", "next_at", "account_id").Where("answered_at = 0").Updates(&q)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// AddTold enters a cadre's own words for a family, which need no answer.
func (s *Store) AddTold(ctx context.Context, q *models.Question) error {
	q.State, q.AnsweredAt, q.NextAt = models.QuestionTold, s.Now(), s.Now().Add(answerLook)
	return s.AddQuestion(ctx, q)
}

// ToldBy lists the newest words of a cadre's own for families.
func (s *Store) ToldBy(ctx context.Context, cadreID string, limit int) (rows []models.Question, err error) {
	err = s.questions(s.q(ctx)).Where("cadre_id = ? AND state = ?", cadreID, models.QuestionTold).Order("asked_at DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}

// DueQuestions lists the questions whose next step is due.
func (s *Store) DueQuestions(ctx context.Context, now models.Instant) (rows []models.Question, err error) {
	err = s.questions(s.q(ctx)).Where("next_at > 0 AND next_at <= ?", now).Order("next_at, id").Limit(50).Find(&rows).Error
	return rows, err
}

// StepQuestion writes the step at which a question is now and what that made of
// it; ErrLost where another process took the step or it was settled.
func (s *Store) StepQuestion(ctx context.Context, before, after models.Question) error {
	res := s.q(ctx).Model(&models.Question{}).
		Where("id = ? AND step = ? AND next_at = ? AND answered_at = ?", before.ID, before.Step, before.NextAt, before.AnsweredAt).
		Updates(map[string]any{"step": after.Step, "next_at": after.NextAt, "state": after.State})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// HearQuestion notes that who answers played the recording, the first time.
func (s *Store) HearQuestion(ctx context.Context, id string) error {
	return s.q(ctx).Model(&models.Question{}).Where("id = ? AND heard_at = 0", id).Update("heard_at", s.Now()).Error
}

// LastSeen lists the newest visits and contacts of a person, by day.
func (s *Store) LastSeen(ctx context.Context, recipientID string, limit int) (rows []models.Activity, err error) {
	err = s.people(s.q(ctx), "recipient_id").
		Where("recipient_id = ? AND kind IN ? AND voided_at = 0", recipientID, []models.Kind{models.KindVisit, models.KindContact}).
		Order("day DESC, id DESC").Limit(limit).Find(&rows).Error
	return rows, err
}

// DeliveryUnder finds the delivery that was planned under a key.
func (s *Store) DeliveryUnder(ctx context.Context, key string) (d Delivery, err error) {
	err = s.q(ctx).First(&d, "key_hash = ?", s.db.keys.Index("delivery", key)).Error
	return d, notFound(err)
}

// ReviveJob lets a job that came to its end begin anew.
func (s *Store) ReviveJob(ctx context.Context, kind, subject string) error {
	return s.q(ctx).Model(&Job{}).Where("kind = ? AND subject_id = ? AND state <> ?", kind, subject, JobWaiting).
		Updates(map[string]any{"state": JobWaiting, "due_at": s.Now(), "attempts": 0, "owner": "", "lease_until": 0, "done_at": 0}).Error
}

// UnitAccounts lists the liaisons of a unit.
func (s *Store) UnitAccounts(ctx context.Context, unitID string) (rows []models.Account, err error) {
	err = s.accounts(s.q(ctx)).Where("role = ? AND unit_id = ? AND disabled_at = 0", models.AccountUnit, unitID).Order("login").Find(&rows).Error
	return rows, err
}

// SetQuestionPhoto gives a picture to a question that has none.
func (s *Store) SetQuestionPhoto(ctx context.Context, id, photoID string) error {
	return s.q(ctx).Model(&models.Question{}).Where("id = ? AND photo_id = ''", id).Update("photo_id", photoID).Error
}
