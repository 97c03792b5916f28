package store

import (
	"context"
	"encoding/json"

	"aixin/models"
)

// KeepFormerNames keeps how people of the register were called until now.
func (s *Store) KeepFormerNames(ctx context.Context, rows []models.FormerName) error {
	if len(rows) == 0 {
		return nil
	}
	for i := range rows {
		rows[i].ID, rows[i].ChangedAt = s.NewID(), s.Now()
	}
	return s.Create(ctx, &rows)
}

// namesAsOf gives how people were called at a moment, of those who are called
// otherwise since.
func (s *Store) namesAsOf(ctx context.Context, noun string, at models.Instant) (map[string]models.FormerName, error) {
	var rows []models.FormerName
	err := s.q(ctx).Where("noun = ? AND changed_at > ?", noun, at).Order("changed_at DESC, id DESC").Find(&rows).Error
	out := map[string]models.FormerName{}
	for _, r := range rows {
		out[r.SubjectID] = r // the earliest of them stays
	}
	return out, err
}

// knownAt is what an export as of a moment says otherwise than the rows do now.
type knownAt struct {
	units          map[string]string // of cadres who went elsewhere since
	cadres, people map[string]models.FormerName
}

func (s *Store) knownAt(ctx context.Context, at models.Instant) (k knownAt, err error) {
	if k.units, err = s.postsAsOf(ctx, at); err != nil {
		return k, err
	}
	if k.cadres, err = s.namesAsOf(ctx, models.NounCadre, at); err != nil {
		return k, err
	}
	k.people, err = s.namesAsOf(ctx, models.NounRecipient, at)
	return k, err
}

// ledger puts a line of the ledger back to what was known.
func (k knownAt) ledger(l LedgerLine) LedgerLine {
	if unit, ok := k.units[l.CadreID]; ok {
		l.Unit = unit
	}
	if was, ok := k.cadres[l.CadreID]; ok {
		l.Cadre.Name = was.Name
	}
	if was, ok := k.people[l.RecipientID]; ok {
		l.Recipient.Name, l.Recipient.Number = was.Name, was.Number
	}
	return l
}

// export likewise.
func (k knownAt) export(r ExportRow) ExportRow {
	if unit, ok := k.units[r.CadreID]; ok {
		r.Unit = unit
	}
	if was, ok := k.cadres[r.CadreID]; ok {
		r.Cadre = was.Name.Reveal()
	}
	if was, ok := k.people[r.RecipientID]; ok {
		r.Person = was.Name.Reveal()
	}
	return r
}

// disputedAt tells which activities were disputed at a moment.
func (s *Store) disputedAt(ctx context.Context, ids []string, at models.Instant) (map[string]bool, error) {
	out := map[string]bool{}
	err := inChunks(ids, func(part []string) error {
		var some []string
		err := s.q(ctx).Model(&models.Dispute{}).Where("activity_id IN ? AND opened_at <= ? AND (closed_at = 0 OR closed_at > ?)", part, at, at).
			Pluck("activity_id", &some).Error
		for _, id := range some {
			out[id] = true
		}
		return err
	})
	return out, err
}

// pastPairing is a line of the ledger whose import was taken back.
type pastPairing struct {
	ID        string `gorm:"primaryKey"`
	Line      models.Secret
	CreatedAt models.Instant `gorm:"autoCreateTime:false"`
	TakenAt   models.Instant
}

// pastLine is what is kept of it.
type pastLine struct {
	Recipient, Number, Person string
	Cadre, CadreName, Unit    string
	Line                      models.Line
	From                      models.Day
	Place                     string
}

// keepPast keeps the lines of pairings that are about to be deleted.
func (s *Store) keepPast(ctx context.Context, ids []string) error {
	var rows []models.Pairing
	if err := s.q(ctx).Where("id IN ?", ids).Find(&rows).Error; err != nil {
		return err
	}
	lines, err := s.fillLedger(ctx, rows)
	if err != nil {
		return err
	}
	past := make([]pastPairing, len(lines))
	for i, l := range lines {
		raw, err := json.Marshal(pastLine{
			Recipient: l.RecipientID, Number: l.Recipient.Number, Person: l.Recipient.Name.Reveal(),
			Cadre: l.CadreID, CadreName: l.Cadre.Name.Reveal(), Unit: l.Unit, Line: l.Line, From: l.FromDay, Place: l.Place,
		})
		if err != nil {
			return err
		}
		past[i] = pastPairing{l.ID, models.Conceal(string(raw)), l.CreatedAt, s.Now()}
	}
	return s.Create(ctx, &past)
}

// pastLedger are the lines, in the order of ids, that were known at a moment and
// were taken back with their import since. Nobody's scope holds for people who
// are gone: only the service itself reads them.
func (s *Store) pastLedger(ctx context.Context, at models.Instant) ([]LedgerLine, error) {
	if s.actor.System == "" {
		return nil, nil
	}
	var rows []pastPairing
	if err := s.q(ctx).Where("taken_at > ? AND created_at <= ?", at, at).Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	lines := make([]LedgerLine, len(rows))
	for i, r := range rows {
		var p pastLine
		if err := json.Unmarshal([]byte(r.Line.Reveal()), &p); err != nil {
			return nil, err
		}
		lines[i] = LedgerLine{
			Pairing:   models.Pairing{ID: r.ID, RecipientID: p.Recipient, CadreID: p.Cadre, Line: p.Line, FromDay: p.From, CreatedAt: r.CreatedAt},
			Recipient: models.Recipient{ID: p.Recipient, Number: p.Number, Name: models.Conceal(p.Person)},
			Cadre:     models.Cadre{ID: p.Cadre, Name: models.Conceal(p.CadreName)},
			Unit:      p.Unit, Place: p.Place,
		}
	}
	return lines, nil
}
