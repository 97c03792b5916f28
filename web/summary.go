package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

type summaryView struct {
	Year     int
	Now      bool // it is this year
	Today    models.Day
	Name     string
	Other    int // the other year that can be looked at
	People   []personYear
	Done     int // how many have all
	NotBound bool
	Family   bool // bound, but not as a cadre
}

// personYear is one person's year on the page.
type personYear struct {
	Name, Place string
	Bars        []bar
	Last        models.Day
	Left        string // 还差1次走访、2次联系
	Opening     bool   // what was before the start is not known, so nothing is called missing
	lack        int
}

// bar is one duty: Done of Want.
type bar struct {
	Label      string
	Done, Want int
	Kind       string
}

// Full tells how many of the cells are filled.
func (b bar) Full() int { return min(b.Done, b.Want) }

// summary is a cadre's year, person by person, behind the monthly card.
func (s *site) summary(w http.ResponseWriter, r *http.Request, who string) error {
	ctx, today := r.Context(), s.today()
	view := summaryView{Year: today.Year(), Now: true, Today: today}
	bound, err := s.DB.As(models.Actor{}).Bindings(ctx, who)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(bound, func(b models.Binding) bool { return b.Role == models.RoleCadre })
	if i < 0 {
		view.NotBound, view.Family = true, len(bound) > 0
		return s.show(w, http.StatusOK, "phone/summary", view)
	}
	on := today
	if view.Other = today.Year() - 1; r.FormValue("year") == strconv.Itoa(view.Other) {
		view.Year, view.Other, view.Now = view.Other, today.Year(), false
		on = models.NewDay(view.Year, 12, 31)
	}
	if err := s.fillYear(r, bound[i].SubjectID, on, &view); err != nil {
		return err
	}
	return s.show(w, http.StatusOK, "phone/summary", view)
}

func (s *site) fillYear(r *http.Request, cadre string, on models.Day, view *summaryView) error {
	ctx, st := r.Context(), s.DB.As(models.Actor{Cadre: cadre})
	me, err := st.Cadre(ctx, cadre)
	if errors.Is(err, store.ErrNotFound) || err == nil && me.LeftAt != 0 {
		view.NotBound = true
		return nil
	}
	if err != nil {
		return err
	}
	view.Name = me.Name.Reveal()
	roster, err := st.OwnRoster(ctx, cadre, on)
	if err != nil {
		return err
	}
	var pairings []models.Pairing
	for _, p := range roster {
		pairings = append(pairings, p.Pairing)
	}
	tallies, err := st.Tallies(ctx, pairings, on)
	if err != nil {
		return err
	}
	places := map[string]string{}
	for _, p := range roster {
		if p.Line != models.LinePairing {
			continue // the four services have no numbers of their own
		}
		code := p.Recipient.Region
		if _, ok := places[code]; !ok {
			place, err := st.Region(ctx, code)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return err
			}
			places[code] = place.Name
		}
		view.People = append(view.People, yearOf(p, tallies[p.ID], places[code]))
	}
	for _, p := range view.People {
		if p.Left == "" && !p.Opening {
			view.Done++
		}
	}
	// Who lacks most stands first, as in the chat's answer to 进度.
	slices.SortStableFunc(view.People, func(a, b personYear) int { return b.lack - a.lack })
	return nil
}

func yearOf(p store.Paired, t models.Tally, place string) personYear {
	y := personYear{Name: p.Recipient.Name.Reveal(), Place: place, Last: t.LastSeen, Opening: t.OpeningUnknown, lack: t.Lack()}
	for _, o := range t.Current() {
		y.Bars = append(y.Bars, bar{o.Name, o.Have, o.Number, string(o.Kind)})
	}
	m := t.Missing()
	if t.OpeningUnknown {
		y.lack = 0
		return y
	}
	var left []string
	for _, x := range []struct {
		n    int
		unit string
	}{{m.Visits, "次走访"}, {m.Contacts, "次联系"}, {m.Helps, "件实事"}} {
		if x.n > 0 {
			left = append(left, strconv.Itoa(x.n)+x.unit)
		}
	}
	y.Left = strings.Join(left, "、")
	return y
}
