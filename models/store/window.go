package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"aixin/models"
)

// What the platform lets an account write to a person freely
// (wechat-platform.md §4.4): after the person's own words, and for a moment after
// a tap on the menu, a scan or a follow.
const (
	WindowOpen  = 48 * time.Hour
	WindowQuota = 5
	TapOpen     = time.Minute
	TapQuota    = 3
)

// Window is what is left of it for one person now.
type Window struct {
	Wrote, Tapped models.Instant // when they were last heard
	Left          int            // messages that may still be written freely
	Until         models.Instant // when that ends
}

// Window reads the ledger of a phone. What was heard stands with the messages
// themselves; the row counts what was spent since.
func (s *Store) Window(ctx context.Context, openidIdx string) (w Window, err error) {
	var heard []struct {
		Spoke int
		At    models.Instant
	}
	err = s.q(ctx).Model(&Inbound{}).Select("spoke, MAX(received_at) AS at").Where("sender = ? AND spoke >= ?", openidIdx, Tapped).Group("spoke").Scan(&heard).Error
	if err != nil {
		return w, err
	}
	for _, h := range heard {
		if h.Spoke == Wrote {
			w.Wrote = h.At
		}
		w.Tapped = max(w.Tapped, h.At)
	}
	var rows []reach
	if err = s.q(ctx).Where("openid_idx = ?", openidIdx).Find(&rows).Error; err != nil {
		return w, err
	}
	var r reach
	if len(rows) > 0 {
		r = rows[0]
	}
	now := s.Now()
	if w.Wrote != 0 && now <= w.Wrote.Add(WindowOpen) {
		w.Left, w.Until = left(WindowQuota, r.WroteAt == w.Wrote, r.WroteUsed), w.Wrote.Add(WindowOpen)
	}
	if w.Left == 0 && w.Tapped > w.Wrote && now <= w.Tapped.Add(TapOpen) {
		w.Left, w.Until = left(TapQuota, r.TappedAt == w.Tapped, r.TappedUsed), w.Tapped.Add(TapOpen)
	}
	return w, nil
}

func left(quota int, same bool, used int) int {
	if !same {
		return quota
	}
	return max(0, quota-used)
}

// SpendWindow takes one message of what is left, by compare and set, so that two
// processes do not take the same one; ok is false where nothing was left.
func (s *Store) SpendWindow(ctx context.Context, openidIdx string) (ok bool, err error) {
	return s.spend(ctx, openidIdx, 1)
}

// CloseWindow notes that the platform takes no more until the person is heard
// again.
func (s *Store) CloseWindow(ctx context.Context, openidIdx string) error {
	_, err := s.spend(ctx, openidIdx, WindowQuota)
	return err
}

func (s *Store) spend(ctx context.Context, openidIdx string, n int) (ok bool, err error) {
	for {
		w, err := s.Window(ctx, openidIdx)
		if err != nil || w.Left == 0 {
			return false, err
		}
		heard, at, used, quota := w.Wrote, "wrote_at", "wrote_used", WindowQuota
		if w.Until == w.Tapped.Add(TapOpen) {
			heard, at, used, quota = w.Tapped, "tapped_at", "tapped_used", TapQuota
		}
		if err := s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&reach{OpenIDIdx: openidIdx}).Error; err != nil {
			return false, err
		}
		// The count is set before the moment it is of: MySQL reads from left to right.
		res := s.q(ctx).Exec("UPDATE reach SET "+used+" = CASE WHEN "+at+" = ? THEN "+used+" + ? ELSE ? END, "+at+" = ? WHERE openid_idx = ? AND ("+at+" <> ? OR "+used+" < ?)",
			heard, n, n, heard, openidIdx, heard, quota)
		if res.Error != nil {
			return false, res.Error
		}
		if n > 1 || res.RowsAffected == 1 {
			return res.RowsAffected == 1, nil
		}
	}
}
