package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// The questions about what a family agrees to.
const (
	askSensitive = "sensitive" // whether photos and illness may be used
	askWithdraw  = "withdraw"  // which consent is withdrawn
	askErase     = "erase"     // whether what is held is deleted
)

// consented notes the consent that bound somebody, and asks for the separate one
// where a child under 14 needs the guardian's.
func (t *talk) consented(ctx context.Context, inv models.Invitation) (asks string, err error) {
	f, err := t.familyOf(ctx, inv.Role, inv.SubjectID)
	if err != nil || f.recipient.ID == "" {
		return "", err
	}
	for _, p := range []models.Purpose{models.PurposeChat, models.PurposeConfirm} {
		if err := t.agree(ctx, f, p); err != nil {
			return "", err
		}
	}
	if !t.forChild(f) {
		return "", nil
	}
	return t.askSensitive(f), t.agree(ctx, f, models.PurposeChild)
}

// forChild tells whether a guardian speaks for a child under 14.
func (t *talk) forChild(f family) bool {
	age := f.recipient.Age(t.today)
	return f.role == models.RoleGuardian && age >= 0 && age < models.ChildAge
}

func (t *talk) agree(ctx context.Context, f family, p models.Purpose) error {
	return t.Tx.GiveConsent(ctx, models.Consent{
		Role: f.role, SubjectID: f.asker, RecipientID: f.recipient.ID, Purpose: p, Version: t.privacy().Version(p, t.forChild(f)), Way: models.ConsentChat,
	})
}

func (t *talk) askSensitive(f family) string {
	t.session.Ask = &question{Kind: askSensitive, Asked: 1, At: t.Tx.Now(), Record: f.asker}
	return say.AskSensitive(t.forChild(f))
}

// familyOf is the family for whom a person of the register speaks.
func (t *talk) familyOf(ctx context.Context, role models.Role, subject string) (f family, err error) {
	f = family{role: role, asker: subject}
	recipient := subject
	if role == models.RoleGuardian {
		c, err := t.Tx.As(models.Actor{Contact: subject}).Contact(ctx, subject)
		if errors.Is(err, store.ErrNotFound) {
			return f, nil
		}
		if err != nil {
			return f, err
		}
		f.relation, f.kind, recipient = c.Kind.Label(), c.Kind, c.RecipientID
	} else {
		f.relation, f.kind = models.ContactSelf.Label(), models.ContactSelf
	}
	f.recipient, err = t.Tx.Recipient(ctx, recipient)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return f, err
}

// privacyWords takes the words by which a family looks after what is held on it;
// done is false where the message is none of them.
func (t *talk) privacyWords(ctx context.Context, plain string, families []family) (reply string, done bool, err error) {
	if words, ok := t.notice(plain); ok {
		also, err := t.newer(ctx, words, families)
		return words.Words + also, true, err
	}
	switch plain {
	case "同意", "我同意", "同意新须知", "同意须知":
		if t.session.Ask != nil && t.session.Ask.Kind != askRenew {
			return "", false, nil
		}
		reply, err = t.renewNow(ctx, families)
		if reply != "" {
			t.session.Ask = nil
		}
		return reply, reply != "", err
	case "不同意", "撤回同意":
		if t.asks(askSensitive, askRenew) != nil && plain == "不同意" {
			return "", false, nil // to what was asked, not to everything
		}
		reply, err = t.disagree(ctx, plain, families)
	default:
		switch {
		case noPhotos.MatchString(plain):
			reply, err = t.withdrawn(ctx, models.PurposeSensitive, families)
		case noVisitAsk.MatchString(plain):
			reply, err = t.withdrawn(ctx, models.PurposeConfirm, families)
		case noMessages.MatchString(plain):
			reply, err = t.whichConsent(ctx, families)
		case wantsLooks.MatchString(plain):
			reply, err = t.whoLooked(ctx, families)
		case wantsErased.MatchString(plain):
			t.session.Ask = &question{Kind: askErase, Asked: 1, At: t.Tx.Now(), Record: families[0].asker}
			return say.AskErase, true, nil
		default:
			return "", false, nil
		}
	}
	return reply, true, err
}

// noPhotos, noVisitAsk and noMessages take one consent back in one's own words.
var (
	noPhotos   = regexp.MustCompile(`(不同意|不让|不许|不想让?|别|不要|撤回).{0,6}(用|收|存|留).{0,6}(照片|相片|病情)|(照片|相片|病情).{0,6}(别|不要|不让|不同意|不许).{0,4}(用|收|存|留|发)了?$`)
	noVisitAsk = regexp.MustCompile(`(不想|别|不要|不用|不让|不许|莫).{0,6}问(我|俺)?.{0,6}(来没来|来过没|来了没)`)
	noMessages = regexp.MustCompile(`(别|不要|不想|莫).{0,4}(再)?(给|收).{0,3}(我|俺)?.{0,4}(发|收)?.{0,2}(消息|短信|信息|微信)了?$|^不同意.{0,6}(信息|资料|微信)$|^(退订|取消订阅|不订了)$`)
)

// wantsLooks and wantsErased are how people ask for it.
var (
	wantsLooks  = regexp.MustCompile(`^.{0,6}(谁|哪个|哪些人|什么人).{0,4}(看|查|翻)(过|了|到过)?(我|俺|我们)?(家|家里)?的?(资料|信息|情况|事)?[吗呢啊]?$|^(我|俺)(们)?家?的?(事|情况|资料|信息)(都|还)?有?(谁|哪些人)(知道|看过?|能看|晓得)[呢啊]?$`)
	wantsErased = regexp.MustCompile(`^.{0,10}(删|消|清|抹|注销)(除|掉|了|掉了)?.{0,3}(我|俺|我们)(家)?的?(资料|信息|数据|号)|(把|将).{0,4}(资料|信息|数据).{0,4}(删|消|清|抹|注销)|^删除资料$`)
)

// disagree ends what was agreed to: which, is asked where there are several
// beside the tie itself.
func (t *talk) disagree(ctx context.Context, plain string, families []family) (string, error) {
	given, err := t.given(ctx, families)
	if err != nil {
		return "", err
	}
	if len(given) > 1 && plain == "撤回同意" {
		return t.whichConsent(ctx, families)
	}
	return t.withdrawn(ctx, models.PurposeChat, families)
}

// whichConsent asks which of the consents is taken back.
func (t *talk) whichConsent(ctx context.Context, families []family) (string, error) {
	given, err := t.given(ctx, families)
	if err != nil {
		return "", err
	}
	if len(given) == 0 {
		given = []models.Purpose{models.PurposeChat}
	}
	q := &question{Kind: askWithdraw, Asked: 1, At: t.Tx.Now()}
	for _, p := range given {
		q.Options = append(q.Options, string(p))
	}
	t.session.Ask = q
	return say.WhichConsent(given), nil
}

// given lists the purposes that the families agreed to, the tie first.
func (t *talk) given(ctx context.Context, families []family) (out []models.Purpose, err error) {
	for _, f := range families {
		rows, err := t.Tx.ConsentsOf(ctx, f.asker)
		if err != nil {
			return nil, err
		}
		for _, c := range rows {
			if !slices.Contains(out, c.Purpose) {
				out = append(out, c.Purpose)
			}
		}
	}
	return out, nil
}

// withdrawn ends a purpose; without the tie itself nothing else stands.
func (t *talk) withdrawn(ctx context.Context, p models.Purpose, families []family) (string, error) {
	var askers []string
	for _, f := range families {
		askers = append(askers, f.asker)
	}
	if err := t.Tx.Note(ctx, "consent_withdrawn", "sender", string(p)); err != nil {
		return "", err
	}
	if p != models.PurposeChat {
		t.session.Ask = nil
		err := t.Tx.WithdrawConsent(ctx, askers, p)
		if p == models.PurposeChild { // photos and illness of the child hang on it
			err = errors.Join(err, t.Tx.WithdrawConsent(ctx, askers, models.PurposeSensitive))
		}
		return say.PurposeWithdrawn(p), err
	}
	if err := t.Tx.WithdrawConsent(ctx, askers, ""); err != nil {
		return "", err
	}
	if _, err := t.Tx.Unbind(ctx, t.Sender); err != nil {
		return "", err
	}
	t.session = Session{Codes: t.session.Codes}
	return say.ConsentWithdrawn, nil
}

// privacyAnswered takes the answers to the questions of this file.
func (t *talk) privacyAnswered(ctx context.Context, q *question, plain string, families []family) (string, bool, error) {
	i := slices.IndexFunc(families, func(f family) bool { return f.asker == q.Record })
	n, pick, yes, no := choice(plain)
	switch q.Kind {
	case askRenew:
		if !yes && !no {
			return "", false, nil
		}
		t.session.Ask = nil
		if no {
			return say.NotRenewed, true, t.renewRefused(ctx, q.Typed, families)
		}
		reply, err := t.renew(ctx, q.Typed, families)
		return reply, true, err
	case askSensitive:
		if i < 0 || !yes && !no {
			return "", false, nil
		}
		t.session.Ask = nil
		if no {
			return say.SensitiveRefused, true, nil
		}
		agreed := t.agree(ctx, families[i], models.PurposeSensitive)
		if t.forChild(families[i]) {
			agreed = errors.Join(agreed, t.agree(ctx, families[i], models.PurposeChild))
		}
		if agreed != nil || q.Typed == "" {
			return say.SensitiveGiven, true, agreed
		}
		about, err := t.Tx.Question(ctx, q.Options[0])
		if err != nil {
			return "", true, err
		}
		officer, err := t.officer(ctx, families)
		t.session.Ask = &question{Kind: askPhoto, Asked: 1, At: t.Tx.Now(), Record: about.ID, Typed: q.Typed}
		return say.PhotoAlong(about.Number, officer), true, err
	case askWithdraw:
		switch {
		case plain == "都撤" || plain == "全撤" || plain == "全部":
			reply, err := t.withdrawn(ctx, models.PurposeChat, families)
			return reply, true, err
		case pick && n == 0 || no && !pick:
			t.session.Ask = nil
			return say.ConsentKept, true, nil
		case pick && n <= len(q.Options):
			reply, err := t.withdrawn(ctx, models.Purpose(q.Options[n-1]), families)
			return reply, true, err
		}
	case askErase:
		if i < 0 || !yes && !no {
			return "", false, nil
		}
		t.session.Ask = nil
		if no {
			return say.EraseKept, true, nil
		}
		reply, err := t.wantErased(ctx, families[i])
		return reply, true, err
	}
	return "", false, nil
}

// heldOn tells a family what is held on it and what it agreed to.
func (t *talk) heldOn(ctx context.Context, f family) (string, error) {
	questions, err := t.Tx.QuestionsOf(ctx, []string{f.asker}, 1000)
	if err != nil {
		return "", err
	}
	needs, err := t.Tx.NeedsOf(ctx, []string{f.asker}, 1000)
	if err != nil {
		return "", err
	}
	consents, err := t.Tx.ConsentsOf(ctx, f.asker)
	if err != nil {
		return "", err
	}
	held := say.Held{Questions: len(questions), Needs: len(needs)}
	for _, c := range consents {
		held.Paper = c.Way == models.ConsentPaper
		if i := slices.IndexFunc(held.Given, func(g say.Given) bool { return g.Purpose == c.Purpose }); i >= 0 {
			held.Given[i].Earlier, held.Given[i].Version = held.Given[i].Version, c.Version
			continue
		}
		held.Given = append(held.Given, say.Given{Purpose: c.Purpose, Version: c.Version})
	}
	return held.String(), nil
}

// whoLooked tells the posts and times, no names.
func (t *talk) whoLooked(ctx context.Context, families []family) (string, error) {
	var lines []say.LookLine
	for _, f := range families {
		rows, err := t.Tx.LooksAt(ctx, f.recipient.ID, 10)
		if err != nil {
			return "", err
		}
		for _, l := range rows {
			post, err := t.Tx.ActorRole(ctx, l.Actor)
			if err != nil {
				return "", err
			}
			line := say.LookLine{When: l.At.Time().In(t.Zone).Format("1月2日15:04"), Post: post}
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return say.Looks(lines[:min(8, len(lines))]), nil
}

// relayWords answers who only passes messages on: the policy base, which is
// nobody's own, and else what they are here for. What the base says of complaints
// is for the family: it invites to leave them here.
func (t *talk) relayWords(ctx context.Context, plain string) (string, error) {
	if reply, err := t.toldToRelay(ctx, plain); reply != "" || err != nil {
		return reply, err
	}
	if e, ok := t.base().Entry(t.base().Ask(t.text, "guardian").ID); ok && e.ID != entryAbsent {
		return say.Known(e.Answer, e.Source, e.Hotline, ""), nil
	}
	return say.RelayOnly, nil
}

var paperForm = regexp.MustCompile(`^登记同意\s*(\p{Han}{2,6})$`)

// paperConsent enters what a family signed on paper: 登记同意 老谷. Nobody is bound
// by it.
func (t *talk) paperConsent(ctx context.Context, plain string, roster []store.Paired) (reply string, done bool, err error) {
	m := paperForm.FindStringSubmatch(plain)
	if m == nil {
		return "", false, nil
	}
	i := rosterIndex(roster, calledIn(roster)(m[1]))
	if i < 0 {
		return say.PaperNobody, true, nil
	}
	r := roster[i].Recipient
	contacts, err := t.as().ContactsOf(ctx, []string{r.ID})
	if err != nil {
		return "", true, err
	}
	given := models.Consent{Role: models.RoleRecipient, SubjectID: r.ID, RecipientID: r.ID, Way: models.ConsentPaper, AccountID: t.cadre}
	if j := slices.IndexFunc(contacts, func(c models.Contact) bool {
		return c.Kind == models.ContactGuardian || c.Kind == models.ContactInstitution
	}); j >= 0 {
		given.Role, given.SubjectID = models.RoleGuardian, contacts[j].ID
	}
	purposes, child := []models.Purpose{models.PurposeChat, models.PurposeConfirm, models.PurposeSensitive}, false
	if child = t.forChild(family{role: given.Role, recipient: r}); child {
		purposes = append(purposes, models.PurposeChild)
	}
	for _, p := range purposes {
		given.Purpose, given.Version = p, t.privacy().Version(p, child)
		if err := t.Tx.GiveConsent(ctx, given); err != nil {
			return "", true, err
		}
	}
	version := t.privacy().Version(models.PurposeChat, child)
	return say.PaperConsent(r.Name.Reveal(), version), true, t.as().Note(ctx, "consent_paper", "recipient:"+r.ID, version)
}
