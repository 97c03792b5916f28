package store

import (
	"context"
	"iter"

	"aixin/models"
)

// LedgerAsOf goes through the pairings as they were known at a moment: what was
// entered later is left out, an end that became known later is not there yet, and
// people and units have their names of then. Asked again for the same moment it gives the same, whatever came since.
func (s *Store) LedgerAsOf(ctx context.Context, at models.Instant) iter.Seq2[LedgerLine, error] {
	return func(yield func(LedgerLine, error) bool) {
		known, err := s.knownAt(ctx, at)
		if err != nil {
			yield(LedgerLine{}, err)
			return
		}
		gone, err := s.pastLedger(ctx, at)
		if err != nil {
			yield(LedgerLine{}, err)
			return
		}
		after := ""
		for {
			var rows []models.Pairing
			err := s.pairings(s.q(ctx)).Where("created_at <= ? AND id > ?", at, after).Order("id").Limit(500).Find(&rows).Error
			if err != nil {
				yield(LedgerLine{}, err)
				return
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].ID
			for i := range rows {
				if p := &rows[i]; p.EndedAt > at {
					p.ToDay, p.Reason, p.EndedAt, p.EndedBy = "", "", 0, ""
				}
			}
			lines, err := s.fillLedger(ctx, rows)
			if err != nil {
				yield(LedgerLine{}, err)
				return
			}
			for _, l := range lines {
				for len(gone) > 0 && gone[0].ID < l.ID {
					if !yield(known.ledger(gone[0]), nil) {
						return
					}
					gone = gone[1:]
				}
				if !yield(known.ledger(l), nil) {
					return
				}
			}
		}
		for _, l := range gone {
			if !yield(known.ledger(l), nil) {
				return
			}
		}
	}
}

// postsAsOf names the unit, at a moment, of each cadre who went to another since.
func (s *Store) postsAsOf(ctx context.Context, at models.Instant) (map[string]string, error) {
	var rows []models.Movement
	err := s.q(ctx).Where("noun = ? AND recorded_at > ? AND from_unit <> '' AND to_unit <> from_unit", models.NounCadre, at).
		Order("recorded_at DESC, id DESC").Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	units, err := s.unitNames(ctx)
	out := map[string]string{}
	for _, m := range rows {
		out[m.SubjectID] = units[m.FromUnit] // the earliest of them stays
	}
	return out, err
}
