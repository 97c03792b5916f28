package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

const (
	heardWrongFor = 7 * 24 * time.Hour           // 没有 takes a death back
	officeHour    = 8*time.Hour + 30*time.Minute // offices hear of a death the next morning
	toVerifyFor   = 60 * 24 * time.Hour
)

// heardWrong are the words that take back what was heard of somebody's death:
// 没有 没有没有 没有,听错了 你听错了 没去世 人好着哩
var heardWrong = regexp.MustCompile(`^(没有?|不是|你|,|,|。|!|!| |啊|呀|的|去世|听错了?|弄错了?|搞错了?|说错了?|人(还在|好着)[呢哩]?)+$`)

// states takes what is told of somebody's state. With something to log or
// another matter in the same message that goes on, and the state's words follow
// its answer.
func (t *talk) states(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	if q := t.asks(askGone, askState); q != nil {
		if reply, done, err := t.stateAnswered(ctx, q, plain, roster); done || err != nil {
			return reply, done, err
		}
		t.session.Ask = nil
	}
	if heardWrong.MatchString(plain) && t.idle() {
		return t.aliveAfterAll(ctx)
	}
	if len(roster) == 0 && slices.ContainsFunc(stateWords, func(w stateWord) bool { return w.state != stateBack && w.words.MatchString(plain) }) {
		return say.NobodyPaired, true, nil
	}
	said := statesSaid(t.text, roster)
	if len(said) == 0 && !kinState(t.text, roster) {
		return "", false, nil
	}
	meaning := t.Understand.Understand(understand.Input{Text: t.text, Today: t.today, Roster: persons(roster)})
	alone := meaning.Intent == understand.IntentOther
	if len(said) == 0 {
		return say.KinState, alone, nil
	}
	var lines []string
	for _, s := range said {
		line, err := t.stateTold(ctx, s, roster, alone)
		if err != nil {
			return "", true, err
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	if alone && len(lines) > 0 {
		return strings.Join(lines, "\n"), true, nil
	}
	t.also = append(t.also, lines...)
	return "", false, nil
}

// stateTold settles one state, or asks the one thing that is unclear where
// nothing else was said.
func (t *talk) stateTold(ctx context.Context, s stateSaid, roster []store.Paired, alone bool) (string, error) {
	day := t.stateDay(s, roster)
	if len(s.ids) > 1 || s.state == stateGone {
		if !alone || s.denied {
			return "", nil
		}
		q := &question{Kind: askGone, Asked: 1, At: t.Tx.Now(), Options: s.ids, Typed: string(s.state) + " " + string(day)}
		t.session.Ask = q
		if len(s.ids) > 1 {
			q.Kind = askState
			names, err := t.labels(ctx, s.ids, roster)
			return say.AskOne(names), err
		}
		p := roster[rosterIndex(roster, s.ids[0])]
		now, err := t.stateNow(ctx, p)
		if now.State == models.StateDeceased {
			t.session.Ask = nil
			return say.DeceasedAlready, err
		}
		return say.AskGone(p.Recipient.Name.Reveal()), err
	}
	p := roster[rosterIndex(roster, s.ids[0])]
	if s.denied {
		return t.stateDenied(ctx, p, s.state)
	}
	reply, err := t.setState(ctx, p, s.state, day, roster)
	if reply == "" && alone {
		reply = say.StateNone
	}
	return reply, err
}

// stateDay finds the day that is told with a state, by reading the message as
// if it told a visit; else it is today.
func (t *talk) stateDay(s stateSaid, roster []store.Paired) models.Day {
	as := strings.Replace(t.text, s.words, "去看了", 1)
	m := t.Understand.Understand(understand.Input{Text: as, Today: t.today, Roster: persons(roster)})
	if len(m.Activities) > 0 && m.Activities[0].Date <= t.today {
		return m.Activities[0].Date
	}
	return t.today
}

func (t *talk) stateAnswered(ctx context.Context, q *question, plain string, roster []store.Paired) (string, bool, error) {
	state, day, _ := strings.Cut(q.Typed, " ")
	if q.Kind == askState {
		ids := chosen(plain, q.Options)
		if len(ids) != 1 {
			return "", false, nil
		}
		q = &question{Kind: askGone, Asked: 1, At: t.Tx.Now(), Options: ids, Typed: q.Typed}
		if t.session.Ask = q; models.State(state) == stateGone {
			name, err := t.labels(ctx, ids, roster)
			return say.AskGone(name[0]), true, err
		}
	} else {
		switch narrowDigits(plain) {
		case "1", "外出", "外出了", "出去了", "打工", "打工去了":
			state = string(models.StateAway)
		case "2", "去世", "去世了", "人不在了", "不在了", "没了", "人没了", "走了":
			state = string(models.StateDeceased)
		default:
			return "", false, nil
		}
	}
	t.session.Ask = nil
	i := rosterIndex(roster, q.Options[0])
	if i < 0 {
		return "", false, nil
	}
	reply, err := t.setState(ctx, roster[i], models.State(state), models.Day(day), roster)
	return reply, true, err
}

func (t *talk) stateNow(ctx context.Context, p store.Paired) (models.RecipientState, error) {
	now, err := t.as().StatesOn(ctx, []string{p.RecipientID}, t.today)
	return now[p.RecipientID], err
}

// setState enters a state or ends the one that holds.
func (t *talk) setState(ctx context.Context, p store.Paired, state models.State, day models.Day, roster []store.Paired) (string, error) {
	labels, err := t.labels(ctx, []string{p.ID}, roster)
	if err != nil {
		return "", err
	}
	name := labels[0]
	now, err := t.stateNow(ctx, p)
	switch {
	case err != nil:
		return "", err
	case now.State == models.StateDeceased:
		return say.DeceasedAlready, nil
	case state == stateBack && now.State == "":
		return "", nil
	case state == stateBack:
		t.session.Lately = lately{Kind: latelyBack, ID: now.ID}
		if err := t.as().EndState(ctx, now.ID, day.Add(-1)); err != nil {
			return "", err
		}
		return say.StateOver(name, now.State, now.FromDay, day), t.as().Note(ctx, "state_end", "recipient:"+p.RecipientID, now.ID)
	case now.State == state:
		return say.StateAlready(name, state, now.FromDay), nil
	}
	row := models.RecipientState{RecipientID: p.RecipientID, State: state, FromDay: day, CadreID: t.cadre}
	if err := t.as().AddState(ctx, &row); err != nil {
		return "", err
	}
	t.session.Lately = lately{Kind: latelyState, ID: row.ID}
	if err := t.as().Note(ctx, "state", "recipient:"+p.RecipientID, row.ID); err != nil {
		return "", err
	}
	if state == models.StateDeceased {
		return say.Deceased(name), t.tellOffices(ctx, row, p.Recipient.Region, "state/"+row.ID, t.nextMorning())
	}
	return say.StateSet(name, state, day), nil
}

// stateDenied voids a state that somebody says is not so.
func (t *talk) stateDenied(ctx context.Context, p store.Paired, state models.State) (string, error) {
	now, err := t.stateNow(ctx, p)
	if err != nil || now.State != state {
		return "", err
	}
	return t.voidState(ctx, now)
}

// voidState takes a state back; the offices are told where they had heard of it.
func (t *talk) voidState(ctx context.Context, row models.RecipientState) (string, error) {
	r, err := t.as().Recipient(ctx, row.RecipientID)
	if err != nil {
		return "", err
	}
	err = t.as().VoidState(ctx, row.ID)
	if errors.Is(err, store.ErrLost) {
		return say.NothingToUndo, nil
	}
	if err != nil {
		return "", err
	}
	if err := t.as().Note(ctx, "state_void", "recipient:"+row.RecipientID, row.ID); err != nil {
		return "", err
	}
	if row.State != models.StateDeceased {
		return say.StateNot(r.Name.Reveal(), row.State), nil
	}
	told := t.Now.After(t.morningAfter(row.RecordedAt.Time()))
	if told {
		err = t.tellOffices(ctx, row, r.Region, "state-not/"+row.ID, t.Now)
	}
	return say.DeceasedNot(r.Name.Reveal(), told), err
}

// aliveAfterAll takes 没有 for the death that the cadre told last.
func (t *talk) aliveAfterAll(ctx context.Context) (string, bool, error) {
	rows, err := t.as().StatesTold(ctx, models.StateDeceased, t.cadre, t.Tx.Now().Add(-heardWrongFor))
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	reply, err := t.voidState(ctx, rows[0])
	return reply, true, err
}

// undoState takes 撤销 for a state that was set or ended last.
func (t *talk) undoState(ctx context.Context, last lately) (string, error) {
	row, err := t.as().State(ctx, last.ID)
	if err != nil {
		return "", err
	}
	if last.Kind == latelyState {
		return t.voidState(ctx, row)
	}
	r, err := t.as().Recipient(ctx, row.RecipientID)
	if err != nil {
		return "", err
	}
	return say.StateAgain(r.Name.Reveal(), row.State), t.as().EndState(ctx, row.ID, "")
}

func (t *talk) nextMorning() time.Time { return t.morningAfter(t.Now) }

// morningAfter is half past eight on the day after a moment.
func (t *talk) morningAfter(at time.Time) time.Time {
	local := at.In(t.Zone)
	return time.Date(local.Year(), local.Month(), local.Day()+1, 0, 0, 0, 0, t.Zone).Add(officeHour)
}

// present leaves out of a roster who is not to be visited now.
func present(ctx context.Context, st *store.Store, roster []store.Paired, today models.Day) ([]store.Paired, error) {
	states, err := st.StatesOn(ctx, recipientIDs(roster), today)
	return slices.DeleteFunc(slices.Clone(roster), func(p store.Paired) bool { return states[p.RecipientID].State != "" }), err
}

func recipientIDs(roster []store.Paired) []string {
	ids := make([]string, len(roster))
	for i, p := range roster {
		ids[i] = p.RecipientID
	}
	return ids
}
