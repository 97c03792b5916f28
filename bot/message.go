// Package bot is the conversation runtime: it takes a message in exactly once,
// runs a handler in one transaction, answers, and keeps what must be done later
// (jobs, deliveries, the journal). It knows no business words and no WeChat.
package bot

import (
	"time"

	"aixin/models/store"
)

// OpenID names a person towards this account. It is personal data: never
// logged, never in a URL.
type OpenID string

// MessageKind is the form a message came in.
type MessageKind string

// The kinds of messages. Anything else that a platform sends is KindUnknown
// and answered with silence.
const (
	KindText    MessageKind = "text"
	KindImage   MessageKind = "image"
	KindVoice   MessageKind = "voice"
	KindVideo   MessageKind = "video"
	KindPlace   MessageKind = "location"
	KindLink    MessageKind = "link"
	KindEvent   MessageKind = "event"
	KindUnknown MessageKind = "unknown"
)

// Events, in lower case as Message.Event carries them.
const (
	EventSubscribe   = "subscribe"
	EventUnsubscribe = "unsubscribe"
	EventScan        = "scan"
	EventClick       = "click"
	EventDelivered   = "templatesendjobfinish"
)

// Message is one thing that a person (or the platform about a person) sent.
type Message struct {
	// Identity tells a redelivery from a new message: MsgId and sender, or
	// sender, time, event, event key and job id. It is stored only as an HMAC.
	Identity string      `json:"identity"`
	From     OpenID      `json:"from"`
	To       string      `json:"to"` // the account's original id, echoed in the reply
	Kind     MessageKind `json:"kind"`
	Text     string      `json:"text,omitempty"` // words typed, or recognised in a voice message
	MediaID  string      `json:"media_id,omitempty"`
	Format   string      `json:"format,omitempty"` // of a voice message: amr, speex
	Place    *Place      `json:"place,omitempty"`
	Event    string      `json:"event,omitempty"`
	EventKey string      `json:"event_key,omitempty"` // menu key, or QR scene without qrscene_
	JobID    string      `json:"job_id,omitempty"`    // EventDelivered: the msgid that send returned
	Status   string      `json:"status,omitempty"`    // EventDelivered: success, failed:user block …
	At       time.Time   `json:"at"`                  // when the sender sent it
}

// spoke tells how the sender made themselves heard by the message.
func (m Message) spoke() int {
	switch {
	case m.Kind != KindEvent:
		return store.Wrote
	case m.Event == EventClick, m.Event == EventScan, m.Event == EventSubscribe:
		return store.Tapped
	}
	return store.Silent
}

// Place is a location message.
type Place struct {
	Lat   float64 `json:"lat"`
	Lng   float64 `json:"lng"`
	Label string  `json:"label"`
}

// Reply is what a handler answers. An empty one is silence.
type Reply struct {
	Text string `json:"text,omitempty"`
}

// Answer is what the channel gives back for a message. The same message always
// gets the same Answer, so a redelivery renders to the same bytes.
type Answer struct {
	Reply
	At time.Time // when it was first given; rendered as CreateTime
}
