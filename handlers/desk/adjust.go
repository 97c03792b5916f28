package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"aixin/models"
	"aixin/models/store"
)

// AdjustJob is the job that carries a change out on its day.
const AdjustJob = "adjust"

// Propose enters a change request: of a township, a unit or the county itself. It
// runs in a transaction.
func Propose(ctx context.Context, tx *store.Store, me models.Account, a models.Adjustment, zone *time.Location) (models.Adjustment, error) {
	if err := a.Check(models.DayOf(tx.Now().Time(), zone)); err != nil {
		return a, err
	}
	if err := place(ctx, tx, &a); err != nil {
		return a, err
	}
	if !me.MayPropose(a) {
		return a, models.Fault("这一件不归您这里报,请找乡镇或县上。")
	}
	if err := standing(ctx, tx, a); err != nil {
		return a, err
	}
	switch other, err := tx.OpenAdjustmentFor(ctx, a); {
	case err == nil:
		return a, models.Fault("同一个人的“" + a.Kind.Label() + "”已经报过(" + other.State.Label() + "),不用再报。")
	case !errors.Is(err, store.ErrNotFound):
		return a, err
	}
	a.ProposedBy = me.ID
	if err := tx.AddAdjustment(ctx, &a); err != nil {
		return a, err
	}
	return a, tx.Note(ctx, "adjust.propose", "adjustment:"+a.ID, string(a.Kind)+" "+string(a.EffectiveOn))
}

// place finds out whose county decides, and whose unit it concerns.
func place(ctx context.Context, tx *store.Store, a *models.Adjustment) error {
	people, cadres, err := tx.Parties(ctx, []string{a.RecipientID}, []string{a.CadreID, a.ToCadreID})
	if err != nil {
		return err
	}
	draft, err := a.Drafted()
	if err != nil {
		return err
	}
	if c, ok := cadres[a.CadreID]; ok && a.UnitID == "" {
		a.UnitID = c.UnitID
	}
	if c, ok := cadres[a.ToCadreID]; ok && a.Kind == models.AdjustLineIn {
		a.UnitID = c.UnitID
	}
	switch a.Kind {
	case models.AdjustCadreOut:
		a.Region = cadres[a.CadreID].Region
	case models.AdjustCadreIn:
		if a.Region = draft.Region; a.CadreID != "" {
			a.Region = cadres[a.CadreID].Region
		}
	case models.AdjustUnitMerge:
		u, err := tx.Unit(ctx, a.UnitID)
		if err != nil {
			return err
		}
		a.Region = u.Region
	default:
		if a.Region = people[a.RecipientID].Region; a.RecipientID == "" {
			a.Region = draft.Region
		}
		if a.Kind == models.AdjustSwap && a.Line == "" {
			a.Line = models.LinePairing
		}
	}
	if a.Region == "" {
		return models.Fault("名册里没有找到这个人,请核对。")
	}
	return nil
}

// standing finds what the ledger has against the change today; it is asked again
// when the change is carried out.
func standing(ctx context.Context, tx *store.Store, a models.Adjustment) error {
	people, cadres, err := tx.Parties(ctx, []string{a.RecipientID}, []string{a.CadreID, a.ToCadreID})
	if err != nil {
		return err
	}
	r, known := people[a.RecipientID]
	if a.RecipientID != "" {
		switch in := known && r.ExitedOn == ""; {
		case a.Kind == models.AdjustRecipientIn && in:
			return models.Fault("这位对象已经在册,不用新增。")
		case a.Kind != models.AdjustRecipientIn && !in:
			return models.Fault("这位对象已经不在册了,请核对。")
		}
	}
	if c := cadres[a.CadreID]; a.CadreID != "" {
		switch {
		case a.Kind == models.AdjustCadreIn && c.LeftAt == 0:
			return models.Fault("这位干部已经在册,不用新增。")
		case a.Kind == models.AdjustCadreOut && c.LeftAt != 0:
			return models.Fault("这位干部已经退出了,不用再报。")
		}
	}
	if a.Kind == models.AdjustLineIn || a.Kind == models.AdjustLineOut {
		if err := lineStands(ctx, tx, a); err != nil {
			return err
		}
	}
	if c := cadres[a.ToCadreID]; a.ToCadreID != "" && (c.ID == "" || c.LeftAt != 0) {
		return models.Fault("接手的干部不在册,请另选一位。")
	}
	return nil
}

// lineStands finds what is against the beginning or the end of a service.
func lineStands(ctx context.Context, tx *store.Store, a models.Adjustment) error {
	lists, err := tx.Lists(ctx)
	if err != nil {
		return err
	}
	runs, err := lasting(ctx, tx, a.RecipientID, a.Line)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case a.Kind == models.AdjustLineIn && !lists.Has(models.ListLine, string(a.Line), a.EffectiveOn):
		return models.Fault("这条线那天已经停用了,请另选一条。")
	case a.Kind == models.AdjustLineIn && err == nil:
		return models.Fault("这位对象从 " + string(runs.FromDay) + " 起已有人做这一样,要换人请报“更换干部”。")
	case a.Kind == models.AdjustLineOut && err != nil:
		return models.Fault("这位对象现在没有这一样,请核对。")
	case a.Kind == models.AdjustLineOut && runs.FromDay > a.EffectiveOn:
		return tooEarly(runs)
	}
	return nil
}

// lasting finds the pairing of a person that lasts in a line.
func lasting(ctx context.Context, tx *store.Store, recipient string, line models.Line) (models.Pairing, error) {
	rows, err := tx.LastingPairings(ctx, recipient, "")
	for _, p := range rows {
		if p.Line == line {
			return p, err
		}
	}
	return models.Pairing{}, errors.Join(err, store.ErrNotFound)
}

// Decide approves a change request, or returns it with a reason. What is
// approved is carried out at once where its day has come, else on that day.
func Decide(ctx context.Context, st *store.Store, me models.Account, id string, approve bool, words string, zone *time.Location) (a models.Adjustment, err error) {
	words = strings.TrimSpace(words)
	err = st.InTx(ctx, func(tx *store.Store) error {
		if a, err = tx.Adjustment(ctx, id); err != nil {
			return err
		}
		now := tx.Now()
		if err := me.MayDecide(a, approve, words, now); err != nil {
			return err
		}
		before := a.State
		a.DecidedBy, a.DecidedAt, a.Decision = me.ID, now, models.Conceal(words)
		if a.Alone = approve && a.ProposedBy == me.ID; !approve {
			a.State = models.AdjustmentReturned
			if err := tx.SaveAdjustment(ctx, before, a); err != nil {
				return err
			}
			return errors.Join(tx.Note(ctx, "adjust.return", "adjustment:"+a.ID, ""), tellProposer(ctx, tx, a))
		}
		a.State = models.AdjustmentApproved
		if err := tx.SaveAdjustment(ctx, before, a); err != nil {
			return err
		}
		if err := tx.Note(ctx, "adjust.approve", "adjustment:"+a.ID, alone(a)); err != nil {
			return err
		}
		if due := dayBegins(a.EffectiveOn, zone); due > now {
			if err := tx.AddJob(ctx, AdjustJob, a.ID, due); err != nil {
				return err
			}
			return tellProposer(ctx, tx, a)
		}
		if a, err = carryOut(ctx, tx, a); err != nil {
			return err
		}
		return tellProposer(ctx, tx, a)
	})
	if errors.Is(err, store.ErrLost) {
		err = models.Fault("刚才有人同时在办这一件,请刷新再看。")
	}
	return a, err
}

func alone(a models.Adjustment) string {
	if a.Alone {
		return "alone"
	}
	return ""
}

func dayBegins(d models.Day, zone *time.Location) models.Instant {
	t := d.Time()
	return models.InstantOf(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone))
}

// WithdrawAdjustment takes a request back that nobody has decided yet.
func WithdrawAdjustment(ctx context.Context, st *store.Store, me models.Account, id string) error {
	return st.InTx(ctx, func(tx *store.Store) error {
		a, err := tx.Adjustment(ctx, id)
		if err != nil {
			return err
		}
		if a.ProposedBy != me.ID || a.State != models.AdjustmentProposed {
			return models.Fault("只有报的人能撤,而且要在批之前。")
		}
		a.State = models.AdjustmentWithdrawn
		if err := tx.SaveAdjustment(ctx, models.AdjustmentProposed, a); err != nil {
			return err
		}
		return tx.Note(ctx, "adjust.withdraw", "adjustment:"+a.ID, "")
	})
}

// CarryOut is the job AdjustJob: an approved change on its day. Where the ledger
// has moved on meanwhile, the request goes back to who made it, with the reason.
func CarryOut(ctx context.Context, st *store.Store, id string, _ int) error {
	err := st.InTx(ctx, func(tx *store.Store) error {
		a, err := tx.Adjustment(ctx, id)
		if err != nil || a.State != models.AdjustmentApproved {
			return err
		}
		_, err = carryOut(ctx, tx, a)
		return err
	})
	var fault models.Fault
	if !errors.As(err, &fault) {
		return err
	}
	return st.InTx(ctx, func(tx *store.Store) error {
		a, err := tx.Adjustment(ctx, id)
		if err != nil || a.State != models.AdjustmentApproved {
			return err
		}
		a.State, a.Decision = models.AdjustmentReturned, models.Conceal("到了生效日办不成:"+fault.Error())
		if err := tx.SaveAdjustment(ctx, models.AdjustmentApproved, a); err != nil {
			return err
		}
		return tellProposer(ctx, tx, a)
	})
}

// MergeLife is how long a merge of units can be taken back.
const MergeLife = 30 * 24 * time.Hour

// UndoMerge puts the cadres of a dissolved unit back who are still where the
// merge put them, and tells how many that were and how many went on since.
func UndoMerge(ctx context.Context, st *store.Store, me models.Account, id string, today models.Day) (back, kept int, err error) {
	err = st.InTx(ctx, func(tx *store.Store) error {
		back, kept = 0, 0
		a, err := tx.Adjustment(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case !me.Decides(a.Region):
			return models.Fault("单位撤并由县上复原。")
		case a.Kind != models.AdjustUnitMerge || a.State != models.AdjustmentDone:
			return models.Fault("这一件不能复原。")
		case tx.Now() > a.AppliedAt.Add(MergeLife):
			return models.Fault("过了 30 天,不能整批复原了,请逐人更换。")
		}
		moves, err := tx.MovementsOf(ctx, a.ID)
		if err != nil {
			return err
		}
		var ids []string
		for _, m := range moves {
			ids = append(ids, m.SubjectID)
		}
		if err := tx.LockCadres(ctx, ids); err != nil {
			return err
		}
		_, cadres, err := tx.Parties(ctx, nil, ids)
		if err != nil {
			return err
		}
		for _, m := range moves {
			c := cadres[m.SubjectID]
			if c.UnitID != m.ToUnit || c.LeftAt != 0 {
				kept++
				continue
			}
			back++
			err := tx.AddMovement(ctx, models.Movement{
				Noun: models.NounCadre, SubjectID: c.ID, Kind: models.MovedPlace, MovedOn: today, Reason: ReasonUndone,
				FromRegion: c.Region, ToRegion: c.Region, FromUnit: m.ToUnit, ToUnit: m.FromUnit,
			})
			if err == nil {
				err = tx.SetPost(ctx, c.ID, m.FromUnit, c.Region, 0)
			}
			if err != nil {
				return err
			}
		}
		a.State, a.UndoneAt = models.AdjustmentUndone, tx.Now()
		if err := tx.SaveAdjustment(ctx, models.AdjustmentDone, a); err != nil {
			return err
		}
		return tx.Note(ctx, "adjust.undo", "adjustment:"+a.ID, "")
	})
	return back, kept, err
}

// ReasonUndone marks the way back of a merge that was taken back.
const ReasonUndone = "复原"
