package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"aixin/models/store"
)

// Why a batch cannot be taken back.
var (
	ErrNoBatch     = errors.New("没有这一批,请核对批号")
	ErrBatchOld    = errors.New("这一批超过 30 天了,不能整批撤回;请逐条更正")
	ErrBatchUndone = errors.New("这一批已经撤回过了")
)

// Undone is what came of taking a batch back, by noun.
type Undone struct {
	Kind  string
	Parts []UndonePart
}

// UndonePart counts the rows of a noun that were taken back and those kept.
type UndonePart struct {
	Noun        string
	Taken, Kept int
}

// Kept counts the rows that were in use and stayed.
func (u Undone) Kept() (n int) {
	for _, p := range u.Parts {
		n += p.Kept
	}
	return n
}

// Undo takes an import back, commitRows a commit. Past activities are withdrawn.
// Of the register goes what the batch made and nobody has used or changed since;
// what it updated stays as it is. What was kept can be tried again later.
func Undo(ctx context.Context, st *store.Store, id string, progress func(done, total int)) (Undone, error) {
	b, err := st.Batch(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return Undone{}, ErrNoBatch
	case err != nil:
		return Undone{}, err
	case b.CreatedAt < st.Now().Add(-store.BatchLife):
		return Undone{}, ErrBatchOld
	}
	u := Undone{Kind: b.Kind}
	steps, total, err := undoSteps(ctx, st, b)
	if err != nil {
		return u, err
	}
	if total == 0 && b.UndoneAt != 0 {
		return u, ErrBatchUndone
	}
	done := 0
	for _, s := range steps {
		part := UndonePart{Noun: s.noun}
		for ids := range slices.Chunk(s.ids, commitRows) {
			kept := 0
			err := st.InTx(ctx, func(tx *store.Store) (err error) {
				if s.noun == "record" {
					kept, err = tx.TakeBackRecords(ctx, id, ids)
				} else {
					kept, err = tx.TakeBack(ctx, id, s.noun, ids)
				}
				return err
			})
			if err != nil {
				return u.with(part), err
			}
			part.Taken, part.Kept, done = part.Taken+len(ids)-kept, part.Kept+kept, done+len(ids)
			progress(done, total)
		}
		u = u.with(part)
	}
	return u, st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.EndBatch(ctx, id); err != nil {
			return err
		}
		return tx.Note(ctx, "import.undo", "batch:"+id, fmt.Sprintf("%+v", u.Parts))
	})
}

// with adds a part to those of its noun.
func (u Undone) with(p UndonePart) Undone {
	for i := range u.Parts {
		if u.Parts[i].Noun == p.Noun {
			u.Parts[i].Taken += p.Taken
			u.Parts[i].Kept += p.Kept
			return u
		}
	}
	u.Parts = append(u.Parts, p)
	return u
}

// undoStep is rows of one noun, none of which names another of them.
type undoStep struct {
	noun string
	ids  []string
}

func undoSteps(ctx context.Context, st *store.Store, b store.Batch) (steps []undoStep, total int, err error) {
	nouns := store.Nouns
	if b.Kind == store.BatchActivities {
		nouns = []string{"record"}
	}
	for _, noun := range nouns {
		ids, err := st.BatchRows(ctx, b.ID, noun)
		if err != nil {
			return nil, 0, err
		}
		total += len(ids)
		if noun != "region" {
			steps = append(steps, undoStep{noun, ids})
			continue
		}
		// Villages before their townships: a code is as long as its level is deep.
		for _, length := range []int{12, 9, 6} {
			steps = append(steps, undoStep{noun, slices.DeleteFunc(slices.Clone(ids), func(code string) bool { return len(code) != length })})
		}
	}
	return steps, total, nil
}
