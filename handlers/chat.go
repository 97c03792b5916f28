// Package handlers holds the conversations, one file each: bind, record, mine,
// photo, ask, danger. They decide; bot carries the messages and models
// remembers.
package handlers

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/answer"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// Chat answers messages.
type Chat struct {
	Zone       *time.Location
	Rules      desk.Rules
	Notices    desk.Notices
	Understand *understand.Understander
	Base       *answer.Base    // the policy base; nil: that of the shelf
	Shelf      *Shelf          // the versions of the base; nil: the shipped one
	EraseAfter time.Duration   // how long the tie survives an unfollow
	Privacy    *models.Privacy // what families agree to; nil: the shipped texts
	Pictures   bool            // a font is there to draw with
	Duty       *Duty           // danger while the database is away; may be nil
}

// talk is one message in its conversation, with who is speaking.
type talk struct {
	*Chat
	*bot.Turn
	session  Session
	text     string // cleaned
	today    models.Day
	bindings []models.Binding
	cadre    string // id, "" for none
	guardian string // contact or recipient id
	admin    string
	relays   bool     // only passes messages on: a neighbour, a village cadre
	private  bool     // numbers were taken out of the text
	alarmed  bool     // it speaks of danger, which was answered
	also     []string // said after the answer
}

// Handle is the bot.Handler of the service.
func (c *Chat) Handle(ctx context.Context, turn *bot.Turn) (bot.Reply, error) {
	t := &talk{Chat: c, Turn: turn, today: models.DayOf(turn.Now, c.Zone), text: tidy(turn.Msg.Text)}
	var err error
	if t.session, err = loadSession(turn.State); err != nil {
		return bot.Reply{}, err
	}
	t.private = strings.Contains(t.text, "〔")
	if t.bindings, err = turn.Tx.Bindings(ctx, turn.Sender); err != nil {
		return bot.Reply{}, err
	}
	for _, b := range t.bindings {
		switch b.Role {
		case models.RoleCadre:
			t.cadre = b.SubjectID
		case models.RoleGuardian, models.RoleRecipient:
			t.guardian = b.SubjectID
		case models.RoleAdmin:
			t.admin = b.SubjectID
		}
	}
	if err := t.tellAgain(ctx); err != nil {
		return bot.Reply{}, err
	}
	reply, err := t.answer(ctx)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := t.askRenewal(ctx, reply); err != nil {
		return bot.Reply{}, err
	}
	reply = strings.TrimPrefix(strings.Join(append([]string{reply}, t.also...), "\n"), "\n")
	switch {
	case t.private && t.alarmed:
		reply += "\n" + say.Private
	case t.private && (reply != "" || t.guardian != ""):
		reply = strings.TrimSuffix(say.Private+"\n"+reply, "\n")
	}
	reply = t.fit(reply)
	turn.State, err = json.Marshal(t.session)
	return bot.Reply{Text: reply}, err
}

// fit cuts a long answer and keeps the rest for 更多.
func (t *talk) fit(answer string) string {
	if len(answer) <= bot.MaxReply {
		return answer
	}
	head, rest := bot.Cut(answer, bot.MaxReply-len(say.More))
	t.session.More = rest
	return head + say.More
}

// tidy trims a text, takes out what cannot be seen, and writes full-width signs,
// digits and letters as plain ones: phones send either.
func tidy(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\u200b' || r == '\ufeff' || r == '\u2060' || (r < 0x20 && r != '\n' && r != '\t') {
			return -1
		}
		return r
	}, narrow(s)))
}

func (t *talk) answer(ctx context.Context) (string, error) {
	switch t.Msg.Kind {
	case bot.KindEvent:
		return t.event(ctx)
	case bot.KindText, bot.KindLink:
		return t.words(ctx)
	case bot.KindImage:
		if t.cadre == "" && t.guardian != "" {
			return t.familyPhoto(ctx)
		}
		return t.photo(ctx)
	case bot.KindVoice:
		if t.cadre == "" && t.guardian != "" && t.text == "" {
			return t.familyVoice(ctx)
		}
		return t.voice(ctx)
	case bot.KindPlace:
		return t.place(ctx)
	case bot.KindVideo:
		return t.known(say.VideoNotKept), nil
	}
	return "", nil
}

// known says a sentence to who is bound, and how to bind to who is not.
func (t *talk) known(sentence string) string {
	if len(t.bindings) == 0 {
		return say.HowToBind
	}
	return sentence
}

// event answers what the platform tells about a person.
func (t *talk) event(ctx context.Context) (string, error) {
	switch t.Msg.Event {
	case bot.EventSubscribe, bot.EventScan:
		if t.Msg.Event == bot.EventSubscribe { // the platform forgot the labels of who had left
			if err := t.Tx.Untagged(ctx, t.Sender); err != nil {
				return "", err
			}
		}
		if code, ok := strings.CutPrefix(t.Msg.EventKey, "bind_"); ok {
			return t.bind(ctx, code, true)
		}
		if len(t.bindings) > 0 {
			return t.help(), nil
		}
		return say.Welcome, nil
	case bot.EventUnsubscribe:
		t.session = Session{}
		return "", t.leave(ctx)
	case bot.EventDelivered:
		return "", t.Tx.DeliveryEvents(ctx, []store.Word{{JobID: t.Msg.JobID, Status: t.Msg.Status}})
	case bot.EventClick:
		if word, ok := menuWords[t.Msg.EventKey]; ok {
			t.text = word
			return t.words(ctx)
		}
	}
	return "", nil
}

// menuWords are what a tap on the menu says.
var menuWords = map[string]string{"record": "记一笔", "mine": "进度", "ask": "我想问", "help": "帮助"}

// words answers a typed message. The fixed words always work, whatever was
// asked before.
func (t *talk) words(ctx context.Context) (string, error) {
	plain := strings.Trim(t.text, "。.!?~ ")
	if t.admin != "" {
		if reply, done, err := t.needWork(ctx, plain); done || err != nil {
			return reply, err
		}
		if reply, done, err := t.eraseWords(ctx, plain); done || err != nil {
			return reply, err
		}
		if reply, done, err := t.dutyWords(ctx, plain); done || err != nil {
			return reply, err
		}
	}
	if alarm := answer.Alarm(t.text, t.role()); alarm.Level != answer.Calm {
		return t.danger(ctx, alarm, plain)
	}
	switch plain {
	case "":
		return t.known(t.help()), nil
	case "更多":
		return t.more(), nil
	case "解绑", "解除绑定":
		return t.unbind(ctx)
	case "取消":
		return t.cancel(ctx)
	case "看通知", "通知":
		if t.cadre != "" || t.guardian != "" {
			return t.lastNotice(ctx)
		}
	}
	if code, ok := bindWords(plain); ok {
		return t.bind(ctx, code, false)
	}
	if reply, done, err := t.answerRebind(ctx, plain); done || err != nil {
		return reply, err
	}
	if t.session.Invite != "" {
		if answer, done, err := t.consent(ctx, plain); done || err != nil {
			return answer, err
		}
	}
	if reply, done, err := t.confirmWords(ctx, plain); done || err != nil {
		return reply, err
	}
	if reply, done, err := t.needWords(ctx, plain); done || err != nil {
		return reply, err
	}
	if t.admin != "" && t.aboutNotice(plain) { // also of who is a cadre besides
		return t.adminWords(ctx, plain)
	}
	if t.cadre != "" || t.guardian == "" && t.admin != "" {
		if reply, done, err := t.reminderWords(ctx, plain); done || err != nil {
			return reply, err
		}
	}
	switch {
	case t.cadre != "":
		reply, err := t.cadreWords(ctx, plain)
		return t.oldPhotos(ctx, reply, err)
	case t.guardian != "":
		return t.guardianWords(ctx, plain)
	case t.admin != "":
		if reply, done, err := t.questionOrder(ctx, plain, ""); done || err != nil {
			return reply, err
		}
		if reply, done, err := t.officeBesides(ctx, plain); done || err != nil {
			return reply, err
		}
		return t.adminWords(ctx, plain)
	}
	if looksLikeCode(plain) {
		return t.bind(ctx, plain, false)
	}
	return t.stranger(plain), nil
}

func (t *talk) help() string {
	switch {
	case t.cadre != "":
		return say.CadreHelp
	case t.guardian != "":
		return say.GuardianHelp
	case t.admin != "":
		return say.AdminHelp
	}
	return say.HowToBind
}

func (t *talk) more() string {
	if t.session.More == "" {
		return say.NothingMore
	}
	rest := t.session.More
	t.session.More = ""
	return rest
}

// as is the transaction as the cadre sees it.
func (t *talk) as() *store.Store { return t.Tx.As(models.Actor{Cadre: t.cadre}) }

// role is who speaks, for the recogniser of danger.
func (t *talk) role() string {
	if t.cadre != "" {
		return "cadre"
	}
	return "guardian"
}
