package handlers_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"aixin/bot"
	"aixin/handlers"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// labels is an account with the labels of the menu, some of whose followers left.
type labels struct {
	ids   map[string]int
	has   map[bot.OpenID][]int
	left  map[bot.OpenID]bool
	fail  error
	calls int
}

func (l *labels) Tags(context.Context) (map[string]int, error) { return l.ids, nil }

func (l *labels) SetTag(_ context.Context, id int, people []bot.OpenID, on bool) error {
	l.calls++
	if len(people) > 50 {
		return &bot.SendError{Code: 40032, Action: bot.ActBadContent}
	}
	if l.fail != nil {
		return l.fail
	}
	for _, p := range people {
		if l.left[p] {
			return &bot.SendError{Code: 49003, Action: bot.ActUnreachable}
		}
	}
	for _, p := range people {
		l.has[p] = slices.DeleteFunc(l.has[p], func(t int) bool { return t == id })
		if on {
			l.has[p] = append(l.has[p], id)
		}
	}
	return nil
}

// Who binds, unbinds, leaves and comes back bears the label of what they are then,
// whatever the platform refuses in between.
func TestLabelsFollowBindings(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		l := &labels{has: map[bot.OpenID][]int{}, left: map[bot.OpenID]bool{}}
		g := &handlers.Tagger{Platform: l, Now: clock.Now, Log: slog.New(slog.DiscardHandler)}
		sweep := func() {
			for range 20 {
				g.Sweep(ctx, st)
				clock.Add(time.Minute)
			}
		}
		bind := func(role models.Role, n int) bot.OpenID {
			who := fmt.Sprintf("o%s%d", role, n)
			must(st.Bind(ctx, who, role, fmt.Sprintf("%s%d", role, n)))
			return bot.OpenID(who)
		}
		bears := func(who bot.OpenID, want ...int) {
			t.Helper()
			if !slices.Equal(l.has[who], want) {
				t.Errorf("%s bears %v, want %v", who, l.has[who], want)
			}
		}
		var cadres []bot.OpenID
		for i := range 120 {
			cadres = append(cadres, bind(models.RoleCadre, i))
		}
		mother := bind(models.RoleGuardian, 1)
		l.left[cadres[7]] = true
		sweep() // aixin wechat menu has not run
		if l.calls != 0 {
			t.Fatalf("%d calls without labels", l.calls)
		}
		l.ids = map[string]int{handlers.TagCadre: 100, handlers.TagFamily: 101, "别的": 102}
		sweep()
		for i, who := range cadres {
			if i == 7 {
				bears(who)
				continue
			}
			bears(who, 100)
		}
		bears(mother, 101)
		if l.calls > 20 {
			t.Errorf("%d calls for 121 people", l.calls)
		}
		if n, err := st.TagsDue(ctx); err != nil || n != 0 {
			t.Errorf("%d still due (%v)", n, err)
		}
		// Who left comes back; who unbinds loses it; a mother who becomes a cadre
		// changes hers; a new phone takes over.
		delete(l.left, cadres[7])
		must(st.Untagged(ctx, st.OpenIDIndex(string(cadres[7]))))
		_, err := st.Unbind(ctx, st.OpenIDIndex(string(cadres[8])))
		must(err)
		must(st.Bind(ctx, string(mother), models.RoleCadre, "mother"))
		must(st.Bind(ctx, "oNew", models.RoleCadre, "cadre9"))
		l.fail = &bot.SendError{Code: -1, Action: bot.ActRetry}
		g.Sweep(ctx, st)
		bears(cadres[8], 100)
		l.fail = nil
		sweep()
		bears(cadres[7], 100)
		bears(cadres[8])
		bears(mother, 100)
		bears(cadres[9])
		bears("oNew", 100)
	})
}
