package handlers

import (
	"context"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
)

// reported says that a record stands in the report of a closed month, where
// correcting it comes into the next one (users.md 五.1); "" where it does not.
func (t *talk) reported(ctx context.Context, p desk.Past) (string, error) {
	calendar, err := t.Tx.Calendar(ctx)
	if err != nil {
		return "", err
	}
	var latest models.Day
	for _, e := range p.Entries {
		if calendar.MonthClosed(e.Day, t.today) && p.Record.RecordedAt <= calendar.ClosedAt(models.MonthOf(e.Day), t.Zone) {
			latest = max(latest, e.Day)
		}
	}
	if latest == "" {
		return "", nil
	}
	return say.Reported(latest), nil
}
