package handlers

import (
	"context"
	"errors"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// The matters that a family's words can be passed on as.
const (
	aboutQuestion  = "question"
	aboutCarry     = "carry"
	aboutComplaint = "complaint"
)

// nightHours hold a family's words back till the morning where no settings do.
var nightHours = []models.Window{{From: 20 * time.Hour, To: 8 * time.Hour}}

// morning is when words that came now may go on to a person.
func (t *talk) morning() (at time.Time, waits bool) {
	night := t.Tx.Hours().QuietFamilies
	if len(night) == 0 {
		night = nightHours
	}
	at = models.Awake(t.Now, night, t.Zone)
	return at, at.After(t.Now)
}

// about passes a family's words on, once it is clear whom they are about.
func (t *talk) about(ctx context.Context, matter, text string, families []family) (string, error) {
	f, ok := oneFamily(families, text)
	if !ok {
		var names []string
		for _, f := range families {
			names = append(names, f.name())
		}
		t.session.Ask = &question{Kind: askFamily, Asked: 1, At: t.Tx.Now(), Typed: matter, Draft: draft{Words: text}}
		return say.WhichFamily(names), nil
	}
	switch matter {
	case aboutCarry:
		return t.carry(ctx, f, text)
	case aboutComplaint:
		return t.complain(ctx, f, text)
	case aboutDispute:
		return t.dispute(ctx, f, text)
	case aboutNeed:
		return t.offerNeeds(ctx, f, text)
	}
	return t.forward(ctx, f, text)
}

// forward hands a question to the paired cadre, else to the unit's office, else
// keeps it and says whom to call.
func (t *talk) forward(ctx context.Context, f family, text string) (string, error) {
	earlier, err := t.Tx.QuestionsOf(ctx, []string{f.asker}, 5)
	if err != nil {
		return "", err
	}
	for _, q := range earlier {
		if q.State == models.QuestionOpen && q.Words.Reveal() == text && q.AskedAt > t.Tx.Now().Add(-askedFor) {
			officer, err := t.officer(ctx, []family{f})
			if q.CadreID == "" {
				officer = say.Office
			}
			return say.AskedAlready(q.Number, officer), err
		}
	}
	q := models.Question{State: models.QuestionOpen, Words: models.Conceal(text)}
	officer, err := t.pass(ctx, f, &q)
	if err != nil {
		return "", err
	}
	_, waits := t.morning()
	switch {
	case q.State == models.QuestionStored:
		return say.Stored, nil
	case q.CadreID == "":
		return weary(text) + say.PassedOffice(q.Number, waits), nil
	}
	return weary(text) + say.PassedOn(q.Number, officer, waits), nil
}

// weary is a warm word before the answer to who cannot go on, or has lost somebody;
// danger has its own.
func weary(text string) string {
	if passedAway.MatchString(strings.Trim(text, "。.!?~ ")) && !asking.MatchString(text) {
		return say.Condolence
	}
	if distress.MatchString(text) {
		return say.Weary
	}
	return ""
}

// carry passes thanks or a message on; nobody has to answer it.
func (t *talk) carry(ctx context.Context, f family, text string) (string, error) {
	q := models.Question{State: models.QuestionCarried, Words: models.Conceal(carried(text))}
	officer, err := t.pass(ctx, f, &q)
	if err != nil || q.State == models.QuestionStored {
		return say.Stored, err
	}
	_, waits := t.morning()
	return say.CarriedOn(officer, waits) + say.GoodNews(goodNews.MatchString(text), strings.Contains(text, "高中")), nil
}

// pass enters a question and plans its way to the cadre or the office; where
// nobody is bound it is stored.
func (t *talk) pass(ctx context.Context, f family, q *models.Question) (officer string, err error) {
	t.ask(f, q)
	kind := KindQuestion
	if q.State == models.QuestionCarried {
		kind = KindCarry
	}
	c, err := desk.PairedCadre(ctx, t.Tx, f.recipient.ID, t.today)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	paired := err == nil
	if special, b, err := t.onDutyOf(ctx, f); err == nil {
		q.CadreID = special.ID
		if err := t.Tx.AddQuestion(ctx, q); err != nil {
			return "", err
		}
		return say.LineOfficer(f.line, special.Name.Reveal()), t.deliver(ctx, kind, *q, models.RoleCadre, b.OpenID)
	} else if !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	if paired {
		b, err := t.Tx.BindingOf(ctx, models.RoleCadre, c.ID)
		if err == nil {
			q.CadreID = c.ID
			if err := t.Tx.AddQuestion(ctx, q); err != nil {
				return "", err
			}
			return say.Officer(c.Name.Reveal()), t.deliver(ctx, kind, *q, models.RoleCadre, b.OpenID)
		}
		if !errors.Is(err, store.ErrNotFound) {
			return "", err
		}
	}
	var people []onDuty
	if paired {
		offices, err := t.Tx.UnitAccounts(ctx, c.UnitID)
		if err == nil {
			people, err = boundOf(ctx, t.Tx, offices)
		}
		if err != nil {
			return "", err
		}
	}
	if len(people) == 0 {
		q.State = models.QuestionStored
	}
	return say.Office, t.toOffice(ctx, kind, q, people)
}

// complain hands a complaint about the cadre to the county's office, never to
// the cadre or the unit.
func (t *talk) complain(ctx context.Context, f family, text string) (string, error) {
	q, told, err := t.report(ctx, f, text)
	if err != nil {
		return "", err
	}
	if !told {
		return say.ComplaintStored(q.Number), nil
	}
	return say.ComplaintTaken(q.Number), nil
}

// report enters a complaint and plans its way to the county; told is false where
// nobody is bound there.
func (t *talk) report(ctx context.Context, f family, text string) (q models.Question, told bool, err error) {
	q = models.Question{State: models.QuestionComplaint, Words: models.Conceal(text)}
	t.ask(f, &q)
	county := f.recipient.Region
	if len(county) > 6 {
		county = county[:6]
	}
	offices, err := t.Tx.AccountsFor(ctx, []models.AccountRole{models.AccountCounty}, []string{county})
	if err != nil {
		return q, false, err
	}
	people, err := boundOf(ctx, t.Tx, offices)
	if err == nil {
		err = t.toOffice(ctx, KindCarry, &q, people)
	}
	return q, len(people) > 0, err
}

// ask fills in who asks.
func (t *talk) ask(f family, q *models.Question) {
	q.Role, q.AskerID, q.RecipientID, q.OpenID = f.role, f.asker, f.recipient.ID, models.Conceal(string(t.Msg.From))
	asked := *q
	asked.AskedAt = t.Tx.Now()
	q.NextAt = t.Tx.Hours().Question.Next(asked, 0, t.Zone)
}

func (t *talk) toOffice(ctx context.Context, kind string, q *models.Question, people []onDuty) error {
	if err := t.Tx.AddQuestion(ctx, q); err != nil {
		return err
	}
	for _, p := range people {
		if err := t.deliver(ctx, kind, *q, models.RoleAdmin, models.Conceal(p.openid)); err != nil {
			return err
		}
	}
	return nil
}

// deliver plans a question's way to one person, by night for the morning.
func (t *talk) deliver(ctx context.Context, kind string, q models.Question, role models.Role, openid models.Secret) error {
	at, _ := t.morning()
	return t.Tx.AddDelivery(ctx, questionKey(q.ID, t.Tx.OpenIDIndex(openid.Reveal())), store.Delivery{
		Kind: kind, Role: role, SubjectID: q.ID, OpenID: openid, DueAt: max(models.InstantOf(at), t.Tx.Now()),
	})
}

func questionKey(id, openidIdx string) string {
	return strings.Join([]string{"question", id, openidIdx}, "/")
}
