package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// place takes a location. Where somebody is to the metre is nobody's business
// (domain.md §5.2), so a record takes the village that the map names, if it is one
// of its people's. Only those on duty for a danger that was just spoken of get all.
func (t *talk) place(ctx context.Context) (string, error) {
	if len(t.bindings) == 0 {
		return say.HowToBind, nil
	}
	if t.Msg.Place == nil {
		return say.PlaceNotKept, nil
	}
	p := *t.Msg.Place
	p.Label = tidy(p.Label)
	if reply, done, err := t.afterAlarm(ctx, say.PlaceInDanger(p.Label, fmt.Sprintf("%.5f,%.5f", p.Lat, p.Lng))); done || err != nil {
		return reply, err
	}
	trail := t.session.Photo
	if t.cadre == "" || trail.Record == "" || trail.At < t.Tx.Now().Add(-joinWithin) {
		return say.PlaceNotKept, nil
	}
	st := t.as()
	past, err := desk.Open(ctx, st, trail.Record)
	if errors.Is(err, store.ErrNotFound) || err == nil && past.Record.VoidedAt != 0 {
		return say.PlaceNotKept, nil
	}
	if err != nil {
		return "", err
	}
	code, name, err := t.named(ctx, past, p.Label)
	if err != nil || code == "" {
		return say.PlaceNotKept, err
	}
	return say.PlaceKept(name), st.PlaceRecord(ctx, past.Record.ID, code)
}

// named finds the nearest place of a record's people that a label speaks of.
func (t *talk) named(ctx context.Context, past desk.Past, label string) (code, name string, err error) {
	var ids []string
	for _, a := range past.Rows {
		ids = append(ids, a.RecipientID)
	}
	people, err := t.as().Recipients(ctx, ids)
	if err != nil {
		return "", "", err
	}
	for _, p := range people {
		path, err := t.Tx.PlaceName(ctx, p.Region)
		if err != nil {
			return "", "", err
		}
		names := strings.Split(path, "/")
		slices.Reverse(names)
		for i, at := range models.RegionChain(p.Region) {
			if i < len(names) && len(at) > len(code) && strings.Contains(label, names[i]) {
				code, name = at, names[i]
			}
		}
	}
	return code, name, nil
}
