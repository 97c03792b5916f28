package desk

import (
	"context"
	"slices"

	"aixin/models"
	"aixin/models/store"
)

// Named is a proposal with who it is.
type Named struct {
	models.Proposal
	Cadre models.Cadre
	Unit  string
}

// Propositions finds up to three cadres for each person who waits, with the
// reasons; a person of the office accepts one by Pair.
func Propositions(ctx context.Context, st *store.Store, waiting []store.Waiting) (map[string][]Named, error) {
	var ids, counties []string
	for _, w := range waiting {
		ids = append(ids, w.ID)
		if county := w.Region[:min(6, len(w.Region))]; !slices.Contains(counties, county) {
			counties = append(counties, county)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	helpers, err := st.Helpers(ctx, counties)
	if err != nil {
		return nil, err
	}
	past, err := st.PairingsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	before, last := map[string][]string{}, map[string]string{}
	for _, p := range past { // in the order of their days
		if p.Line == models.LinePairing {
			before[p.RecipientID], last[p.RecipientID] = append(before[p.RecipientID], p.CadreID), p.CadreID
		}
	}
	seekers := make([]models.Seeker, len(waiting))
	for i, w := range waiting {
		seekers[i] = models.NewSeeker(w.Recipient)
		seekers[i].Before, seekers[i].Not = before[w.ID], last[w.ID]
	}
	found := models.Match(seekers, helpers)
	var cadres []string
	for _, list := range found {
		for _, p := range list {
			cadres = append(cadres, p.CadreID)
		}
	}
	_, staff, err := st.Parties(ctx, nil, cadres)
	if err != nil {
		return nil, err
	}
	var units []string
	for _, c := range staff {
		units = append(units, c.UnitID)
	}
	names, err := st.UnitNames(ctx, units)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]Named, len(found))
	for id, list := range found {
		for _, p := range list {
			c := staff[p.CadreID]
			out[id] = append(out[id], Named{p, c, names[c.UnitID]})
		}
	}
	return out, nil
}
