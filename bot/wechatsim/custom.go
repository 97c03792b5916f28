package wechatsim

import (
	"encoding/json"
	"time"
)

// trigger is what a person did that lets the account write to them.
type trigger int

const (
	byNothing trigger = iota
	byMessage         // wrote: 5 messages in 48 h
	byTap             // followed, scanned, tapped the menu: 3 messages in a minute
)

type grant struct {
	by   trigger
	left int
	ends time.Time
}

// grant opens a window for customer-service messages; the same trigger again
// starts it anew. s.mu held.
func (s *Sim) grant(ph *phone, by trigger) {
	if ph == nil || by == byNothing {
		return
	}
	now := s.now()
	ph.acted, ph.typing = now, false
	g := grant{by, 5, now.Add(48 * time.Hour)}
	if by == byTap {
		g = grant{by, 3, now.Add(time.Minute)}
	}
	for i := range ph.grants {
		if ph.grants[i].by == by {
			ph.grants[i] = g
			return
		}
	}
	ph.grants = append(ph.grants, g)
}

// spendGrant takes one message out of the window that ends first. How windows
// add up is not documented; here each keeps its own count.
func (ph *phone) spendGrant(now time.Time) error {
	var best *grant
	open := false
	for i := range ph.grants {
		g := &ph.grants[i]
		if !now.Before(g.ends) {
			continue
		}
		open = true
		if g.left > 0 && (best == nil || g.ends.Before(best.ends)) {
			best = g
		}
	}
	switch {
	case best != nil:
		best.left--
		return nil
	case open:
		return refuse(45047, "out of response count limit")
	}
	return errWindow
}

var errWindow = refuse(45015, "response out of time limit or subscription is canceled")

func (s *Sim) sendCustom(c *call) (any, error) {
	var in struct {
		To   string `json:"touser"`
		Type string `json:"msgtype"`
		Text struct {
			Content string `json:"content"`
		} `json:"text"`
		Image, Voice struct {
			MediaID string `json:"media_id"`
		}
		News struct {
			Articles []Article `json:"articles"`
		} `json:"news"`
		Menu struct {
			Head string `json:"head_content"`
			List []struct {
				ID      json.RawMessage `json:"id"` // text or number
				Content string          `json:"content"`
			} `json:"list"`
			Tail string `json:"tail_content"`
		} `json:"msgmenu"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	it := Item{From: "account", Via: "custom", Kind: in.Type}
	switch in.Type {
	case "text":
		it.Text = in.Text.Content
		if it.Text == "" {
			return nil, refuse(44004, "empty content")
		}
		if len(it.Text) > maxReplyText {
			return nil, refuse(45002, "content size out of limit")
		}
	case "image", "voice":
		it.MediaID = in.Image.MediaID
		if in.Type == "voice" {
			it.MediaID = in.Voice.MediaID
		}
		if !s.hasMedia(it.MediaID) {
			return nil, errMediaID
		}
	case "news":
		if len(in.News.Articles) != 1 {
			return nil, refuse(45008, "article size out of limit")
		}
		it.Articles = in.News.Articles
	case "msgmenu":
		it.Kind, it.Text, it.Tail = "menu", in.Menu.Head, in.Menu.Tail
		for _, l := range in.Menu.List {
			var id string
			if json.Unmarshal(l.ID, &id) != nil {
				id = string(l.ID)
			}
			it.Choices = append(it.Choices, Choice{id, l.Content})
		}
		if len(it.Choices) == 0 {
			return nil, refuse(44004, "empty content")
		}
	default:
		return nil, refuse(40008, "invalid message type")
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	ph, ok := s.phones[in.To]
	switch {
	case !ok:
		return nil, errOpenID
	case !ph.Followed:
		return nil, errWindow
	case ph.Blocked:
		return nil, refuse(48002, "user block")
	}
	if err := ph.spendGrant(s.now()); err != nil {
		return nil, err
	}
	if ph.typing {
		ph.typing = false
		s.wake("people")
	}
	s.stats.Messages++
	s.show(ph, it)
	return object{"errcode": 0, "errmsg": "ok"}, nil
}

func (s *Sim) typing(c *call) (any, error) {
	var in struct {
		To      string `json:"touser"`
		Command string `json:"command"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ph, ok := s.phones[in.To]
	on := in.Command == "Typing"
	switch {
	case !ok:
		return nil, errOpenID
	case !on && in.Command != "CancelTyping":
		return nil, refuse(45072, "invalid command")
	case ph.acted.IsZero() || s.now().Sub(ph.acted) > 30*time.Second:
		return nil, refuse(45080, "can not send typing before or 30 seconds after the interaction")
	case on && ph.typing:
		return nil, refuse(45081, "already typing")
	}
	ph.typing = on
	s.wake("people")
	return object{"errcode": 0, "errmsg": "ok"}, nil
}
