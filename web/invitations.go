package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

const (
	invitationsPath = "/admin/invitations"
	// slipsMost is how many cards are printed at once: each picture is asked for.
	slipsMost = 120
)

// Codes makes the picture of a code whose scan tells us a scene.
type Codes interface {
	QRPicture(ctx context.Context, scene string, ttl time.Duration) ([]byte, error)
}

type invitationsView struct {
	form
	Tabs     []option
	Units    []inviteUnitRow
	Total    inviteUnitRow
	MayWrite bool
	Families bool
	// Of one unit.
	Unit, Role string
	Name       string
	People     []inviteeRow
	Lacking    int // not bound and without a code
	Most       int
}

type inviteUnitRow struct {
	Name, Link               string
	People, Bound, Open, Not int
}

type inviteeRow struct{ ID, Name, Phone, Recipient, State string }

func inviteRole(word string) models.Role {
	if models.Role(word) == models.RoleGuardian {
		return models.RoleGuardian
	}
	return models.RoleCadre
}

// invitations shows how far units are with binding; of one unit its people.
func (s *site) invitations(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawInvitations(w, r, me, form{Values: r.URL.Query()}, http.StatusOK)
}

func (s *site) drawInvitations(w http.ResponseWriter, r *http.Request, me seat, f form, status int) error {
	ctx, role := r.Context(), inviteRole(f.Get("role"))
	v := invitationsView{form: f, Role: string(role), Families: role == models.RoleGuardian, MayWrite: me.may(models.ObjectInvite, models.Write), Unit: f.Get("unit"), Most: slipsMost}
	for _, t := range []struct{ role, text string }{{"cadre", "干部"}, {"guardian", "家长和机构"}} {
		v.Tabs = append(v.Tabs, option{invitationsPath + "?role=" + t.role, t.text, t.role == string(role)})
	}
	units, err := me.st.InviteUnits(ctx, role)
	if err != nil {
		return err
	}
	for _, u := range units {
		row := inviteUnitRow{u.Name, invitationsPath + "?" + url.Values{"role": {string(role)}, "unit": {u.ID}}.Encode(), u.People, u.Bound, u.Open, u.People - u.Bound - u.Open}
		v.Units = append(v.Units, row)
		v.Total.People, v.Total.Bound, v.Total.Open, v.Total.Not = v.Total.People+row.People, v.Total.Bound+row.Bound, v.Total.Open+row.Open, v.Total.Not+row.Not
		if u.ID == v.Unit {
			v.Name = u.Name
		}
	}
	if v.Unit == "" {
		return s.draw(w, r, me, status, "invitations", v)
	}
	if v.Name == "" {
		return s.noPage(w, r)
	}
	people, bound, open, err := s.invitees(ctx, me, role, v.Unit)
	if err != nil {
		return err
	}
	for _, p := range people {
		row := inviteeRow{ID: p.SubjectID, Name: models.MaskName(p.Name), Phone: maskPhone(p.Phone), Recipient: models.MaskName(p.Recipient), State: "没有码"}
		switch until := open[p.SubjectID]; {
		case bound[p.SubjectID]:
			row.State = "已绑定"
		case until != 0:
			row.State = "有码,到" + models.DayOf(until.Time(), s.Zone).String()
		default:
			v.Lacking++
		}
		v.People = append(v.People, row)
	}
	return s.draw(w, r, me, status, "invitations", v)
}

// invitees are the people of a unit, who of them is bound, and until when the
// others have a code.
func (s *site) invitees(ctx context.Context, me seat, role models.Role, unit string) (people []store.Invitee, bound map[string]bool, open map[string]models.Instant, err error) {
	if people, err = me.st.InviteesOf(ctx, role, unit); err != nil {
		return nil, nil, nil, err
	}
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.SubjectID
	}
	ties, err := me.st.BindingsOf(ctx, role, ids)
	if err != nil {
		return nil, nil, nil, err
	}
	bound = map[string]bool{}
	for id := range ties {
		bound[id] = true
	}
	open, err = me.st.OpenCodes(ctx, role, ids)
	return people, bound, open, err
}

// makeInvitations makes codes for the people of a unit: for those who have none,
// for all who are not bound, or for one; as cards to print or as a sheet. The
// codes are in the answer and nowhere else.
func (s *site) makeInvitations(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	ctx, role, which := r.Context(), inviteRole(f.Get("role")), f.Get("who")
	if f.Get("unit") == "" {
		f.wrong("", "先选一个单位。")
		return s.drawInvitations(w, r, me, f, http.StatusUnprocessableEntity)
	}
	units, err := me.st.InviteUnits(ctx, role)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(units, func(u store.InviteUnit) bool { return u.ID == f.Get("unit") }) {
		return s.noPage(w, r)
	}
	people, bound, open, err := s.invitees(ctx, me, role, f.Get("unit"))
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(p store.Invitee) bool {
		switch which {
		case "lacking":
			return bound[p.SubjectID] || open[p.SubjectID] != 0
		case "all":
			return bound[p.SubjectID]
		}
		return p.SubjectID != which // a new phone: the one before ends with the new binding
	})
	print := f.Get("as") != "sheet"
	if print {
		people = people[:min(len(people), slipsMost)]
	}
	if len(people) == 0 {
		f.wrong("", "没有要发码的人:都已绑定,或手里的码还没过期。")
		return s.drawInvitations(w, r, me, f, http.StatusUnprocessableEntity)
	}
	if err := me.st.Note(ctx, "invitations", string(role), people[0].Unit+" "+strconv.Itoa(len(people))+" codes"); err != nil {
		return err
	}
	rows, err := desk.MakeCodes(ctx, me.st, role, people)
	if err != nil {
		return err
	}
	if !print {
		return s.sendBook(w, r, "绑定码-"+people[0].Unit, func(out io.Writer) error { return xlsx.WriteInvitations(out, rows) })
	}
	pictures, failed := s.pictures(ctx, rows)
	how := fmt.Sprintf("这一页有 %d 张,现在就打印(按 Ctrl 和 P,纸选 A4);关掉就再也看不到这些码,只能另发。", len(rows))
	if failed > 0 {
		how += fmt.Sprintf("有 %d 张二维码微信没给,那几张上写着怎么发码,一样能绑。", failed)
	}
	// A page of its own, whole in itself: pictures and style are in it, nothing else.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	return WriteSlips(w, rows, pictures, s.Now().In(s.Zone), false, how)
}

// pictures asks for the picture of each code, a few at a time. A code without one
// is typed.
func (s *site) pictures(ctx context.Context, rows []xlsx.InvitationRow) (pictures [][]byte, failed int) {
	pictures = make([][]byte, len(rows))
	if s.Codes != nil {
		ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
		var wg sync.WaitGroup
		turn := make(chan struct{}, 6)
		for i, r := range rows {
			wg.Go(func() {
				turn <- struct{}{}
				defer func() { <-turn }()
				if picture, err := s.Codes.QRPicture(ctx, "bind_"+r.Code, PictureLife); err == nil {
					pictures[i] = picture
				}
			})
		}
		wg.Wait()
	}
	for _, p := range pictures {
		if len(p) == 0 {
			failed++
		}
	}
	return pictures, failed
}
