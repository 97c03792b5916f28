package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"aixin/bot"
	"aixin/models"
	"aixin/models/store"
)

// The labels that the account gives people, for the menu they see. Who is both
// looks after somebody: the cadre's menu holds the family's words too.
const (
	TagCadre  = "爱心-干部"
	TagFamily = "爱心-家长"
)

// MenuTag is the label of who is bound in some roles; "" is none.
func MenuTag(roles []models.Role) string {
	has := func(r models.Role) bool { return slices.Contains(roles, r) }
	switch {
	case has(models.RoleCadre), has(models.RoleAdmin):
		return TagCadre
	case has(models.RoleGuardian), has(models.RoleRecipient):
		return TagFamily
	}
	return ""
}

// Labels is what the platform knows of labels.
type Labels interface {
	Tags(ctx context.Context) (map[string]int, error)
	SetTag(ctx context.Context, id int, people []bot.OpenID, on bool) error
}

// Tagger keeps the labels of phones as their bindings want them.
type Tagger struct {
	Platform Labels
	Now      func() time.Time
	Log      bot.Logger

	tags  map[string]int // as the account had them when it was asked
	asked time.Time
	rests time.Time // not before then
	begun bool
}

const (
	tagBatch = 50  // people in one call
	tagSweep = 200 // and in one turn
	tagLease = 5 * time.Minute
	tagPause = 10 * time.Minute // between looks at an account without labels
)

// Sweep gives and takes what is due, and tells whether there may be more.
func (g *Tagger) Sweep(ctx context.Context, st *store.Store) (more bool) {
	if g.Now().Before(g.rests) {
		return false
	}
	if !g.begun { // people bound before there were labels
		if _, err := st.RetagAll(ctx); err != nil {
			return false
		}
		g.begun = true
	}
	rows, err := st.DueTags(ctx, tagLease, tagSweep)
	if err != nil || len(rows) == 0 {
		return false
	}
	if err := g.look(ctx); err != nil {
		g.trouble(err)
		return false
	}
	if len(g.tags) == 0 {
		g.rests = g.Now().Add(tagPause) // aixin wechat menu has not run yet
		return false
	}
	if err := g.settle(ctx, st, rows); err != nil {
		g.trouble(err)
		return false
	}
	return len(rows) == tagSweep
}

// look asks which labels the account has.
func (g *Tagger) look(ctx context.Context) error {
	if g.Now().Sub(g.asked) < tagPause && len(g.tags) > 0 {
		return nil
	}
	tags, err := g.Platform.Tags(ctx)
	if err != nil {
		return err
	}
	g.tags, g.asked = map[string]int{}, g.Now()
	for _, name := range []string{TagCadre, TagFamily} {
		if id := tags[name]; id != 0 {
			g.tags[name] = id
		}
	}
	return nil
}

// trouble logs what the platform refused and leaves it alone for a while.
func (g *Tagger) trouble(err error) {
	pause := time.Minute
	var fault *bot.SendError
	if errors.As(err, &fault) && (fault.Action == bot.ActStopAPI || fault.Action == bot.ActStopAll) {
		pause = time.Hour
	}
	g.tags, g.rests = nil, g.Now().Add(pause)
	g.Log.Warn("labels for the menu wait", "for", pause, "err", err)
}

// settle takes labels that are wrong and gives those that are missing.
func (g *Tagger) settle(ctx context.Context, st *store.Store, rows []store.PhoneTag) error {
	taken, given := map[string][]store.PhoneTag{}, map[string][]store.PhoneTag{}
	for _, r := range rows {
		want := MenuTag(r.Roles)
		if r.OpenID.Empty() || g.tags[want] == 0 {
			want = ""
		}
		if r.Tag != "" && r.Tag != want && g.tags[r.Tag] != 0 {
			taken[r.Tag] = append(taken[r.Tag], r)
		}
		if r.Tag == want {
			want = "" // nothing to give
		}
		given[want] = append(given[want], r)
	}
	gone := map[string]bool{} // people whom the platform does not know any more
	for name, list := range taken {
		if err := g.set(ctx, st, name, false, list, gone); err != nil {
			return err
		}
	}
	for name, list := range given {
		if name == "" {
			continue
		}
		if err := g.set(ctx, st, name, true, list, gone); err != nil {
			return err
		}
	}
	for _, r := range rows {
		has := MenuTag(r.Roles)
		if gone[r.OpenIDIdx] || r.OpenID.Empty() || g.tags[has] == 0 {
			has = ""
		}
		if err := st.SetTag(ctx, r, has); err != nil {
			return err
		}
	}
	return nil
}

// set makes the calls, fifty people each. Where one of them is refused nobody of
// the call was done: it is halved until that one stands alone.
func (g *Tagger) set(ctx context.Context, st *store.Store, name string, on bool, rows []store.PhoneTag, gone map[string]bool) error {
	for part := range slices.Chunk(rows, tagBatch) {
		people := make([]bot.OpenID, 0, len(part))
		for _, r := range part {
			if !r.OpenID.Empty() {
				people = append(people, bot.OpenID(r.OpenID.Reveal()))
			}
		}
		if len(people) == 0 {
			continue
		}
		err := g.Platform.SetTag(ctx, g.tags[name], people, on)
		var fault *bot.SendError
		switch {
		case err == nil:
		case !errors.As(err, &fault) || fault.Action != bot.ActUnreachable:
			return errors.Join(err, st.TagsLater(ctx, part, time.Minute))
		case len(part) == 1:
			gone[part[0].OpenIDIdx] = true
		default:
			half := len(part) / 2
			if err := errors.Join(g.set(ctx, st, name, on, part[:half], gone), g.set(ctx, st, name, on, part[half:], gone)); err != nil {
				return err
			}
		}
	}
	return nil
}
