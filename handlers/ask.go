package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"aixin/handlers/answer"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// family is a recipient for whom the sender speaks, and as whom.
type family struct {
	role      models.Role
	asker     string // the contact's id or the recipient's
	relation  string
	kind      models.ContactKind
	bound     models.Instant
	recipient models.Recipient
	line      models.Line // whom the words are for; "" for the paired cadre
}

func (f family) name() string { return f.recipient.Name.Reveal() }

// families lists for whom the sender speaks: several where one phone serves a
// home or a household.
func (t *talk) families(ctx context.Context) (out []family, err error) {
	all, err := t.homes(ctx)
	for _, f := range all {
		if f.kind.SpeaksFor() {
			out = append(out, f)
		} else {
			t.relays = true
		}
	}
	return out, err
}

// homes lists the families that the sender is bound to, as whatever.
func (t *talk) homes(ctx context.Context) (out []family, err error) {
	for _, b := range t.bindings {
		if b.Role != models.RoleGuardian && b.Role != models.RoleRecipient {
			continue
		}
		f, err := t.familyOf(ctx, b.Role, b.SubjectID)
		if err != nil {
			return nil, err
		}
		if f.recipient.ID == "" {
			continue // no longer in the register
		}
		f.bound = b.BoundAt
		out = append(out, f)
	}
	return out, nil
}

// oneFamily picks the family that a text is about; ok is false where it could
// be several.
func oneFamily(families []family, text string) (f family, ok bool) {
	if len(families) == 0 {
		return family{}, false
	}
	named := slices.DeleteFunc(slices.Clone(families), func(f family) bool {
		names := append(f.recipient.AliasList(), f.name())
		return !slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.Contains(text, n) })
	})
	if len(named) > 0 {
		return named[0], len(named) == 1
	}
	return families[0], len(families) == 1
}

func (t *talk) base() *answer.Base {
	if t.Base != nil {
		return t.Base
	}
	return t.Shelf.Base()
}

// guardianWords answers a family: the fixed words, what was asked, thanks and
// messages, a complaint, the policy base, and else the cadre.
func (t *talk) guardianWords(ctx context.Context, plain string) (string, error) {
	families, err := t.families(ctx)
	if err != nil {
		return "", err
	}
	switch {
	case len(families) == 0 && t.relays:
		return t.relayWords(ctx, plain)
	case len(families) == 0:
		return say.HowToBind, nil // the register no longer has them
	}
	if reply, done, err := t.privacyWords(ctx, plain, families); done || err != nil {
		return reply, err
	}
	if m := lookOrder.FindStringSubmatch(narrow(plain)); m != nil && m[1] != "" {
		number, _ := strconv.Atoi(m[1])
		return t.myQuestion(ctx, families, number)
	}
	if reply, done, err := t.heldAtHome(ctx, plain, families); done || err != nil {
		return reply, err
	}
	switch plain {
	case "进度", "诉求", "提问", "我反映的事到哪步了", "到哪步了":
		return t.myQuestions(ctx, families)
	case "我的信息", "我的资料":
		return t.myFamily(ctx, families[0])
	case "谁来过":
		return t.whoCame(ctx, families)
	case "帮助", "我想问", "记一笔":
		return say.GuardianHelp, nil
	}
	if q := t.session.Ask; q != nil {
		if reply, done, err := t.familyAnswered(ctx, q, plain, families); done || err != nil {
			return reply, err
		}
		if n, pick, _, _ := choice(plain); pick && n < 10 && q.At > t.Tx.Now().Add(-askedFor) {
			return say.NoSuchChoice, nil // what was asked still stands
		}
		t.session.Ask = nil
		if ends(plain) {
			return say.Ended, nil
		}
	}
	return t.familySays(ctx, t.text, families)
}

// entryScam warns of who asks for money or numbers: it is better said too often.
const entryScam = "proj-fee"

// entryAbsent tells a family how to complain of a cadre who never came.
const entryAbsent = "proj-absent"

// familySays takes a family's words for what they mean.
func (t *talk) familySays(ctx context.Context, text string, families []family) (string, error) {
	if _, err := strconv.Atoi(narrow(text)); err == nil || bareYes.MatchString(text) && !ends(text) {
		return say.NothingAsked, nil
	}
	if bareNumber.MatchString(text) || t.private && !asksAll.MatchString(text) && len([]rune(beside(text))) <= 20 {
		return "", nil // the advice about numbers is the answer
	}
	if falseRecord.MatchString(text) && !hearsay.MatchString(text) {
		return t.about(ctx, aboutDispute, text, families)
	}
	if t.session.Alarm.Kind == "selfharm" && !asking.MatchString(text) {
		if reply, done, err := t.afterAlarm(ctx, text); done || err != nil {
			return reply, err // 没人管我: no policy answers that now
		}
	}
	switch wanted(text) {
	case wantCarry:
		return t.about(ctx, aboutCarry, text, families)
	case wantCadre:
		return t.myCadre(ctx, families)
	case wantVisit:
		return t.whenVisited(ctx, families)
	case wantPerson:
		return t.about(ctx, aboutQuestion, text, families)
	case wantAnother:
		return t.about(ctx, aboutComplaint, text, families)
	case wantProgress:
		return t.myQuestions(ctx, families)
	case wantComplaint:
		return t.about(ctx, aboutComplaint, text, families)
	case wantHurry:
		if reply, done, err := t.hurry(ctx, families); done || err != nil {
			return reply, err
		}
	case wantSecrecy:
		if reply, done, err := t.afterAlarm(ctx, text); done || err != nil {
			return reply, err
		}
		return say.Confidence, nil
	case wantRight:
		return t.about(ctx, aboutQuestion, text, families)
	case wantPlain:
		return t.plainly(ctx, families)
	case wantEnd, wantChat:
		if reply, done, err := t.afterAlarm(ctx, text); done || err != nil {
			return reply, err
		}
		return smallTalk(text), nil
	}
	if len(needTables().told(text)) > 0 {
		return t.about(ctx, aboutNeed, text, families)
	}
	if reply, err := t.heavyWords(ctx, text, families); reply != "" || err != nil {
		return reply, err
	}
	officer, err := t.officer(ctx, families)
	if err != nil {
		return "", err
	}
	role := "guardian"
	if f, ok := oneFamily(families, text); ok && f.role == models.RoleRecipient {
		if age := f.recipient.Age(t.today); age >= 0 && age < 18 {
			role = "child"
		}
	}
	found := t.base().Ask(beside(text), role)
	if len(found.Choices) > 1 {
		var questions []string
		for _, id := range found.Choices {
			e, _ := t.base().Entry(id)
			questions = append(questions, e.Question)
		}
		t.session.Ask = &question{Kind: askChoice, Asked: 1, At: t.Tx.Now(), Options: found.Choices, Draft: draft{Words: text}}
		return say.WhichQuestion(questions, officer), nil
	}
	if e, ok := t.base().Entry(found.ID); ok && e.HoldsIn(families[0].recipient.Region, t.today) {
		if officer, err = t.helper(ctx, families, lineOf[e.ID]); err != nil {
			return "", err
		}
		return t.knownAnswer(e, text, officer), nil
	}
	if reply, done, err := t.afterAlarm(ctx, text); done || err != nil {
		return reply, err
	}
	if e, ok := t.base().Entry(entryScam); ok && scamCall.MatchString(text) {
		return t.knownAnswer(e, text, officer), nil
	}
	if rude.MatchString(strings.Trim(text, "。.!?~ ")) {
		return say.Sorry, nil
	}
	if back, err := t.backTalk(ctx, text, families); back || err != nil {
		reply, e := t.about(ctx, aboutCarry, text, families)
		return reply, errors.Join(err, e)
	}
	if err := t.unanswered(ctx, text, families); err != nil {
		return "", err
	}
	return t.about(ctx, aboutQuestion, text, families)
}

// aboutCadres are the entries by which people ask about cadres, their coming and
// their hands: what is said there goes to the county, never to the cadre.
var aboutCadres = map[string]bool{"proj-absent": true, "proj-fee": true, "proj-change": true}

// toCounty marks an offer to pass words on to the county.
const toCounty = "county"

// knownAnswer gives an entry and leaves the way to the cadre open.
func (t *talk) knownAnswer(e answer.Entry, text, officer string) string {
	t.session.Ask = nil
	if aboutCadres[e.ID] {
		t.session.Ask = &question{Kind: askForward, Asked: 1, At: t.Tx.Now(), Typed: toCounty, Draft: draft{Words: text}}
		first, more := e.Brief()
		if t.session.More = more; more != "" {
			first += say.MoreOfAnswer
		}
		return say.Known(first, e.Source, e.Hotline, "") + say.CountyOffer
	}
	if officer != "" {
		t.session.Ask = &question{Kind: askForward, Asked: 1, At: t.Tx.Now(), Typed: string(lineOf[e.ID]), Draft: draft{Words: text}}
	}
	if e.StaleOn(t.today) {
		return say.Stale(e.Hotline, officer)
	}
	first, more := e.Brief()
	if t.session.More = more; more != "" {
		first += say.MoreOfAnswer
	}
	return say.Known(first, e.Source, e.Hotline, officer)
}

// officer is how the family's cadre is spoken of, "" where there is none.
func (t *talk) officer(ctx context.Context, families []family) (string, error) {
	c, err := desk.PairedCadre(ctx, t.Tx, families[0].recipient.ID, t.today)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return say.Officer(c.Name.Reveal()), err
}

// choice reads the answer to a question with numbered choices, of which 1 is yes
// and 2 is no.
func choice(plain string) (n int, pick, yes, no bool) {
	n, err := strconv.Atoi(narrowDigits(plain))
	pick = err == nil && n >= 0
	yes = pick && n == 1 || yesWords.MatchString(plain)
	no = pick && n == 2 || noWords.MatchString(plain)
	return n, pick, yes, no
}

var (
	yesWords = regexp.MustCompile(`^(那|那就|我|都|全|两个都|几件都)?(要|好|是|行|转|对|能|删|中|成|嗯|附上?|收下?|可以|同意|愿意|能行|能成|(能|可以|行|好|要),?(收|转|删|附|看)(下|上)?)(的|哩|呢|吧|啊|着哩|嗯|转|了)*$`)
	noWords  = regexp.MustCompile(`^(我)?(不|否|不要|不用(转|附|收|删|管|问|麻烦)?|不转|不附|不收|不能|不删|不行|不同意|不愿意|不是|不需要|不麻烦|算了?|没事|别|别转|别删|别附|别收)(了|哩|呢|吧|啊|的)*(,?(谢谢|麻烦|谢谢您|谢谢你)了?)?$`)
)

// onlyAssent tells that words only say yes to being told something: whether the offer
// below it is meant as well is not clear.
func onlyAssent(plain string) bool {
	return yesWords.MatchString(plain) && !strings.ContainsAny(plain, "要转")
}

// familyAnswered takes a message as the answer to what was asked; done is false
// where it is something else.
func (t *talk) familyAnswered(ctx context.Context, q *question, plain string, families []family) (string, bool, error) {
	if q.At < t.Tx.Now().Add(-askedFor) {
		return "", false, nil
	}
	n, pick, yes, no := choice(plain)
	switch q.Kind {
	case askDispute:
		return t.disputeAnswered(ctx, q, plain, families)
	case askSensitive, askWithdraw, askErase, askRenew:
		return t.privacyAnswered(ctx, q, plain, families)
	case askForward:
		if q.Typed == toCounty {
			if !yes || onlyAssent(plain) {
				break
			}
			t.session.Ask = nil
			reply, err := t.about(ctx, aboutComplaint, q.Draft.Words, families)
			return reply, true, err
		}
		if onlyAssent(plain) {
			officer, err := t.helper(ctx, families, models.Line(q.Typed))
			return say.OfferStands(officer), true, err
		}
		if yes {
			t.session.Ask = nil
			reply, err := t.about(ctx, aboutQuestion, q.Draft.Words, onLine(families, models.Line(q.Typed)))
			return reply, true, err
		}
	case askChoice:
		switch {
		case pick && n >= 1 && n <= len(q.Options):
			officer, err := t.helper(ctx, families, lineOf[q.Options[n-1]])
			e, ok := t.base().Entry(q.Options[n-1])
			if err != nil || !ok {
				return "", ok, err // an entry of an older base: taken as a new message
			}
			return t.knownAnswer(e, q.Draft.Words, officer), true, nil
		case pick && n == 0 || plain == "都不是":
			t.session.Ask = nil
			if err := t.unanswered(ctx, q.Draft.Words, families); err != nil {
				return "", true, err
			}
			reply, err := t.about(ctx, aboutQuestion, q.Draft.Words, families)
			return reply, true, err
		}
	case askFamily:
		if pick && n >= 1 && n <= len(families) {
			families = families[n-1 : n]
		} else if f, ok := oneFamily(families, plain); ok && len([]rune(plain)) <= 12 {
			families = []family{f}
		} else {
			return "", false, nil
		}
		t.session.Ask = nil
		reply, err := t.about(ctx, q.Typed, q.Draft.Words, families)
		return reply, true, err
	case askNeed:
		if yes || no {
			t.session.Ask = nil
		}
		if no {
			return say.NeedNotPassed, true, nil
		}
		if yes {
			reply, err := t.needsConfirmed(ctx, q, families)
			return reply, true, err
		}
	case askHeavy:
		return t.heavyAnswered(ctx, q, plain, families)
	case askUrgent:
		if yes {
			t.session.Ask = nil
			reply, err := t.urgent(ctx, q.Record)
			return reply, true, err
		}
	case askPhoto:
		if yes || no {
			t.session.Ask = nil
			reply, err := t.photoAlong(ctx, q, yes)
			return reply, true, err
		}
	}
	return "", false, nil
}
