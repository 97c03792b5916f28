package wechatsim

import (
	"slices"
	"time"
)

// keepItems bounds what one phone remembers.
const keepItems = 300

// Item is one thing that a phone shows.
type Item struct {
	Seq  int64     `json:"seq"`
	At   time.Time `json:"at"`
	From string    `json:"from"` // me, account, system
	Via  string    `json:"via"`  // own, passive (reply), custom (customer service), template, notice
	Kind string    `json:"kind"` // text, image, voice, location, card, news, menu, event, fault

	Text     string    `json:"text,omitempty"`
	MediaID  string    `json:"media_id,omitempty"`
	Title    string    `json:"title,omitempty"`
	URL      string    `json:"url,omitempty"`
	Template string    `json:"template,omitempty"` // template id
	Fields   []Field   `json:"fields,omitempty"`
	Articles []Article `json:"articles,omitempty"`
	Choices  []Choice  `json:"choices,omitempty"`
	Tail     string    `json:"tail,omitempty"` // below the choices
	Lat      float64   `json:"lat,omitempty"`
	Lng      float64   `json:"lng,omitempty"`
	MsgID    int64     `json:"msg_id,omitempty,string"`
	Pending  bool      `json:"pending,omitempty"` // own message, not answered yet
}

// Field is a line of a template card.
type Field struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Value string `json:"value"`
}

// Choice is a line of a menu message.
type Choice struct {
	ID      string `json:"id"`
	Content string `json:"content"`
}

// phone is what the platform knows about a person. Sim.mu guards it.
type phone struct {
	Person
	items  []Item
	seq    int64
	grants []grant   // what the person did that lets the account write
	acted  time.Time // the last interaction, for the typing state
	typing bool
	tags   []int // the last one given last
}

func (ph *phone) show(it Item) int64 {
	ph.seq++
	it.Seq = ph.seq
	ph.items = append(ph.items, it)
	if n := len(ph.items); n >= keepItems+keepItems/3 {
		ph.items = slices.Clone(ph.items[n-keepItems:])
	}
	return it.Seq
}

// shown returns what a phone keeps, at most keepItems.
func (ph *phone) shown() []Item {
	return ph.items[max(0, len(ph.items)-keepItems):]
}

// Inbox returns what a person's phone shows, oldest first: own messages,
// replies, customer-service messages, template cards.
func (s *Sim) Inbox(openid string) []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	ph, ok := s.phones[openid]
	if !ok {
		return nil
	}
	return slices.Clone(ph.shown())
}

// show puts an item on a phone. s.mu held.
func (s *Sim) show(ph *phone, it Item) int64 {
	it.At = s.now()
	seq := ph.show(it)
	s.wake(ph.OpenID)
	return seq
}

// answered ends the waiting mark of an own message. s.mu held.
func (s *Sim) answered(ph *phone, seq int64) {
	for i := len(ph.items) - 1; i >= 0; i-- {
		if ph.items[i].Seq == seq {
			ph.items[i].Pending = false
			s.wake(ph.OpenID)
			return
		}
	}
}
