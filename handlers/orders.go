package handlers

import (
	"context"
	"slices"
	"time"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// officeTalk is an office that acts without a message: at the console.
func (c *Chat) officeTalk(tx *store.Store, a models.Account, now time.Time) *talk {
	return &talk{Chat: c, Turn: &bot.Turn{Tx: tx, Now: now}, admin: a.ID, today: models.DayOf(now, c.Zone)}
}

// OrderNeed does what an office says of a need, as in the chat: 接, 办结, 退回, 转,
// 暂停, 继续. store.ErrNotFound where it is not this office's.
func (c *Chat) OrderNeed(ctx context.Context, tx *store.Store, a models.Account, id, word, words string, now time.Time) (string, error) {
	n, err := tx.Need(ctx, id)
	if err != nil {
		return "", err
	}
	if !a.HandlesNeed(n) {
		return "", store.ErrNotFound
	}
	if !n.State.Running() {
		return say.NeedOver(n.Number), nil
	}
	return c.officeTalk(tx, a, now).needOrdered(ctx, a, n, word, words)
}

// OrderSpoken closes a question that its cadre talked over on the telephone, and logs
// the call, as 12 电话说过了 does.
func (c *Chat) OrderSpoken(ctx context.Context, tx *store.Store, cadreID string, q models.Question, now time.Time) (string, error) {
	t := &talk{Chat: c, Turn: &bot.Turn{Tx: tx, Now: now, Key: "spoken/" + q.ID}, cadre: cadreID, today: models.DayOf(now, c.Zone), text: say.SpokenWords}
	return t.spoken(ctx, q, t.text)
}

// OrderDanger does what somebody on duty says of a case: 收到, 结案, 误报, and 交班
// for a note that stays with it.
func (c *Chat) OrderDanger(ctx context.Context, tx *store.Store, a models.Account, id, word, words string, now time.Time) (string, error) {
	d, err := tx.Danger(ctx, id)
	if err != nil {
		return "", err
	}
	if !a.TakesDanger(d.Region) {
		return "", store.ErrNotFound
	}
	if d.State == models.DangerClosed {
		return say.DangerOver(d.Number), nil
	}
	t, as := c.officeTalk(tx, a, now), tx.As(models.Actor{Account: a.ID, Region: a.Region})
	if word == "收到" {
		return t.acknowledge(ctx, as, d)
	}
	closed := slices.Contains([]string{"结案", "误报"}, word)
	if err := tx.NoteDanger(ctx, d, say.DangerNote(word, now.In(c.Zone), words), closed); err != nil {
		return "", err
	}
	if !closed {
		return say.DangerNoted(d.Number), as.Note(ctx, "danger_note", "danger:"+d.ID, "")
	}
	return say.DangerClosed(d.Number), as.Note(ctx, "danger_close", "danger:"+d.ID, "")
}
