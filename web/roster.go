package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"aixin/models"
	"aixin/models/store"
)

const (
	rosterPath = "/admin/settings/roster"
	// rosterAhead is how far the roster is looked at for times that nobody has.
	rosterAhead = 7 * 24 * time.Hour
	// longestShift and longestRepeat keep a slip of the finger small.
	longestShift  = 366 * 24 * time.Hour
	longestRepeat = 26
)

type rosterView struct {
	form
	Places   []rosterPlace
	Rows     []shiftRow
	MayWrite bool
	Minutes  int
	Over     *shiftRow // whose shift is handed over
	People   []option
	Regions  []option
}

// rosterPlace is a place with those who are called there now.
type rosterPlace struct {
	Name   string
	People []rosterPerson
	Short  bool
	Ranked bool // the roster is used
	Gaps   []string
}

type rosterPerson struct {
	Name string
	Note string // why they do not count
	On   bool   // by the roster
}

type shiftRow struct {
	ID, Who, Place, From, Until, Hand string
	On                                bool
}

// roster is who is on duty where, as the page and its forms need it.
type roster struct {
	accounts map[string]models.Account
	names    map[string]string
	bound    map[string]bool
	shifts   []models.DutyShift
	regions  []models.Region
	where    map[string]string
}

// readRoster reads the roster of the visitor's area.
func (s *site) readRoster(ctx context.Context, me seat) (ro roster, err error) {
	ro = roster{accounts: map[string]models.Account{}, names: map[string]string{}, where: map[string]string{}}
	if ro.shifts, err = me.st.Shifts(ctx, me.st.Now()); err != nil {
		return ro, err
	}
	var ids []string
	accounts, err := me.st.RosterAccounts(ctx, ro.shifts)
	if err != nil {
		return ro, err
	}
	for _, a := range accounts {
		ro.accounts[a.ID], ids = a, append(ids, a.ID)
		ro.names[a.ID] = a.Name.Reveal() + "(" + a.Role.Label() + ")"
	}
	if _, ro.bound, err = me.st.HasFactor(ctx, ids); err != nil {
		return ro, err
	}
	below, err := me.st.Townships(ctx, me.Region)
	for _, p := range below {
		ro.where[p.Code] = p.Path
		// A county's own, the counties of a city; lower places where somebody is on duty.
		if used := ro.uses(p.Code); len(p.Code) <= 6 || used {
			ro.regions = append(ro.regions, p)
		}
	}
	return ro, err
}

// uses tells whether a place has people of its own for danger.
func (ro roster) uses(code string) bool {
	if slices.ContainsFunc(ro.shifts, func(d models.DutyShift) bool { return d.Region == code }) {
		return true
	}
	for _, a := range ro.accounts {
		if a.Region == code && a.Role == models.AccountDuty {
			return true
		}
	}
	return false
}

// at is a place as it stands now and in the days ahead.
func (s *site) at(ro roster, p models.Region, now models.Instant) rosterPlace {
	place := rosterPlace{Name: p.Path}
	var all, reached []models.DutyShift
	var on, standing []models.Account
	for _, d := range ro.shifts {
		if d.Region != p.Code {
			continue
		}
		if all = append(all, d); ro.bound[d.AccountID] && ro.accounts[d.AccountID].TakesDanger(p.Code) {
			reached = append(reached, d)
		}
	}
	for _, id := range models.OnShift(all, now) {
		if a := ro.accounts[id]; a.TakesDanger(p.Code) && ro.bound[id] {
			on = append(on, a)
		} else {
			place.People = append(place.People, rosterPerson{ro.names[id], map[bool]string{true: "没绑微信,叫不到", false: "账号停用了"}[a.ID != "" && !ro.bound[id]], true})
		}
	}
	for _, a := range ro.accounts {
		if a.Role == models.AccountDuty && a.Region == p.Code && a.DisabledAt == 0 {
			standing = append(standing, a)
		}
	}
	called := 0
	for _, a := range models.Called(on, standing, models.RosterLeast) {
		who := rosterPerson{Name: ro.names[a.ID], On: slices.ContainsFunc(on, func(o models.Account) bool { return o.ID == a.ID })}
		if ro.bound[a.ID] {
			called++
		} else {
			who.Note = "没绑微信,叫不到"
		}
		place.People = append(place.People, who)
	}
	place.Short, place.Ranked = called < models.RosterLeast, len(all) > 0
	if place.Ranked {
		for _, g := range models.RosterGaps(reached, now, now.Add(rosterAhead)) {
			place.Gaps = append(place.Gaps, s.clock(g.From)+" 到 "+s.clock(g.Until)+" "+map[bool]string{true: "没有人", false: "只有1人"}[g.People == 0])
		}
	}
	return place
}

func (s *site) rosterPage(w http.ResponseWriter, r *http.Request, me seat) error {
	f := form{Values: url.Values{}}
	if id := r.FormValue("over"); id != "" {
		f.Values.Set("over", id)
	}
	return s.showRoster(w, r, me, f, http.StatusOK)
}

func (s *site) showRoster(w http.ResponseWriter, r *http.Request, me seat, f form, status int) error {
	ro, err := s.readRoster(r.Context(), me)
	if err != nil {
		return err
	}
	v := rosterView{form: f, MayWrite: me.may(models.ObjectRoster, models.Write), Minutes: me.st.Hours().Danger.RedMinutes}
	now := me.st.Now()
	for _, p := range ro.regions {
		v.Places = append(v.Places, s.at(ro, p, now))
		if v.MayWrite {
			v.Regions = append(v.Regions, option{p.Code, p.Path, p.Code == f.Get("region")})
		}
	}
	for _, d := range ro.shifts {
		row := shiftRow{ID: d.ID, Who: ro.names[d.AccountID], Place: ro.where[d.Region], From: s.clock(d.FromAt), Until: "撤下为止", On: d.On(now)}
		if d.UntilAt != 0 {
			row.Until = s.clock(d.UntilAt)
		}
		if row.Who == "" {
			row.Who = "停用的账号"
		}
		if v.MayWrite {
			row.Hand = rosterPath + "?over=" + d.ID + "#change"
		}
		if v.Rows = append(v.Rows, row); v.MayWrite && d.ID == f.Get("over") {
			v.Over = &v.Rows[len(v.Rows)-1]
		}
	}
	if v.MayWrite {
		for id, a := range ro.accounts {
			if a.DisabledAt == 0 {
				note := map[bool]string{true: "", false: ",没绑微信"}[ro.bound[id]]
				v.People = append(v.People, option{id, ro.names[id] + " " + ro.where[a.Region] + note, id == f.Get("who")})
			}
		}
		slices.SortFunc(v.People, func(a, b option) int { return strings.Compare(a.Text, b.Text) })
		if v.Regions = append(v.Regions, s.lower(ro, f)...); f.Get("region") == "" && len(v.Regions) > 0 {
			v.Regions[0].Chosen = true
		}
	}
	return s.draw(w, r, me, status, "roster", v)
}

// lower are the places that have nobody of their own yet.
func (s *site) lower(ro roster, f form) (all []option) {
	for code, path := range ro.where {
		if !slices.ContainsFunc(ro.regions, func(p models.Region) bool { return p.Code == code }) {
			all = append(all, option{code, path, code == f.Get("region")})
		}
	}
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(a.Value, b.Value) })
	return all
}

// addShift puts somebody on the roster, for some weeks on where that is said.
func (s *site) addShift(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ro, err := s.readRoster(ctx, me)
	if err != nil {
		return err
	}
	region, weeks := f.Get("region"), 0
	if ro.where[region] == "" {
		f.wrong("region", "选一个地方。")
	}
	s.takes(&f, ro, f.Get("who"), region)
	from := s.moment(&f, "from", me.st.Now())
	until := s.moment(&f, "until", 0)
	if until != 0 && (until <= from || until > from.Add(longestShift)) {
		f.wrong("until", "要在上面那个时候之后,最多一年;空着就是到撤下为止。")
	}
	if f.Get("weeks") != "" {
		weeks = f.number("weeks", longestRepeat)
	}
	if weeks > 0 && until == 0 {
		f.wrong("until", "每周照排要写到几点。")
	}
	if !f.OK() {
		return s.showRoster(w, r, me, f, http.StatusUnprocessableEntity)
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		for i := range weeks + 1 {
			later := func(at models.Instant) models.Instant {
				if at == 0 {
					return 0
				}
				return models.InstantOf(at.Time().In(s.Zone).AddDate(0, 0, 7*i))
			}
			d := models.DutyShift{AccountID: f.Get("who"), Region: region, FromAt: later(from), UntilAt: later(until)}
			if err := tx.AddShift(ctx, &d); err != nil {
				return err
			}
			if err := tx.NoteChange(ctx, "roster", "account:"+d.AccountID, ro.where[region], "", s.span(d)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.done(w, r, rosterPath, "排上了:"+ro.names[f.Get("who")]+"。")
}

// takes notes where an account cannot be on duty for a place.
func (s *site) takes(f *form, ro roster, who, region string) {
	if a, ok := ro.accounts[who]; !ok || a.DisabledAt != 0 {
		f.wrong("who", "选一个人。")
	} else if !a.TakesDanger(region) {
		f.wrong("who", "这个账号不管那里,选管那里或者上一级的。")
	}
}

// moment reads a time of a form; nothing typed is what is given.
func (s *site) moment(f *form, name string, else_ models.Instant) models.Instant {
	if f.Get(name) == "" {
		return else_
	}
	t, err := time.ParseInLocation("2006-01-02T15:04", f.Get(name), s.Zone)
	if err != nil || t.Year() < 2020 || t.After(s.Now().AddDate(2, 0, 0)) {
		f.wrong(name, "时间写成 2026-12-01 20:00 这样。")
		return else_
	}
	return models.InstantOf(t)
}

func (s *site) span(d models.DutyShift) string {
	if d.UntilAt == 0 {
		return s.clock(d.FromAt) + " 起"
	}
	return s.clock(d.FromAt) + " 到 " + s.clock(d.UntilAt)
}

// changeShift takes somebody off the roster, or hands the rest of a shift to
// somebody else.
func (s *site) changeShift(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := me.st.Shift(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	ro, err := s.readRoster(ctx, me)
	if err != nil {
		return err
	}
	at, hand := max(me.st.Now(), d.FromAt), f.Get("do") == "hand"
	if hand {
		f.Values.Set("over", d.ID)
		if s.takes(&f, ro, f.Get("who"), d.Region); f.Get("who") == d.AccountID {
			f.wrong("who", "选接班的人,不是他自己。")
		}
		at = max(at, s.moment(&f, "from", at))
		if d.UntilAt != 0 && at >= d.UntilAt {
			f.wrong("from", "要在这一班结束之前。")
		}
		if !f.OK() {
			return s.showRoster(w, r, me, f, http.StatusUnprocessableEntity)
		}
	} else if sure, err := s.sure(w, r, me, confirm{
		Title: "把他从值班里撤下来?", Lines: []string{ro.names[d.AccountID] + "," + ro.where[d.Region] + "," + s.span(d) + "。", "撤了以后,人手不够两个时,会叫那里所有的值班账号。"}, Label: "撤下", Back: rosterPath,
	}); !sure || err != nil {
		return err
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.EndShift(ctx, d, at); err != nil {
			return err
		}
		if !hand {
			return tx.NoteChange(ctx, "roster", "account:"+d.AccountID, ro.where[d.Region], s.span(d), "撤下 "+s.clock(at))
		}
		next := models.DutyShift{AccountID: f.Get("who"), Region: d.Region, FromAt: at, UntilAt: d.UntilAt}
		return errors.Join(tx.AddShift(ctx, &next), tx.NoteChange(ctx, "roster", "account:"+d.AccountID, ro.where[d.Region]+",交班", s.span(d), ro.names[next.AccountID]+" "+s.span(next)))
	})
	switch {
	case errors.Is(err, store.ErrLost):
		return s.done(w, r, rosterPath, "这一班刚被改过,再看一眼。")
	case err != nil:
		return err
	case hand:
		return s.done(w, r, rosterPath, "交给"+ro.names[f.Get("who")]+"了,"+s.clock(at)+"起。")
	}
	return s.done(w, r, rosterPath, "撤下了。")
}
