package store

import (
	"context"
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
	rows, err := s.q(ctx).Raw(`SELECT c.id, c.region, c.speciality, COALESCE(u.region, ''), COALESCE(u.name, '') FROM cadre c LEFT JOIN unit u ON u.id = c.unit_id
		WHERE c.left_at = 0 AND (`+where+`) ORDER BY c.id`, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []models.Helper
	for rows.Next() {
		var h models.Helper
		var speciality models.Speciality
		var place, unit string
		if err := rows.Scan(&h.ID, &h.Region, &speciality, &place, &unit); err != nil {
			return nil, err
		}
		if h.Craft = models.CraftOf(speciality, unit); strings.HasPrefix(place, h.Region) {
			h.Region = place // a county's cadre who works in a township
		}
		out = append(out, h)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	loads, houses := map[string]int{}, map[string][]string{}
	held, err := s.q(ctx).Table("pairing p").Select("p.cadre_id, r.household").Joins("JOIN recipient r ON r.id = p.recipient_id").
		Where("p.line = ? AND p.to_day = ''", models.LinePairing).Rows()
	if err != nil {
		return nil, err
	}
	defer held.Close()
	for held.Next() {
		var cadre, household string
		if err := held.Scan(&cadre, &household); err != nil {
			return nil, err
		}
		loads[cadre]++
		if household != "" {
			houses[cadre] = append(houses[cadre], household)
		}
	}
	if err := held.Err(); err != nil {
		return nil, err
	}
	for i, h := range out {
		out[i].Load, out[i].Households = loads[h.ID], houses[h.ID]
	}
	return out, nil
}
