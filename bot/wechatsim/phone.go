package wechatsim

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Text sends what a person typed.
func (s *Sim) Text(ctx context.Context, openid, text string) (Reply, error) {
	return s.act(ctx, openid, act{
		item:  Item{Kind: "text", Text: text},
		push:  Push{Type: "text", Fields: []Element{{Name: "Content", Value: text}}},
		grant: byMessage,
	})
}

// Choose taps a line of a menu message: a text that counts as a menu click.
func (s *Sim) Choose(ctx context.Context, openid, id, content string) (Reply, error) {
	return s.act(ctx, openid, act{
		item: Item{Kind: "text", Text: content},
		push: Push{Type: "text", Fields: []Element{
			{Name: "Content", Value: content}, {Name: "bizmsgmenuid", Value: id},
		}},
		grant: byTap,
	})
}

// Photo sends a picture.
func (s *Sim) Photo(ctx context.Context, openid string, jpegOrPNG []byte) (Reply, error) {
	id := s.keepMedia("image", jpegOrPNG)
	return s.act(ctx, openid, act{
		item: Item{Kind: "image", MediaID: id},
		push: Push{Type: "image", Fields: []Element{
			// The host of the real thing: nobody may fetch it, media/get is the way.
			{Name: "PicUrl", Value: "http://mmbiz.qpic.cn/mmbiz_jpg/" + id + "/0"},
			{Name: "MediaId", Value: id},
		}},
		grant: byMessage,
	})
}

// Voice sends a recording. The platform recognises no speech any more, so
// recognition is "" unless a test wants the old field.
func (s *Sim) Voice(ctx context.Context, openid string, amr []byte, recognition string) (Reply, error) {
	id := s.keepMedia("voice", amr)
	id16 := s.keepMedia("voice", amr)
	fields := []Element{{Name: "MediaId", Value: id}, {Name: "Format", Value: "amr"}, {Name: "MediaId16K", Value: id16}}
	if recognition != "" {
		fields = append(fields, Element{Name: "Recognition", Value: recognition})
	}
	return s.act(ctx, openid, act{
		item:  Item{Kind: "voice", MediaID: id, Text: recognition},
		push:  Push{Type: "voice", Fields: fields},
		grant: byMessage,
	})
}

// Place sends a location.
func (s *Sim) Place(ctx context.Context, openid string, lat, lng float64, label string) (Reply, error) {
	return s.act(ctx, openid, act{
		item: Item{Kind: "location", Lat: lat, Lng: lng, Text: label},
		push: Push{Type: "location", Fields: []Element{
			{Name: "Location_X", Value: fmt.Sprintf("%.6f", lat), Bare: true},
			{Name: "Location_Y", Value: fmt.Sprintf("%.6f", lng), Bare: true},
			{Name: "Scale", Value: "15", Bare: true},
			{Name: "Label", Value: label},
		}},
		grant: byMessage,
	})
}

// Click taps a CLICK entry of the account's menu.
func (s *Sim) Click(ctx context.Context, openid, key string) (Reply, error) {
	return s.act(ctx, openid, act{push: event("CLICK", Element{Name: "EventKey", Value: key}), grant: byTap})
}

// View opens a VIEW entry of the menu; the platform reports it and shows no reply.
func (s *Sim) View(ctx context.Context, openid, url string) (Reply, error) {
	return s.act(ctx, openid, act{push: event("VIEW", Element{Name: "EventKey", Value: url}), mute: true})
}

// Scan scans a QR code of the account that carries a scene: a follower's event
// is SCAN, somebody else follows by it.
func (s *Sim) Scan(ctx context.Context, openid, scene string) (Reply, error) {
	s.mu.Lock()
	ph, ok := s.phones[openid]
	followed := ok && ph.Followed
	ticket := s.ticketOf(scene)
	s.mu.Unlock()
	if !followed {
		return s.Follow(ctx, openid, scene)
	}
	return s.act(ctx, openid, act{
		push:  event("SCAN", Element{Name: "EventKey", Value: scene}, Element{Name: "Ticket", Value: ticket}),
		grant: byTap,
	})
}

// Follow follows the account, by a QR code where scene is not "".
func (s *Sim) Follow(ctx context.Context, openid, scene string) (Reply, error) {
	s.mu.Lock()
	p := event("subscribe", Element{Name: "EventKey"})
	if scene != "" {
		p = event("subscribe", Element{Name: "EventKey", Value: "qrscene_" + scene},
			Element{Name: "Ticket", Value: s.ticketOf(scene)})
	}
	if ph, ok := s.phones[openid]; ok && !ph.Followed {
		ph.Followed = true
		s.wake("people")
	}
	s.mu.Unlock()
	return s.act(ctx, openid, act{item: Item{From: "system", Kind: "event", Text: "你已关注该公众号"}, push: p, grant: byTap})
}

// Unfollow leaves the account.
func (s *Sim) Unfollow(ctx context.Context, openid string) (Reply, error) {
	return s.act(ctx, openid, act{
		item: Item{From: "system", Kind: "event", Text: "你已取消关注"},
		push: event("unsubscribe", Element{Name: "EventKey"}), mute: true, leave: true,
	})
}

func event(name string, more ...Element) Push {
	return Push{Type: "event", Fields: append([]Element{{Name: "Event", Value: name}}, more...)}
}

// NewText makes the push of a typed text without sending it, for Deliver.
func (s *Sim) NewText(openid, text string) Push {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grant(s.phones[openid], byMessage)
	return Push{
		From: openid, Type: "text", ID: s.nextID(), At: s.now(),
		Fields: []Element{{Name: "Content", Value: text}},
	}
}

// act is one thing that a person does with the phone.
type act struct {
	item  Item // what the own phone shows; no Kind: nothing
	push  Push
	grant trigger
	mute  bool // no reply is shown to this push
	leave bool // ends following
}

func (s *Sim) act(ctx context.Context, openid string, a act) (Reply, error) {
	s.mu.Lock()
	ph, ok := s.phones[openid]
	if !ok {
		s.mu.Unlock()
		return Reply{}, ErrUnknownPerson
	}
	if !ph.Followed {
		s.mu.Unlock()
		return Reply{}, ErrNotFollowing
	}
	if a.leave {
		ph.Followed, ph.grants, ph.tags = false, nil, nil // a tag does not outlast the following
		s.wake("people")
	}
	s.grant(ph, a.grant)
	var seq int64
	if a.item.Kind != "" {
		if a.item.From == "" {
			a.item.From, a.item.Via, a.item.Pending = "me", "own", true
		} else {
			a.item.Via = "notice"
		}
		seq = s.show(ph, a.item)
	}
	p := a.push
	p.From, p.At = openid, s.now()
	if p.Type != "event" {
		p.ID = s.nextID()
	}
	for i := range p.Fields {
		p.Fields[i].Value = printable(p.Fields[i].Value)
	}
	s.stats.Pushes++
	s.mu.Unlock()

	answer, n := s.deliver(ctx, p)
	r := s.read(p, answer, n)

	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered(ph, seq)
	switch {
	case a.mute:
	case r.Fault != "":
		s.show(ph, Item{From: "system", Via: "passive", Kind: "fault", Text: FaultText})
		r.Text = FaultText
	case r.Kind == "transfer" || r.Kind == "":
	default:
		s.show(ph, Item{From: "account", Via: "passive", Kind: r.Kind, Text: r.Text, MediaID: r.MediaID, Articles: r.Articles})
	}
	return r, ctx.Err()
}

// printable leaves out what XML cannot carry.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= ' ' && r != 0xFFFE && r != 0xFFFF {
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, ""))
}

// finished pushes the result of a template message.
func (s *Sim) finished(ctx context.Context, openid string, msgid int64, status string) {
	p := event("TEMPLATESENDJOBFINISH",
		Element{Name: "MsgID", Value: strconv.FormatInt(msgid, 10), Bare: true},
		Element{Name: "Status", Value: status})
	p.From, p.At = openid, s.now()
	if a, n := s.deliver(ctx, p); a.Err == nil && !bytes.Equal(a.Body, []byte("success")) && len(a.Body) != 0 {
		s.read(p, a, n) // for the count of bad replies; the phone shows nothing
	}
}

// OpenWindow lets the account write to a person freely, as if they had written.
func (s *Sim) OpenWindow(openid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grant(s.phones[openid], byMessage)
}
