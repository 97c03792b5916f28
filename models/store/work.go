package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// The states of a job.
const (
	JobWaiting = "waiting"
	JobDone    = "done"
	JobDead    = "dead" // given up; a person looks
)

// Job is a thing to be done after the answer, once, by whichever process comes.
type Job struct {
	ID         string `gorm:"primaryKey"`
	Kind       string
	SubjectID  string
	State      string
	DueAt      models.Instant
	Owner      string
	LeaseUntil models.Instant
	Attempts   int
	LastError  string
	CreatedAt  models.Instant `gorm:"autoCreateTime:false"`
	DoneAt     models.Instant
}

// AddJob plans a job for a subject; a second one of its kind for the same
// subject is none.
func (s *Store) AddJob(ctx context.Context, kind, subject string, due models.Instant) error {
	return s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&Job{
		ID: s.NewID(), Kind: kind, SubjectID: subject, State: JobWaiting, DueAt: due, CreatedAt: s.Now(),
	}).Error
}

// RenewJob plans a job anew, whatever came of an earlier one for the subject.
func (s *Store) RenewJob(ctx context.Context, kind, subject string, due models.Instant) error {
	return s.q(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "kind"}, {Name: "subject_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"state", "due_at", "owner", "lease_until", "attempts"}),
	}).Create(&Job{ID: s.NewID(), Kind: kind, SubjectID: subject, State: JobWaiting, DueAt: due, CreatedAt: s.Now()}).Error
}

// LeaseJobs hands out jobs that are due, each to one owner (compare and set, so
// that it works alike on every database).
func (s *Store) LeaseJobs(ctx context.Context, owner string, lease time.Duration, limit int) (jobs []Job, err error) {
	now := s.Now()
	ids, err := candidates[Job](s, ctx, now, limit, JobWaiting)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return leaseRows[Job](s, ctx, ids, owner, now, now.Add(lease), JobWaiting)
}

// FinishJob closes a job.
func (s *Store) FinishJob(ctx context.Context, j Job, state, lastError string) error {
	return s.closeRow(ctx, &Job{}, j.ID, j.Owner, JobWaiting, map[string]any{"state": state, "last_error": cut(lastError, 400), "done_at": s.Now()})
}

// RetryJob puts a job back for later.
func (s *Store) RetryJob(ctx context.Context, j Job, due models.Instant, lastError string) error {
	return s.closeRow(ctx, &Job{}, j.ID, j.Owner, JobWaiting, map[string]any{"due_at": due, "owner": "", "lease_until": 0, "last_error": cut(lastError, 400)})
}

// candidates lists ids of rows that are due and free.
func candidates[T any](s *Store, ctx context.Context, now models.Instant, limit int, state string) (ids []string, err error) {
	var row T
	err = s.q(ctx).Model(&row).Where("state = ? AND due_at <= ? AND lease_until < ?", state, now, now).
		Order("due_at, id").Limit(limit).Pluck("id", &ids).Error
	return ids, err
}

// leaseRows takes those of ids that are still free and returns them.
func leaseRows[T any](s *Store, ctx context.Context, ids []string, owner string, now, until models.Instant, state string) (rows []T, err error) {
	var row T
	token := owner + "/" + s.NewID()[16:]
	res := s.q(ctx).Model(&row).Where("id IN ? AND state = ? AND lease_until < ?", ids, state, now).
		Updates(map[string]any{"owner": token, "lease_until": until, "attempts": gorm.Expr("attempts + 1")})
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, res.Error
	}
	err = s.q(ctx).Where("owner = ? AND id IN ?", token, ids).Order("due_at, id").Find(&rows).Error
	return rows, err
}

// closeRow writes the outcome of leased work, unless the lease was lost.
func (s *Store) closeRow(ctx context.Context, model any, id, owner, state string, set map[string]any) error {
	return s.retry(ctx, func() error {
		res := s.q(ctx).Model(model).Where("id = ? AND owner = ? AND state = ?", id, owner, state).Updates(set)
		if res.Error == nil && res.RowsAffected == 0 {
			return ErrLost
		}
		return res.Error
	})
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// The states of a delivery.
const (
	DeliveryPlanned   = "planned"
	DeliveryHeld      = "held"      // of a notice that waits for approval or is paused
	DeliveryAccepted  = "accepted"  // the platform took it; its word on delivery is awaited
	DeliveryDelivered = "delivered" // final
	DeliveryRefused   = "refused"   // final: the person blocks the account
	DeliveryFailed    = "failed"    // final, with the reason
	DeliveryUnknown   = "unknown"   // final: may or may not have arrived, a person looks
	DeliveryCancelled = "cancelled" // final: no longer due
)

// Delivery is one message to one person, outside the answer to a message.
type Delivery struct {
	ID         string `gorm:"primaryKey"`
	KeyHash    string
	Kind       string // late, duty, summary, notice …
	Role       models.Role
	SubjectID  string
	OpenID     models.Secret `gorm:"column:openid"`
	Payload    models.Secret
	State      string
	Reason     string // why it failed, was cancelled or waits
	DueAt      models.Instant
	Owner      string
	LeaseUntil models.Instant
	Attempts   int
	JobID      string // msgid of the platform
	Outcomes   int    // attempts whose outcome is known; fewer than Attempts-1: one was cut off
	NoticeID   string
	UnsureAt   models.Instant // when an attempt first ended without anybody knowing whether it arrived
	CutAt      models.Instant `gorm:"-"` // when the attempt of a process that died may have been
	CreatedAt  models.Instant `gorm:"autoCreateTime:false"`
	DoneAt     models.Instant
}

// AddDelivery plans a delivery under a key; one that exists already stays as it
// is.
func (s *Store) AddDelivery(ctx context.Context, key string, d Delivery) error {
	d.ID = s.NewID()
	d.KeyHash = s.db.keys.Index("delivery", key)
	d.State = DeliveryPlanned
	d.CreatedAt = s.Now()
	if d.DueAt == 0 {
		d.DueAt = d.CreatedAt
	}
	return s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&d).Error
}

// LeaseDeliveries hands out deliveries that are due, of one kind only where one
// is named.
func (s *Store) LeaseDeliveries(ctx context.Context, owner string, lease time.Duration, limit int, only string) (rows []Delivery, err error) {
	now := s.Now()
	st := s
	if only != "" {
		st = &Store{db: s.db, tx: s.tx.Where("kind = ?", only).Session(&gorm.Session{}), actor: s.actor, begun: s.begun}
	}
	ids, err := candidates[Delivery](st, ctx, now, limit, DeliveryPlanned)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	var cut []Delivery
	if err := s.q(ctx).Select("id", "lease_until").Where("id IN ? AND attempts > outcomes", ids).Find(&cut).Error; err != nil {
		return nil, err
	}
	rows, err = leaseRows[Delivery](s, ctx, ids, owner, now, now.Add(lease), DeliveryPlanned)
	for i := range rows {
		for _, c := range cut {
			if c.ID == rows[i].ID {
				rows[i].CutAt = c.LeaseUntil.Add(-lease)
			}
		}
	}
	return rows, err
}

// UnsureDelivery puts a leased delivery back of which nobody knows whether it
// arrived.
func (s *Store) UnsureDelivery(ctx context.Context, d Delivery, due models.Instant, reason string) error {
	since := d.UnsureAt
	if since == 0 {
		since = s.Now()
	}
	return s.closeRow(ctx, &Delivery{}, d.ID, d.Owner, DeliveryPlanned, map[string]any{
		"due_at": due, "owner": "", "lease_until": 0, "reason": cut(reason, 200), "outcomes": gorm.Expr("outcomes + 1"), "unsure_at": since,
	})
}

// FinishDelivery writes the outcome of a leased delivery.
func (s *Store) FinishDelivery(ctx context.Context, d Delivery, state, reason, jobID string) error {
	return s.closeRow(ctx, &Delivery{}, d.ID, d.Owner, DeliveryPlanned, map[string]any{
		"state": state, "reason": cut(reason, 200), "job_id": jobID, "done_at": s.Now(), "outcomes": gorm.Expr("outcomes + 1"),
	})
}

// PostponeDelivery puts a leased delivery back for later.
func (s *Store) PostponeDelivery(ctx context.Context, d Delivery, due models.Instant, reason string) error {
	return s.closeRow(ctx, &Delivery{}, d.ID, d.Owner, DeliveryPlanned, map[string]any{
		"due_at": due, "owner": "", "lease_until": 0, "reason": cut(reason, 200), "outcomes": gorm.Expr("outcomes + 1"),
	})
}

// ReturnDelivery puts a leased delivery back that was not tried: it waits for its
// hour, or for the platform.
func (s *Store) ReturnDelivery(ctx context.Context, d Delivery, due models.Instant, reason string) error {
	return s.closeRow(ctx, &Delivery{}, d.ID, d.Owner, DeliveryPlanned, map[string]any{
		"due_at": due, "owner": "", "lease_until": 0, "reason": cut(reason, 200), "attempts": gorm.Expr("attempts - 1"),
	})
}

// HoldDelivery puts a leased delivery aside until somebody lets it go on.
func (s *Store) HoldDelivery(ctx context.Context, d Delivery) error {
	return s.closeRow(ctx, &Delivery{}, d.ID, d.Owner, DeliveryPlanned, map[string]any{
		"state": DeliveryHeld, "owner": "", "lease_until": 0, "attempts": gorm.Expr("attempts - 1"),
	})
}

// WaitingWork counts what is due and not done, for the metrics.
func (s *Store) WaitingWork(ctx context.Context) (inbound, jobs, deliveries int64, err error) {
	now := s.Now()
	err = s.q(ctx).Model(&Inbound{}).Where("state = ?", InboundOpen).Count(&inbound).Error
	if err == nil {
		err = s.q(ctx).Model(&Job{}).Where("state = ? AND due_at <= ?", JobWaiting, now).Count(&jobs).Error
	}
	if err == nil {
		err = s.q(ctx).Model(&Delivery{}).Where("state = ? AND due_at <= ?", DeliveryPlanned, now).Count(&deliveries).Error
	}
	return inbound, jobs, deliveries, err
}

// DeliveriesTo lists the newest deliveries of a kind to one person.
func (s *Store) DeliveriesTo(ctx context.Context, kind, subject string, limit int) (rows []Delivery, err error) {
	return rows, s.q(ctx).Where("subject_id = ? AND kind = ?", subject, kind).Order("created_at DESC, id DESC").Limit(limit).Find(&rows).Error
}
