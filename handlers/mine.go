package handlers

import (
	"context"
	"slices"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// progress tells the year of each person, who lacks most first; of those named
// only, where some are.
func (t *talk) progress(ctx context.Context, roster []store.Paired, only []string) (string, error) {
	if len(roster) == 0 {
		return say.NobodyPaired, nil
	}
	var pairings []models.Pairing
	for _, p := range roster {
		pairings = append(pairings, p.Pairing)
	}
	tallies, err := t.as().Tallies(ctx, pairings, t.today)
	if err != nil {
		return "", err
	}
	shown := slices.Clone(roster)
	if named := slices.DeleteFunc(slices.Clone(roster), func(p store.Paired) bool {
		return !slices.Contains(only, p.Recipient.Name.Reveal())
	}); len(named) > 0 {
		shown = named
	}
	lack := func(p store.Paired) int { return tallies[p.ID].Lack() }
	slices.SortStableFunc(shown, func(a, b store.Paired) int { return lack(b) - lack(a) })
	states, err := t.as().StatesOn(ctx, recipientIDs(shown), t.today)
	if err != nil {
		return "", err
	}
	var lines []string
	allMet := true
	for _, p := range shown {
		tally := tallies[p.ID]
		labels, err := t.labels(ctx, []string{p.ID}, roster)
		if err != nil {
			return "", err
		}
		state := states[p.RecipientID].State
		if state == models.StateDeceased {
			lines = append(lines, say.ProgressDeceased(labels[0]))
			continue
		}
		allMet = allMet && tally.Met()
		lines = append(lines, say.ProgressLine(say.InState(labels[0], state), tally))
	}
	return say.Progress(lines, allMet), nil
}

// roster tells whom the cadre is paired with, and where they live.
func (t *talk) roster(ctx context.Context, roster []store.Paired) (string, error) {
	if len(roster) == 0 {
		return say.NobodyPaired, nil
	}
	var lines []string
	for i, p := range roster {
		place, err := t.Tx.Region(ctx, p.Recipient.Region)
		if err != nil {
			return "", err
		}
		line := say.RosterLine(i+1, p.Recipient.Name.Reveal(), place.Name, p.Recipient.AliasList())
		if p.Until != "" {
			line += say.DeputyLine(p.Until)
		}
		lines = append(lines, line)
	}
	return say.Roster(lines), nil
}
