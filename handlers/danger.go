package handlers

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"aixin/handlers/answer"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// joinDanger is how long further words of the same speaker belong to one case.
const joinDanger = 30 * time.Minute

// doneAlready tells that the harm is done and the ambulance comes first.
var doneAlready = regexp.MustCompile(`(喝|吃|灌)(了|下去?|完)?[^,。不没]{0,6}(农药|老鼠药|耗子药|敌敌畏|百草枯|除草剂|安眠药)[^,。]{0,3}了|(喝|吃|灌)(了|下)[^,。不没]{0,6}(农药|老鼠药|耗子药|敌敌畏|百草枯|除草剂|安眠药)|割(了)?腕`)

// danger answers words of danger at once and alerts those on duty. A cadre's
// log is recorded as well.
func (t *talk) danger(ctx context.Context, found answer.Danger, plain string) (string, error) {
	level := models.DangerRed
	if found.Level == answer.Yellow {
		level = models.DangerYellow
	}
	if err := t.raise(ctx, level, found.Kind, t.text); err != nil {
		return "", err
	}
	head := say.Danger(found.Kind, t.cadre != "")
	if doneAlready.MatchString(t.text) {
		head = say.Ambulance + head
	}
	if spoken, _ := t.Duty.told(t.Key); spoken {
		head = "" // said while the database was away
	}
	t.alarmed = true
	if t.cadre == "" {
		if q := t.session.Ask; q != nil && q.Kind != askNeed { // what was to be passed on still can be
			t.session.Ask = nil
		}
		return head, nil
	}
	rest, err := t.cadreWords(ctx, plain)
	return strings.TrimSpace(head + "\n\n" + rest), err
}

// raise opens a case, or adds to the one that the speaker has, and alerts the
// first people up the way who are bound. Who was told directly while the
// database was away only gets the number.
func (t *talk) raise(ctx context.Context, level models.DangerLevel, kind, words string) error {
	d := models.Danger{Level: level, Kind: kind, OpenID: models.Conceal(string(t.Msg.From)), Words: models.Conceal(words)}
	if err := t.locate(ctx, &d); err != nil {
		return err
	}
	now := t.Tx.Now()
	t.session.Alarm = alarm{Speaker: d.Speaker, Kind: kind, At: now}
	running, err := t.Tx.RunningDanger(ctx, d.Speaker, kind, now.Add(-joinDanger))
	if err == nil && (running.Level == level || level == models.DangerYellow) {
		if err = t.addWords(ctx, running, words); !errors.Is(err, store.ErrLost) {
			return err
		}
	} else if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	step, people, err := nextStep(ctx, t.Tx, models.DangerSteps(d.Level, d.Region), 0)
	if err != nil {
		return err
	}
	d.Step, d.NextAt = step, now.Add(t.Tx.Hours().Patience(d.Level))
	if err := t.Tx.AddDanger(ctx, &d); err != nil {
		return err
	}
	if _, told := t.Duty.told(t.Key); len(told) > 0 {
		all, err := everybody(ctx, t.Tx, d)
		if err != nil {
			return err
		}
		for _, p := range all {
			if told[p.openid] {
				if err := planAlert(ctx, t.Tx, d, p, "", alertNumber); err != nil {
					return err
				}
			}
		}
	}
	return planAlerts(ctx, t.Tx, d, people, "")
}

// locate finds who is speaking and whom and which place a case is about.
func (t *talk) locate(ctx context.Context, d *models.Danger) error {
	switch {
	case t.cadre != "":
		d.Speaker = "cadre:" + t.cadre
		roster, err := t.as().Roster(ctx, t.cadre, t.today)
		if err != nil {
			return err
		}
		var about []store.Paired
		for _, p := range roster {
			names := append(p.Recipient.AliasList(), p.Recipient.Name.Reveal())
			if len(roster) == 1 || slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.Contains(t.text, n) }) {
				about = append(about, p)
			}
		}
		if len(about) == 1 {
			d.RecipientID, d.Region = about[0].RecipientID, about[0].Recipient.Region
			return nil
		}
		c, err := t.as().Cadre(ctx, t.cadre)
		d.Region = c.Region
		return err
	case t.guardian != "":
		homes, err := t.homes(ctx)
		if err != nil {
			return err
		}
		if len(homes) == 0 { // the register no longer has them
			d.Speaker, d.Region = "stranger:"+t.Sender[:30], models.CityCode
			return nil
		}
		f, one := oneFamily(homes, t.text)
		d.Speaker, d.Region = f.speaker(), f.recipient.Region
		if one {
			d.RecipientID = f.recipient.ID
			return nil
		}
		for _, h := range homes {
			for up := models.RegionChain(d.Region); len(up) > 1 && !models.Holds(d.Region, h.recipient.Region); up = up[1:] {
				d.Region = up[1]
			}
		}
	case t.admin != "":
		a, err := t.Tx.Account(ctx, t.admin)
		d.Speaker, d.Region = "admin:"+t.admin, a.Region
		return err
	default:
		d.Speaker, d.Region = "stranger:"+t.Sender[:30], models.CityCode
	}
	return nil
}

// dutyOrder is what people on duty say of a case: a word, its number, a reason.
var dutyOrder = regexp.MustCompile(`^(收到|接单|接|误报|结案|预警|交班)\s*[##]?(\d{1,6})(?:号)?[\s,,、。::]*(.*)$`)

// dutyWords takes the words of people on duty; done is false where the message
// is none of them.
func (t *talk) dutyWords(ctx context.Context, plain string) (reply string, done bool, err error) {
	m := dutyOrder.FindStringSubmatch(narrow(plain))
	if m == nil && !slices.Contains(takesIt, plain) && plain != "预警" {
		return "", false, nil
	}
	acct, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", false, err
	}
	if m == nil && plain == "预警" {
		return t.openDangers(ctx, acct)
	}
	if m == nil {
		return t.takesUnnumbered(ctx, acct)
	}
	number, _ := strconv.Atoi(m[2])
	d, err := t.Tx.DangerNumbered(ctx, number)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", false, err
	}
	if err != nil || !acct.TakesDanger(d.Region) {
		// A cadre who also is on duty may speak of three bags of flour.
		return say.DangerUnknown(number), t.cadre == "", nil
	}
	as := t.Tx.As(models.Actor{Account: acct.ID, Region: acct.Region})
	switch word, reason := m[1], m[3]; word {
	case "误报", "结案":
		if reason == "" {
			return say.DangerReason(word, number), true, nil
		}
		err := t.Tx.NoteDanger(ctx, d, say.DangerNote(word, t.Now.In(t.Zone), reason), true)
		if errors.Is(err, store.ErrLost) {
			return say.DangerOver(number), true, nil
		}
		if err == nil {
			err = as.Note(ctx, "danger_close", "danger:"+d.ID, "")
		}
		return say.DangerClosed(number), true, err
	case "交班":
		if reason == "" {
			return say.DangerReason(word, number), true, nil
		}
		err := t.Tx.NoteDanger(ctx, d, say.DangerNote(word, t.Now.In(t.Zone), reason), false)
		if errors.Is(err, store.ErrLost) {
			return say.DangerOver(number), true, nil
		}
		if err == nil {
			err = as.Note(ctx, "danger_note", "danger:"+d.ID, "")
		}
		return say.DangerNoted(number), true, err
	case "预警":
		sheet, err := sheetOf(ctx, t.Tx, d, t.Zone)
		if err == nil {
			err = errors.Join(as.Note(ctx, "danger_read", "danger:"+d.ID, ""), t.playAgain(ctx, d))
		}
		return sheet.String(), true, err
	}
	if d.State == models.DangerClosed {
		return say.DangerOver(number), true, nil
	}
	reply, err = t.acknowledge(ctx, as, d)
	return reply, true, err
}

// openDangers lists the cases that are not closed where an account takes them; done
// is false for an account that takes none anywhere.
func (t *talk) openDangers(ctx context.Context, acct models.Account) (reply string, done bool, err error) {
	if !acct.TakesDanger(acct.Region) {
		return "", false, nil
	}
	open, err := t.Tx.As(models.Actor{Account: acct.ID, Region: acct.Region}).Dangers(ctx, false, 20)
	if err != nil {
		return "", true, err
	}
	var lines []string
	for _, d := range open {
		place, err := t.Tx.Region(ctx, d.Region)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", true, err
		}
		lines = append(lines, say.DangerLine(d, place.Path, t.Zone))
	}
	return say.OpenDangers(lines), true, nil
}

// takesIt is how somebody on duty takes a case in a hurry, without its number.
var takesIt = []string{"收到", "收到了", "接", "接了", "接单", "我接", "我接了", "我来", "马上去"}

// takesUnnumbered takes the one case that waits for this account; where several
// do, it asks which.
func (t *talk) takesUnnumbered(ctx context.Context, acct models.Account) (reply string, done bool, err error) {
	as := t.Tx.As(models.Actor{Account: acct.ID, Region: acct.Region})
	open, err := t.Tx.Dangers(ctx, false, 20)
	if err != nil {
		return "", false, err
	}
	var waiting []models.Danger
	var numbers []int
	for _, d := range open {
		if d.State != models.DangerOpen || !acct.TakesDanger(d.Region) {
			continue
		}
		acks, err := t.Tx.DangerAcks(ctx, d.ID)
		if err != nil {
			return "", false, err
		}
		if !slices.Contains(acks, acct.ID) {
			waiting, numbers = append(waiting, d), append(numbers, d.Number)
		}
	}
	switch len(waiting) {
	case 0:
		return "", false, nil
	case 1:
		reply, err = t.acknowledge(ctx, as, waiting[0])
		return reply, true, err
	}
	slices.Sort(numbers)
	return say.WhichDanger(numbers), true, nil
}

// acknowledge notes that somebody has taken a case on; with enough of them it
// climbs no further, and the speaker gets word where that is safe.
func (t *talk) acknowledge(ctx context.Context, as *store.Store, d models.Danger) (string, error) {
	_, all, err := t.Tx.AckDanger(ctx, d.ID, t.admin)
	if err != nil {
		return "", err
	}
	if err := as.Note(ctx, "danger_ack", "danger:"+d.ID, ""); err != nil {
		return "", err
	}
	if all >= d.Acks() {
		first, err := t.Tx.TakeDanger(ctx, d.ID)
		if err != nil {
			return "", err
		}
		if first && !d.PhoneAtRisk() {
			if err := t.tellSpeaker(ctx, d); err != nil {
				return "", err
			}
		}
	}
	sheet, err := sheetOf(ctx, t.Tx, d, t.Zone)
	return say.DangerAcked(sheet, d.Acks()-all), err
}

func (t *talk) tellSpeaker(ctx context.Context, d models.Danger) error {
	role, _, _ := strings.Cut(d.Speaker, ":")
	err := t.Tx.AddDelivery(ctx, "taken/"+d.ID, store.Delivery{
		Kind: KindCarry, Role: models.Role(role), SubjectID: d.ID, OpenID: d.OpenID, Payload: models.Conceal(say.DangerTaken),
	})
	if err != nil {
		return err
	}
	return t.Tx.MarkDangerTold(ctx, d.ID)
}
