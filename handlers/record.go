package handlers

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// photosWait is how long photos without words wait for a record to join.
const photosWait = 2 * time.Hour

// cadreWords answers a cadre's message: first what was asked, then the fixed
// words, then what the sentence means.
func (t *talk) cadreWords(ctx context.Context, plain string) (string, error) {
	all, err := t.as().Roster(ctx, t.cadre, t.today)
	if err != nil {
		return "", err
	}
	roster := oncePerPerson(all)
	switch plain {
	case "帮助":
		return say.CadreHelp, nil
	case "记一笔":
		return say.HowToRecord, nil
	case "我想问":
		return say.HowToAsk, nil
	case "进度":
		return t.progress(ctx, all, nil)
	case "名单":
		return t.roster(ctx, roster)
	case "交接":
		return t.handovers(ctx)
	case "撤销":
		t.session.Ask = nil
		return t.undo(ctx)
	}
	if reply, done, err := t.questionOrder(ctx, plain, t.cadre); done || err != nil {
		return reply, err
	}
	if reply, done, err := t.paperConsent(ctx, plain, roster); done || err != nil {
		return reply, err
	}
	if reply, done, err := t.weekly(ctx, plain, all); done || err != nil {
		return reply, err
	}
	if reply, done, err := t.besides(ctx, plain, roster); done || err != nil {
		return reply, err
	}
	if reply, done, err := t.passAnswered(ctx, plain); done || err != nil {
		return reply, err
	}
	meaning := t.Understand.Understand(understand.Input{Text: t.text, Today: t.today, Roster: persons(roster)})
	asked := t.session.Ask
	if t.alarmed {
		if meaning.Intent != understand.IntentLog {
			return "", nil
		}
	} else if q := asked; q != nil {
		if answer, done, err := t.answerAsked(ctx, q, plain, meaning, roster); done || err != nil {
			return answer, err
		}
		t.session.Ask = nil
	}
	switch meaning.Intent {
	case understand.IntentProgress, understand.IntentRoster, understand.IntentHelp, understand.IntentOther:
		if answer, ok, err := t.lookup(ctx, roster, meaning.Persons); ok || err != nil {
			return answer, err
		}
	}
	switch meaning.Intent {
	case understand.IntentLog:
		receipt, err := t.log(ctx, draft{Words: t.text, Key: t.Key, Today: t.today, Acts: meaning.Activities}, roster, meaning.Candidates)
		if err != nil {
			return "", err
		}
		return t.besideLog(ctx, receipt, meaning, roster)
	case understand.IntentProgress:
		if policy := t.policy(t.text); policy != "" && len(meaning.Persons) == 0 && ofPolicy.MatchString(t.text) {
			return policy, nil
		}
		return t.progress(ctx, all, meaning.Persons)
	case understand.IntentRoster:
		return t.roster(ctx, roster)
	case understand.IntentUndo:
		return t.undo(ctx)
	case understand.IntentAmend:
		reply, err := t.amend(ctx, meaning.Amend, roster)
		if asked != nil && asked.Kind == askChecks && t.session.Ask == nil {
			t.session.Ask = asked // 是前天 answers nothing of what the visit found
		}
		return reply, err
	case understand.IntentHelp:
		return say.CadreHelp, nil
	case understand.IntentPlan:
		if len(meaning.Persons) == 0 { // 下周一统一修 may be the answer to a family
			if reply, done, err := t.plainReply(ctx); done || err != nil {
				return reply, err
			}
		}
		return t.plan(ctx, meaning.Persons, meaning.Date, roster, byPhone.MatchString(t.text) && !inPerson.MatchString(t.text))
	case understand.IntentReportNeed:
		if policy := t.policy(t.text); policy != "" && asking.MatchString(t.text) {
			return policy, nil
		}
		return t.reportNeeds(ctx, t.text, meaning.Persons, meaning.Others, roster)
	}
	return t.rest(ctx, plain)
}

// ofPolicy are words of a question about a policy, which may count as well:
// 低保户看病能报多少.
var ofPolicy = regexp.MustCompile(`低保|补贴|补助|医保|报销|能报|看病|残疾|特困|孤儿|事无|五保|津贴|助学`)

// byPhone and inPerson tell how somebody is to be reached.
var (
	byPhone  = regexp.MustCompile(`电话|微信|视频|打[给过了通个]|没接|不接|关机|停机|占线|打了.{0,4}(次|个|遍)|没通|没打`)
	inPerson = regexp.MustCompile(`去看|走访|去.{0,6}家|上门|看望`)
)

// notReached are attempts that failed: they are no duty done, and no fault.
var notReached = []string{"没打通", "没通", "没人接", "没接", "没见上", "没见到人", "没见着", "门锁", "锁着门", "不在家", "没在家", "没人在", "没人", "关机", "停机", "占线"}

// other answers what is nothing to log or look up.
func (t *talk) other(plain string) string {
	if t.private {
		return say.Thanks
	}
	if slices.ContainsFunc(notReached, func(w string) bool { return strings.Contains(plain, w) }) {
		return say.NotReached
	}
	if slices.Contains([]string{"好", "ok", "OK", "Ok", "可以", "对", "知道", "中", "成", "好嘞", "好哩"}, plain) {
		return say.Thanks
	}
	for _, w := range []string{"谢", "好的", "收到", "辛苦", "知道了", "嗯", "哦", "行"} {
		if strings.Contains(plain, w) && len([]rune(plain)) <= 8 {
			return say.Thanks
		}
	}
	return say.NotUnderstood
}

func persons(roster []store.Paired) []understand.Person {
	out := make([]understand.Person, len(roster))
	for i, p := range roster {
		out[i] = understand.Person{Name: p.Recipient.Name.Reveal(), Aliases: p.Recipient.AliasList()}
	}
	return out
}

// log records a draft, or asks the one thing that stands in its way.
func (t *talk) log(ctx context.Context, d draft, roster []store.Paired, candidates []string) (string, error) {
	if len(roster) == 0 {
		return say.NobodyPaired, nil
	}
	if typed, options := t.unsettled(d, roster, candidates); options != nil {
		return t.askWho(ctx, d, typed, options, roster)
	}
	if asked, err := t.home(ctx, &d, roster); err != nil || asked != "" {
		return asked, err
	}
	entries, notes, err := t.entries(ctx, d, roster)
	if err != nil {
		return "", err
	}
	entries, notes = oncePerHome(entries, roster, notes)
	if len(entries) == 0 {
		t.session.Ask = nil
		return strings.Join(notes, "\n"), nil
	}
	if !d.Again {
		repeated, err := desk.SameGift(ctx, t.as(), t.cadre, entries, t.Rules)
		if err != nil {
			return "", err
		}
		if len(repeated) > 0 {
			t.session.Ask = &question{Kind: askResent, Asked: 1, At: t.as().Now(), Draft: d}
			e := entries[repeated[0]]
			return say.AskResent(say.Done{Person: e.Name, Kind: e.Kind, Day: e.Day, AmountFen: e.AmountFen}), nil
		}
	}
	entries, known, err := t.onceGiven(ctx, t.cadre, entries)
	if err != nil {
		return "", err
	}
	if notes = append(notes, known...); len(entries) == 0 {
		t.session.Ask = nil
		return strings.Join(notes, "\n"), nil
	}
	return t.store(ctx, d, entries, notes)
}

func (t *talk) store(ctx context.Context, d draft, entries []desk.Entry, notes []string) (string, error) {
	photos, err := t.as().WaitingPhotos(ctx, t.cadre, t.photosFrom())
	if err != nil {
		return "", err
	}
	logged, err := desk.Log(ctx, t.as(), t.cadre, d.Key, d.Words, entries, photos, d.Today, t.Rules)
	if err != nil {
		return "", err
	}
	t.session.Ask, t.session.Lately, t.session.Held = nil, lately{}, false
	if logged.AskAmount {
		t.session.Ask = &question{Kind: askAmount, Asked: 1, At: t.as().Now(), Record: logged.RecordID}
	}
	r := say.Receipt{
		Done: logged.Done, Years: logged.Years, Photos: images(photos), Recordings: len(photos) - images(photos), SameVisit: logged.SameVisit,
		AskAmount: logged.AskAmount, Notes: notes,
	}
	for _, offer := range []func(context.Context, string, []desk.Entry) (string, error){t.offerMeasure, t.offerChecks} {
		if r.Besides == "" {
			if r.Besides, err = offer(ctx, logged.RecordID, entries); err != nil {
				return "", err
			}
		}
	}
	if r.Hint = t.session.Hints < 3 && r.Besides == ""; r.Hint {
		t.session.Hints++
	}
	if h := t.Now.In(t.Zone).Hour(); h < 5 && saysToday(d.Words) {
		r.Notes = append(r.Notes, say.Yesterday(d.Today))
	}
	t.session.Photo = photoTrail{At: t.as().Now(), Record: logged.RecordID}
	return r.String(), nil
}

func images(photos []models.Photo) (n int) {
	for _, p := range photos {
		if p.Kind == "image" {
			n++
		}
	}
	return n
}

func saysToday(words string) bool {
	return slices.ContainsFunc([]string{"今天", "刚才", "刚刚", "今儿", "今日"}, func(w string) bool { return strings.Contains(words, w) })
}

// unsettled finds the first name of the draft that is not one pairing yet, and
// the pairing ids it could be. Nil options: all is settled.
func (t *talk) unsettled(d draft, roster []store.Paired, candidates []string) (typed string, options []string) {
	for _, a := range d.Acts {
		if _, ok := d.Who[a.Person]; ok {
			continue
		}
		matches := byName(roster, a.Person)
		if len(matches) == 1 {
			continue
		}
		if len(matches) == 0 && a.Person == "" && len(candidates) > 0 {
			for _, name := range candidates {
				matches = append(matches, byName(roster, name)...)
			}
		}
		if len(matches) == 0 {
			for _, p := range roster {
				matches = append(matches, p.ID)
			}
		}
		return a.Person, matches
	}
	return "", nil
}

func byName(roster []store.Paired, name string) (ids []string) {
	if name == "" {
		return nil
	}
	for _, p := range roster {
		if p.Recipient.Name.Reveal() == name {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// labels names pairings for a choice; people of the same name with village and
// age.
func (t *talk) labels(ctx context.Context, ids []string, roster []store.Paired) ([]string, error) {
	count := map[string]int{}
	for _, p := range oncePerPerson(roster) {
		count[p.Recipient.Name.Reveal()]++
	}
	var chosen []store.Paired
	for _, id := range ids {
		if i := rosterIndex(roster, id); i >= 0 {
			chosen = append(chosen, roster[i])
		}
	}
	var out []string
	for _, p := range chosen {
		name := p.Recipient.Name.Reveal()
		if count[name] > 1 {
			where, err := t.Tx.Region(ctx, p.Recipient.Region)
			if err != nil {
				return nil, err
			}
			name = say.SameName(name, where.Name, p.Recipient.Age(t.today))
		}
		out = append(out, name)
	}
	return out, nil
}

func (t *talk) askWho(ctx context.Context, d draft, typed string, options []string, roster []store.Paired) (string, error) {
	names, err := t.labels(ctx, options, roster)
	if err != nil {
		return "", err
	}
	asked := 1
	if q := t.session.Ask; q != nil && q.Kind == askWho {
		asked = q.Asked + 1
	}
	t.session.Ask = &question{Kind: askWho, Asked: asked, At: t.as().Now(), Draft: d, Options: options, Typed: typed}
	if typed != "" && len(byName(roster, typed)) == 0 {
		return say.AskWhoNamed(typed, names), nil
	}
	return say.AskWho(names), nil
}

// entries settles the draft: each activity with its pairing, those outside the
// pairing or the year left out with the reason.
func (t *talk) entries(ctx context.Context, d draft, roster []store.Paired) (out []desk.Entry, notes []string, err error) {
	byID, label := map[string]store.Paired{}, map[string]string{}
	for _, p := range roster {
		byID[p.ID] = p
		one, err := t.labels(ctx, []string{p.ID}, roster)
		if err != nil {
			return nil, nil, err
		}
		label[p.ID] = one[0]
	}
	note := func(s string) {
		if !slices.Contains(notes, s) {
			notes = append(notes, s)
		}
	}
	for _, a := range d.Acts {
		ids, ok := d.Who[a.Person]
		if !ok {
			ids = byName(roster, a.Person)
		}
		for _, id := range ids {
			p, ok := byID[id]
			if !ok {
				continue // the pairing ended while the question stood
			}
			name := label[id]
			switch {
			case a.Date.Year() != t.today.Year() && t.Rules.Late(a.Date, t.today):
				note(say.NotThisYear(a.Date))
				continue
			case !p.Holds(a.Date):
				note(say.NotInPairing(name, a.Date, p.FromDay, p.ToDay))
				continue
			}
			e := desk.Entry{
				Pairing: p.Pairing, Name: name, Called: called(d.Words, p.Recipient.Name.Reveal(), p.Recipient.AliasList()), Kind: a.Kind, Channel: a.Channel,
				Help: a.Help, Stage: a.Stage, Day: a.Date, Split: a.Split, Words: a.Clause,
			}
			if a.AmountFen != nil {
				fen := int64(*a.AmountFen)
				e.AmountFen = &fen
			}
			if a.Kind == models.KindAid {
				e.Fund = cmp.Or(models.FundOf(a.Clause), models.FundOf(d.Words))
			}
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b desk.Entry) int {
		if a.Day != b.Day {
			return strings.Compare(string(a.Day), string(b.Day))
		}
		return rosterIndex(roster, a.Pairing.ID) - rosterIndex(roster, b.Pairing.ID)
	})
	return out, notes, nil
}

func rosterIndex(roster []store.Paired, pairing string) int {
	return slices.IndexFunc(roster, func(p store.Paired) bool { return p.ID == pairing })
}

// called finds the alias by which the cadre spoke of a person.
func called(words, name string, aliases []string) string {
	if strings.Contains(words, name) {
		return ""
	}
	best := ""
	for _, a := range aliases {
		if strings.Contains(words, a) && len(a) > len(best) {
			best = a
		}
	}
	return best
}
