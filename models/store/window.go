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

// Way is what is known of the way to a person.
type Way struct {
	Window
	Blocked bool // the person refused messages and was not heard since
	Known   bool // there is a row for what is written to the person
}

// Window reads the ledger of a phone. What was heard stands with the messages
// themselves; the row counts what was spent since.
func (s *Store) Window(ctx context.Context, openidIdx string) (Window, error) {
	w, err := s.Way(ctx, openidIdx)
	return w.Window, err
}

// Way reads what is known of the way to one person.
func (s *Store) Way(ctx context.Context, openidIdx string) (Way, error) {
	ways, err := s.Ways(ctx, []string{openidIdx})
	return ways[openidIdx], err
}

// Ways reads that of many; who was never heard and never written to is not in it.
func (s *Store) Ways(ctx context.Context, openidIdx []string) (map[string]Way, error) {
	out := map[string]Way{}
	now := s.Now()
	err := inChunks(openidIdx, func(part []string) error {
		var heard []struct {
			Sender string
			Spoke  int
			At     models.Instant
		}
		err := s.q(ctx).Model(&Inbound{}).Select("sender, spoke, MAX(received_at) AS at").
			Where("sender IN ? AND spoke IN ?", part, []int{Tapped, Wrote}).Group("sender, spoke").Scan(&heard).Error
		if err != nil {
			return err
		}
		for _, h := range heard {
			w := out[h.Sender]
			if h.Spoke == Wrote {
				w.Wrote = h.At
			}
			w.Tapped = max(w.Tapped, h.At)
			out[h.Sender] = w
		}
		var spent []reach
		if err := s.q(ctx).Where("openid_idx IN ?", part).Find(&spent).Error; err != nil {
			return err
		}
		rows := map[string]reach{}
		for _, r := range spent {
			w := out[r.OpenIDIdx]
			w.Known = true
			w.Blocked = r.BlockedAt > 0 && w.Tapped <= r.BlockedAt
			rows[r.OpenIDIdx], out[r.OpenIDIdx] = r, w
		}
		for _, idx := range part {
			if w, known := out[idx]; known {
				w.count(rows[idx], now)
				out[idx] = w
			}
		}
		return nil
	})
	return out, err
}

// count works out what is left now.
func (w *Way) count(r reach, now models.Instant) {
	if w.Wrote != 0 && now <= w.Wrote.Add(WindowOpen) {
		w.Left, w.Until = left(WindowQuota, r.WroteAt == w.Wrote, r.WroteUsed), w.Wrote.Add(WindowOpen)
	}
	if w.Left == 0 && w.Tapped > w.Wrote && now <= w.Tapped.Add(TapOpen) {
		w.Left, w.Until = left(TapQuota, r.TappedAt == w.Tapped, r.TappedUsed), w.Tapped.Add(TapOpen)
	}
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
