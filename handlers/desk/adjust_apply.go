package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// carryOut does what an approved request says, with all that follows: pairings
// end and begin, reminders and codes go, open matters pass on, both cadres get
// the card. It runs in a transaction.
func carryOut(ctx context.Context, tx *store.Store, a models.Adjustment) (models.Adjustment, error) {
	if err := lockParties(ctx, tx, &a); err != nil {
		return a, err
	}
	if err := standing(ctx, tx, a); err != nil {
		return a, err
	}
	c := &change{tx: tx, Adjustment: a}
	var err error
	switch a.Kind {
	case models.AdjustRecipientIn:
		err = c.recipientIn(ctx)
	case models.AdjustRecipientOut:
		err = c.recipientOut(ctx)
	case models.AdjustRecipientMove:
		err = c.recipientMove(ctx)
	case models.AdjustCadreIn:
		err = c.cadreIn(ctx)
	case models.AdjustCadreOut:
		err = c.cadreOut(ctx)
	case models.AdjustSwap:
		err = c.swap(ctx)
	case models.AdjustUnitMerge:
		err = c.merge(ctx)
	case models.AdjustLineIn:
		err = c.begin(ctx, c.RecipientID, c.Line)
	case models.AdjustLineOut:
		err = c.lineOut(ctx)
	}
	if errors.Is(err, store.ErrLost) {
		err = models.Fault("名册里那天已有人结对,或者这一对已经变了,请核对后再报。")
	}
	if err != nil {
		return a, err
	}
	c.State, c.AppliedAt = models.AdjustmentDone, tx.Now()
	if err := tx.SaveAdjustment(ctx, models.AdjustmentApproved, c.Adjustment); err != nil {
		return a, err
	}
	if err := c.tell(ctx); err != nil {
		return a, err
	}
	return c.Adjustment, tx.Note(ctx, "adjust.done", "adjustment:"+a.ID, fmt.Sprintf("%s pairings ended %d begun %d", a.Kind, c.ended, len(c.begun)))
}

// lockParties keeps others from changing the same people meanwhile, recipients
// before cadres.
func lockParties(ctx context.Context, tx *store.Store, a *models.Adjustment) error {
	people := []string{a.RecipientID}
	if a.Kind == models.AdjustCadreOut {
		rows, err := tx.LastingPairings(ctx, "", a.CadreID)
		if err != nil {
			return err
		}
		for _, p := range rows {
			people = append(people, p.RecipientID)
		}
	}
	slices.Sort(people)
	if err := tx.LockRecipients(ctx, slices.Compact(people)); err != nil {
		return err
	}
	return tx.LockCadres(ctx, []string{a.CadreID, a.ToCadreID})
}

// change is a request that is being carried out.
type change struct {
	tx *store.Store
	models.Adjustment
	ended     int
	begun     []models.Pairing
	cards     []models.Handover
	uncovered []string // recipients whom nobody follows
}

// owed are the kinds of deliveries that somebody who leaves still waits for.
var owed = []string{"answer", "need", "alert"}

func (c *change) recipientOut(ctx context.Context) error {
	rows, err := c.tx.LastingPairings(ctx, c.RecipientID, "")
	if err != nil {
		return err
	}
	for _, p := range rows {
		// The day itself still counts: a visit on the day of a death was made.
		if p.FromDay > c.EffectiveOn {
			return tooEarly(p)
		}
		if err := c.end(ctx, p, c.EffectiveOn); err != nil {
			return err
		}
	}
	people, _, err := c.tx.Parties(ctx, []string{c.RecipientID}, nil)
	if err != nil {
		return err
	}
	r := people[c.RecipientID]
	if r.EnteredOn > c.EffectiveOn {
		return models.Fault("退出日期早于纳入日期 " + string(r.EnteredOn) + ",请核对。")
	}
	err = c.tx.AddMovement(ctx, models.Movement{
		Noun: models.NounRecipient, SubjectID: r.ID, Kind: models.MovedOut, MovedOn: c.EffectiveOn, Reason: c.Reason, FromRegion: r.Region, AdjustmentID: c.ID,
	})
	if err == nil {
		err = c.tx.SetStanding(ctx, r.ID, r.Region, c.EffectiveOn)
	}
	if err != nil {
		return err
	}
	bound, err := c.tx.ContactsBound(ctx, r.ID)
	if err != nil {
		return err
	}
	still := owed
	if c.Reason == models.ReasonDeath {
		still = nil // nothing goes to a house in mourning
	}
	for _, b := range bound {
		if err := c.tx.CancelPlanned(ctx, b.Role, []string{b.SubjectID}, still, "the recipient left the register"); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) recipientMove(ctx context.Context) error {
	draft, err := c.Drafted()
	if err != nil {
		return err
	}
	people, _, err := c.tx.Parties(ctx, []string{c.RecipientID}, nil)
	if err != nil {
		return err
	}
	r := people[c.RecipientID]
	if r.Region == draft.Region {
		return models.Fault("迁入地和现在的地区一样,请核对。")
	}
	err = c.tx.AddMovement(ctx, models.Movement{
		Noun: models.NounRecipient, SubjectID: r.ID, Kind: models.MovedPlace, MovedOn: c.EffectiveOn, Reason: c.Reason,
		FromRegion: r.Region, ToRegion: draft.Region, AdjustmentID: c.ID,
	})
	if err != nil {
		return err
	}
	return c.tx.SetStanding(ctx, r.ID, draft.Region, "")
}

func (c *change) cadreOut(ctx context.Context) error {
	rows, err := c.tx.LastingPairings(ctx, "", c.CadreID)
	if err != nil {
		return err
	}
	for _, p := range rows {
		if err := c.follow(ctx, p); err != nil {
			return err
		}
	}
	_, cadres, err := c.tx.Parties(ctx, nil, []string{c.CadreID})
	if err != nil {
		return err
	}
	k := cadres[c.CadreID]
	err = c.tx.AddMovement(ctx, models.Movement{
		Noun: models.NounCadre, SubjectID: k.ID, Kind: models.MovedOut, MovedOn: c.EffectiveOn, Reason: c.Reason,
		FromRegion: k.Region, FromUnit: k.UnitID, AdjustmentID: c.ID,
	})
	if err == nil {
		err = c.tx.SetPost(ctx, k.ID, k.UnitID, k.Region, c.tx.Now())
	}
	if err == nil {
		err = c.tx.EndDeputy(ctx, k.ID, c.EffectiveOn.Add(-1))
	}
	if err == nil {
		err = c.tx.CancelPlanned(ctx, models.RoleCadre, []string{k.ID}, nil, "the cadre left the programme")
	}
	// The tie to the phone goes last of all: the goodbye is still to be said.
	return err
}

func (c *change) swap(ctx context.Context) error {
	rows, err := c.tx.LastingPairings(ctx, c.RecipientID, c.CadreID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(rows, func(p models.Pairing) bool { return p.Line == c.Line })
	if i < 0 {
		return models.Fault("这一对已经不在了,请核对。")
	}
	return c.follow(ctx, rows[i])
}

// lineOut ends a one-to-one service; what was done on the day itself still counts.
func (c *change) lineOut(ctx context.Context) error {
	p, err := lasting(ctx, c.tx, c.RecipientID, c.Line)
	if err != nil {
		return err
	}
	c.CadreID = p.CadreID
	return c.end(ctx, p, c.EffectiveOn)
}

// follow ends a pairing the day before the change and begins that of who
// follows; with nobody the person waits to be matched.
func (c *change) follow(ctx context.Context, p models.Pairing) error {
	if p.FromDay > c.EffectiveOn {
		return tooEarly(p)
	}
	if err := c.end(ctx, p, c.EffectiveOn.Add(-1)); err != nil {
		return err
	}
	card := models.Handover{AdjustmentID: c.ID, RecipientID: p.RecipientID, Line: p.Line, CadreID: p.CadreID, ToCadreID: c.ToCadreID, OnDay: c.EffectiveOn}
	if err := c.tx.AddHandover(ctx, &card); err != nil {
		return err
	}
	c.cards = append(c.cards, card)
	if p.Line == models.LinePairing {
		if err := c.tx.PassMatters(ctx, p.RecipientID, p.CadreID, c.ToCadreID); err != nil {
			return err
		}
	}
	if c.ToCadreID == "" {
		if p.Line == models.LinePairing {
			c.uncovered = append(c.uncovered, p.RecipientID)
		}
		return nil
	}
	return c.begin(ctx, p.RecipientID, p.Line)
}

func (c *change) end(ctx context.Context, p models.Pairing, last models.Day) error {
	c.ended++
	return c.tx.EndPairing(ctx, p, last, c.Reason, c.ID)
}

func (c *change) begin(ctx context.Context, recipient string, line models.Line) error {
	p := models.Pairing{CadreID: c.ToCadreID, RecipientID: recipient, Line: line, FromDay: c.EffectiveOn, BegunBy: c.ID}
	if err := c.tx.StartPairing(ctx, &p); err != nil {
		return err
	}
	c.begun = append(c.begun, p)
	return nil
}

func tooEarly(p models.Pairing) error {
	return models.Fault("生效日期早于这一对开始的 " + string(p.FromDay) + ",请核对。")
}

func (c *change) recipientIn(ctx context.Context) error {
	if c.RecipientID != "" {
		people, _, err := c.tx.Parties(ctx, []string{c.RecipientID}, nil)
		if err != nil {
			return err
		}
		r := people[c.RecipientID]
		if c.EffectiveOn <= r.ExitedOn {
			return models.Fault("重新纳入要在退出那天(" + string(r.ExitedOn) + ")以后。")
		}
		err = c.tx.AddMovement(ctx, models.Movement{
			Noun: models.NounRecipient, SubjectID: r.ID, Kind: models.MovedIn, MovedOn: c.EffectiveOn, Reason: c.Reason, ToRegion: r.Region, AdjustmentID: c.ID,
		})
		if err == nil {
			err = c.tx.SetStanding(ctx, r.ID, r.Region, "")
		}
		if err != nil {
			return err
		}
	} else if err := c.newRecipient(ctx); err != nil {
		return err
	}
	if c.ToCadreID == "" {
		c.uncovered = append(c.uncovered, c.RecipientID)
		return nil
	}
	if err := c.begin(ctx, c.RecipientID, models.LinePairing); err != nil {
		return err
	}
	return takeCard(ctx, c.tx, c.begun[0])
}

func (c *change) newRecipient(ctx context.Context) error {
	d, err := c.Drafted()
	if err != nil {
		return err
	}
	r := models.Recipient{
		ID: c.tx.NewID(), Number: d.Number, Name: models.Conceal(d.Name), CareMode: d.CareMode, Region: d.Region, Address: models.Conceal(d.Address),
		EnteredOn: c.EffectiveOn, CreatedAt: c.tx.Now(), UpdatedAt: c.tx.Now(),
	}
	var categories []string
	for _, k := range d.Categories {
		categories = append(categories, string(k))
	}
	r.Categories = strings.Join(categories, ",")
	if d.IDNumber != "" {
		idx := c.tx.IDIndex(d.IDNumber)
		r.IDNumber, r.IDIdx = models.Conceal(d.IDNumber), &idx
		r.Birth = models.Conceal(d.IDNumber[6:10] + "-" + d.IDNumber[10:12] + "-" + d.IDNumber[12:14])
	}
	if r.Number == "" {
		// The next of the one series that imports give too: what stands on paper is
		// read out on the telephone. The office's own can be given by import.
		numbers, err := readNumbers(ctx, c.tx, c.EffectiveOn.Year())
		if err != nil {
			return err
		}
		r.Number = numbers.next(d.IDNumber != "")
	}
	if err := c.tx.Create(ctx, &r); err != nil {
		if store.IsDuplicate(err) {
			return models.Fault("名册里已有同一个身份证号或编号的人,请核对;退出过的人请选“重新纳入”。")
		}
		return err
	}
	c.RecipientID = r.ID
	if d.ContactName == "" {
		return nil
	}
	contact := models.Contact{ID: c.tx.NewID(), RecipientID: r.ID, Kind: d.ContactKind, Name: models.Conceal(d.ContactName), Phone: models.Conceal(d.ContactPhone), CreatedAt: c.tx.Now()}
	if d.ContactPhone != "" {
		contact.PhoneIdx = c.tx.PhoneIndex(d.ContactPhone)
	}
	return c.tx.Create(ctx, &contact)
}

func (c *change) cadreIn(ctx context.Context) error {
	if c.CadreID == "" {
		d, err := c.Drafted()
		if err != nil {
			return err
		}
		k := models.Cadre{
			ID: c.tx.NewID(), Name: models.Conceal(d.Name), Phone: models.Conceal(d.Phone), PhoneIdx: c.tx.PhoneIndex(d.Phone), UnitID: c.UnitID,
			Post: d.Post, Region: d.Region, Speciality: d.Speciality, EnteredOn: c.EffectiveOn, CreatedAt: c.tx.Now(), UpdatedAt: c.tx.Now(),
		}
		if err := c.tx.Create(ctx, &k); err != nil {
			if store.IsDuplicate(err) {
				return models.Fault("名册里已有用这个手机号的干部,请核对;退出过的人请选“重新纳入”。")
			}
			return err
		}
		c.CadreID = k.ID
	}
	_, cadres, err := c.tx.Parties(ctx, nil, []string{c.CadreID})
	if err != nil {
		return err
	}
	k := cadres[c.CadreID]
	unit := k.UnitID
	if c.UnitID != "" {
		unit = c.UnitID
	}
	err = c.tx.AddMovement(ctx, models.Movement{
		Noun: models.NounCadre, SubjectID: k.ID, Kind: models.MovedIn, MovedOn: c.EffectiveOn, Reason: c.Reason, ToRegion: k.Region, ToUnit: unit, AdjustmentID: c.ID,
	})
	if err != nil || k.LeftAt == 0 {
		return err
	}
	return c.tx.SetPost(ctx, k.ID, unit, k.Region, 0)
}

// merge moves the cadres of a unit that is dissolved to another; whom they look
// after stays with them.
func (c *change) merge(ctx context.Context) error {
	rows, err := c.tx.UnitCadres(ctx, c.UnitID)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return models.Fault("这个单位名下没有在册干部。")
	}
	ids := make([]string, len(rows))
	for i, k := range rows {
		ids[i] = k.ID
	}
	if err := c.tx.LockCadres(ctx, ids); err != nil {
		return err
	}
	for _, k := range rows {
		err := c.tx.AddMovement(ctx, models.Movement{
			Noun: models.NounCadre, SubjectID: k.ID, Kind: models.MovedPlace, MovedOn: c.EffectiveOn, Reason: c.Reason,
			FromRegion: k.Region, ToRegion: k.Region, FromUnit: k.UnitID, ToUnit: c.ToUnitID, AdjustmentID: c.ID,
		})
		if err == nil {
			err = c.tx.SetPost(ctx, k.ID, c.ToUnitID, k.Region, 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
