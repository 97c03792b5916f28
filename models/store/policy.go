package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"gorm.io/gorm"

	"aixin/models"
)

// AddPolicy takes in a new version of the policy base. The same text as the
// newest version is none: fresh is false.
func (s *Store) AddPolicy(ctx context.Context, body []byte, note string) (p models.Policy, fresh bool, err error) {
	sum := sha256.Sum256(body)
	p = models.Policy{Body: string(body), Hash: hex.EncodeToString(sum[:]), Actor: s.actor.String(), Note: cut(note, 400), ImportedAt: s.Now()}
	newest, err := s.Policy(ctx, 0)
	if err == nil && newest.Hash == p.Hash {
		return newest, false, nil
	}
	if err != nil && err != ErrNotFound {
		return p, false, err
	}
	p.Version = newest.Version + 1
	return p, true, s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Create(&p).Error })
}

// Policy finds a version of the base; 0 is the newest. ErrNotFound where none was
// taken in: the shipped one is in force.
func (s *Store) Policy(ctx context.Context, version int) (p models.Policy, err error) {
	q := s.q(ctx)
	if version > 0 {
		q = q.Where("version = ?", version)
	}
	err = q.Order("version DESC").First(&p).Error
	return p, notFound(err)
}

// PolicyVersion is the number of the newest version, 0 where there is none.
func (s *Store) PolicyVersion(ctx context.Context) (n int, err error) {
	return n, s.q(ctx).Model(&models.Policy{}).Select("COALESCE(MAX(version), 0)").Scan(&n).Error
}

// AddUnanswered keeps a question that nothing in the base answered.
func (s *Store) AddUnanswered(ctx context.Context, words, region string) error {
	return s.q(ctx).Create(&models.Unanswered{ID: s.NewID(), Words: models.Conceal(words), Region: region[:min(6, len(region))], AskedAt: s.Now()}).Error
}

// UnansweredSince lists them from a moment on, oldest first.
func (s *Store) UnansweredSince(ctx context.Context, since models.Instant) (rows []models.Unanswered, err error) {
	return rows, s.places(s.q(ctx), "region").Where("asked_at >= ?", since).Order("asked_at, id").Limit(5000).Find(&rows).Error
}

// AddPolicyDraft proposes a new wording. One waits for an entry at a time: ErrLost.
func (s *Store) AddPolicyDraft(ctx context.Context, d *models.PolicyDraft) error {
	var open int64
	err := s.q(ctx).Model(&models.PolicyDraft{}).Where("decided_at = 0 AND entry = ?", d.Entry).Count(&open).Error
	if err == nil && open > 0 {
		return ErrLost
	}
	if err != nil {
		return err
	}
	d.ID, d.AskedBy, d.AskedAt = s.NewID(), s.actor.Account, s.Now()
	return s.q(ctx).Create(d).Error
}

// PolicyDrafts lists the wordings that wait, oldest first.
func (s *Store) PolicyDrafts(ctx context.Context) (rows []models.PolicyDraft, err error) {
	return rows, s.q(ctx).Where("decided_at = 0").Order("asked_at, id").Limit(200).Find(&rows).Error
}

// PolicyDraft finds one.
func (s *Store) PolicyDraft(ctx context.Context, id string) (d models.PolicyDraft, err error) {
	return d, notFound(s.q(ctx).First(&d, "id = ?", id).Error)
}

// DecidePolicyDraft closes one. ErrLost: it is closed already, or it is given by
// who proposed it.
func (s *Store) DecidePolicyDraft(ctx context.Context, id string, give bool) error {
	q := s.q(ctx).Model(&models.PolicyDraft{}).Where("id = ? AND decided_at = 0", id)
	if give {
		q = q.Where("asked_by <> ?", s.actor.Account)
	}
	res := q.Updates(map[string]any{"decided_by": s.actor.Account, "decided_at": s.Now(), "given": give})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}
