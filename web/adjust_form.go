package web

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

type changeForm struct {
	Me      seat
	Kind    models.AdjustmentKind
	Form    form
	Title   string
	Who     string // already chosen
	From    string // the cadre who is replaced
	Fields  []field
	Selects []selectField
	After   []field // what follows the choices
	Reasons []option
	Last    []field // from when, and why
}

type selectField struct {
	Name, Label, Fault string
	Options            []option
	Many               bool // several may be chosen
}

// Fault is the whole form's, for the piece "faults".
func (f changeForm) Fault(name string) string { return f.Form.Fault(name) }

// newChange is the form of a request: of one kind, for somebody who was chosen on
// the ledger or is typed in.
func (s *site) newChange(w http.ResponseWriter, r *http.Request, me seat) error {
	q := r.URL.Query()
	f := form{Values: q}
	if !q.Has("on") {
		f.Values.Set("on", string(s.today()))
	}
	return s.drawChangeForm(w, r, me, http.StatusOK, f)
}

func (s *site) drawChangeForm(w http.ResponseWriter, r *http.Request, me seat, status int, f form) error {
	kind := models.AdjustmentKind(f.Get("kind"))
	if kind.Label() == "" {
		kind = models.AdjustSwap
		f.Values.Set("kind", string(kind))
	}
	view := changeForm{Me: me, Kind: kind, Form: f, Title: kind.Label()}
	who, err := s.parties(r, me, []models.Adjustment{{RecipientID: s.seen(r, me, f.Get("recipient")), CadreID: f.Get("cadre")}})
	if err != nil {
		return err
	}
	view.From = who.cadre(f.Get("cadre"))
	if view.Who = who.person(f.Get("recipient")); view.Who == "" && kind == models.AdjustCadreOut {
		view.Who = view.From
	}
	for _, reason := range kind.Reasons() {
		view.Reasons = append(view.Reasons, option{reason, reason, reason == f.Get("reason")})
	}
	if err := s.changeFields(r, me, &view); err != nil {
		return err
	}
	return s.draw(w, r, me, status, "newchange", view)
}

// seen gives the id of a person whom the visitor may see, else nothing.
func (s *site) seen(r *http.Request, me seat, id string) string {
	if _, err := me.st.Recipient(r.Context(), id); err != nil {
		return ""
	}
	return id
}

// changeFields are what a kind of request asks for.
func (s *site) changeFields(r *http.Request, me seat, v *changeForm) error {
	f := v.Form
	choose := func(name, label string, all []option) {
		v.Selects = append(v.Selects, selectField{Name: name, Label: label, Fault: f.Fault(name), Options: all})
	}
	add := func(name, label, kind, hint string) {
		into := &v.Fields
		if len(v.Selects) > 0 {
			into = &v.After
		}
		*into = append(*into, f.Field(name, label, kind, hint))
	}
	units, err := s.unitsFor(r.Context(), me)
	if err != nil {
		return err
	}
	lists, err := me.st.Lists(r.Context())
	if err != nil {
		return err
	}
	unitOptions := func(name string) (all []option) {
		for _, u := range units {
			all = append(all, option{u.ID, u.Name, u.ID == f.Get(name)})
		}
		return all
	}
	switch v.Kind {
	case models.AdjustSwap, models.AdjustRecipientOut, models.AdjustRecipientMove, models.AdjustLineIn, models.AdjustLineOut:
		if v.Who == "" {
			add("number", "对象编号*", "text", "名单和台账上的编号,比如 D2026-000123")
		}
		if v.Kind == models.AdjustSwap {
			add("to_phone", "接手干部的手机号", "tel", "空着就先进“待匹配”")
		}
		if v.Kind == models.AdjustLineIn || v.Kind == models.AdjustLineOut {
			choose("line", "哪一样", slices.DeleteFunc(s.choices(lists, models.ListLine, f.Get("line")), func(o option) bool { return o.Value == string(models.LinePairing) }))
		}
		if v.Kind == models.AdjustLineIn {
			add("to_phone", "谁来做,干部的手机号*", "tel", "教师、医护、心理、基层人员都在“干部”里")
		}
		if v.Kind == models.AdjustRecipientMove {
			add("village", "迁到*", "text", "写全:崆峒区/峡门乡/吴坡村")
		}
	case models.AdjustRecipientIn:
		add("number", "退出过的人,写原来的编号", "text", "重新纳入时只填这一格、原因和日期")
		add("name", "姓名", "text", "")
		add("id_number", "身份证号", "text", "没有就空着,给临时编号")
		add("village", "住在哪", "text", "写全:崆峒区/峡门乡/吴坡村")
		add("guardian", "监护人或照料人姓名", "text", "不满 18 岁必填")
		add("guardian_phone", "监护人手机号", "tel", "")
		add("to_phone", "结对干部的手机号", "tel", "空着就先进“待匹配”")
		categories := s.choices(lists, models.ListCategory, "")
		for i, o := range categories {
			categories[i].Chosen = slices.Contains(f.Values["category"], o.Value)
		}
		v.Selects = append(v.Selects, selectField{Name: "category", Label: "类别(可以多选)", Fault: f.Fault("category"), Options: categories, Many: true})
		choose("care", "供养方式", append([]option{{"", "—", f.Get("care") == ""}}, s.choices(lists, models.ListCareMode, f.Get("care"))...))
	case models.AdjustCadreIn:
		add("name", "姓名*", "text", "")
		add("phone", "手机号*", "tel", "退出过的干部填原来的号,就是重新纳入")
		add("post", "职务", "text", "")
		choose("unit", "单位", unitOptions("unit"))
	case models.AdjustCadreOut:
		if v.Who == "" {
			add("phone", "哪位干部(手机号)*", "tel", "")
		}
		add("to_phone", "接手干部的手机号", "tel", "名下的人都由他接手;空着就先进“待匹配”")
	case models.AdjustUnitMerge:
		choose("unit", "撤掉的单位", unitOptions("unit"))
		choose("to_unit", "并到", unitOptions("to_unit"))
	}
	v.Last = []field{f.Field("on", "生效日期*", "date", "最多往前 31 天、往后三个月"), f.Field("note", "说明", "textarea", "只有办的人看得到")}
	return nil
}

// propose enters the request that the form asks for, or shows the form again with
// what is wrong.
func (s *site) propose(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a := models.Adjustment{
		Kind: models.AdjustmentKind(f.Get("kind")), RecipientID: f.Get("recipient"), CadreID: f.Get("cadre"), Reason: f.Get("reason"),
		Line: models.Line(f.Get("line")), Note: models.Conceal(f.Get("note")),
	}
	if a.EffectiveOn, err = models.ParseDay(f.Get("on")); err != nil {
		f.wrong("on", "日期要写成 2026-11-20 这样。")
	}
	ctx := r.Context()
	if err := s.readParties(ctx, me, &f, &a); err != nil {
		return err
	}
	if f.OK() {
		err = me.st.InTx(ctx, func(tx *store.Store) error {
			a, err = desk.Propose(ctx, tx, me.Account, a, s.Zone)
			return err
		})
		var fault models.Fault
		switch {
		case err == nil:
			said := "报上去了,等县上批。"
			if me.Decides(a.Region) {
				said = "报好了。请另一位批;只有一人在岗的,30 分钟后可以自己批,要写原因。"
			}
			return s.done(w, r, changesPath+"/"+a.ID, said)
		case errors.As(err, &fault):
			f.wrong("", fault.Error())
		default:
			return err
		}
	}
	return s.drawChangeForm(w, r, me, http.StatusUnprocessableEntity, f)
}

// readParties finds the people, places and units that the form names.
func (s *site) readParties(ctx context.Context, me seat, f *form, a *models.Adjustment) error {
	number := f.Get("number")
	if a.RecipientID == "" && number != "" {
		rows, err := me.st.RecipientsByIndex(ctx, nil, []string{number})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			f.wrong("number", "您这里没有编号 "+number+" 的对象,请核对。")
		} else {
			a.RecipientID = rows[0].ID
		}
	} else if a.RecipientID != "" {
		if _, err := me.st.Recipient(ctx, a.RecipientID); err != nil {
			return err
		}
	}
	var err error
	if a.ToCadreID, err = s.cadreCalled(ctx, me, f, "to_phone"); err != nil {
		return err
	}
	switch a.Kind {
	case models.AdjustSwap:
		return s.readSwap(ctx, me, f, a)
	case models.AdjustCadreOut:
		if a.CadreID == "" {
			a.CadreID, err = s.cadreCalled(ctx, me, f, "phone")
		}
		return err
	case models.AdjustLineIn:
		if a.ToCadreID == "" && f.OK() {
			f.wrong("to_phone", "请写由谁来做。")
		}
	case models.AdjustLineOut:
		return s.readLineOut(ctx, me, a)
	case models.AdjustUnitMerge:
		a.UnitID, a.ToUnitID = f.Get("unit"), f.Get("to_unit")
	case models.AdjustRecipientMove:
		code, err := s.placeCalled(ctx, me, f)
		a.SetDraft(models.Draft{Region: code})
		return err
	case models.AdjustRecipientIn:
		return s.readNewcomer(ctx, me, f, a)
	case models.AdjustCadreIn:
		return s.readNewCadre(ctx, f, a)
	}
	return nil
}

// readSwap finds the cadre who is replaced, where the ledger was not clicked.
func (s *site) readSwap(ctx context.Context, me seat, f *form, a *models.Adjustment) error {
	if a.CadreID != "" || a.RecipientID == "" {
		return nil
	}
	rows, err := me.st.LastingPairings(ctx, a.RecipientID, "")
	for _, p := range rows {
		if p.Line == models.LinePairing {
			a.CadreID = p.CadreID
		}
	}
	if err == nil && a.CadreID == "" {
		f.wrong("number", "这位对象现在没有结对干部,请到“待匹配”里配。")
	}
	return err
}

// readLineOut finds who has done the service that ends: their unit may ask for it.
func (s *site) readLineOut(ctx context.Context, me seat, a *models.Adjustment) error {
	if a.RecipientID == "" {
		return nil
	}
	rows, err := me.st.LastingPairings(ctx, a.RecipientID, "")
	for _, p := range rows {
		if p.Line == a.Line {
			a.CadreID = p.CadreID
		}
	}
	return err
}

func (s *site) readNewcomer(ctx context.Context, me seat, f *form, a *models.Adjustment) error {
	if a.RecipientID != "" {
		return nil
	}
	d := models.Draft{
		Name: f.Get("name"), IDNumber: strings.ToUpper(f.Get("id_number")), CareMode: models.CareMode(f.Get("care")),
		ContactKind: models.ContactGuardian, ContactName: f.Get("guardian"), ContactPhone: f.Get("guardian_phone"),
	}
	for _, c := range f.Values["category"] {
		if c != "" {
			d.Categories = append(d.Categories, models.Category(c))
		}
	}
	if d.Name == "" {
		f.wrong("name", "请写姓名。")
	}
	if len(d.Categories) == 0 {
		f.wrong("category", "请选类别,至少一样。")
	}
	child := slices.Contains(d.Categories, models.CategoryOrphan) || slices.Contains(d.Categories, models.CategoryDeFactoUnattended)
	if d.IDNumber == "" && child && d.ContactName == "" {
		f.wrong("guardian", "不满 18 岁要写监护人或机构。")
	}
	if d.IDNumber != "" {
		birth, fault := xlsx.CheckID(d.IDNumber)
		switch {
		case fault != "":
			f.wrong("id_number", fault)
		case s.today().Sub(birth) < 18*365 && d.ContactName == "":
			f.wrong("guardian", "不满 18 岁要写监护人或机构。")
		}
	}
	if d.ContactPhone != "" && !phoneForm.MatchString(d.ContactPhone) {
		f.wrong("guardian_phone", "手机号是 11 位数字,请核对。")
	}
	var err error
	d.Region, err = s.placeCalled(ctx, me, f)
	a.SetDraft(d)
	return err
}

func (s *site) readNewCadre(ctx context.Context, f *form, a *models.Adjustment) error {
	phone := f.Get("phone")
	if !phoneForm.MatchString(phone) {
		f.wrong("phone", "手机号是 11 位数字,请核对。")
		return nil
	}
	a.UnitID = f.Get("unit")
	known, err := s.DB.As(models.Actor{}).CadreWithPhone(ctx, phone)
	switch {
	case err == nil:
		a.CadreID = known.ID
		return nil
	case !errors.Is(err, store.ErrNotFound):
		return err
	}
	unit, err := s.DB.As(models.Actor{}).Unit(ctx, a.UnitID)
	if errors.Is(err, store.ErrNotFound) {
		f.wrong("unit", "请选单位。")
		return nil
	}
	if f.Get("name") == "" {
		f.wrong("name", "请写姓名。")
	}
	a.SetDraft(models.Draft{Name: f.Get("name"), Phone: phone, Post: f.Get("post"), Region: unit.Region})
	return err
}

// cadreCalled finds a cadre by the telephone that was typed; "" where none was.
func (s *site) cadreCalled(ctx context.Context, me seat, f *form, name string) (string, error) {
	phone := f.Get(name)
	if phone == "" {
		return "", nil
	}
	c, err := me.st.CadreWithPhone(ctx, phone)
	if errors.Is(err, store.ErrNotFound) {
		f.wrong(name, "名册里没有用这个手机号的干部。")
		return "", nil
	}
	return c.ID, err
}

// placeCalled finds the place that was typed as a path.
func (s *site) placeCalled(ctx context.Context, me seat, f *form) (code string, err error) {
	path := strings.Trim(strings.ReplaceAll(f.Get("village"), " ", ""), "/")
	if strings.Count(path, "/") != 2 {
		f.wrong("village", "写到村:崆峒区/峡门乡/吴坡村。")
		return "", nil
	}
	code, err = me.st.RegionAt(ctx, path)
	if errors.Is(err, store.ErrNotFound) {
		f.wrong("village", "没有这个村,请核对写法;新的村先由县上导入。")
		return "", nil
	}
	return code, err
}

var phoneForm = regexp.MustCompile(`^1[3-9]\d{9}$`)
