package desk

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// HistorySummary is what an import of past activities came to.
type HistorySummary struct {
	Rows       Outcomes // Updated stays zero
	Activities int      // written
	Late       int      // of those: 补录
	Unpaired   int      // of those: on days outside any pairing of the two
	Failures   []Failure
	Batch      string // by which it can be taken back; "" where nothing was written
}

// EnrollHistory enters past activities, one a cadre, person, day and kind: what
// the system has already, and what the workbook says twice, is not entered again
// (users.md 一.2). Gifts of different value stay two. Good rows go in, commitRows
// a commit, and each row is told what became of it; with dryRun nothing is
// written. It is idempotent: a second run finds everything there.
func EnrollHistory(ctx context.Context, st *store.Store, h *xlsx.History, today models.Day, rules Rules, dryRun bool, progress func(done, total int)) (map[xlsx.Place]xlsx.Result, HistorySummary, error) {
	e := &chronicle{
		st: st, h: h, today: today, rules: rules, dry: dryRun, batch: st.NewBatch(store.BatchActivities),
		results: map[xlsx.Place]xlsx.Result{}, first: map[deedKey]*past{},
	}
	calendar, err := st.Calendar(ctx)
	if e.calendar = calendar; err == nil {
		err = e.findPeople(ctx)
	}
	if err == nil {
		e.merge()
		err = e.write(ctx, progress)
	}
	if err == nil {
		e.tellMerged()
	}
	e.summarise()
	if !dryRun {
		// What was stored is on record even where the run was broken off.
		noted := st.Note(context.WithoutCancel(ctx), "import.activities", "batch:"+e.batch.ID,
			fmt.Sprintf("rows %+v activities %d complete %t", e.sum.Rows, e.sum.Activities, err == nil))
		err = errors.Join(err, noted)
	}
	return e.results, e.sum, err
}

// chronicle is one run over a workbook of past activities.
type chronicle struct {
	st    *store.Store
	h     *xlsx.History
	today models.Day
	rules Rules
	dry   bool
	batch store.Batch

	calendar models.Calendar // of the reports

	who     map[xlsx.Place][]couple     // of the rows whose people are known
	unknown map[xlsx.Place][]xlsx.Fault // who of several who went together is not
	first   map[deedKey]*past           // what is told for the first time
	told    []*past                     // likewise, in the order of the rows
	merged  map[xlsx.Place][]*past
	results map[xlsx.Place]xlsx.Result
	sum     HistorySummary
}

// deedKey is what makes two rows tell of the same thing.
type deedKey struct {
	cadre, person string
	day           models.Day
	kind          models.Kind
	counts        bool  // a policy explained and one obtained are two things
	fen           int64 // of a gift
}

// past is one activity of the past, told by one row or more.
type past struct {
	row      *xlsx.HistoryRow // the first that tells it
	couple   couple
	deed     xlsx.Deed
	note     string
	existing bool // the system has it
	unvalued bool // … as a gift of unknown value, which this one may be
}

func (p *past) activity() models.Activity {
	return models.Activity{
		CadreID: p.couple.cadre, RecipientID: p.couple.person, PairingID: p.couple.pairing, Kind: p.deed.Kind, Channel: p.deed.Channel,
		Help: p.deed.Help, Stage: p.deed.Stage, Day: p.row.Day, AmountFen: p.deed.AmountFen, Fund: p.deed.Fund, Source: models.SourceImport,
		Goods: p.deed.Kind == models.KindAid && models.InKind(p.note),
		Note:  models.Conceal(p.note), Status: models.StatusActive,
	}
}

func keyOf(a models.Activity) deedKey {
	k := deedKey{cadre: a.CadreID, person: a.RecipientID, day: a.Day, kind: a.Kind, counts: a.Counts()}
	if a.AmountFen != nil && a.Kind == models.KindAid {
		k.fen = *a.AmountFen
	}
	if a.Kind == models.KindAid && a.Fund != "" && a.Fund != models.FundOwn {
		k.cadre = "" // brought by several who went together, it is one (users.md 一.7)
	}
	return k
}

// merge makes one of what several rows tell.
func (e *chronicle) merge() {
	e.merged = map[xlsx.Place][]*past{}
	for i := range e.h.Rows {
		r := &e.h.Rows[i]
		couples := e.who[r.Place]
		for i, c := range couples {
			for _, d := range r.Deeds {
				if !credited(d.Kind, couples, i) {
					continue
				}
				p := &past{row: r, couple: c, deed: d, note: r.Note}
				before := e.same(p)
				if before == nil {
					e.told = append(e.told, p)
					before = p
				} else if before.row != r && r.Note != "" && !strings.Contains(before.note, r.Note) {
					before.note = strings.TrimPrefix(before.note+";"+r.Note, ";")
				}
				e.merged[r.Place] = append(e.merged[r.Place], before)
			}
		}
	}
}

// credited tells whether something that several did together is the i-th's too:
// all of them were there; a thing done belongs to whoever is paired; a sum that
// one row tells of was given once (users.md 一.7).
func credited(kind models.Kind, couples []couple, i int) bool {
	if len(couples) == 1 || kind == models.KindVisit || kind == models.KindContact {
		return true
	}
	first := max(0, slices.IndexFunc(couples, func(c couple) bool { return c.pairing != "" }))
	return i == first || kind == models.KindHelp && couples[i].pairing != ""
}

// same finds what was told before and is the same, or remembers what was not. A
// gift of unknown value is one of those told; its value may come later.
func (e *chronicle) same(p *past) *past {
	key := keyOf(p.activity())
	before := e.first[key]
	if p.deed.Kind == models.KindAid && before == nil {
		if key.fen == 0 {
			before = e.first[anyGift(key)]
		} else if before = e.first[unknownGift(key)]; before != nil {
			before.deed.AmountFen = p.deed.AmountFen
			delete(e.first, unknownGift(key))
			e.first[key] = before
		}
	}
	if before == nil {
		e.first[key] = p
		if p.deed.Kind == models.KindAid {
			e.first[anyGift(key)] = p
		}
	}
	return before
}

// write enters what the system does not have yet.
func (e *chronicle) write(ctx context.Context, progress func(done, total int)) error {
	for done := 0; done < len(e.told); {
		// The things of one row make one record: a row is not cut in two.
		end := min(done+commitRows, len(e.told))
		for end < len(e.told) && e.told[end].row == e.told[end-1].row {
			end++
		}
		part := e.told[done:end]
		commit := func(tx *store.Store) error {
			if err := e.compare(ctx, tx, part); err != nil {
				return err
			}
			if e.dry {
				return nil
			}
			records, acts, ids := e.rows(tx, part)
			if err := tx.AddImported(ctx, records, acts); err != nil {
				return err
			}
			return tx.AddToBatch(ctx, e.batch, "record", ids)
		}
		var err error
		if e.dry {
			err = commit(e.st)
		} else {
			err = e.st.InTx(ctx, commit)
		}
		if err != nil {
			return err
		}
		for _, p := range part {
			e.results[p.row.Place] = xlsx.Result{Outcome: xlsx.OutcomeSame} // in the register; tellMerged says more
			if !p.existing {
				e.count(p)
			}
		}
		done = end
		progress(done, len(e.told))
	}
	return nil
}

func (e *chronicle) count(p *past) {
	e.sum.Activities++
	if e.rules.Late(p.row.Day, e.today) {
		e.sum.Late++
	}
	if p.couple.pairing == "" {
		e.sum.Unpaired++
	}
}

// compare finds what the system has already.
func (e *chronicle) compare(ctx context.Context, tx *store.Store, part []*past) error {
	people := map[string]bool{}
	from, to := part[0].row.Day, part[0].row.Day
	for _, p := range part {
		people[p.couple.person] = true
		from, to = min(from, p.row.Day), max(to, p.row.Day)
	}
	rows, err := tx.StandingFor(ctx, slices.Sorted(maps.Keys(people)), from, to)
	if err != nil {
		return err
	}
	have := map[deedKey]bool{}
	for _, a := range rows {
		key := keyOf(a)
		have[key], have[anyGift(key)] = true, true
	}
	for _, p := range part {
		key := keyOf(p.activity())
		p.existing = have[key]
		if p.deed.Kind == models.KindAid {
			p.unvalued = !p.existing && have[unknownGift(key)]
			p.existing = p.existing || p.unvalued || key.fen == 0 && have[anyGift(key)]
		}
	}
	return nil
}

// anyGift is the key of a gift whatever it was worth, unknownGift that of one
// whose value nobody wrote down.
func anyGift(k deedKey) deedKey     { k.fen = -1; return k }
func unknownGift(k deedKey) deedKey { k.fen = 0; return k }

// rows makes the rows of the things that are new: what one row of the workbook
// tells is one record of each cadre.
func (e *chronicle) rows(tx *store.Store, part []*past) (records []models.Record, acts []models.Activity, ids []string) {
	now := tx.Now()
	type own struct {
		xlsx.Place
		cadre string
	}
	of := map[own]string{}
	for _, p := range part {
		if p.existing {
			continue
		}
		key := own{p.row.Place, p.couple.cadre}
		if of[key] == "" {
			r := models.Record{ID: tx.NewID(), CadreID: p.couple.cadre, RecordedAt: now}
			of[key], records, ids = r.ID, append(records, r), append(ids, r.ID)
		}
		a := p.activity()
		a.ID, a.RecordID, a.RecordedAt, a.Late = tx.NewID(), of[key], now, e.rules.Late(a.Day, e.today)
		acts = append(acts, a)
	}
	return records, acts, ids
}

// tellMerged says of each row what it brought, and where the rest was already.
func (e *chronicle) tellMerged() {
	for i := range e.h.Rows {
		r := &e.h.Rows[i]
		parts, known := e.merged[r.Place]
		if !known {
			continue
		}
		result := xlsx.Result{Outcome: xlsx.OutcomeSame, Reasons: slices.Clone(e.unknown[r.Place])}
		for _, p := range parts {
			switch {
			case p.existing:
				text := fmt.Sprintf("本系统已有这天的%s记录,没有重复记。", p.deed.Kind.Label())
				if p.unvalued {
					text = fmt.Sprintf("本系统已有这天的资助,没写金额,没有重复记;是同一笔的话,请在那条上补 %s。", models.Fen(*p.deed.AmountFen).Yuan())
				}
				result.Reasons = append(result.Reasons, xlsx.Fault{Code: xlsx.CodeInRegister, Text: text})
			case p.row != r:
				where := fmt.Sprintf("第 %d 行", p.row.Row)
				if p.row.Sheet != r.Sheet {
					where = p.row.Sheet + where
				}
				result.Reasons = append(result.Reasons, xlsx.Fault{Code: xlsx.CodeDuplicate, Text: fmt.Sprintf("和%s是同人同日的%s,并成一条。", where, p.deed.Kind.Label())})
			default:
				result.Outcome = xlsx.OutcomeNew
			}
		}
		result.Reasons = slices.Compact(result.Reasons) // of several cadres the same
		if result.Outcome == xlsx.OutcomeNew && e.calendar.MonthClosed(r.Day, e.today) {
			result.Reasons = append(result.Reasons, xlsx.Fault{Code: xlsx.CodeClosedMonth, Text: fmt.Sprintf("%d 月已经关账,记进下一期的“补以前月份”。", r.Day.Time().Month())})
		}
		without := 0
		for _, c := range e.who[r.Place] {
			if c.pairing == "" {
				without++
			}
		}
		if all := len(e.who[r.Place]); without > 0 && result.Outcome == xlsx.OutcomeNew {
			words := "那天两人不在结对期内,照记,不抵结对任务。"
			if all > 1 {
				words = fmt.Sprintf("同去的 %d 位干部里有 %d 位那天不在结对期内,照记,不抵结对任务。", all, without)
			}
			result.Reasons = append(result.Reasons, xlsx.Fault{Code: xlsx.CodeDates, Text: words})
		}
		e.results[r.Place] = result
	}
}

func (e *chronicle) summarise() {
	for i := range e.h.Rows {
		r := &e.h.Rows[i]
		result, ok := e.results[r.Place]
		switch {
		case ok && result.Outcome == xlsx.OutcomeNew:
			e.sum.Rows.New++
		case ok && result.Outcome == xlsx.OutcomeSame:
			e.sum.Rows.Same++
		default:
			e.sum.Rows.Failed++
			var words []string
			for _, f := range slices.Concat(r.Faults, result.Reasons) {
				words = append(words, f.String())
			}
			e.sum.Failures = append(e.sum.Failures, Failure{r.Sheet, r.Row, strings.Join(words, " ")})
		}
	}
	if !e.dry && e.sum.Activities > 0 {
		e.sum.Batch = e.batch.ID
	}
}
