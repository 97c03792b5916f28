package store

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"aixin/models"
)

// GiveConsent notes that somebody agreed to a purpose; one that stands is kept.
func (s *Store) GiveConsent(ctx context.Context, c models.Consent) error {
	var n int64
	err := s.q(ctx).Model(&models.Consent{}).
		Where("subject_id = ? AND recipient_id = ? AND purpose = ? AND version = ? AND withdrawn_at = 0", c.SubjectID, c.RecipientID, c.Purpose, c.Version).Count(&n).Error
	if err != nil || n > 0 {
		return err
	}
	c.ID, c.GivenAt = s.NewID(), s.Now()
	return s.q(ctx).Create(&c).Error
}

// ConsentsOf lists what a person agreed to and did not withdraw.
func (s *Store) ConsentsOf(ctx context.Context, subjectID string) (rows []models.Consent, err error) {
	err = s.people(s.q(ctx), "recipient_id").Where("subject_id = ? AND withdrawn_at = 0", subjectID).Order("given_at, id").Find(&rows).Error
	return rows, err
}

// Consented tells whether a person agreed to a purpose by one of the versions that
// still hold for it.
func (s *Store) Consented(ctx context.Context, subjectID string, p models.Purpose, holding []string) (bool, error) {
	var n int64
	err := s.people(s.q(ctx).Model(&models.Consent{}), "recipient_id").
		Where("subject_id = ? AND purpose = ? AND version IN ? AND withdrawn_at = 0", subjectID, p, holding).Count(&n).Error
	return n > 0, err
}

// AskConsent notes that somebody is asked about a version; first is false where
// that was done before.
func (s *Store) AskConsent(ctx context.Context, a models.ConsentAsk) (first bool, err error) {
	var n int64
	err = s.q(ctx).Model(&models.ConsentAsk{}).Where("subject_id = ? AND version = ?", a.SubjectID, a.Version).Count(&n).Error
	if err != nil || n > 0 {
		return false, err
	}
	a.ID, a.AskedAt = s.NewID(), s.Now()
	return true, s.q(ctx).Create(&a).Error
}

// AnswerConsentAsk notes what somebody said to it.
func (s *Store) AnswerConsentAsk(ctx context.Context, subjectID, version, answer string) error {
	return s.q(ctx).Model(&models.ConsentAsk{}).Where("subject_id = ? AND version = ?", subjectID, version).
		Updates(map[string]any{"answer": answer, "answered_at": s.Now()}).Error
}

// WithdrawConsent ends a purpose of people, or all of them for an empty one.
func (s *Store) WithdrawConsent(ctx context.Context, subjects []string, p models.Purpose) error {
	q := s.q(ctx).Model(&models.Consent{}).Where("subject_id IN ? AND withdrawn_at = 0", subjects)
	if p != "" {
		q = q.Where("purpose = ?", p)
	}
	return q.Update("withdrawn_at", s.Now()).Error
}

// AddErasure enters a wish to be deleted under the next number; one of the same
// person that is still open is given back instead.
func (s *Store) AddErasure(ctx context.Context, e *models.Erasure) error {
	var open models.Erasure
	err := s.q(ctx).First(&open, "subject_id = ? AND state = ?", e.SubjectID, models.ErasureAsked).Error
	if notFound(err) != ErrNotFound {
		*e = open
		return err
	}
	e.ID, e.State, e.AskedAt = s.NewID(), models.ErasureAsked, s.Now()
	return s.numbered(ctx, func() *gorm.DB { return s.q(ctx).Model(&models.Erasure{}) }, func(n int) error {
		e.Number = n
		return s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Create(e).Error })
	})
}

// OpenErasures lists the wishes that wait at the actor's office, oldest first.
func (s *Store) OpenErasures(ctx context.Context) (rows []models.Erasure, err error) {
	return rows, s.places(s.q(ctx), "region").Where("state = ?", models.ErasureAsked).Order("number").Find(&rows).Error
}

// ErasureNumbered finds one by its number.
func (s *Store) ErasureNumbered(ctx context.Context, number int) (e models.Erasure, err error) {
	err = s.places(s.q(ctx), "region").First(&e, "number = ?", number).Error
	return e, notFound(err)
}

// SettleErasure closes a wish with what was checked; ErrLost where it was closed
// before.
func (s *Store) SettleErasure(ctx context.Context, e models.Erasure, state, evidence string) error {
	e.State, e.Evidence, e.AccountID, e.DoneAt = state, models.Conceal(evidence), s.actor.Account, s.Now()
	res := s.q(ctx).Model(&e).Select("state", "evidence", "account_id", "done_at").Where("state = ?", models.ErasureAsked).Updates(&e)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// ErasePerson deletes what a contact person gave of themselves: name, telephone,
// the words of questions and needs that are over, the consents' tie to the phone.
// What the programme must keep stays: the register, the records, the audit, which
// gets a row that says how many rows of words went, and of recordings and pictures,
// whose bytes went before.
func (s *Store) ErasePerson(ctx context.Context, e models.Erasure, media int) error {
	if err := s.Erase(ctx, e.Sender); err != nil {
		return err
	}
	if err := s.WithdrawConsent(ctx, []string{e.SubjectID}, ""); err != nil {
		return err
	}
	words := int64(0)
	for _, sql := range []string{
		"UPDATE question SET words = '', answer = '' WHERE asker_id = ? AND answered_at > 0",
		"UPDATE need SET words = '', result = '', reason = '' WHERE asker_id = ? AND closed_at > 0",
	} {
		res := s.q(ctx).Exec(sql, e.SubjectID)
		if res.Error != nil {
			return res.Error
		}
		words += res.RowsAffected
	}
	steps := []*gorm.DB{
		s.q(ctx).Exec("UPDATE photo SET state = ? WHERE record_id IN (SELECT id FROM question WHERE asker_id = ?)", models.PhotoDropped, e.SubjectID),
		s.q(ctx).Exec("UPDATE delivery SET openid = '', payload = '' WHERE subject_id = ?", e.ID),
		s.q(ctx).Exec("UPDATE erasure SET sender = '' WHERE id = ?", e.ID),
	}
	if e.Role == models.RoleGuardian {
		steps = append(steps, s.q(ctx).Exec("UPDATE contact SET name = '', phone = '', phone_idx = '' WHERE id = ?", e.SubjectID))
	}
	for _, step := range steps {
		if step.Error != nil {
			return step.Error
		}
	}
	return s.Note(ctx, "erase_done", "recipient:"+e.RecipientID, fmt.Sprintf("erasure=%d rows=%d media=%d", e.Number, words, media))
}

// Erasure finds one.
func (s *Store) Erasure(ctx context.Context, id string) (e models.Erasure, err error) {
	err = s.places(s.q(ctx), "region").First(&e, "id = ?", id).Error
	return e, notFound(err)
}

// Look is one time somebody looked at what is held on a family: who by the
// office's kind only, and when.
type Look struct {
	At    models.Instant
	Actor string // role and id
}

// LooksAt lists the newest times that people of offices looked at, or changed,
// what is held on a recipient. Cases of danger are left out: the phone may be in
// the hands of who does the harm.
func (s *Store) LooksAt(ctx context.Context, recipientID string, limit int) (rows []Look, err error) {
	objects := []string{"recipient:" + recipientID, "person:" + recipientID}
	var needs []string
	if err := s.q(ctx).Model(&models.Need{}).Where("recipient_id = ?", recipientID).Pluck("id", &needs).Error; err != nil {
		return nil, err
	}
	for _, id := range needs {
		objects = append(objects, "need:"+id)
	}
	err = s.q(ctx).Model(&Audit{}).Select("at, actor").
		Where("object IN ? AND (actor LIKE 'account:%' OR actor LIKE 'cadre:%')", objects).Order("at DESC").Limit(limit).Scan(&rows).Error
	return rows, err
}

// ActorRole is the post of an actor of an audit row.
func (s *Store) ActorRole(ctx context.Context, actor string) (string, error) {
	kind, id, _ := strings.Cut(actor, ":")
	if kind != "account" {
		return "结对干部", nil
	}
	a, err := s.Account(ctx, id)
	if notFound(err) == ErrNotFound {
		return "管理员", nil
	}
	if err != nil {
		return "", fmt.Errorf("store: actor: %w", err)
	}
	return a.Role.Label(), nil
}
