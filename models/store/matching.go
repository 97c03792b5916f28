package store

import (
	"context"
	"database/sql"
	"strings"

	"aixin/models"
)

// Helpers lists the cadres who may be proposed for people of some counties: those
// who work there, and the city's own.
func (s *Store) Helpers(ctx context.Context, counties []string) ([]models.Helper, error) {
	where, args := "c.region = ?", []any{models.CityCode}
	for _, county := range counties {
		where, args = where+" OR c.region LIKE ?", append(args, digits(county)+"%")
	}
	var out []models.Helper
	err := s.each(ctx, `SELECT c.id, c.region, c.speciality, COALESCE(u.region, ''), COALESCE(u.name, '') FROM cadre c LEFT JOIN unit u ON u.id = c.unit_id
		WHERE c.left_at = 0 AND (`+where+`) ORDER BY c.id`, args, func(rows *sql.Rows) error {
		var h models.Helper
		var speciality models.Speciality
		var place, unit string
		if err := rows.Scan(&h.ID, &h.Region, &speciality, &place, &unit); err != nil {
			return err
		}
		if h.Craft = models.CraftOf(speciality, unit); strings.HasPrefix(place, h.Region) {
			h.Region = place // a county's cadre who works in a township
		}
		out = append(out, h)
		return nil
	})
	if err != nil {
		return nil, err
	}
	loads, houses := map[string]int{}, map[string][]string{}
	err = s.each(ctx, "SELECT cadre_id FROM pairing WHERE line = ? AND to_day = ''", []any{models.LinePairing}, func(rows *sql.Rows) error {
		var cadre string
		err := rows.Scan(&cadre)
		loads[cadre]++
		return err
	})
	if err != nil {
		return nil, err
	}
	err = s.each(ctx, "SELECT p.cadre_id, r.household FROM recipient r JOIN pairing p ON p.recipient_id = r.id WHERE r.household <> '' AND p.line = ? AND p.to_day = ''", []any{models.LinePairing}, func(rows *sql.Rows) error {
		var cadre, household string
		err := rows.Scan(&cadre, &household)
		houses[cadre] = append(houses[cadre], household)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, h := range out {
		out[i].Load, out[i].Households = loads[h.ID], houses[h.ID]
	}
	return out, nil
}
