package store

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

const week = 7 * 24 * time.Hour

// notices narrows a query over notices: an office sees those it wrote, those for
// its places or its unit, and those that went to its cadres, of whom it may have
// to ring some up.
func (s *Store) notices(q *gorm.DB) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account == "" || !s.inArea(models.ObjectNotice):
	case a.Unit != "":
		return q.Where("(account_id = ? OR unit_id = ? OR id IN (SELECT notice_id FROM delivery WHERE role = ? AND subject_id IN (SELECT id FROM cadre WHERE unit_id = ?)))",
			a.Account, a.Unit, models.RoleCadre, a.Unit)
	case a.Region != "":
		return q.Where("(account_id = ? OR region LIKE ? OR id IN (SELECT notice_id FROM delivery WHERE role = ? AND subject_id IN (SELECT id FROM cadre WHERE region LIKE ?)))",
			a.Account, a.Region+"%", models.RoleCadre, a.Region+"%")
	}
	return q.Where("1 = 0")
}

// WriteNotice stores a notice with a delivery for each of its people, all or
// nothing: who cannot be reached has a closed one that says why. Nothing goes out
// of a notice that waits for approval.
func (s *Store) WriteNotice(ctx context.Context, n *models.Notice, people []Addressee, kind string) error {
	n.ID, n.SentAt, n.ChangedAt = s.NewID(), s.Now(), s.Now()
	if n.DueAt == 0 {
		n.DueAt = n.SentAt
	}
	rows := make([]Delivery, len(people))
	for i, a := range people {
		d := Delivery{
			ID: s.NewID(), KeyHash: s.db.keys.Index("delivery", "notice/"+n.ID+"/"+string(a.Role)+"/"+a.SubjectID), Kind: kind, Role: a.Role,
			SubjectID: a.SubjectID, State: DeliveryPlanned, DueAt: n.DueAt, CreatedAt: n.SentAt, NoticeID: n.ID,
		}
		if n.State == models.NoticeWaiting {
			d.State = DeliveryHeld
		}
		switch {
		case a.Binding == nil:
			d.State, d.Reason, d.DoneAt = DeliveryFailed, ReasonUnbound, n.SentAt
			n.Unbound++
		case a.Blocked:
			d.State, d.Reason, d.DoneAt = DeliveryRefused, ReasonBlocked, n.SentAt
		case a.Had >= models.NoticesAWeek && !n.Urgent:
			d.State, d.Reason, d.DoneAt = DeliveryCancelled, ReasonHadTheirs, n.SentAt
		default:
			n.People++
		}
		if a.Binding != nil {
			d.OpenID = a.Binding.OpenID
		}
		rows[i] = d
	}
	err := s.numbered(ctx, func() *gorm.DB { return s.q(ctx).Model(&models.Notice{}) }, func(number int) error {
		n.Number = &number
		return s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Create(n).Error })
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(&rows, 200).Error
}

// Reasons that people of a notice are told about.
const (
	ReasonUnbound   = "not bound"
	ReasonBlocked   = "the person refuses the account's messages"
	ReasonNoWay     = "no template is set and no window is open"
	ReasonHadTheirs = "two notices this week"
	ReasonByPhone   = "told by telephone"
)

// Notice finds a notice.
func (s *Store) Notice(ctx context.Context, id string) (n models.Notice, err error) {
	err = s.notices(s.q(ctx)).First(&n, "id = ?", id).Error
	return n, notFound(err)
}

// NoticeNumbered finds a notice by its number.
func (s *Store) NoticeNumbered(ctx context.Context, number int) (n models.Notice, err error) {
	err = s.notices(s.q(ctx)).First(&n, "number = ?", number).Error
	return n, notFound(err)
}

// Notices lists the newest.
func (s *Store) Notices(ctx context.Context, limit int) (rows []models.Notice, err error) {
	return rows, s.notices(s.q(ctx)).Order("sent_at DESC, id DESC").Limit(limit).Find(&rows).Error
}

// LastNotice finds the newest notice of an account.
func (s *Store) LastNotice(ctx context.Context, accountID string) (n models.Notice, err error) {
	err = s.q(ctx).Where("account_id = ?", accountID).Order("sent_at DESC, id DESC").First(&n).Error
	return n, notFound(err)
}

// NoticeFor finds the newest notice that went to a person, and in which role.
func (s *Store) NoticeFor(ctx context.Context, subjects []string) (n models.Notice, d Delivery, err error) {
	err = s.q(ctx).Where("subject_id IN ? AND notice_id <> '' AND state IN ?", subjects,
		[]string{DeliveryPlanned, DeliveryAccepted, DeliveryDelivered, DeliveryUnknown}).Order("id DESC").First(&d).Error
	if err != nil {
		return n, d, notFound(err)
	}
	err = s.q(ctx).First(&n, "id = ?", d.NoticeID).Error
	return n, d, notFound(err)
}

// MoveNotice brings a notice from one of some states to another and its open
// deliveries along; ErrLost where somebody else was faster. A delivery that is
// being sent right now is not touched: Prepare looks at the notice.
func (s *Store) MoveNotice(ctx context.Context, n *models.Notice, to models.NoticeState, from ...models.NoticeState) error {
	res := s.q(ctx).Model(&models.Notice{}).Where("id = ? AND state IN ?", n.ID, from).
		Updates(map[string]any{"state": to, "changed_at": s.Now(), "approved_by": n.ApprovedBy})
	if res.Error != nil {
		return res.Error
	}
	if res.RowsAffected == 0 {
		return ErrLost
	}
	n.State, n.ChangedAt = to, s.Now()
	rows := s.q(ctx).Model(&Delivery{}).Where("notice_id = ? AND lease_until < ?", n.ID, s.Now())
	switch to {
	case models.NoticePaused:
		return rows.Where("state = ?", DeliveryPlanned).Updates(map[string]any{"state": DeliveryHeld}).Error
	case models.NoticeGoing:
		return rows.Where("state = ?", DeliveryHeld).Updates(map[string]any{"state": DeliveryPlanned, "due_at": max(n.DueAt, s.Now())}).Error
	case models.NoticeCancelled:
		return rows.Where("state IN ?", []string{DeliveryPlanned, DeliveryHeld}).
			Updates(map[string]any{"state": DeliveryCancelled, "reason": "the notice was taken back", "done_at": s.Now()}).Error
	}
	return nil
}

// SweepNotices ends notices that nobody approved or went on with for a week, and
// moves the deliveries that were under way when their notice was stopped.
func (s *Store) SweepNotices(ctx context.Context) error {
	var rows []models.Notice
	err := s.q(ctx).Where("state IN ? AND changed_at < ?", []models.NoticeState{models.NoticeWaiting, models.NoticePaused}, s.Now().Add(-week)).Limit(20).Find(&rows).Error
	for i := range rows {
		if err == nil {
			err = s.InTx(ctx, func(tx *Store) error { return tx.MoveNotice(ctx, &rows[i], models.NoticeCancelled, rows[i].State) })
		}
		if errors.Is(err, ErrLost) {
			err = nil
		}
	}
	return err
}

// SendAgain plans once more what did not reach its person, for those who can be
// reached now; with unknown also where nobody knows whether it did. It tells how
// many that are and how many are still out of reach.
func (s *Store) SendAgain(ctx context.Context, n models.Notice, unknown bool) (again, left int, err error) {
	states := []string{DeliveryFailed, DeliveryRefused}
	if unknown {
		states = append(states, DeliveryUnknown)
	}
	var rows []Delivery
	if err := s.q(ctx).Where("notice_id = ? AND state IN ?", n.ID, states).Order("id").Find(&rows).Error; err != nil {
		return 0, 0, err
	}
	subjects := map[models.Role][]string{}
	for _, d := range rows {
		subjects[d.Role] = append(subjects[d.Role], d.SubjectID)
	}
	bound := map[models.Role]map[string]models.Binding{}
	var idx []string
	for role, ids := range subjects {
		if bound[role], err = s.BindingsOf(ctx, role, ids); err != nil {
			return 0, 0, err
		}
		for _, b := range bound[role] {
			idx = append(idx, b.OpenIDIdx)
		}
	}
	ways, err := s.Ways(ctx, idx)
	if err != nil {
		return 0, 0, err
	}
	for _, d := range rows {
		b, ok := bound[d.Role][d.SubjectID]
		if !ok || ways[b.OpenIDIdx].Blocked {
			left++
			continue
		}
		// Another key: the platform would take the same one for a repetition.
		next := Delivery{
			ID: d.ID, KeyHash: s.db.keys.Index("delivery", d.KeyHash+"/"+s.NewID()), State: DeliveryPlanned, OpenID: b.OpenID,
			DueAt: s.Now(), Reason: "sent again",
		}
		res := s.q(ctx).Model(&next).Where("state = ?", d.State).
			Select("key_hash", "state", "openid", "due_at", "reason", "owner", "lease_until", "attempts", "outcomes", "job_id", "done_at", "unsure_at").Updates(&next)
		if res.Error != nil {
			return again, left, res.Error
		}
		again += int(res.RowsAffected)
	}
	return again, left, nil
}

// NoticeResult is what became of a notice for one person.
type NoticeResult struct {
	DeliveryID string
	Role       models.Role
	SubjectID  string
	State      string
	Reason     string
	DoneAt     models.Instant
}

// NoticeResults lists what became of a notice by person, of one state where one
// is named, in pages by id.
func (s *Store) NoticeResults(ctx context.Context, noticeID, state, after string, limit int) (rows []NoticeResult, err error) {
	q := s.noticePeople(s.q(ctx).Model(&Delivery{})).Select("id AS delivery_id, role, subject_id, state, reason, done_at").Where("notice_id = ? AND id > ?", noticeID, after)
	if state != "" {
		q = q.Where("state = ?", state)
	}
	return rows, q.Order("id").Limit(limit).Scan(&rows).Error
}

// NoticeCounts counts the people of a notice by what became of it for them.
func (s *Store) NoticeCounts(ctx context.Context, noticeID string) (map[string]int, error) {
	var rows []struct {
		State string
		N     int
	}
	err := s.noticePeople(s.q(ctx).Model(&Delivery{})).Select("state, count(*) AS n").Where("notice_id = ?", noticeID).Group("state").Scan(&rows).Error
	out := map[string]int{}
	for _, r := range rows {
		out[r.State] = r.N
	}
	return out, err
}

// noticePeople narrows a query over deliveries to the people whom the actor may
// see: an office above may have written to more.
func (s *Store) noticePeople(q *gorm.DB) *gorm.DB {
	if s.actor.System != "" {
		return q
	}
	mine := s.cadres(s.tx.Session(&gorm.Session{NewDB: true}).Model(&models.Cadre{}).Select("id"), "id")
	own := s.people(s.tx.Session(&gorm.Session{NewDB: true}).Model(&models.Recipient{}).Select("id"), "id")
	kin := s.people(s.tx.Session(&gorm.Session{NewDB: true}).Model(&models.Contact{}).Select("id"), "recipient_id")
	return q.Where("(role = ? AND subject_id IN (?) OR role = ? AND subject_id IN (?) OR role = ? AND subject_id IN (?))",
		models.RoleCadre, mine, models.RoleRecipient, own, models.RoleGuardian, kin)
}

// ToldByPhone closes what could not be sent because somebody has called.
func (s *Store) ToldByPhone(ctx context.Context, noticeID, deliveryID string) error {
	res := s.noticePeople(s.q(ctx).Model(&Delivery{})).
		Where("id = ? AND notice_id = ? AND state IN ?", deliveryID, noticeID, []string{DeliveryFailed, DeliveryRefused, DeliveryUnknown, DeliveryCancelled}).
		Updates(map[string]any{"state": DeliveryDelivered, "reason": ReasonByPhone, "done_at": s.Now()})
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrNotFound
	}
	return res.Error
}
