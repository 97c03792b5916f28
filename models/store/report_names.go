package store

import (
	"context"
	"strings"

	"aixin/models"
)

// FindRegion finds a place by its code or by its path: 620802, 崆峒区/峡门乡.
func (s *Store) FindRegion(ctx context.Context, codeOrPath string) (r models.Region, err error) {
	codeOrPath = strings.Trim(strings.TrimSpace(codeOrPath), "/")
	err = s.q(ctx).First(&r, "code = ? OR path = ?", codeOrPath, codeOrPath).Error
	return r, notFound(err)
}

// ReportNames looks up who stands on a report's list: surnames only if masked.
// Who may see full names is decided before, and noted by the caller.
func (s *Store) ReportNames(ctx context.Context, r *models.Report, masked bool) (func(models.Short) (person, number, cadre, unit, place string), error) {
	mask := func(n string) string { return n }
	if masked {
		mask = models.MaskName
	}
	type who struct{ name, number string }
	people, cadres := newIDs[who]{known: map[string]who{}}, newIDs[string]{known: map[string]string{}}
	places := newIDs[string]{known: map[string]string{}}
	for _, p := range r.Shorts {
		people.add(p.RecipientID)
		cadres.add(p.CadreID)
		places.add(township(p.Region))
	}
	err := inChunks(people.list, func(part []string) error {
		var rows []models.Recipient
		err := s.q(ctx).Select("id", "name", "number").Where("id IN ?", part).Find(&rows).Error
		for _, p := range rows {
			people.known[p.ID] = who{mask(p.Name.Reveal()), p.Number}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	err = inChunks(cadres.list, func(part []string) error {
		var rows []models.Cadre
		err := s.q(ctx).Select("id", "name").Where("id IN ?", part).Find(&rows).Error
		for _, c := range rows {
			cadres.known[c.ID] = mask(c.Name.Reveal())
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	known := newSeen()
	known.places = places.known
	if err := s.fillPlaces(ctx, nil, places.list, known); err != nil {
		return nil, err
	}
	units, err := s.unitNames(ctx)
	return func(p models.Short) (string, string, string, string, string) {
		w := people.known[p.RecipientID]
		return w.name, w.number, cadres.known[p.CadreID], units[p.UnitID], places.known[township(p.Region)]
	}, err
}
