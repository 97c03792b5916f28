package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// askedFor is how long a question stands; after it a message is taken for
// itself.
const askedFor = 24 * time.Hour

// answerAsked takes a message as the answer to what was asked. done is false
// where it is something else, which is then handled as such.
func (t *talk) answerAsked(ctx context.Context, q *question, plain string, meaning understand.Result, roster []store.Paired) (answer string, done bool, err error) {
	if q.At < t.as().Now().Add(-askedFor) {
		return "", false, nil
	}
	switch q.Kind {
	case askWho:
		return t.answerWho(ctx, q, plain, meaning, roster)
	case askResent:
		return t.answerResent(ctx, q, plain, roster)
	case askUndo:
		switch yesNo(plain) {
		case 1:
			t.session.Ask = nil
			answer, err = t.withdraw(ctx, q.Record)
			return answer, true, err
		case -1:
			t.session.Ask = nil
			return say.Kept, true, nil
		}
	case askChecks:
		return t.answerChecks(ctx, q, plain, meaning, roster)
	case askMeasure:
		return t.answerMeasure(ctx, q, plain)
	case askNeedLog:
		return t.answerNeedLog(ctx, q, plain, roster)
	case askNeedWho:
		return t.answerNeedWho(ctx, q, plain, roster)
	case askVoice:
		return t.answerVoice(ctx, q, plain, roster)
	case askRecall:
		i := rosterIndex(roster, q.Options[0])
		switch _, _, yes, no := choice(plain); {
		case yes && i >= 0:
			t.session.Ask = nil
			answer, err = t.plan(ctx, []string{roster[i].Recipient.Name.Reveal()}, t.today.Add(1), roster, q.Typed == "call")
			return answer, true, err
		case no:
			t.session.Ask = nil
			return say.Thanks, true, nil
		}
	case askAmount:
		if noValue.MatchString(plain) {
			t.session.Ask = nil
			return say.NoValue, true, nil
		}
		if v, ok := valueOf(plain); ok {
			t.session.Ask = nil
			answer, err = t.setAmount(ctx, q.Record, v)
			return answer, true, err
		}
	}
	return "", false, nil
}

// noValue are words of who does not know what a gift was worth.
var noValue = regexp.MustCompile(`^.{0,4}(不知道|不晓得|说不准|说不来|不清楚|没问|不好说|忘了|记不得|记不清|没算|不用补|算了|不说了|不值钱|没花钱).{0,6}$`)

// noneOfThem answers a choice of people by none.
var noneOfThem = regexp.MustCompile(`^(?:都)?(?:不是|不对|否)(?:他们?|她们?|这几?[个位]|这些人?|哪个)?$`)

func (t *talk) answerWho(ctx context.Context, q *question, plain string, meaning understand.Result, roster []store.Paired) (string, bool, error) {
	if noneOfThem.MatchString(plain) {
		answer, err := t.cancel(ctx)
		return answer, true, err
	}
	ids := chosen(plain, q.Options)
	if ids == nil {
		ids = t.namedIn(plain, q.Options, roster, meaning)
	}
	if ids == nil {
		whole := meaning.Intent == understand.IntentLog && len(meaning.Activities) > 0 && meaning.Activities[0].Person != ""
		if whole || meaning.Intent != understand.IntentOther && meaning.Intent != understand.IntentLog {
			return "", false, nil // a corrected sentence, or another matter
		}
		if q.Asked >= 2 {
			t.session.Ask = nil
			answer, err := t.keepNote(ctx, q.Draft)
			return answer, true, err
		}
		q.Asked++
		names, err := t.labels(ctx, q.Options, roster)
		return say.AskAgain(names), true, err
	}
	d := q.Draft
	if d.Who == nil {
		d.Who = map[string][]string{}
	}
	d.Who[q.Typed] = ids
	answer, err := t.log(ctx, d, roster, nil)
	return answer, true, err
}

// keepNote keeps the words of a draft that two questions could not settle.
func (t *talk) keepNote(ctx context.Context, d draft) (string, error) {
	rec := models.Record{CadreID: t.cadre, InboundKey: d.Key, Words: models.Conceal(d.Words)}
	return say.KeptAsNote, t.as().AddRecord(ctx, &rec, nil)
}

// chosen reads numbers and 都.
func chosen(plain string, options []string) []string {
	switch plain {
	case "都", "都是", "全部", "都看了", "全都", "都有":
		return options
	}
	if everyOne(plain, len(options)) {
		return options
	}
	parts := strings.FieldsFunc(plain, func(r rune) bool { return strings.ContainsRune(" ,,、和.。", r) })
	var out []string
	for _, p := range parts {
		n, err := strconv.Atoi(narrowDigits(p))
		if err != nil || n < 1 || n > len(options) {
			return nil
		}
		if !slices.Contains(out, options[n-1]) {
			out = append(out, options[n-1])
		}
	}
	return out
}

// narrowDigits reads 1, 1, 一 and 第一个.
func narrowDigits(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "第"), "个")
	return strings.Map(func(r rune) rune {
		if r >= '\uff10' && r <= '\uff19' { // full width
			return r - '\uff10' + '0'
		}
		if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
			return rune('1' + i/3)
		}
		return r
	}, s)
}

// namedIn finds the people among the options that an answer names.
func (t *talk) namedIn(plain string, options []string, roster []store.Paired, meaning understand.Result) (ids []string) {
	for _, p := range roster {
		if !slices.Contains(options, p.ID) {
			continue
		}
		name := p.Recipient.Name.Reveal()
		said := slices.ContainsFunc(p.Recipient.AliasList(), func(a string) bool { return strings.Contains(plain, a) })
		short := len([]rune(plain)) <= 12 && onlyNames(plain, roster)
		if short && (strings.Contains(plain, name) || said || slices.Contains(meaning.Persons, name)) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// onlyNames tells a name as an answer (是老谷 海龙和王奶奶) from a new sentence.
func onlyNames(plain string, roster []store.Paired) bool {
	for name := range namesOf(roster) {
		plain = strings.ReplaceAll(plain, name, "")
	}
	return len([]rune(strings.Trim(plain, "是的就和跟与、,。 也还有那个两位都家"))) <= 2
}

func (t *talk) answerResent(ctx context.Context, q *question, plain string, roster []store.Paired) (string, bool, error) {
	d := q.Draft
	d.Again = true
	switch which := resentAs(plain); {
	case which == 1:
		answer, err := t.log(ctx, d, roster, nil)
		return answer, true, err
	case which == 0 && yesNo(plain) > 0: // 是 says neither of the two
		return say.WhichResent, true, nil
	case which == 2:
		t.session.Ask = nil
		entries, notes, err := t.entries(ctx, d, roster)
		if err != nil {
			return "", true, err
		}
		entries, err = desk.WithoutRepeats(ctx, t.as(), t.cadre, entries, t.Rules)
		if err != nil || len(entries) == 0 {
			return say.Resent, true, err
		}
		answer, err := t.store(ctx, d, entries, notes)
		return answer, true, err
	}
	return "", false, nil
}

// resentAs reads the choice between given again (1) and sent again (2); 0 is
// neither.
func resentAs(plain string) int {
	said := func(words ...string) bool {
		return len([]rune(plain)) <= 10 && slices.ContainsFunc(words, func(w string) bool { return strings.Contains(plain, w) })
	}
	switch n := narrowDigits(plain); {
	case n == "1", said("又送", "再送", "两份", "是两次", "另一"):
		return 1
	case n == "2", said("重发", "信号", "发重", "一笔"):
		return 2
	}
	return 0
}

// answerVoice takes the number of what a recording was about.
func (t *talk) answerVoice(ctx context.Context, q *question, plain string, roster []store.Paired) (string, bool, error) {
	act := understand.Activity{Date: t.today}
	switch narrowDigits(plain) {
	case "1", "去看了", "走访", "走访了":
		act.Kind = models.KindVisit
	case "2", "打了电话", "电话", "打电话":
		act.Kind, act.Channel = models.KindContact, models.ChannelPhone
	case "3", "别的":
		t.session.Ask = nil
		return say.HowToRecord, true, nil
	case "4":
		if q.Record == "" {
			return "", false, nil
		}
		t.session.Ask = nil
		answer, err := t.voiceGoes(ctx, q.Record)
		return answer, true, err
	default:
		return "", false, nil
	}
	if len(roster) == 1 {
		act.Person = roster[0].Recipient.Name.Reveal()
	}
	t.session.Ask = nil
	answer, err := t.log(ctx, draft{Words: say.FromVoice, Key: t.Key, Today: t.today, Acts: []understand.Activity{act}}, roster, nil)
	return answer, true, err
}

func yesNo(plain string) int {
	switch plain {
	case "是", "对", "是的", "对的", "撤", "嗯", "1":
		return 1
	case "否", "不是", "不", "不撤", "不用", "2":
		return -1
	}
	return 0
}

// cancel drops what was asked.
func (t *talk) cancel(ctx context.Context) (string, error) {
	switch {
	case t.session.Ask != nil:
		t.session.Ask = nil
		if t.cadre == "" && t.guardian != "" {
			return say.ConsentKept, nil
		}
		return say.Cancelled, nil
	case t.session.Notice != nil:
		t.session.Notice = nil
		return say.Cancelled, nil
	case t.session.Invite != "":
		t.session.Invite = ""
		return say.ConsentRefused, nil
	}
	if t.cadre == "" && t.guardian != "" {
		return say.NothingToCancelHome, nil
	}
	return t.known(say.NothingToCancel), nil
}

// undo takes the last record back; an old one only after a question.
func (t *talk) undo(ctx context.Context) (string, error) {
	if reply, done, err := t.undoLately(ctx); done || err != nil {
		return reply, err
	}
	p, err := desk.Last(ctx, t.as(), t.cadre)
	if errors.Is(err, store.ErrNotFound) {
		return say.NothingToUndo, nil
	}
	if err != nil {
		return "", err
	}
	reported, err := t.reported(ctx, p)
	if err != nil {
		return "", err
	}
	if reported != "" || p.Old(t.as().Now(), t.Rules) {
		t.session.Ask = &question{Kind: askUndo, Asked: 1, At: t.as().Now(), Record: p.Record.ID}
		return say.ConfirmWithdraw(p.Done()), nil
	}
	return t.withdraw(ctx, p.Record.ID)
}

func (t *talk) withdraw(ctx context.Context, record string) (string, error) {
	p, err := desk.Open(ctx, t.as(), record)
	if err != nil {
		return "", err
	}
	years, err := desk.Withdraw(ctx, t.as(), p, t.today)
	if errors.Is(err, store.ErrLost) {
		return say.NothingToUndo, nil
	}
	if err != nil {
		return "", err
	}
	if len(p.Rows) == 0 {
		return say.NoteWithdrawn, nil
	}
	closed, err := t.reported(ctx, p)
	if closed != "" {
		years = append(years, closed)
	}
	return say.Withdrawn(p.Done(), p.Photos, years), err
}
