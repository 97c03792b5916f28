package store

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// Accepted is a delivery that the platform took, under a job id.
type Accepted struct {
	Delivery
	Job string
}

// AcceptDeliveries notes what the platform took, in one statement for all that
// were leased together, and tells how many of them others hold by now. The
// platform's word on a delivery may be there already.
func (s *Store) AcceptDeliveries(ctx context.Context, all []Accepted) (lost int, err error) {
	byOwner, jobs := map[string][]Accepted{}, make([]string, 0, len(all))
	for _, a := range all {
		byOwner[a.Owner] = append(byOwner[a.Owner], a)
		jobs = append(jobs, a.Job)
	}
	for owner, part := range byOwner {
		// In the order of the ids, so that processes do not lock each other out.
		slices.SortFunc(part, func(a, b Accepted) int { return strings.Compare(a.ID, b.ID) })
		job, ids, values := strings.Builder{}, make([]string, len(part)), make([]any, 0, 2*len(part))
		job.WriteString("CASE id")
		for i, a := range part {
			job.WriteString(" WHEN ? THEN ?")
			ids[i], values = a.ID, append(values, a.ID, a.Job)
		}
		job.WriteString(" END")
		err := s.retry(ctx, func() error {
			res := s.q(ctx).Model(&Delivery{}).Where("id IN ? AND owner = ? AND state = ?", ids, owner, DeliveryPlanned).Updates(map[string]any{
				"job_id": gorm.Expr(job.String(), values...), "outcomes": gorm.Expr("outcomes + 1"), "reason": "", "state": DeliveryAccepted,
			})
			if res.Error == nil {
				lost += len(part) - int(res.RowsAffected)
			}
			return res.Error
		})
		if err != nil {
			return lost, err
		}
	}
	var said []Word
	if err := s.q(ctx).Table("delivery_event").Where("job_id IN ?", jobs).Find(&said).Error; err != nil {
		return lost, err
	}
	return lost, s.apply(ctx, said)
}

// Word is what the platform says about the end of a delivery.
type Word struct {
	JobID  string
	Status string
}

// DeliveryEvents takes in the platform's words. A word may come before
// AcceptDeliveries has written the job id: each side writes its own before it
// looks for the other's, so that the later one finds both; what a death between
// the two leaves, JoinEvents brings together.
func (s *Store) DeliveryEvents(ctx context.Context, words []Word) error {
	type row struct {
		Word
		At models.Instant
	}
	var rows []row
	for _, w := range words {
		if w.Status = cut(w.Status, 60); w.JobID != "" {
			rows = append(rows, row{w, s.Now()})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.JobID, b.JobID) })
	err := s.retry(ctx, func() error {
		return s.q(ctx).Table("delivery_event").Clauses(clause.OnConflict{DoNothing: true}).Create(&rows).Error
	})
	if err != nil {
		return err
	}
	said := make([]Word, len(rows))
	for i, r := range rows {
		said[i] = r.Word
	}
	return s.apply(ctx, said)
}

// waitsForWord are the states of a delivery in which a word of the platform counts:
// it may come after nobody expected it any more.
var waitsForWord = []string{DeliveryAccepted, DeliveryUnknown}

// apply ends the deliveries that the words are about.
func (s *Store) apply(ctx context.Context, words []Word) error {
	if len(words) == 0 {
		return nil
	}
	jobs, status := make([]string, len(words)), make(map[string]string, len(words))
	for i, w := range words {
		jobs[i], status[w.JobID] = w.JobID, w.Status
	}
	var open []struct{ ID, JobID string }
	err := s.q(ctx).Model(&Delivery{}).Select("id, job_id").Where("job_id IN ? AND state IN ?", jobs, waitsForWord).Order("id").Scan(&open).Error
	if err != nil {
		return err
	}
	groups := map[string][]string{}
	for _, d := range open {
		groups[status[d.JobID]] = append(groups[status[d.JobID]], d.ID)
	}
	for said, ids := range groups {
		if err := s.end(ctx, ids, said); err != nil {
			return err
		}
	}
	return nil
}

// end writes one word of the platform into the deliveries it is about.
func (s *Store) end(ctx context.Context, ids []string, said string) error {
	state := DeliveryFailed
	switch said {
	case "success":
		state = DeliveryDelivered
	case "failed:user block":
		state = DeliveryRefused
		var rows []Delivery
		if err := s.q(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
			return err
		}
		for _, d := range rows {
			if err := s.Block(ctx, s.OpenIDIndex(d.OpenID.Reveal())); err != nil {
				return err
			}
		}
	}
	return s.retry(ctx, func() error {
		return s.q(ctx).Model(&Delivery{}).Where("id IN ? AND state IN ?", ids, waitsForWord).
			Updates(map[string]any{"state": state, "reason": said, "done_at": s.Now()}).Error
	})
}

// joined is how many deliveries a sweep takes at once.
const joined = 500

// JoinEvents applies the platform's words that came before their delivery knew its
// job id.
func (s *Store) JoinEvents(ctx context.Context) error {
	var words []Word
	err := s.q(ctx).Table("delivery").Select("delivery.job_id, delivery_event.status").
		Joins("JOIN delivery_event ON delivery_event.job_id = delivery.job_id").
		Where("delivery.state = ?", DeliveryAccepted).Limit(joined).Scan(&words).Error
	if err != nil {
		return err
	}
	return s.apply(ctx, words)
}

// CloseSilent ends deliveries that were sent before a time and about whose fate
// the platform never spoke. They are looked for first: an update over a range
// would hold up those that are being sent.
func (s *Store) CloseSilent(ctx context.Context, before models.Instant) error {
	var ids []string
	err := s.q(ctx).Model(&Delivery{}).Where("state = ? AND due_at < ? AND lease_until < ?", DeliveryAccepted, before, before).Order("due_at").Limit(joined).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return err
	}
	return s.retry(ctx, func() error {
		return s.q(ctx).Model(&Delivery{}).Where("id IN ? AND state = ?", ids, DeliveryAccepted).
			Updates(map[string]any{"state": DeliveryUnknown, "reason": "no word from the platform", "done_at": s.Now()}).Error
	})
}
