package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"aixin/models"
)

// ErrOpen is returned where a report is to be signed whose month is not closed.
var ErrOpen = errors.New("store: the period is not closed yet")

// SignedReport is a report as it was signed, with the notes that correct it.
type SignedReport struct {
	*models.Report
	ID, Hash, SignedBy string
	SignedAt           models.Instant
	Notes              []ReportNote
}

// ReportNote is a dated correction of a signed report; the numbers stay.
type ReportNote struct {
	ID       string `gorm:"primaryKey"`
	ReportID string
	Words    string
	Actor    string
	At       models.Instant
}

// Report gives the report that was asked for: as signed, if it was, else drawn
// up from the rows.
func (s *Store) Report(ctx context.Context, ask models.ReportAsk) (SignedReport, error) {
	signed, err := s.SignedReport(ctx, ask.Period, ask.Region.Code, ask.Unit.ID)
	if !errors.Is(err, ErrNotFound) {
		return signed, err
	}
	r, err := s.BuildReport(ctx, ask)
	return SignedReport{Report: r}, err
}

// SignedReport finds a signed report.
func (s *Store) SignedReport(ctx context.Context, p models.Period, region, unit string) (SignedReport, error) {
	var row reportRow
	err := s.q(ctx).First(&row, "kind = ? AND period = ? AND region = ? AND unit_id = ?", p.Kind, p.Key(), region, unit).Error
	if err != nil {
		return SignedReport{}, notFound(err)
	}
	out := SignedReport{Report: &models.Report{}, ID: row.ID, Hash: row.Hash, SignedBy: row.SignedBy, SignedAt: row.SignedAt}
	if err := json.Unmarshal([]byte(row.Numbers), out.Report); err != nil {
		return out, fmt.Errorf("store: report %s: %w", row.ID, err)
	}
	if _, hash, err := out.Canonical(); err != nil || hash != row.Hash {
		return out, fmt.Errorf("store: the signed report %s %s does not agree with its hash", row.Kind, row.Period)
	}
	return out, s.q(ctx).Where("report_id = ?", row.ID).Order("at, id").Find(&out.Notes).Error
}

// SignReport freezes a closed report under the actor's name. A second signature
// changes nothing.
func (s *Store) SignReport(ctx context.Context, ask models.ReportAsk) (SignedReport, error) {
	signed, err := s.Report(ctx, ask)
	if err != nil || signed.SignedAt != 0 {
		return signed, err
	}
	if !signed.Closed {
		return signed, ErrOpen
	}
	numbers, hash, err := signed.Canonical()
	if err != nil {
		return signed, err
	}
	err = s.InTx(ctx, func(tx *Store) error {
		row := reportRow{
			ID: tx.NewID(), Kind: signed.Kind, Period: signed.Period.Key(), Region: signed.Region, UnitID: signed.UnitID,
			Numbers: string(numbers), Hash: hash, SignedBy: tx.actor.String(), SignedAt: tx.Now(),
		}
		if err := tx.q(ctx).Create(&row).Error; err != nil {
			return err
		}
		return tx.Note(ctx, "report.sign", "report:"+row.ID, row.Period+" "+row.Region+" "+hash)
	})
	if err != nil && !IsDuplicate(err) {
		return signed, err
	}
	return s.SignedReport(ctx, ask.Period, ask.Region.Code, ask.Unit.ID)
}

// NoteReport adds a dated correction to a signed report.
func (s *Store) NoteReport(ctx context.Context, id, words string) error {
	return s.q(ctx).Create(&ReportNote{ID: s.NewID(), ReportID: id, Words: cut(words, 400), Actor: s.actor.String(), At: s.Now()}).Error
}

// SignedPeriods tells when the reports of a kind and place were signed, by period.
func (s *Store) SignedPeriods(ctx context.Context, kind models.ReportKind, region, unit string) (map[string]models.Instant, error) {
	var rows []reportRow
	err := s.q(ctx).Select("id", "period", "signed_at").Where("kind = ? AND region = ? AND unit_id = ?", kind, region, unit).Find(&rows).Error
	out := make(map[string]models.Instant, len(rows))
	for _, r := range rows {
		out[r.Period] = r.SignedAt
	}
	return out, err
}
