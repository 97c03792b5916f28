package store

import (
	"context"
	"strings"

	"aixin/models"
)

// Helpers lists the cadres who may be proposed for people of some counties: those
// who work there, and the city's own.
func (s *Store) Helpers(ctx context.Context, counties []string) ([]models.Helper, error) {
	units, err := s.Units(ctx)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]models.Unit, len(units))
	for _, u := range units {
		byID[u.ID] = u
	}
	q := s.q(ctx).Select("id", "unit_id", "region", "speciality").Where("left_at = 0")
	here := s.q(ctx).Where("region = ?", models.CityCode)
	for _, c := range counties {
		here = here.Or("region LIKE ?", digits(c)+"%")
	}
	var rows []models.Cadre
	if err := q.Where(here).Order("id").Find(&rows).Error; err != nil {
		return nil, err
	}
	var held []struct{ CadreID, Household string }
	err = s.q(ctx).Table("pairing p").Select("p.cadre_id, r.household").Joins("JOIN recipient r ON r.id = p.recipient_id").
		Where("p.line = ? AND p.to_day = ''", models.LinePairing).Scan(&held).Error
	if err != nil {
		return nil, err
	}
	loads, houses := map[string]int{}, map[string][]string{}
	for _, h := range held {
		loads[h.CadreID]++
		if h.Household != "" {
			houses[h.CadreID] = append(houses[h.CadreID], h.Household)
		}
	}
	out := make([]models.Helper, len(rows))
	for i, c := range rows {
		u := byID[c.UnitID]
		where := c.Region
		if strings.HasPrefix(u.Region, where) {
			where = u.Region // a county's cadre who works in a township
		}
		out[i] = models.Helper{ID: c.ID, Region: where, Craft: models.CraftOf(c.Speciality, u.Name), Load: loads[c.ID], Households: houses[c.ID]}
	}
	return out, nil
}
