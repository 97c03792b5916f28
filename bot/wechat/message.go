package wechat

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"aixin/bot"
)

// events are those that somebody in this service acts on, in lower case; the
// platform writes them both ways. All others, such as a place reported every
// few seconds, are acknowledged and forgotten.
var events = map[string]bool{
	bot.EventSubscribe:                true,
	bot.EventUnsubscribe:              true,
	bot.EventScan:                     true,
	bot.EventClick:                    true,
	bot.EventDelivered:                true,
	"masssendjobfinish":               true,
	"subscribe_msg_popup_event":       true,
	"subscribe_msg_change_event":      true,
	"subscribe_msg_sent_event":        true,
	"user_info_modified":              true,
	"user_authorization_revoke":       true,
	"user_authorization_cancellation": true,
}

// decode makes a message of a pushed document. ok is false for a kind or event
// that nobody here acts on. No field that cannot be read fails the others.
func decode(in []byte, now time.Time) (m bot.Message, ok bool, err error) {
	d, err := parse(in)
	if err != nil {
		return m, false, err
	}
	created := d.get("CreateTime")
	m = bot.Message{
		From: bot.OpenID(d.get("FromUserName")),
		To:   d.get("ToUserName"),
		At:   sentAt(created, now),
	}
	switch strings.ToLower(d.get("MsgType")) {
	case "text":
		m.Kind, m.Text = bot.KindText, d.get("Content")
	case "image":
		m.Kind, m.MediaID = bot.KindImage, d.get("MediaId")
	case "voice":
		m.Kind, m.MediaID = bot.KindVoice, d.get("MediaId")
		m.Format, m.Text = d.get("Format"), d.get("Recognition")
	case "video", "shortvideo":
		m.Kind, m.MediaID = bot.KindVideo, d.get("MediaId")
	case "location":
		m.Kind, m.Place = bot.KindPlace, place(d)
		if m.Place == nil {
			m.Kind = bot.KindUnknown
		}
	case "link":
		m.Kind, m.Text = bot.KindLink, strings.TrimSpace(d.get("Title")+"\n"+d.get("Url"))
	case "event":
		m.Kind = bot.KindEvent
		event(&m, d, created)
		return m, m.From != "" && events[m.Event], nil
	default:
		m.Kind = bot.KindUnknown
	}
	if id := d.get("MsgId"); id != "" {
		m.Identity = "m|" + id + "|" + string(m.From)
	} else {
		m.Identity = "d|" + string(m.From) + "|" + digest(in)
	}
	return m, m.From != "" && m.Kind != bot.KindUnknown, nil
}

// event reads what only events have, and their identity: two of them may share
// a second, so the official pair of sender and time is too weak.
func event(m *bot.Message, d document, created string) {
	m.Event = strings.ToLower(d.get("Event"))
	m.EventKey = d.get("EventKey")
	job := d.get("MsgID")
	if job == "" {
		job = d.get("MsgId")
	}
	var list []byte
	switch m.Event {
	case bot.EventSubscribe:
		m.EventKey = strings.TrimPrefix(m.EventKey, "qrscene_")
	case bot.EventDelivered, "masssendjobfinish":
		m.JobID, m.Status = job, status(d.get("Status"))
	case "subscribe_msg_popup_event":
		list = d.raw("SubscribeMsgPopupEvent")
	case "subscribe_msg_change_event":
		list = d.raw("SubscribeMsgChangeEvent")
	case "subscribe_msg_sent_event":
		list = d.raw("SubscribeMsgSentEvent")
	case "user_info_modified", "user_authorization_revoke", "user_authorization_cancellation":
		m.From = bot.OpenID(d.get("OpenID")) // FromUserName is not the person here
	}
	m.Identity = strings.Join([]string{"e", string(m.From), created, m.Event, m.EventKey, job}, "|")
	if len(list) > 0 {
		m.Identity += "|" + digest(list)
	}
}

// status writes "failed: user block" and "failed:user block" in one way.
func status(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), " ")
	return strings.ReplaceAll(s, ": ", ":")
}

func place(d document) *bot.Place {
	lat, errLat := strconv.ParseFloat(d.get("Location_X"), 64)
	lng, errLng := strconv.ParseFloat(d.get("Location_Y"), 64)
	readable := errLat == nil && errLng == nil && lat >= -90 && lat <= 90 && lng >= -180 && lng <= 180
	if !readable {
		return nil
	}
	return &bot.Place{Lat: lat, Lng: lng, Label: d.get("Label")}
}

// sentAt trusts the platform's second, unless it is not one.
func sentAt(created string, now time.Time) time.Time {
	s, err := strconv.ParseInt(created, 10, 64)
	if err != nil || s <= 0 || s > now.Add(24*time.Hour).Unix() {
		return now.UTC().Truncate(time.Second)
	}
	return time.Unix(s, 0).UTC()
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}
