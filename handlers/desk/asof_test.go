package desk_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// pastPlay plays a register and its records through random hours and keeps what the
// exports said at each.
type pastPlay struct {
	t       *testing.T
	ctx     context.Context
	st      *store.Store
	clock   *storetest.Clock
	rnd     *rand.Rand
	batches []string
	n       int
}

// TestExportsOfThePast does everything that may change what is known, in a random
// order, and then asks again for every hour: names put right, pairings ended,
// cadres moved, records corrected, withdrawn, disputed and looked into, findings
// said otherwise, imports brought and taken back. Not a byte may differ.
func TestExportsOfThePast(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
				p := &pastPlay{t: t, ctx: context.Background(), st: db.System("test"), clock: clock, rnd: rand.New(rand.NewPCG(seed, 9))}
				for i, name := range []string{"吃穿", "用药"} {
					p.must(p.st.AddChoice(p.ctx, &models.Choice{List: models.ListChecklist, Code: fmt.Sprint("own", i+1), Name: name, FromDay: "2026-01-01"}))
				}
				pairedTown(t, p.st)
				var moments []models.Instant
				var said []string
				for range 70 {
					clock.Add(time.Hour)
					p.step()
					clock.Add(time.Minute)
					moments, said = append(moments, p.st.Now()), append(said, p.exports(p.st.Now()))
				}
				if p.n < 40 {
					t.Fatalf("only %d things happened", p.n)
				}
				for i, at := range moments {
					if got := p.exports(at); got != said[i] {
						t.Fatalf("as of hour %d the exports said\n%s\nand say\n%s", i, said[i], got)
					}
				}
			})
		})
	}
}

func (p *pastPlay) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// exports are the records, with and without what was taken back, and the ledger.
func (p *pastPlay) exports(at models.Instant) string {
	var b strings.Builder
	for _, all := range []bool{false, true} {
		for r, err := range p.st.ExportAsOf(p.ctx, store.ExportQuery{From: "2026-01-01", To: "2026-12-31", All: all}, at) {
			p.must(err)
			fmt.Fprintln(&b, r.ID, r.Person, r.Cadre, r.Unit, r.Kind, string(r.Day), r.AmountFen != nil, r.Note.Reveal(), r.Photos, r.Status, r.Found)
		}
	}
	for l, err := range p.st.LedgerAsOf(p.ctx, at) {
		p.must(err)
		fmt.Fprintln(&b, l.ID, l.Recipient.Number, l.Recipient.Name.Reveal(), l.Cadre.Name.Reveal(), l.Unit, l.Line, string(l.FromDay), string(l.ToDay), l.Reason)
	}
	return b.String()
}

// standing are the rows that count now.
func (p *pastPlay) standing() (rows []models.Activity) {
	for r, err := range p.st.Export(p.ctx, store.ExportQuery{From: "2026-01-01", To: "2026-12-31"}) {
		p.must(err)
		rows = append(rows, r.Activity)
	}
	return rows
}

// step does one thing of a dozen; what is not possible now is left out.
func (p *pastPlay) step() {
	pairings, err := p.st.LastingPairings(p.ctx, "", "")
	p.must(err)
	rows, day := p.standing(), models.NewDay(2026, 11, 1+p.rnd.IntN(20))
	kind := p.rnd.IntN(12)
	if len(rows) == 0 && kind >= 3 && kind <= 7 {
		kind = 0
	}
	p.n++
	switch kind {
	case 0, 1, 2:
		if len(pairings) == 0 {
			p.n--
			return
		}
		q := pairings[p.rnd.IntN(len(pairings))]
		rec := models.Record{CadreID: q.CadreID}
		p.must(p.st.AddRecord(p.ctx, &rec, []models.Activity{{RecipientID: q.RecipientID, PairingID: q.ID, Kind: models.KindVisit, Day: day, Note: models.Conceal("去了")}}))
	case 3:
		_, err := p.st.KeepFindings(p.ctx, rows[p.rnd.IntN(len(rows))].RecordID, map[string]bool{"own1": p.rnd.IntN(2) == 0, "own2": true})
		p.must(err)
	case 4:
		a := rows[p.rnd.IntN(len(rows))]
		now := a
		now.Day, now.Note = day, models.Conceal("改过")
		p.must(p.st.Correct(p.ctx, a.RecordID, a.CadreID, []string{a.ID}, []models.Activity{now}))
	case 5:
		p.must(p.st.WithdrawRecord(p.ctx, rows[p.rnd.IntN(len(rows))].RecordID))
	case 6:
		a := rows[p.rnd.IntN(len(rows))]
		err := p.st.InTx(p.ctx, func(tx *store.Store) error {
			return tx.OpenDispute(p.ctx, &models.Dispute{ActivityID: a.ID, RecipientID: a.RecipientID, CadreID: a.CadreID, Day: a.Day})
		})
		if !errors.Is(err, store.ErrLost) {
			p.must(err)
		}
	case 7:
		p.settle()
	case 8:
		names := []string{"谷军", "谷君", "谷俊"}
		enroll(p.t, p.st, workbook{
			cadres:     [][]any{{[]string{"王敏", "王旻", "王民"}[p.rnd.IntN(3)], "19900000001", []string{"峡门乡人民政府", "城关小学"}[p.rnd.IntN(2)], "", "崆峒区/峡门乡", ""}},
			recipients: [][]any{{names[p.rnd.IntN(3)], gu, "", "", "特困人员", "分散", wupo, "", "老谷", "", "", ""}},
		})
	case 9:
		_, sum := enroll(p.t, p.st, workbook{
			cadres:     [][]any{{"李新", fmt.Sprintf("199000%05d", 100+p.n), "城关小学", "", "平凉市", ""}},
			recipients: [][]any{{"秦兰", "", fmt.Sprint("N-", p.n), "1980-08-09", "特困人员", "分散", wupo, "", "", "", "", ""}},
			pairings:   [][]any{{fmt.Sprintf("199000%05d", 100+p.n), "", fmt.Sprint("N-", p.n), "结对", "2026-04-01"}},
		})
		p.batches = append(p.batches, sum.Batch)
	case 10:
		_, sum := chronicle(p.t, p.st, []any{"", "19900000001、19900000002", "", "", gu, "", "走访", "", string(day), "300", "单位慰问"})
		if sum.Batch != "" {
			p.batches = append(p.batches, sum.Batch)
		}
	case 11:
		p.back(pairings)
	}
}

// settle closes a dispute one way or the other.
func (p *pastPlay) settle() {
	open, err := p.st.OpenDisputes(p.ctx)
	p.must(err)
	if len(open) == 0 {
		p.n--
		return
	}
	outcome := []string{models.DisputeUpheld, models.DisputeRejected}[p.rnd.IntN(2)]
	p.must(p.st.CloseDispute(p.ctx, open[0], outcome, "问过了"))
}

// back takes an import back, or ends a pairing.
func (p *pastPlay) back(pairings []models.Pairing) {
	switch {
	case len(p.batches) > 0:
		_, err := desk.Undo(p.ctx, p.st, p.batches[0], func(int, int) {})
		p.must(err)
		p.batches = p.batches[1:]
	case len(pairings) > 1:
		p.must(p.st.EndPairing(p.ctx, pairings[0], "2026-11-20", "换岗", ""))
	}
}
