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

const (
	// commitRows is how many rows of a workbook go into one commit.
	commitRows = 500
	// fullCaseload is how many people one cadre has without a question.
	fullCaseload = 10
)

// Summary is what an enrolment came to.
type Summary struct {
	Cadres, Recipients, Pairings Outcomes
	Besides                      Outcomes // contacts, states and stand-ins
	NewUnits, NewRegions         []string
	Failures                     []Failure // in the order of the sheets
	Batch                        string    // by which it can be taken back; "" where nothing new was written
}

// Outcomes counts the rows of a sheet by what became of them.
type Outcomes struct{ New, Updated, Same, Failed int }

// Failure is a row that could not be taken in.
type Failure struct {
	Sheet   string
	Row     int
	Reasons string
}

// ErrMeanwhile is returned where somebody else changed the same rows.
var ErrMeanwhile = errors.New("有人同时在改名册,这一批没有存;再运行一次会接着做")

// Enroll puts the good rows of a workbook into the register, commitRows a
// commit, and says of each row what became of it. With dryRun everything is
// worked out alike and nothing is written. A run that ends early has stored
// whole commits: the next one finds them unchanged and goes on.
func Enroll(ctx context.Context, st *store.Store, reg *xlsx.Register, today models.Day, dryRun bool, progress func(done, total int)) (xlsx.Results, Summary, error) {
	e := &enrolment{
		st: st, reg: reg, today: today, dry: dryRun, batch: st.NewBatch(store.BatchRegister), progress: progress,
		total:   len(reg.Cadres) + len(reg.Recipients) + len(reg.Pairings) + len(reg.Besides),
		results: xlsx.Results{Cadres: outcomes{}, Recipients: outcomes{}, Pairings: outcomes{}, Besides: map[xlsx.Place]xlsx.Result{}},
		besides: besides{map[string][]models.Contact{}, map[string][]models.RecipientState{}, map[string][]models.Delegation{}},
		cadres:  map[int]string{}, people: map[int]person{}, seen: map[string]int{},
		loads: map[string]int{}, paired: map[string][]models.Pairing{}, taken: map[taking]tie{},
	}
	err := e.prepare(ctx)
	if err == nil {
		err = inBatches(ctx, e, reg.Cadres, e.enrollCadres)
	}
	if err == nil {
		err = inBatches(ctx, e, reg.Recipients, e.enrollRecipients)
	}
	if err == nil {
		err = inBatches(ctx, e, reg.Pairings, e.enrollPairings)
	}
	if err == nil {
		err = inBatches(ctx, e, reg.Besides, e.enrollBesides)
	}
	if store.IsDuplicate(err) {
		err = ErrMeanwhile
	}
	sum := e.summary()
	if !dryRun {
		// What was stored is on record even where the run was broken off.
		noted := st.Note(context.WithoutCancel(ctx), "import", "batch:"+e.batch.ID, fmt.Sprintf("cadres %+v recipients %+v pairings %+v complete %t",
			sum.Cadres, sum.Recipients, sum.Pairings, err == nil))
		err = errors.Join(err, noted)
	}
	return e.results, sum, err
}

// enrolment is one run over a workbook, with what it has learnt so far.
type enrolment struct {
	st          *store.Store
	reg         *xlsx.Register
	today       models.Day
	dry         bool
	batch       store.Batch
	made        bool // the batch has made something
	progress    func(done, total int)
	done, total int

	results xlsx.Results
	places  *places
	known   neighbourhood
	numbers numbering

	cadres map[int]string              // row → id, of rows that are in
	people map[int]person              // likewise
	seen   map[string]int              // recipient → the row that is about them
	loads  map[string]int              // cadre → people paired with, this run included
	paired map[string][]models.Pairing // recipient → pairings made by this run
	taken  map[taking]tie              // which row of this run tells of it

	besides besides
}

// inBatches gives fn the rows of a sheet, a commit at a time. fn may run more
// than once for a commit, so what it learns is kept by the function it returns,
// after the commit.
func inBatches[T any](ctx context.Context, e *enrolment, rows []T, fn func(context.Context, *store.Store, []T) (keep func(), err error)) error {
	for part := range slices.Chunk(rows, commitRows) {
		var keep func()
		commit := func(tx *store.Store) (err error) {
			keep, err = fn(ctx, tx, part)
			return err
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
		keep()
		e.done += len(part)
		e.progress(e.done, e.total)
	}
	return nil
}

// write stores new and changed rows, unless this is a dry run, and notes the new
// ones in the batch.
func write[T any](ctx context.Context, e *enrolment, tx *store.Store, created, changed []T) error {
	if e.dry {
		return nil
	}
	if len(created) > 0 {
		if err := tx.Create(ctx, &created); err != nil {
			return err
		}
		e.made = true
		noun, ids := named(created)
		if err := tx.AddToBatch(ctx, e.batch, noun, ids); err != nil {
			return err
		}
	}
	if len(changed) > 0 {
		return tx.Save(ctx, &changed)
	}
	return nil
}

// byWorkbook is why somebody moved whom a workbook has elsewhere than before.
const byWorkbook = "导入改的"

// move keeps the steps of those whom the workbook has elsewhere than before, and
// how those were called whom it calls otherwise.
func (e *enrolment) move(ctx context.Context, tx *store.Store, moved []models.Movement, renamed []models.FormerName) error {
	if e.dry {
		return nil
	}
	for _, m := range moved {
		if err := tx.AddMovement(ctx, m); err != nil {
			return err
		}
	}
	return tx.KeepFormerNames(ctx, renamed)
}

// named gives the noun of rows of the register and what identifies each.
func named[T any](rows []T) (noun string, ids []string) {
	for i := range rows {
		id := ""
		switch r := any(&rows[i]).(type) {
		case *models.Region:
			noun, id = "region", r.Code
		case *models.Unit:
			noun, id = "unit", r.ID
		case *models.Cadre:
			noun, id = "cadre", r.ID
		case *models.Recipient:
			noun, id = "recipient", r.ID
		case *models.Contact:
			noun, id = "contact", r.ID
		case *models.Pairing:
			noun, id = "pairing", r.ID
		case *models.RecipientState:
			noun, id = "state", r.ID
		case *models.Delegation:
			noun, id = "delegation", r.ID
		default:
			panic(fmt.Sprintf("desk: %T is no noun of the register", rows))
		}
		ids = append(ids, id)
	}
	return noun, ids
}

// prepare reads what the register held before the run.
func (e *enrolment) prepare(ctx context.Context) (err error) {
	if e.places, err = readPlaces(ctx, e.st, e.reg); err != nil {
		return err
	}
	if e.known, err = readNeighbours(ctx, e.st, e.reg, e.places); err != nil {
		return err
	}
	e.numbers, err = readNumbers(ctx, e.st, e.today.Year())
	for i := range e.reg.Recipients {
		e.numbers.note(e.reg.Recipients[i].Number)
	}
	return err
}

// outcomes are the results of a sheet by row.
type outcomes map[int]xlsx.Result

func (o outcomes) fail(row int, reasons ...xlsx.Fault) {
	o[row] = xlsx.Result{Outcome: xlsx.OutcomeError, Reasons: reasons}
}

func (o outcomes) set(row int, outcome xlsx.Outcome, reasons ...xlsx.Fault) {
	o[row] = xlsx.Result{Outcome: outcome, Reasons: reasons}
}

// edit notes whether a row of the register was changed. An empty cell leaves
// what is there: a workbook without the column must not wipe it out.
type edit struct{ changed bool }

func (d *edit) secret(into *models.Secret, text string) {
	if text != "" && into.Reveal() != text {
		*into, d.changed = models.Conceal(text), true
	}
}

func put[T ~string](d *edit, into *T, value T) {
	if value != "" && *into != value {
		*into, d.changed = value, true
	}
}

// tooLong names a cell that the register has no room for.
func tooLong(cells ...cell) *xlsx.Fault {
	for _, c := range cells {
		if len([]rune(c.text)) > c.room {
			return &xlsx.Fault{Code: xlsx.CodeNotAllowed, Text: fmt.Sprintf("%s太长,最多 %d 个字,请写短些。", c.name, c.room)}
		}
	}
	return nil
}

type cell struct {
	name, text string
	room       int
}

// otherPerson tells that a name in the workbook and one in the register cannot
// be one person's; a slip of the pen keeps the surname or the sound.
func otherPerson(written, registered string) bool {
	return models.Surname(written) != models.Surname(registered) && !xlsx.Alike(written, registered)
}

func (e *enrolment) summary() Summary {
	s := Summary{NewUnits: []string{}, NewRegions: []string{}}
	if e.made {
		s.Batch = e.batch.ID
	}
	if e.places != nil {
		s.NewUnits, s.NewRegions = e.places.newUnits, e.places.newRegions
	}
	count := func(sheet string, into *Outcomes, results outcomes, faults map[int][]xlsx.Fault) {
		for _, row := range slices.Sorted(maps.Keys(results)) {
			r := results[row]
			switch r.Outcome {
			case xlsx.OutcomeNew:
				into.New++
			case xlsx.OutcomeUpdated:
				into.Updated++
			case xlsx.OutcomeSame:
				into.Same++
			default:
				into.Failed++
				var words []string
				for _, f := range slices.Concat(faults[row], r.Reasons) {
					words = append(words, f.String())
				}
				s.Failures = append(s.Failures, Failure{sheet, row, strings.Join(words, " ")})
			}
		}
	}
	faults := map[int][]xlsx.Fault{}
	for _, r := range e.reg.Cadres {
		faults[r.Row] = r.Faults
	}
	count("干部", &s.Cadres, e.results.Cadres, faults)
	clear(faults)
	for _, r := range e.reg.Recipients {
		faults[r.Row] = r.Faults
	}
	count("关爱对象", &s.Recipients, e.results.Recipients, faults)
	clear(faults)
	for _, r := range e.reg.Pairings {
		faults[r.Row] = r.Faults
	}
	count("结对关系", &s.Pairings, e.results.Pairings, faults)
	for _, r := range e.reg.Besides {
		if _, known := e.results.Besides[r.Place]; known {
			count(r.Sheet, &s.Besides, outcomes{r.Row: e.results.Besides[r.Place]}, map[int][]xlsx.Fault{r.Row: r.Faults})
		}
	}
	return s
}
