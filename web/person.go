package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
)

// personView is the page of one person. Names, numbers and addresses are masked
// unless they were asked for with a reason.
type personView struct {
	form
	ID, Name, Number, Kinds, Place, Born string
	Child                                bool
	Exited                               models.Day
	Checks                               string // what the last visit found, of the checklist
	Year                                 string // 联系 1/4 走访 2/2 实事 0/1
	Pairings                             []pairingRow
	Contacts                             []contactRow
	States                               []stateRow
	Activities                           []deedRow
	Needs                                []needRow
	Plan                                 string
	Deliveries                           []deliveryRow
	Looked                               []lookRow
	Full                                 *fullPerson // what was asked for
	MayReveal, MayIdentity               bool
	Grant                                string // how the asking stands
	Granted                              bool
	Proof                                string // what is asked for again
	Audit                                string // all that is on record of the person
}

type (
	pairingRow  struct{ Line, Cadre, Unit, From, To, Reason, Link string }
	contactRow  struct{ Kind, Name, Phone string }
	stateRow    struct{ State, From, To string }
	deedRow     struct{ Day, Kind, Label, Detail, Cadre, Amount, Photo string }
	needRow     struct{ Number, About, State, Since, Link string }
	deliveryRow struct{ At, Kind, State string }
	lookRow     struct{ At, Who, What, Detail string }
	fullPerson  struct {
		Name, Birth, Address, Aliases, Needs, IDNumber string
		Contacts                                       []contactRow
	}
)

var contactKinds = map[models.ContactKind]string{
	models.ContactSelf: "本人", models.ContactGuardian: "监护人", models.ContactRelative: "亲属", models.ContactNeighbour: "邻居",
	models.ContactVillage: "村干部", models.ContactInstitution: "机构",
}

func (s *site) person(w http.ResponseWriter, r *http.Request, me seat) error {
	f, err := me.st.Person(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	v, err := s.personView(r, me, f)
	if err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "person", v)
}

func (s *site) personView(r *http.Request, me seat, f store.PersonFile) (personView, error) {
	p, today := f.Recipient, s.today()
	v := personView{
		ID: p.ID, Name: models.MaskName(p.Name.Reveal()), Number: p.Number, Kinds: s.kindsOf(f.Lists, p), Place: placeTo(f.Place, 2), Exited: p.ExitedOn,
		Child: isChild(p, today), Proof: "再填一次登录密码*",
		MayReveal: me.may(models.ObjectPerson, models.Reveal), MayIdentity: me.may(models.ObjectIdentity, models.Reveal),
	}
	if me.may(models.ObjectAudit, models.See) {
		v.Audit = auditPath + "?person=" + p.ID
	}
	if s.hasFactor(r) {
		v.Proof = "手机验证器上的 6 位数*"
	}
	v.Born = "年龄不详"
	if age := p.Age(today); age >= 0 {
		v.Born = fmt.Sprintf("%d 岁", age)
	}
	for _, a := range f.Activities {
		row := deedRow{Day: a.Day.String(), Kind: string(a.Kind), Label: a.Kind.Label(), Photo: a.Photo, Cadre: models.MaskName(f.Cadres[a.CadreID].Name)}
		if a.Day.Year() != today.Year() {
			row.Day = fmt.Sprintf("%d年%s", a.Day.Year(), a.Day)
		}
		row.Detail = detail(models.Activity{Kind: a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage})
		if at := f.Places[a.Region]; at != "" {
			row.Detail = strings.TrimSpace(row.Detail + " 在" + at[strings.LastIndex(at, "/")+1:])
		}
		if a.AmountFen != nil {
			row.Amount = models.Fen(*a.AmountFen).Yuan()
		}
		if !me.may(models.ObjectPhoto, models.See) {
			row.Photo = ""
		}
		v.Activities = append(v.Activities, row)
	}
	for _, x := range f.Pairings {
		c := f.Cadres[x.CadreID]
		row := pairingRow{Line: f.Lists.Line(x.Line, today), Cadre: models.MaskName(c.Name), Unit: c.Unit, From: s.date(x.FromDay), To: s.date(x.ToDay), Reason: x.Reason}
		if me.may(models.ObjectCadre, models.See) {
			row.Link = cadresPath + "/" + x.CadreID
		}
		v.Pairings = append(v.Pairings, row)
		if x.Line == models.LinePairing && x.Holds(today) && v.Year == "" {
			t := f.Tally(x, today)
			if v.Year = t.Line(); t.OpeningUnknown {
				v.Year += "(启用前的没导进来)"
			}
		}
	}
	for _, c := range f.Contacts {
		v.Contacts = append(v.Contacts, contactRow{contactKinds[c.Kind], models.MaskName(c.Name.Reveal()), maskPhone(c.Phone.Reveal())})
	}
	for _, x := range f.States {
		v.States = append(v.States, stateRow{x.State.Label(), s.date(x.FromDay), s.date(x.ToDay)})
	}
	for _, n := range f.Needs {
		v.Needs = append(v.Needs, needRow{fmt.Sprintf("诉求 #%d", n.Number), string(n.Category) + " · " + models.DepartmentOf(n.Department).Name, n.State.Label(), s.clock(n.RaisedAt), ""})
	}
	v.Checks = checksWords(f)
	if f.Plan.ID != "" {
		v.Plan = fmt.Sprintf("第 %d 版,%s", f.Plan.Version, f.Plan.State.Label())
	}
	for _, d := range f.Deliveries {
		v.Deliveries = append(v.Deliveries, deliveryRow{s.clock(d.CreatedAt), deliveryKinds[d.Kind], deliveryStates[d.State]})
	}
	v.Looked = s.looked(f.Audit)
	asked := slices.ContainsFunc(f.Audit, func(a store.Audit) bool { return a.Action == "grant.ask" && a.Actor == "account:"+me.ID })
	if !v.MayIdentity || !asked {
		return v, nil
	}
	g, err := me.st.GrantFor(r.Context(), p.ID)
	if err != nil || g.ID == "" {
		return v, err
	}
	switch {
	case g.DecidedAt == 0:
		v.Grant = "已经请" + grantedBy + "批,批了这里就能看。"
	case g.UntilAt == 0:
		v.Grant = "上次没有批。还要看,换个理由再请。"
	case g.UntilAt > models.InstantOf(s.Now()):
		v.Grant, v.Granted = "批了,看到 "+s.clock(g.UntilAt)+" 为止。", true
	}
	return v, nil
}

const grantedBy = "县级或市级的另一位管理员"

// isChild tells whether a person is under 18, or may be: an unknown birth of
// somebody in a child's category counts as a child's.
func isChild(p models.Recipient, today models.Day) bool {
	age := p.Age(today)
	return age >= 0 && age < 18 || age < 0 && (p.Is(models.CategoryOrphan) || p.Is(models.CategoryDeFactoUnattended))
}

// placeTo cuts a path to some levels: pages go no nearer than the township.
func placeTo(path string, levels int) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[:min(levels, len(parts))], " ")
}

func maskPhone(phone string) string {
	if len(phone) < 8 {
		return ""
	}
	return phone[:3] + strings.Repeat("*", len(phone)-7) + phone[len(phone)-4:]
}

var deliveryKinds = map[string]string{
	"late": "答复", "duty": "提醒", "summary": "小结", "notice": "通知", "question": "提问的答复", "need": "诉求进展", "alert": "预警", "carry": "转达",
	"plan": "约好的走访", "birthday": "生日", "festival": "节日", "entry": "录入", "state": "近况", "behalf": "代记", "ask": "回访",
}

var deliveryStates = map[string]string{
	store.DeliveryPlanned: "等着发", store.DeliveryAccepted: "已发出", store.DeliveryDelivered: "送到了", store.DeliveryRefused: "对方不收",
	store.DeliveryFailed: "没送到", store.DeliveryUnknown: "不知道到没到", store.DeliveryCancelled: "不用发了",
}

// checksWords says what the last visit found: 11月21日(周六) 吃穿好、用药有情况.
func checksWords(f store.PersonFile) string {
	if len(f.Checks) == 0 {
		return ""
	}
	return f.CheckedOn.String() + " " + f.Lists.Findings(f.Checks, f.CheckedOn)
}
