package handlers

import (
	"context"
	"regexp"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// digestOf is how often an office gets its digest: counties and townships each
// week, units and the city each month, or as it said itself.
func digestOf(a models.Account, c models.PushChoice) string {
	switch {
	case c.Digest != "":
		return c.Digest
	case a.Role == models.AccountCounty || a.Role == models.AccountTownship:
		return models.DigestWeek
	}
	return models.DigestMonth
}

// digestDay is the day on which a digest is to come: the first working day of the
// week, or of the month.
func digestDay(every string, today models.Day) models.Day {
	first := models.MonthOf(today).First()
	if every == models.DigestWeek {
		first = today.Monday()
	}
	for d := first; ; d = d.Add(1) {
		if models.Workday(d) {
			return d
		}
	}
}

// digestLasts is for how many days a digest that is late may still come.
var digestLasts = map[string]int{models.DigestWeek: 4, models.DigestMonth: 6}

// planDigests finds the digests that are due; one survey serves all of them.
func (o *Outbox) planDigests(ctx context.Context, st *store.Store, accounts []models.Account, choices map[string]models.PushChoice, calendar models.Calendar, now time.Time) ([]Due, error) {
	today := models.DayOf(now, o.Zone)
	var dues []Due
	var whose []models.Account
	for _, a := range accounts {
		every := digestOf(a, choices[a.ID])
		day := digestDay(every, today)
		moment := day.Time().Add(officeMoment * time.Minute)
		local := time.Date(moment.Year(), moment.Month(), moment.Day(), moment.Hour(), moment.Minute(), 0, 0, o.Zone)
		if every == models.DigestNone || now.Before(local) || today.Sub(day) > digestLasts[every] {
			continue
		}
		key := "digest/" + a.ID + "/" + string(day)
		dues = append(dues, Due{
			Key: key, To: "admin", Name: a.Name.Reveal(), Kind: KindSummary, Template: templateSummary,
			role: models.RoleAdmin, subject: a.ID, reasons: []string{key}, asked: true, every: every,
		})
		whose = append(whose, a)
	}
	account := map[string]models.Account{}
	for _, a := range whose {
		account[a.ID] = a
	}
	dues, err := o.unspoken(ctx, st, dues)
	if err != nil || len(dues) == 0 {
		return nil, err
	}
	survey, err := desk.Look(ctx, st, store.Area{}, now, o.Zone)
	if err != nil {
		return nil, err
	}
	places, err := placeNames(ctx, st)
	if err != nil {
		return nil, err
	}
	var entries []string
	for _, d := range dues {
		if _, key, ok := o.entry(calendar, d.subject, today); ok {
			entries = append(entries, key)
		}
	}
	taken, err := st.ReasonsTaken(ctx, entries)
	if err != nil {
		return nil, err
	}
	var out []Due
	for _, d := range dues {
		a := account[d.subject]
		words := digestOfCounts(survey.For(desk.AreaOf(a)), places(a), now.In(o.Zone), d.every)
		// What is to be entered goes along: one card in a morning.
		if e, key, ok := o.entry(calendar, a.ID, today); ok && !taken[key] && !choices[a.ID].Off {
			words.Entry, d.Kind, d.reasons = &e, KindEntry, append(d.reasons, key)
		}
		if words.Empty() {
			continue
		}
		d.Text, d.Reason = words.Text(), words.Why(map[string]string{models.DigestWeek: "每周", models.DigestMonth: "每月"}[d.every])+d.Reason
		out = append(out, d)
	}
	return out, nil
}

// placeNames names what an account answers for.
func placeNames(ctx context.Context, st *store.Store) (func(models.Account) string, error) {
	regions, err := st.Regions(ctx)
	if err != nil {
		return nil, err
	}
	units, err := st.Units(ctx)
	names := map[string]string{models.CityCode: "平凉市"}
	for _, r := range regions {
		names[r.Code] = r.Name
	}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	return func(a models.Account) string {
		if a.UnitID != "" {
			return names[a.UnitID]
		}
		return names[a.Region]
	}, err
}

func digestOfCounts(c desk.Counts, place string, at time.Time, every string) say.OfficeDigest {
	return say.OfficeDigest{
		Behind: c.Behind,
		Place:  place, At: at, Monthly: every == models.DigestMonth, Unseen90: c.Unseen90, Unseen180: c.Unseen180,
		Visits: c.Visits, Contacts: c.Contacts, Helps: c.Helps, Unpaired: c.Unpaired, Needs: c.Needs, Moved: c.Moved, Weekly: c.Weekly,
		Cadres: c.Cadres, Bound: c.Bound, Close: c.Close,
	}
}

// digest words an office's digest anew at the moment of sending.
func (o *Outbox) digest(ctx context.Context, st *store.Store, d store.Delivery, a models.Account) (bot.Outgoing, error) {
	if until := o.quiet(d); !until.IsZero() {
		return bot.Outgoing{Wait: until, Reason: "quiet hours"}, nil
	}
	counts, place, err := o.survey(ctx, st, a)
	if err != nil {
		return bot.Outgoing{}, err
	}
	every := digestOf(a, o.seen.choices[models.RoleAdmin][a.ID])
	words := digestOfCounts(counts, place, o.Now().In(o.Zone), every)
	calendar, err := st.Calendar(ctx)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if e, key, ok := o.entry(calendar, a.ID, models.DayOf(o.Now(), o.Zone)); ok && strings.Contains(d.Payload.Reveal(), key) {
		words.Entry = &e
	}
	switch {
	case every == models.DigestNone:
		return bot.Outgoing{Cancel: "the office wants no digest"}, nil
	case words.Empty():
		return bot.Outgoing{Cancel: "nothing is left to do"}, nil
	}
	return o.conversed(st, d, words.Text(), o.card(templateSummary, "/h/office", words.Card().Fields())), nil
}

// The words by which an office says how often its digest is to come.
var (
	digestWeekly  = regexp.MustCompile(`清单.{0,4}(每周|一周|每个?星期|每个?礼拜)|(每周|每星期|每礼拜).{0,4}清单`)
	digestMonthly = regexp.MustCompile(`清单.{0,4}(每个?月|一个?月)|每个?月.{0,4}清单`)
	digestNever   = regexp.MustCompile(`(不要|别|不用|停|关|取消)(再|了)?(发|推)?(了)?清单|清单.{0,3}(别|不要|不用|停|关|取消)`)
)

// digestWords answers an office about its list.
func (t *talk) digestWords(ctx context.Context, account models.Account, plain string) (string, bool, error) {
	if reply, ok, err := t.reportPicture(ctx, account, plain); ok || err != nil {
		return reply, true, err
	}
	if plain == "看图" || plain == "小结图" || plain == "发个图" {
		reply, err := t.digestPicture(ctx, account)
		return reply, true, err
	}
	if plain == "看清单" || plain == "清单" {
		reply, err := t.digestList(ctx, account)
		return reply, true, err
	}
	if !strings.Contains(plain, "清单") || len([]rune(plain)) > 16 {
		return "", false, nil
	}
	every := ""
	switch {
	case digestNever.MatchString(plain):
		every = models.DigestNone
	case digestMonthly.MatchString(plain):
		every = models.DigestMonth
	case digestWeekly.MatchString(plain):
		every = models.DigestWeek
	default:
		return "", false, nil
	}
	choice, err := t.Tx.PushChoice(ctx, models.RoleAdmin, account.ID)
	if err != nil {
		return "", true, err
	}
	choice.Digest = every
	return say.DigestSet(every), true, t.Tx.SetPushChoice(ctx, choice)
}

// digestList gives the people behind the numbers.
func (t *talk) digestList(ctx context.Context, account models.Account) (string, error) {
	office, err := desk.LookFor(ctx, t.Tx, account, t.Now, t.Zone)
	if err != nil {
		return "", err
	}
	if len(office.Parts) == 0 {
		return digestOfOffice(office).Text(), nil
	}
	var b strings.Builder
	for i, p := range office.Parts {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString("【" + p.Title + "】")
		for _, l := range p.Lines {
			b.WriteString("\n" + say.DigestLine(l.Name, l.Place, l.Cadre, l.Unit, l.Note))
		}
		if p.More > 0 {
			b.WriteString("\n" + say.DigestMore(p.More))
		}
	}
	return b.String(), t.Tx.As(account.Actor()).Note(ctx, "digest_read", "account:"+account.ID, mustJSON(office.Counts))
}

func digestOfOffice(o desk.Office) say.OfficeDigest {
	return digestOfCounts(o.Counts, o.Place, o.At, "")
}

// digestPicture sends the month as one picture, or in words where no font is
// installed.
func (t *talk) digestPicture(ctx context.Context, account models.Account) (string, error) {
	if t.Pictures {
		return say.PictureComes, t.Tx.RenewJob(ctx, OfficePicture, account.ID, t.Tx.Now())
	}
	office, err := desk.LookFor(ctx, t.Tx, account, t.Now, t.Zone)
	return digestOfOffice(office).Text(), err
}
