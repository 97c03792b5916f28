package handlers

import (
	"context"
	"errors"
	"slices"

	"aixin/models"
	"aixin/models/store"
)

// onDuty is a bound account that answers for a need or a danger.
type onDuty struct{ account, openid string }

// nextStep finds the first step from the given one on that has somebody who was
// not told at an earlier one; past the last step there is nobody.
func nextStep(ctx context.Context, st *store.Store, steps []models.Step, from int) (step int, people []onDuty, err error) {
	told := map[string]bool{}
	for i, s := range steps {
		all, err := atStep(ctx, st, s)
		if err != nil {
			return 0, nil, err
		}
		var fresh []onDuty
		for _, p := range all {
			if !told[p.openid] {
				told[p.openid] = true
				fresh = append(fresh, p)
			}
		}
		if i >= from && len(fresh) > 0 {
			return i, fresh, nil
		}
	}
	return max(len(steps), from), nil, nil
}

// onSteps lists the bound people of all these steps, each once.
func onSteps(ctx context.Context, st *store.Store, steps []models.Step) (people []onDuty, err error) {
	for _, s := range steps {
		all, err := atStep(ctx, st, s)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if !slices.ContainsFunc(people, func(o onDuty) bool { return o.openid == p.openid }) {
				people = append(people, p)
			}
		}
	}
	return people, nil
}

// atStep lists the bound people of the first place of a step that has any.
func atStep(ctx context.Context, st *store.Store, s models.Step) (people []onDuty, err error) {
	for _, place := range s.Places {
		accounts, err := st.AccountsFor(ctx, s.Roles, []string{place})
		if err != nil {
			return nil, err
		}
		accounts = slices.DeleteFunc(accounts, func(a models.Account) bool { return !s.Has(a) })
		if accounts, err = onRoster(ctx, st, s, place, accounts); err != nil {
			return nil, err
		}
		if people, err = boundOf(ctx, st, accounts); err != nil || len(people) > 0 {
			return people, err
		}
	}
	return nil, nil
}

// boundOf keeps the accounts that have a phone here.
func boundOf(ctx context.Context, st *store.Store, accounts []models.Account) (people []onDuty, err error) {
	for _, a := range accounts {
		b, err := st.BindingOf(ctx, models.RoleAdmin, a.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		people = append(people, onDuty{a.ID, b.OpenID.Reveal()})
	}
	return people, nil
}
