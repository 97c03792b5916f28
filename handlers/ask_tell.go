package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// tellForms are how a cadre has words carried to a family: 转告谷家:明天来 给老谷捎句话,低保下来了
// 帮我告诉海龙奶奶,下周体检. The first group is whom, the second the words.
var tellForms = []*regexp.Regexp{
	regexp.MustCompile(`(?s)^(?:请|麻烦|帮我|帮忙|替我)*(?:转告|转达给?|转给|传话给|(?:捎|带)(?:个|句|一句)?话给)(?:一下|给)?\s*([^,,::。\s]{1,12})[,,::。\s]*(.*)$`),
	regexp.MustCompile(`(?s)^(?:请|麻烦|帮我|帮忙|替我)*(?:给|向)([^,,::。\s]{1,12}?)(?:捎|带|传|转)(?:个|句|一句)?话(?:说)?[,,::。\s]*(.*)$`),
	regexp.MustCompile(`(?s)^(?:请|麻烦|帮我|帮忙|替我)+(?:告诉|通知|跟|给|和)(?:一下)?([^,,::。\s]{1,12}?)(?:家里?)?(?:说一声|说一下|说)?[,,::\s]+(.+)$`),
}

var everyHome = regexp.MustCompile(`^(大家|各家|各户|都|全部|所有|每家|家家|他们|每户)`)

// addressee is who of a family gets a cadre's words.
type addressee struct {
	family  models.Recipient
	contact models.Contact // empty where the person is bound oneself
	bound   models.Binding
	heard   models.Instant
}

func (a addressee) relays() bool { return a.contact.ID != "" && !a.contact.Kind.SpeaksFor() }

// tell takes words for families, which go after a yes only; done is false where
// the message is none.
func (t *talk) tell(ctx context.Context, plain string, roster []store.Paired) (reply string, done bool, err error) {
	if q := t.asks(askTell); q != nil {
		if reply, done, err := t.tellAnswered(ctx, q, plain, roster); done || err != nil {
			return reply, done, err
		}
	}
	if plain == "转告" || plain == "捎话" {
		reply, err := t.toldLately(ctx)
		return reply, true, err
	}
	text := strings.TrimSpace(t.text)
	for _, form := range tellForms {
		m := form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		whom := homesCalled(roster, m[1])
		if len(whom) == 0 {
			continue
		}
		reply, err := t.askTell(ctx, whom, strings.TrimSpace(m[2]), "")
		return reply, true, err
	}
	return "", false, nil
}

// homesCalled finds the families that a name means, one of each household: 老谷
// 谷家 海龙奶奶 大家
func homesCalled(roster []store.Paired, name string) (out []models.Recipient) {
	people := named(roster, name)
	if len(people) == 0 && everyHome.MatchString(name) {
		people = roster
	}
	if surname := strings.TrimSuffix(strings.TrimSuffix(name, "里"), "家"); len(people) == 0 && surname != name {
		for _, p := range roster {
			if models.Surname(p.Recipient.Name.Reveal()) == surname {
				people = append(people, p)
			}
		}
	}
	for _, p := range people {
		r := p.Recipient
		if !slices.ContainsFunc(out, func(o models.Recipient) bool {
			return o.ID == r.ID || o.Household != "" && o.Household == r.Household
		}) {
			out = append(out, r)
		}
	}
	return out
}

// askTell reads the words back and asks whether they go; without words it asks
// for them.
func (t *talk) askTell(ctx context.Context, whom []models.Recipient, words, recording string) (string, error) {
	var to []string
	ask := &question{Kind: askTell, Asked: 1, At: t.Tx.Now(), Draft: draft{Words: words}, Typed: recording}
	var away []string
	for _, r := range whom {
		a, err := t.addressee(ctx, r)
		switch {
		case errors.Is(err, store.ErrNotFound):
			away = append(away, r.Name.Reveal())
			continue
		case err != nil:
			return "", err
		}
		ask.Options = append(ask.Options, r.ID)
		via := ""
		if a.relays() {
			via = a.contact.Kind.Label()
		}
		to = append(to, say.TellTo(r.Name.Reveal(), via))
	}
	if len(to) == 0 {
		t.session.Ask = nil // a number that follows answers nothing older
		return say.TellNobody(away), nil
	}
	t.session.Ask = ask
	if words == "" && recording == "" {
		return say.TellWhat(to), nil
	}
	return say.AskTell(to, away, words), nil
}

// addressee is who of a family is bound: who may speak for it before who only
// passes words on, then who wrote last. store.ErrNotFound where nobody is.
func (t *talk) addressee(ctx context.Context, r models.Recipient) (best addressee, err error) {
	contacts, err := t.Tx.ContactsOf(ctx, []string{r.ID})
	if err != nil {
		return best, err
	}
	var all []addressee
	add := func(role models.Role, subject string, c models.Contact) error {
		b, err := t.Tx.BindingOf(ctx, role, subject)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		heard, err := t.Tx.LastHeard(ctx, t.Tx.OpenIDIndex(b.OpenID.Reveal()), store.Wrote)
		all = append(all, addressee{family: r, contact: c, bound: b, heard: heard})
		return err
	}
	err = add(models.RoleRecipient, r.ID, models.Contact{})
	for _, c := range contacts {
		err = errors.Join(err, add(models.RoleGuardian, c.ID, c))
	}
	if err != nil {
		return best, err
	}
	if len(all) == 0 {
		return best, store.ErrNotFound
	}
	return slices.MaxFunc(all, func(a, b addressee) int {
		switch {
		case a.relays() != b.relays() && a.relays():
			return -1
		case a.relays() != b.relays():
			return 1
		}
		return int(a.heard - b.heard)
	}), nil
}

// tellAnswered takes the words, or the yes to them.
func (t *talk) tellAnswered(ctx context.Context, ask *question, plain string, roster []store.Paired) (reply string, done bool, err error) {
	var whom []models.Recipient
	for _, p := range roster {
		if slices.Contains(ask.Options, p.RecipientID) && !slices.ContainsFunc(whom, func(r models.Recipient) bool { return r.ID == p.RecipientID }) {
			whom = append(whom, p.Recipient)
		}
	}
	if ask.Draft.Words == "" && ask.Typed == "" {
		if t.fixedWord(plain) || len([]rune(plain)) < 2 {
			return "", false, nil
		}
		t.session.Ask = nil
		reply, err = t.askTell(ctx, whom, t.text, "")
		return reply, true, err
	}
	_, _, yes, no := choice(plain)
	switch {
	case yes || plain == "转吧" || plain == "转给他":
		t.session.Ask = nil
		reply, err = t.toldTo(ctx, whom, ask.Draft.Words, ask.Typed)
		return reply, true, err
	case no:
		t.session.Ask = nil
		return say.NotPassedOn, true, nil
	}
	return "", false, nil
}

// fixedWord tells a word that always works.
func (t *talk) fixedWord(plain string) bool {
	return slices.Contains([]string{"帮助", "进度", "名单", "撤销", "取消", "提问", "诉求", "不", "不用", "不转", "算了"}, plain)
}

// toldTo sends the words on their way, one row for each family.
func (t *talk) toldTo(ctx context.Context, whom []models.Recipient, words, recording string) (string, error) {
	var lines []say.ToldLine
	for _, r := range whom {
		a, err := t.addressee(ctx, r)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		q := models.Question{
			Role: a.bound.Role, AskerID: a.bound.SubjectID, OpenID: a.bound.OpenID, RecipientID: r.ID, CadreID: t.cadre, Answer: models.Conceal(words), AnswerPhotoID: recording,
		}
		if err := desk.TellFamily(ctx, t.as(), &q); err != nil {
			return "", err
		}
		if recording != "" {
			if err := t.passRecording(ctx, q.ID, recording); err != nil {
				return "", err
			}
		}
		lines = append(lines, say.ToldLine{Number: q.Number, Family: r.Name.Reveal()})
	}
	if len(lines) == 0 {
		return say.TellNobody(nil), nil
	}
	_, waits := t.morning()
	return say.ToldOn(lines, waits), nil
}

// toldLately lists the last words for families and whether they arrived.
func (t *talk) toldLately(ctx context.Context) (string, error) {
	rows, err := t.as().ToldBy(ctx, t.cadre, 5)
	if err != nil {
		return "", err
	}
	var lines []say.ToldLine
	for _, q := range rows {
		r, err := t.Tx.Recipient(ctx, q.RecipientID)
		if err != nil {
			return "", err
		}
		arrived, failed, err := desk.Arrival(ctx, t.Tx, desk.AnswerKey(q.ID))
		if err != nil {
			return "", err
		}
		lines = append(lines, say.ToldLine{
			Number: q.Number, Family: r.Name.Reveal(), Words: q.Answer.Reveal(), Day: models.DayOf(q.AnsweredAt.Time(), t.Zone), Arrived: say.Arrived(arrived, failed),
		})
	}
	return say.ToldLately(lines), nil
}

// toldToRelay shows who passes words on what there was to pass on, and keeps what
// is the family's own from the policy base's ear.
func (t *talk) toldToRelay(ctx context.Context, plain string) (string, error) {
	switch plain {
	case "我的资料", "我的信息", "谁看过我家资料", "谁来过", "删除我的资料", "我反映的事到哪步了":
		return say.RelayOnly, nil
	case "进度", "转告", "捎话":
	default:
		return "", nil
	}
	homes, err := t.homes(ctx)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, f := range homes {
		rows, err := t.Tx.QuestionsOf(ctx, []string{f.asker}, 3)
		if err == nil {
			err = t.sayAgain(ctx, rows)
		}
		if err != nil {
			return "", err
		}
		for _, q := range rows {
			if q.State != models.QuestionTold {
				continue
			}
			c, err := t.Tx.Cadre(ctx, q.CadreID)
			if err != nil {
				return "", err
			}
			lines = append(lines, say.AnswerFor(say.Officer(c.Name.Reveal()), f.name(), q))
		}
	}
	if len(lines) == 0 {
		return say.RelayOnly, nil
	}
	return strings.Join(lines, "\n"), nil
}

// answersBack are words that answer what somebody just said, and ask nothing.
var (
	answersBack = regexp.MustCompile(`^(好|行|嗯|对|可以|能行|不行|不用|知道|晓得|明白|麻烦|谢|那(我|就|行|好)|(我|我们|俺)(就)?(在|等|明|后天|今|上午|下午|晚|已经|去|来|不在|没在|记))`)
	asksAll     = regexp.MustCompile(`谁|咋|啥|几|多少|[么吗嘛呢哪?]|[能行好]不|没有`)
)

// backTalk tells whether a family's words answer what its cadre just said: they
// are carried back, and no clock runs.
func (t *talk) backTalk(ctx context.Context, text string, families []family) (bool, error) {
	f, ok := oneFamily(families, text)
	if !ok || !answersBack.MatchString(text) || asksAll.MatchString(text) || len([]rune(text)) > 40 {
		return false, nil
	}
	rows, err := t.Tx.QuestionsOf(ctx, []string{f.asker}, 1)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	q := rows[0]
	said := q.State == models.QuestionTold || q.State == models.QuestionAnswered
	return said && q.CadreID != "" && q.AnsweredAt > t.Tx.Now().Add(-windowOpen), nil
}
