package store

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// Reminder is one unasked message to be kept, for reasons of which each is
// spoken of once ever. Its payload are the reasons that nobody has spoken of,
// one a line.
type Reminder struct {
	Delivery
	Reasons []string
}

type reasonRow struct {
	ReasonHash string `gorm:"primaryKey"`
	DeliveryID string
	CreatedAt  models.Instant `gorm:"autoCreateTime:false"`
}

func (reasonRow) TableName() string { return "delivery_reason" }

// PlanReminders keeps messages whose reasons nobody has taken, in one
// transaction. Of processes that plan the same at once one gets each reason. What
// finds its person's last message still waiting goes along with it.
func (s *Store) PlanReminders(ctx context.Context, rows []Reminder) error {
	return s.InTx(ctx, func(tx *Store) error { return tx.planReminders(ctx, rows) })
}

func (s *Store) planReminders(ctx context.Context, rows []Reminder) error {
	now := s.Now()
	waiting, err := s.waitingReminders(ctx, rows)
	if err != nil {
		return err
	}
	var all []reasonRow
	words := map[string]string{}
	for i := range rows {
		r := &rows[i]
		r.ID = s.NewID()
		if w, ok := waiting[r.SubjectID]; ok {
			r.ID = w.ID
		}
		for _, reason := range r.Reasons {
			hash := s.db.keys.Index("reason", reason)
			words[hash] = reason
			all = append(all, reasonRow{hash, r.ID, now})
		}
	}
	// In one order for all processes, so that they do not lock each other out.
	slices.SortFunc(all, func(a, b reasonRow) int { return strings.Compare(a.ReasonHash, b.ReasonHash) })
	taken, err := s.takeReasons(ctx, all)
	if err != nil {
		return err
	}
	fresh := map[string][]string{}
	for _, r := range all {
		if taken[r.ReasonHash] {
			fresh[r.DeliveryID] = append(fresh[r.DeliveryID], words[r.ReasonHash])
		}
	}
	var added []Delivery
	for _, r := range rows {
		mine := fresh[r.ID]
		if len(mine) == 0 {
			continue
		}
		if w, ok := waiting[r.SubjectID]; ok {
			w.Payload = reasonList(append(mine, strings.Split(w.Payload.Reveal(), "\n")...))
			res := s.q(ctx).Model(&w).Select("payload").Where("state = ?", DeliveryPlanned).Updates(&w)
			if res.Error != nil {
				return res.Error
			}
			continue
		}
		d := r.Delivery
		d.Payload, d.State, d.CreatedAt = reasonList(mine), DeliveryPlanned, now
		d.KeyHash = s.db.keys.Index("delivery", d.ID)
		added = append(added, d)
	}
	if len(added) == 0 {
		return nil
	}
	return s.q(ctx).CreateInBatches(&added, 100).Error
}

func reasonList(reasons []string) models.Secret {
	slices.Sort(reasons)
	return models.Conceal(strings.Join(slices.Compact(reasons), "\n"))
}

// takeReasons enters reasons and tells which of them are this call's.
func (s *Store) takeReasons(ctx context.Context, all []reasonRow) (map[string]bool, error) {
	mine := map[string]bool{}
	for part := range slices.Chunk(all, 300) {
		part = slices.Clone(part)
		if err := s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&part).Error; err != nil {
			return nil, err
		}
		owner := map[string]string{}
		hashes := make([]string, len(part))
		for i, r := range part {
			hashes[i], owner[r.ReasonHash] = r.ReasonHash, r.DeliveryID
		}
		var have []reasonRow
		if err := s.q(ctx).Where("reason_hash IN ? AND created_at = ?", hashes, all[0].CreatedAt).Find(&have).Error; err != nil {
			return nil, err
		}
		for _, r := range have {
			mine[r.ReasonHash] = r.DeliveryID == owner[r.ReasonHash]
		}
	}
	return mine, nil
}

// waitingReminders finds the messages to the same cadres that have not gone and
// are in nobody's hands. What offices get does not mix.
func (s *Store) waitingReminders(ctx context.Context, rows []Reminder) (map[string]Delivery, error) {
	out := map[string]Delivery{}
	var subjects []string
	for _, r := range rows {
		if r.Role == models.RoleCadre {
			subjects = append(subjects, r.SubjectID)
		}
	}
	err := inChunks(subjects, func(part []string) error {
		var some []Delivery
		err := s.q(ctx).Where("subject_id IN ? AND role = ? AND state = ? AND kind IN ? AND owner = ''", part, models.RoleCadre, DeliveryPlanned, weeklyKinds).Order("id DESC").Find(&some).Error
		for _, d := range some {
			out[d.SubjectID] = d
		}
		return err
	})
	return out, err
}

// weeklyKinds are the kinds of which a cadre gets one message a week.
var weeklyKinds = []string{"duty", "birthday", "festival", "summary"}

// PeopleOf lists what planning needs to know of recipients: birthday, categories
// and place, by id.
func (s *Store) PeopleOf(ctx context.Context, ids []string) (map[string]models.Recipient, error) {
	out := make(map[string]models.Recipient, len(ids))
	err := inChunks(ids, func(part []string) error {
		var rows []models.Recipient
		err := s.people(s.q(ctx), "id").Select("id", "birth", "birth_lunar", "categories", "care_mode", "region").Where("id IN ?", part).Find(&rows).Error
		for _, r := range rows {
			out[r.ID] = r
		}
		return err
	})
	return out, err
}

// QuestionsWaiting counts the questions asked before t that wait for a cadre's
// words, by cadre.
func (s *Store) QuestionsWaiting(ctx context.Context, cadreIDs []string, before models.Instant) (map[string]int, error) {
	out := map[string]int{}
	err := inChunks(cadreIDs, func(part []string) error {
		var rows []struct {
			CadreID string
			N       int
		}
		err := s.questions(s.q(ctx)).Model(&models.Question{}).Select("cadre_id, count(*) AS n").
			Where("cadre_id IN ? AND answered_at = 0 AND state = ? AND asked_at < ?", part, models.QuestionOpen, before).Group("cadre_id").Scan(&rows).Error
		for _, r := range rows {
			out[r.CadreID] = r.N
		}
		return err
	})
	return out, err
}

// PushChoices are what people of a role want of unasked messages, by person; of
// all who said something where no ids are given.
func (s *Store) PushChoices(ctx context.Context, role models.Role, ids []string) (map[string]models.PushChoice, error) {
	out := map[string]models.PushChoice{}
	read := func(q *gorm.DB) error {
		var rows []models.PushChoice
		err := q.Where("role = ?", role).Find(&rows).Error
		for _, r := range rows {
			out[r.SubjectID] = r
		}
		return err
	}
	if ids == nil {
		return out, read(s.q(ctx))
	}
	return out, inChunks(ids, func(part []string) error { return read(s.q(ctx).Where("subject_id IN ?", part)) })
}

// PushChoice is what one person wants.
func (s *Store) PushChoice(ctx context.Context, role models.Role, id string) (models.PushChoice, error) {
	rows, err := s.PushChoices(ctx, role, []string{id})
	c := rows[id]
	c.Role, c.SubjectID = role, id
	return c, err
}

// SetPushChoice writes it.
func (s *Store) SetPushChoice(ctx context.Context, c models.PushChoice) error {
	c.ChangedAt = s.Now()
	return s.q(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&c).Error
}

const calendarMark = "calendar"

// Calendar is the month of the offices: one row of data.
func (s *Store) Calendar(ctx context.Context) (models.Calendar, error) {
	row, err := s.Mark(ctx, calendarMark)
	if err != nil || row == "" {
		return models.DefaultCalendar, err
	}
	return models.ParseCalendar(row)
}

// SetCalendar changes it: whatever follows the month follows from then on.
func (s *Store) SetCalendar(ctx context.Context, c models.Calendar) error {
	if err := s.SetMark(ctx, calendarMark, c.String()); err != nil {
		return err
	}
	return s.Note(ctx, "calendar", "calendar", c.String())
}
