package store

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// confirms narrows a query over confirmations and disputes: an office sees those
// of its places, a contact the own; a cadre none.
func (s *Store) confirms(q *gorm.DB) *gorm.DB {
	if a := s.actor; a.Contact != "" {
		return q.Where("subject_id = ?", a.Contact)
	}
	return s.places(q, "region")
}

// PrepareDraw makes the seed of a week, once, and gives the week's draw. It is
// asked every minute: what is there is only read.
func (s *Store) PrepareDraw(ctx context.Context, week models.Day, seed string) (d models.ConfirmDraw, err error) {
	if err = s.q(ctx).First(&d, "week = ?", week).Error; !errors.Is(err, gorm.ErrRecordNotFound) {
		return d, err
	}
	row := models.ConfirmDraw{Week: week, Seed: seed, MadeAt: s.Now()}
	if err := s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return d, err
	}
	return d, s.q(ctx).First(&d, "week = ?", week).Error
}

// TakeDraw lets one process make a week's draw; ErrLost for the others.
func (s *Store) TakeDraw(ctx context.Context, week models.Day) error {
	res := s.q(ctx).Model(&models.ConfirmDraw{}).Where("week = ? AND drawn_at = 0", week).Update("drawn_at", s.Now())
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// EndDraw notes how many could be drawn and how many were asked.
func (s *Store) EndDraw(ctx context.Context, week models.Day, frame, asked int) error {
	return s.q(ctx).Model(&models.ConfirmDraw{}).Where("week = ?", week).Updates(map[string]any{"frame": frame, "asked": asked}).Error
}

// Draws lists the newest draws.
func (s *Store) Draws(ctx context.Context, limit int) (rows []models.ConfirmDraw, err error) {
	return rows, s.q(ctx).Order("week DESC").Limit(limit).Find(&rows).Error
}

// VisitFrame lists the standing visits of some days to people who are still in
// the programme, one a person.
func (s *Store) VisitFrame(ctx context.Context, from, to models.Day) (rows []models.Confirmation, err error) {
	err = s.people(s.q(ctx).Table("activity a").Joins("JOIN recipient r ON r.id = a.recipient_id"), "a.recipient_id").
		Select("MIN(a.id) AS activity_id, a.recipient_id, MIN(a.cadre_id) AS cadre_id, r.region, MIN(a.day) AS day").
		Where("a.kind = ? AND a.voided_at = 0 AND a.status = ? AND a.day BETWEEN ? AND ? AND r.exited_on = ''", models.KindVisit, models.StatusActive, from, to).
		Group("a.recipient_id, r.region").Order("a.recipient_id").Scan(&rows).Error
	return rows, err
}

// MayConfirm finds who can be asked about a visit to a recipient: somebody of the
// household who is bound, not on the cadre's own WeChat or telephone, who has not
// taken that consent back, nor is still to give it to a version that renewed it
// (holding: the versions that hold; nil: none was renewed). ErrNotFound where there is nobody, or the household was
// asked within the month.
func (s *Store) MayConfirm(ctx context.Context, c models.Confirmation, holding []string) (b models.Binding, err error) {
	since := s.Now().Add(-models.ConfirmEvery)
	var asked int64
	if err := s.q(ctx).Model(&models.Confirmation{}).Where("recipient_id = ? AND asked_at > ?", c.RecipientID, since).Count(&asked).Error; err != nil {
		return b, err
	}
	if asked > 0 {
		return b, ErrNotFound
	}
	rows, err := s.ContactsBound(ctx, c.RecipientID)
	if err != nil {
		return b, err
	}
	var phones, own []string
	if err := s.q(ctx).Model(&models.Cadre{}).Where("id = ?", c.CadreID).Pluck("phone_idx", &phones).Error; err != nil {
		return b, err
	}
	if err := s.q(ctx).Model(&models.Binding{}).Where("role = ? AND subject_id = ? AND ended_at = 0", models.RoleCadre, c.CadreID).Pluck("openid_idx", &own).Error; err != nil {
		return b, err
	}
	for _, b := range rows {
		var n int64
		err := s.q(ctx).Model(&models.Confirmation{}).Where("subject_id = ? AND asked_at > ?", b.SubjectID, since).Count(&n).Error
		if err == nil && n == 0 && len(phones) > 0 {
			err = s.q(ctx).Model(&models.Contact{}).Where("id = ? AND phone_idx <> '' AND phone_idx = ?", b.SubjectID, phones[0]).Count(&n).Error
		}
		agrees := false
		if err == nil && n == 0 {
			agrees, err = s.agreesToConfirm(ctx, b.SubjectID, holding)
		}
		if err != nil {
			return b, err
		}
		if agrees && !slices.Contains(own, b.OpenIDIdx) {
			return b, nil
		}
	}
	return models.Binding{}, ErrNotFound
}

// agreesToConfirm tells whether somebody may be asked, as far as consent goes: the
// newest word counts, and who never was asked for any has not refused.
func (s *Store) agreesToConfirm(ctx context.Context, subjectID string, holding []string) (bool, error) {
	var rows []models.Consent
	err := s.q(ctx).Where("subject_id = ? AND purpose = ?", subjectID, models.PurposeConfirm).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return holding == nil, err
	}
	return slices.ContainsFunc(rows, func(c models.Consent) bool {
		return c.WithdrawnAt == 0 && (holding == nil || slices.Contains(holding, c.Version))
	}), nil
}

// AddConfirmation enters a question to a family.
func (s *Store) AddConfirmation(ctx context.Context, c *models.Confirmation) error {
	c.ID, c.AskedAt = s.NewID(), s.Now()
	return s.q(ctx).Create(c).Error
}

// Confirmation finds one.
func (s *Store) Confirmation(ctx context.Context, id string) (c models.Confirmation, err error) {
	err = s.confirms(s.q(ctx)).First(&c, "id = ?", id).Error
	return c, notFound(err)
}

// OpenConfirmations lists what people were asked and may still answer, newest
// first.
func (s *Store) OpenConfirmations(ctx context.Context, subjects []string) (rows []models.Confirmation, err error) {
	err = s.confirms(s.q(ctx)).Where("subject_id IN ? AND answer = '' AND asked_at > ?", subjects, s.Now().Add(-models.ConfirmWait)).Order("asked_at DESC").Find(&rows).Error
	return rows, err
}

// AnswerConfirmation writes an answer, once.
func (s *Store) AnswerConfirmation(ctx context.Context, c models.Confirmation, said models.Said, words string) error {
	c.Answer, c.Words, c.AnsweredAt = said, models.Conceal(words), s.Now()
	res := s.q(ctx).Model(&c).Select("answer", "words", "answered_at").Where("answer = ''").Updates(&c)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// ConfirmRates tells what families said, by county, of the questions asked
// between two moments. Single answers are in none of it.
func (s *Store) ConfirmRates(ctx context.Context, from, to models.Instant) (rates []models.ConfirmRate, err error) {
	var rows []struct {
		County string
		Answer models.Said
		N      int
	}
	err = s.confirms(s.q(ctx).Model(&models.Confirmation{})).Select("SUBSTR(region, 1, 6) AS county, answer, COUNT(*) AS n").
		Where("asked_at >= ? AND asked_at < ?", from, to).Group("SUBSTR(region, 1, 6), answer").Order("county").Scan(&rows).Error
	for _, r := range rows {
		if len(rates) == 0 || rates[len(rates)-1].Region != r.County {
			rates = append(rates, models.ConfirmRate{Region: r.County})
		}
		rates[len(rates)-1].Add(r.Answer, r.N)
	}
	return rates, err
}

// DisputedVisits lists the standing visits to a recipient between two days that
// nobody has disputed, newest first: among them is the one that did not happen.
func (s *Store) DisputedVisits(ctx context.Context, recipientID string, from, to models.Day) (rows []models.Activity, err error) {
	err = s.people(s.q(ctx), "recipient_id").
		Where("recipient_id = ? AND kind = ? AND voided_at = 0 AND status = ? AND day BETWEEN ? AND ?", recipientID, models.KindVisit, models.StatusActive, from, to).
		Order("day DESC, id DESC").Limit(8).Find(&rows).Error
	return rows, err
}

// OpenDispute marks a record as disputed and enters who said so; ErrLost where it
// no longer stands or was disputed before.
func (s *Store) OpenDispute(ctx context.Context, d *models.Dispute) error {
	res := s.q(ctx).Model(&models.Activity{}).Where("id = ? AND voided_at = 0 AND status = ?", d.ActivityID, models.StatusActive).Update("status", models.StatusDisputed)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	if res.Error != nil {
		return res.Error
	}
	d.ID, d.OpenedAt = s.NewID(), s.Now()
	return s.savepoint(ctx, func(tx *gorm.DB) error {
		if err := tx.Create(d).Error; IsDuplicate(err) {
			return ErrLost
		} else if err != nil {
			return err
		}
		return nil
	})
}

// OpenDisputes lists the disputes that wait at the actor's office, oldest first.
func (s *Store) OpenDisputes(ctx context.Context) (rows []models.Dispute, err error) {
	return rows, s.places(s.q(ctx), "region").Where("closed_at = 0").Order("opened_at, id").Limit(200).Find(&rows).Error
}

// Dispute finds one.
func (s *Store) Dispute(ctx context.Context, id string) (d models.Dispute, err error) {
	err = s.places(s.q(ctx), "region").First(&d, "id = ?", id).Error
	return d, notFound(err)
}

// CloseDispute ends a dispute: the record stands again, or is withdrawn.
func (s *Store) CloseDispute(ctx context.Context, d models.Dispute, outcome, reason string) error {
	d.Outcome, d.Reason, d.AccountID, d.ClosedAt = outcome, models.Conceal(reason), s.actor.Account, s.Now()
	res := s.q(ctx).Model(&d).Select("outcome", "reason", "account_id", "closed_at").Where("closed_at = 0").Updates(&d)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	if res.Error != nil {
		return res.Error
	}
	set := map[string]any{"status": models.StatusActive}
	if outcome == models.DisputeUpheld {
		set = map[string]any{"status": models.StatusWithdrawn, "voided_at": s.Now()}
		if err := s.reopenMeasures(ctx, []models.Activity{{ID: d.ActivityID, RecipientID: d.RecipientID}}); err != nil {
			return err
		}
	}
	keys, err := s.standingsIn(ctx, "id", []string{d.ActivityID})
	if err != nil {
		return err
	}
	return s.keeping(ctx, keys, func() error {
		return s.q(ctx).Model(&models.Activity{}).Where("id = ? AND status = ?", d.ActivityID, models.StatusDisputed).Updates(set).Error
	})
}
