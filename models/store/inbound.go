package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// The states of an inbound message.
const (
	InboundOpen   = "open"
	InboundDone   = "done"
	InboundFailed = "failed" // the handler failed; the sender was told a request id
)

// Inbound is a message that was claimed: the row that makes it exist once.
type Inbound struct {
	ID         int64 `gorm:"primaryKey;autoIncrement"`
	KeyHash    string
	Sender     string // HMAC of the openid
	Payload    string // sealed message
	State      string
	Owner      string
	LeaseUntil models.Instant
	Late       bool // the sender was told nothing yet: the answer goes as a message of its own
	Spoke      int  // how the sender made themselves heard: Silent, Tapped or Wrote
	Attempts   int
	Reply      string // sealed answer
	ReceivedAt models.Instant
	DoneAt     models.Instant
}

// How a message makes its sender heard: what the platform reports about them does
// not, a tap or a scan does, and only words open the window of 48 hours.
const (
	Silent = iota
	Tapped
	Wrote
)

// ErrLost is returned where somebody else holds or has finished the row.
var ErrLost = errors.New("store: lease lost")

// ClaimInbound enters the message under its key. fresh is false where it was
// there already; then the row that is there is returned.
func (s *Store) ClaimInbound(ctx context.Context, key, sender string, payload []byte, spoke int, received models.Instant, owner string, lease time.Duration) (row Inbound, fresh bool, err error) {
	box, err := s.db.keys.SealText("inbound.payload."+key, string(payload))
	if err != nil {
		return row, false, err
	}
	row = Inbound{
		KeyHash: key, Sender: sender, Payload: box, Spoke: spoke, State: InboundOpen, Owner: owner,
		LeaseUntil: s.Now().Add(lease), Attempts: 1, ReceivedAt: received,
	}
	err = s.retry(ctx, func() error { return s.q(ctx).Create(&row).Error })
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		row, err = s.Inbound(ctx, key)
		return row, false, err
	}
	return row, err == nil, err
}

// forgotten is the mark of the last message whose words were taken out.
const forgotten = "words/forgotten"

// ForgetWords takes the words out of up to limit messages and answers from before
// a moment, the oldest first, and tells how many there were. What was recorded of
// them stays (domain.md §5.2: what was said is kept 90 days).
func (s *Store) ForgetWords(ctx context.Context, before models.Instant, limit int) (n int, err error) {
	mark, err := s.Mark(ctx, forgotten)
	if err != nil {
		return 0, err
	}
	last, _ := strconv.ParseInt(mark, 10, 64)
	var ids []int64
	err = s.q(ctx).Model(&Inbound{}).Where("id > ? AND received_at < ? AND state <> ?", last, before, InboundOpen).Order("id").Limit(limit).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), s.InTx(ctx, func(tx *Store) error {
		err := tx.q(ctx).Model(&Inbound{}).Where("id IN ?", ids).Updates(map[string]any{"payload": "", "reply": ""}).Error
		if err != nil {
			return err
		}
		return tx.SetMark(ctx, forgotten, strconv.FormatInt(ids[len(ids)-1], 10))
	})
}

// ForgetPayload takes the words out of one message.
func (s *Store) ForgetPayload(ctx context.Context, id int64) error {
	return s.q(ctx).Model(&Inbound{}).Where("id = ?", id).Update("payload", "").Error
}

// Inbound finds a message by its key.
func (s *Store) Inbound(ctx context.Context, key string) (row Inbound, err error) {
	err = s.q(ctx).First(&row, "key_hash = ?", key).Error
	return row, notFound(err)
}

// InboundPayload opens the message.
func (s *Store) InboundPayload(row Inbound) ([]byte, error) {
	text, err := s.db.keys.OpenText("inbound.payload."+row.KeyHash, row.Payload)
	return []byte(text), err
}

// InboundReply opens the answer.
func (s *Store) InboundReply(row Inbound) ([]byte, error) {
	text, err := s.db.keys.OpenText("inbound.reply."+row.KeyHash, row.Reply)
	return []byte(text), err
}

// TakeOverInbound makes owner the holder of an open row whose lease has ended.
func (s *Store) TakeOverInbound(ctx context.Context, id int64, owner string, lease time.Duration, late bool) (bool, error) {
	now := s.Now()
	set := map[string]any{"owner": owner, "lease_until": now.Add(lease), "attempts": gorm.Expr("attempts + 1")}
	if late {
		set["late"] = true
	}
	var took bool
	err := s.retry(ctx, func() error {
		res := s.q(ctx).Model(&Inbound{}).
			Where("id = ? AND state = ? AND lease_until < ?", id, InboundOpen, now).Updates(set)
		took = res.RowsAffected == 1
		return res.Error
	})
	return took, err
}

// MarkInboundLate notes that the answer must go as a message of its own. It
// tells false where the row is finished already and its answer can be given.
func (s *Store) MarkInboundLate(ctx context.Context, id int64) (bool, error) {
	res := s.q(ctx).Model(&Inbound{}).Where("id = ? AND state = ?", id, InboundOpen).Update("late", true)
	return res.RowsAffected == 1, res.Error
}

// FinishInbound closes the row with its answer, inside the transaction that
// did the work, and tells whether the answer must go as a message of its own.
func (s *Store) FinishInbound(ctx context.Context, row Inbound, owner, state string, reply []byte) (late bool, err error) {
	box, err := s.db.keys.SealText("inbound.reply."+row.KeyHash, string(reply))
	if err != nil {
		return false, err
	}
	res := s.q(ctx).Model(&Inbound{}).Where("id = ? AND state = ? AND owner = ?", row.ID, InboundOpen, owner).
		Updates(map[string]any{"state": state, "reply": box, "done_at": s.Now()})
	if res.Error != nil {
		return false, res.Error
	}
	if res.RowsAffected == 0 {
		return false, ErrLost
	}
	var now Inbound
	err = s.q(ctx).Select("late").First(&now, row.ID).Error
	return now.Late, err
}

// EarlierInbound finds the sender's first open message before id.
func (s *Store) EarlierInbound(ctx context.Context, sender string, id int64) (row Inbound, found bool, err error) {
	var rows []Inbound
	err = s.q(ctx).Where("sender = ? AND state = ? AND id < ?", sender, InboundOpen, id).Order("id").Limit(1).Find(&rows).Error
	if len(rows) == 1 {
		return rows[0], true, err
	}
	return row, false, err
}

// AbandonedInbound lists open messages whose lease ended before the given time.
func (s *Store) AbandonedInbound(ctx context.Context, before models.Instant, limit int) (rows []Inbound, err error) {
	err = s.q(ctx).Where("state = ? AND lease_until < ?", InboundOpen, before).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}

// conversation is a sender's session, locked while one of their messages is
// being handled.
type conversation struct {
	Sender    string `gorm:"primaryKey"`
	Version   int64
	Session   string
	UpdatedAt models.Instant `gorm:"autoUpdateTime:false"`
}

// LockConversation takes the sender's row for this transaction and gives its
// version; a sender who has none gets one.
func (s *Store) LockConversation(ctx context.Context, sender string) (version int64, err error) {
	for range 2 {
		var rows []conversation
		err = s.q(ctx).Clauses(clause.Locking{Strength: "UPDATE"}).Select("sender", "version").
			Where("sender = ?", sender).Find(&rows).Error
		if err != nil {
			return 0, err
		}
		if len(rows) == 1 {
			return rows[0].Version, nil
		}
		err = s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).
			Create(&conversation{Sender: sender, UpdatedAt: s.Now()}).Error
		if err != nil {
			return 0, err
		}
	}
	return 0, errors.New("store: conversation row will not stay")
}

// Session opens the stored session of a sender.
func (s *Store) Session(ctx context.Context, sender string) ([]byte, error) {
	var row conversation
	if err := s.q(ctx).First(&row, "sender = ?", sender).Error; err != nil {
		return nil, notFound(err)
	}
	text, err := s.db.keys.OpenText("conversation.session."+sender, row.Session)
	return []byte(text), err
}

// SaveSession stores the session as the version after the one that was locked,
// and gives its sealed form for the copy in Redis.
func (s *Store) SaveSession(ctx context.Context, sender string, version int64, session []byte) (box string, err error) {
	box, err = s.db.keys.SealText("conversation.session."+sender, string(session))
	if err != nil {
		return "", err
	}
	res := s.q(ctx).Model(&conversation{}).Where("sender = ? AND version = ?", sender, version).
		Updates(map[string]any{"version": version + 1, "session": box, "updated_at": s.Now()})
	if res.Error == nil && res.RowsAffected == 0 {
		return "", ErrLost
	}
	return box, res.Error
}

// OpenSession opens a sealed session, as SaveSession returned it.
func (s *Store) OpenSession(sender, box string) ([]byte, error) {
	text, err := s.db.keys.OpenText("conversation.session."+sender, box)
	return []byte(text), err
}
