package store

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"aixin/models"
)

// ErrTooMuch is returned where more of a donation would be allotted than is left.
var ErrTooMuch = errors.New("store: more than is left of the donation")

// AddDonation enters a donation under the next number.
func (s *Store) AddDonation(ctx context.Context, d *models.Donation) error {
	d.ID, d.CreatedAt, d.Actor = s.NewID(), s.Now(), s.actor.String()
	return s.numbered(ctx, func() *gorm.DB { return s.q(ctx).Model(&models.Donation{}) }, func(number int) error {
		d.Number = number
		return s.savepoint(ctx, func(tx *gorm.DB) error { return tx.Create(d).Error })
	})
}

// DonationLine is a donation with what became of it.
type DonationLine struct {
	models.Donation
	Used, Handed models.Fen
}

// Left is what is not allotted yet.
func (d DonationLine) Left() models.Fen { return d.AmountFen - d.Used }

// Donations lists what was given to the actor's places, the newest first.
func (s *Store) Donations(ctx context.Context, skip, limit int) (lines []DonationLine, err error) {
	var rows []models.Donation
	if err := s.places(s.q(ctx), "region").Where("voided_at = 0").Order("number DESC").Offset(skip).Limit(limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	for _, d := range rows {
		lines = append(lines, DonationLine{Donation: d})
	}
	return lines, s.fillUses(ctx, lines)
}

// Donation finds one with what became of it.
func (s *Store) Donation(ctx context.Context, id string) (DonationLine, []models.DonationUse, error) {
	lines := make([]DonationLine, 1)
	if err := s.places(s.q(ctx), "region").First(&lines[0].Donation, "id = ? AND voided_at = 0", id).Error; err != nil {
		return DonationLine{}, nil, notFound(err)
	}
	if err := s.fillUses(ctx, lines); err != nil {
		return DonationLine{}, nil, err
	}
	var uses []models.DonationUse
	err := s.q(ctx).Where("donation_id = ? AND voided_at = 0", id).Order("day, id").Find(&uses).Error
	return lines[0], uses, err
}

func (s *Store) fillUses(ctx context.Context, lines []DonationLine) error {
	ids := make([]string, len(lines))
	at := map[string]*DonationLine{}
	for i := range lines {
		ids[i], at[lines[i].ID] = lines[i].ID, &lines[i]
	}
	return inChunks(ids, func(part []string) error {
		var sums []struct {
			DonationID   string
			Used, Handed models.Fen
		}
		err := s.q(ctx).Model(&models.DonationUse{}).
			Select("donation_id, SUM(amount_fen) AS used, SUM(CASE WHEN handed_on <> '' THEN amount_fen ELSE 0 END) AS handed").
			Where("donation_id IN ? AND voided_at = 0", part).Group("donation_id").Scan(&sums).Error
		for _, u := range sums {
			at[u.DonationID].Used, at[u.DonationID].Handed = u.Used, u.Handed
		}
		return err
	})
}

// UseDonation allots a part of a donation; what is left is counted under a lock,
// so that two offices cannot give the same twice.
func (s *Store) UseDonation(ctx context.Context, u *models.DonationUse) error {
	return s.InTx(ctx, func(tx *Store) error {
		// Writing its row locks the donation on both databases.
		if err := tx.q(ctx).Model(&models.Donation{}).Where("id = ?", u.DonationID).Update("number", gorm.Expr("number")).Error; err != nil {
			return err
		}
		d, _, err := tx.Donation(ctx, u.DonationID)
		if err != nil {
			return err
		}
		if u.AmountFen > d.Left() {
			return ErrTooMuch
		}
		u.ID, u.CreatedAt, u.Actor = tx.NewID(), tx.Now(), tx.actor.String()
		return tx.q(ctx).Create(u).Error
	})
}

// HandOver notes the day on which a part was handed over.
func (s *Store) HandOver(ctx context.Context, donation, use string, day models.Day) error {
	if _, _, err := s.Donation(ctx, donation); err != nil {
		return err
	}
	res := s.q(ctx).Model(&models.DonationUse{}).Where("id = ? AND donation_id = ? AND handed_on = '' AND voided_at = 0", use, donation).Update("handed_on", day)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}
