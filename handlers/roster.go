package handlers

import (
	"context"

	"aixin/models"
	"aixin/models/store"
)

// onRoster narrows the accounts of a step to those whom the duty roster has now,
// where enough of them have a phone here; with fewer, all are called.
func onRoster(ctx context.Context, st *store.Store, s models.Step, place string, accounts []models.Account) ([]models.Account, error) {
	if s.Roster == 0 {
		return accounts, nil
	}
	on, err := st.OnDuty(ctx, place)
	if err != nil || len(on) == 0 {
		return accounts, err
	}
	bound, err := boundOf(ctx, st, on)
	if err != nil {
		return nil, err
	}
	reached := map[string]bool{}
	for _, p := range bound {
		reached[p.account] = true
	}
	var roster []models.Account
	for _, a := range on {
		if reached[a.ID] && a.TakesDanger(place) {
			roster = append(roster, a)
		}
	}
	return models.Called(roster, accounts, s.Roster), nil
}
