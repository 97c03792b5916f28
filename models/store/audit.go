package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"aixin/models"
)

// Audit is one line of who did what: a read in full, an export, a change. The
// object is a noun and an id (recipient:…); what a person is read by stands
// under recipient, whatever the page.
type Audit struct {
	ID     string `gorm:"primaryKey"`
	At     models.Instant
	Actor  string
	Action string
	Object string
	Detail string
	Delta  models.Secret // old → new, of what may not stand in the clear
	Seq    *int64        // its place in the chain; nil until it is sealed
	Hash   string
}

// Note writes an audit row for the actor of this store.
func (s *Store) Note(ctx context.Context, action, object, detail string) error {
	return s.note(ctx, Audit{Action: action, Object: object, Detail: cut(detail, 400)})
}

// NoteChange writes an audit row of a change; what was and what is are sealed.
func (s *Store) NoteChange(ctx context.Context, action, object, detail, before, after string) error {
	return s.note(ctx, Audit{Action: action, Object: object, Detail: cut(detail, 400), Delta: models.Conceal(cut(before, 150) + " → " + cut(after, 150))})
}

func (s *Store) note(ctx context.Context, a Audit) error {
	a.ID, a.At, a.Actor = s.NewID(), s.Now(), s.actor.String()
	return s.q(ctx).Create(&a).Error
}

// auditHead is the name, in meta, of the chain's last link: its number and hash.
const auditHead = "audit_head"

// link is the hash that binds a row to all before it. It is keyed: who can write
// to the database still cannot make a chain.
func (s *Store) link(before string, a Audit) string {
	return s.db.keys.Index("audit", fmt.Sprintf("%s\n%d\n%s\n%d\n%s\n%s\n%s\n%s\n%s", before, *a.Seq, a.ID, a.At, a.Actor, a.Action, a.Object, a.Detail, a.Delta.Box()))
}

type chainHead struct {
	text string
	seq  int64
	hash string
}

func (s *Store) head(ctx context.Context) (h chainHead, err error) {
	var row meta
	if err := s.q(ctx).First(&row, "name = ?", auditHead).Error; err != nil {
		return h, notFound(err)
	}
	return parseHead(row.Value), nil
}

func parseHead(text string) (h chainHead) {
	h.text = text
	fmt.Sscanf(text, "%d %s", &h.seq, &h.hash)
	return h
}

// SealAudit adds at most limit rows to the chain and tells how many. Of several
// processes one does it: the head is taken by compare-and-set.
func (s *Store) SealAudit(ctx context.Context, limit int) (n int, err error) {
	var waiting int64
	if err := s.q(ctx).Model(&Audit{}).Where("seq IS NULL").Limit(1).Count(&waiting).Error; err != nil || waiting == 0 {
		return 0, err
	}
	err = s.InTx(ctx, func(tx *Store) error {
		n = 0
		h, err := tx.head(ctx)
		if errors.Is(err, ErrNotFound) {
			h = parseHead("0 -")
			err = tx.q(ctx).Create(&meta{Name: auditHead, Value: h.text}).Error
		}
		if err != nil {
			return err
		}
		// The head's row is locked before the others are read.
		if err := tx.moveHead(ctx, h.text, h.text+"+"); err != nil {
			return err
		}
		var rows []Audit
		if err := tx.q(ctx).Where("seq IS NULL").Order("id").Limit(limit).Find(&rows).Error; err != nil {
			return err
		}
		for _, a := range rows {
			h.seq++
			seq := h.seq
			a.Seq = &seq
			h.hash = tx.link(h.hash, a)
			res := tx.q(ctx).Model(&Audit{}).Where("id = ? AND seq IS NULL", a.ID).Updates(map[string]any{"seq": seq, "hash": h.hash})
			if res.Error != nil || res.RowsAffected == 0 {
				return errors.Join(res.Error, ErrLost)
			}
		}
		n = len(rows)
		return tx.moveHead(ctx, h.text+"+", fmt.Sprintf("%d %s", h.seq, h.hash))
	})
	if errors.Is(err, ErrLost) || IsDuplicate(err) {
		return 0, nil // another process is at it
	}
	return n, err
}

func (s *Store) moveHead(ctx context.Context, from, to string) error {
	res := s.q(ctx).Model(&meta{}).Where("name = ? AND value = ?", auditHead, from).Update("value", to)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// Chain is what a look through the whole audit found.
type Chain struct {
	Rows    int64  // in the chain
	Waiting int64  // not sealed yet
	Head    string // number and hash of the last link, to be kept elsewhere
	Broken  int64  // the first number at which it does not hold; 0: it holds
	Fault   string
}

// VerifyAudit goes through the chain from its first row. Known is a head that was
// printed before, or "": it must still be there.
func (s *Store) VerifyAudit(ctx context.Context, known string) (c Chain, err error) {
	before, want, old := "-", int64(1), parseHead(known)
	broken := func(at int64, fault string) (Chain, error) {
		c.Broken, c.Fault = at, fault
		return c, nil
	}
	if err := s.q(ctx).Model(&Audit{}).Where("seq IS NULL").Count(&c.Waiting).Error; err != nil {
		return c, err
	}
	for {
		var rows []Audit
		if err := s.q(ctx).Where("seq >= ?", want).Order("seq").Limit(1000).Find(&rows).Error; err != nil {
			return c, err
		}
		for _, a := range rows {
			switch hash := s.link(before, a); {
			case *a.Seq != want:
				return broken(want, "这一行没有了")
			case hash != a.Hash:
				return broken(want, "这一行改过:"+a.ID)
			case *a.Seq == old.seq && a.Hash != old.hash:
				return broken(want, "和上次抄下的不一样")
			}
			before, want, c.Rows = a.Hash, want+1, c.Rows+1
		}
		if len(rows) < 1000 {
			break
		}
	}
	h, err := s.head(ctx)
	switch {
	case errors.Is(err, ErrNotFound) && c.Rows == 0:
		c.Head = "0 -"
	case err != nil && !errors.Is(err, ErrNotFound):
		return c, err
	case h.seq != c.Rows || h.hash != before:
		return broken(c.Rows+1, "后面少了,链头说有 "+fmt.Sprint(h.seq)+" 行")
	default:
		c.Head = h.text
	}
	if old.seq > c.Rows {
		return broken(c.Rows+1, "后面少了,上次抄下时有 "+fmt.Sprint(old.seq)+" 行")
	}
	return c, nil
}

// AuditFilter says which audit rows a page shows.
type AuditFilter struct {
	Person string // of a recipient: rows on the person and on what is the person's
	Actor  string
	Action string
	Before string // rows before this id
}

// AuditTrail lists rows, newest first. An office of a place sees what was done
// with its own people, and what its own accounts did; the city all of it.
func (s *Store) AuditTrail(ctx context.Context, f AuditFilter, limit int) (rows []Audit, err error) {
	q := s.q(ctx).Model(&Audit{})
	switch a := s.actor; {
	case a.System != "", a.Account != "" && a.Region == models.CityCode && a.Unit == "":
	case a.Account != "" && a.Region != "" && a.Unit == "" && f.Person != "":
		q = q.Where("EXISTS (SELECT 1 FROM recipient WHERE id = ? AND region LIKE ?)", f.Person, a.Region+"%")
	case a.Account != "" && a.Region != "" && a.Unit == "":
		var ids []string
		if err := s.q(ctx).Model(&models.Account{}).Where("region LIKE ?", a.Region+"%").Pluck("id", &ids).Error; err != nil {
			return nil, err
		}
		for i := range ids {
			ids[i] = "account:" + ids[i]
		}
		q = q.Where("actor IN ?", ids)
	default:
		return nil, nil
	}
	if f.Person != "" {
		objects, err := s.objectsOf(ctx, f.Person)
		if err != nil {
			return nil, err
		}
		q = q.Where("object IN ?", objects)
	}
	if f.Actor != "" {
		q = q.Where("actor = ?", f.Actor)
	}
	if f.Action != "" {
		q = q.Where("action LIKE ?", strings.NewReplacer("%", "", "_", "").Replace(f.Action)+"%")
	}
	if f.Before != "" {
		q = q.Where("id < ?", f.Before)
	}
	return rows, q.Order("id DESC").Limit(limit).Find(&rows).Error
}

// objectsOf names what audit rows on a person may be under.
func (s *Store) objectsOf(ctx context.Context, person string) ([]string, error) {
	objects := []string{"recipient:" + person}
	for _, noun := range []string{"need", "danger", "question"} {
		var ids []string
		if err := s.q(ctx).Table(noun).Where("recipient_id = ?", person).Order("id DESC").Limit(100).Pluck("id", &ids).Error; err != nil {
			return nil, err
		}
		for _, id := range ids {
			objects = append(objects, noun+":"+id)
		}
	}
	return objects, nil
}

// Logins names accounts by their logins, as audit pages do.
func (s *Store) Logins(ctx context.Context, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	var rows []models.Account
	err := s.q(ctx).Select("id", "login").Where("id IN ?", ids).Find(&rows).Error
	for _, a := range rows {
		out[a.ID] = a.Login
	}
	return out, err
}

// ChainState is how far the audit chain is sealed.
type ChainState struct {
	Sealed, Waiting int64
}

// AuditState tells how far the chain is.
func (s *Store) AuditState(ctx context.Context) (c ChainState, err error) {
	h, err := s.head(ctx)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return c, err
	}
	c.Sealed = h.seq
	return c, s.q(ctx).Model(&Audit{}).Where("seq IS NULL").Count(&c.Waiting).Error
}

// Waiting counts the jobs that are not done, by kind, and the deliveries of the
// last day, by state: numbers of the service, of nobody.
func (s *Store) Waiting(ctx context.Context) (jobs, sent map[string]int64, err error) {
	jobs, sent = map[string]int64{}, map[string]int64{}
	var rows []struct {
		Name string
		N    int64
	}
	if err = s.q(ctx).Model(&Job{}).Select("kind AS name, count(*) AS n").Where("state = ?", JobWaiting).Group("kind").Scan(&rows).Error; err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		jobs[r.Name] = r.N
	}
	rows = nil
	err = s.q(ctx).Model(&Delivery{}).Select("state AS name, count(*) AS n").Where("created_at > ?", s.Now().Add(-24*time.Hour)).Group("state").Scan(&rows).Error
	for _, r := range rows {
		sent[r.Name] = r.N
	}
	return jobs, sent, err
}
