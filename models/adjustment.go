package models

import (
	"encoding/json"
	"slices"
	"time"
)

// AdjustmentKind is what a change request asks for (动态调整).
type AdjustmentKind string

// The kinds of change requests.
const (
	AdjustRecipientIn   AdjustmentKind = "recipient_in"   // 对象新增
	AdjustRecipientOut  AdjustmentKind = "recipient_out"  // 对象退出
	AdjustRecipientMove AdjustmentKind = "recipient_move" // 对象迁移: to another place, still of the city
	AdjustCadreIn       AdjustmentKind = "cadre_in"       // 干部新增
	AdjustCadreOut      AdjustmentKind = "cadre_out"      // 干部退出
	AdjustSwap          AdjustmentKind = "swap"           // 更换
	AdjustUnitMerge     AdjustmentKind = "unit_merge"     // 单位撤并
	AdjustLineIn        AdjustmentKind = "line_in"        // 一对一新增: one of the one-to-one services begins
	AdjustLineOut       AdjustmentKind = "line_out"       // 一对一结束
)

// AdjustmentKinds lists them in the order in which people think of them.
var AdjustmentKinds = []AdjustmentKind{
	AdjustSwap, AdjustCadreOut, AdjustRecipientOut, AdjustRecipientIn, AdjustCadreIn, AdjustRecipientMove, AdjustUnitMerge,
	AdjustLineIn, AdjustLineOut,
}

// Label is the word for a kind of change.
func (k AdjustmentKind) Label() string {
	return map[AdjustmentKind]string{
		AdjustRecipientIn: "对象新增", AdjustRecipientOut: "对象退出", AdjustRecipientMove: "对象迁移", AdjustCadreIn: "干部新增",
		AdjustCadreOut: "干部退出", AdjustSwap: "更换干部", AdjustUnitMerge: "单位撤并", AdjustLineIn: "一对一新增", AdjustLineOut: "一对一结束",
	}[k]
}

// The reasons why pairings end and people come and go, as the ledger writes them.
const (
	ReasonTransfer    = "换岗"
	ReasonRetirement  = "退休"
	ReasonReform      = "机构改革"
	ReasonDeath       = "亡故"
	ReasonMovedAway   = "迁出"
	ReasonNotEligible = "不再符合"
	ReasonAdult       = "满18"
	ReasonOwnWish     = "本人自愿"
	ReasonBetterMatch = "更合适"
	ReasonNew         = "新纳入"
	ReasonBack        = "重新纳入"
	ReasonMoved       = "迁移"
	ReasonNeeded      = "家里需要"
	ReasonServed      = "服务做完了"
)

var adjustmentReasons = map[AdjustmentKind][]string{
	AdjustRecipientIn:   {ReasonNew, ReasonBack},
	AdjustRecipientOut:  {ReasonDeath, ReasonMovedAway, ReasonNotEligible, ReasonAdult, ReasonOwnWish},
	AdjustRecipientMove: {ReasonMoved},
	AdjustCadreIn:       {ReasonNew, ReasonBack},
	AdjustCadreOut:      {ReasonTransfer, ReasonRetirement, ReasonReform, ReasonDeath, ReasonOwnWish},
	AdjustSwap:          {ReasonTransfer, ReasonBetterMatch, ReasonOwnWish, ReasonReform, ReasonRetirement},
	AdjustUnitMerge:     {ReasonReform},
	AdjustLineIn:        {ReasonNeeded, ReasonNew, ReasonBetterMatch},
	AdjustLineOut:       {ReasonServed, ReasonOwnWish, ReasonTransfer, ReasonRetirement, ReasonNotEligible, ReasonReform},
}

// Reasons lists the reasons that a kind of change may have.
func (k AdjustmentKind) Reasons() []string { return adjustmentReasons[k] }

// AdjustmentState is how far a change request is.
type AdjustmentState string

// The states: a request that was approved is done on its day.
const (
	AdjustmentProposed  AdjustmentState = "proposed"
	AdjustmentApproved  AdjustmentState = "approved"
	AdjustmentReturned  AdjustmentState = "returned"
	AdjustmentWithdrawn AdjustmentState = "withdrawn"
	AdjustmentDone      AdjustmentState = "done"
	AdjustmentUndone    AdjustmentState = "undone"
)

// Label is the word for a state.
func (s AdjustmentState) Label() string {
	return map[AdjustmentState]string{
		AdjustmentProposed: "待批", AdjustmentApproved: "已批待生效", AdjustmentReturned: "退回", AdjustmentWithdrawn: "已撤回",
		AdjustmentDone: "已办", AdjustmentUndone: "已复原",
	}[s]
}

// Adjustment is a change request: proposed by a township or a unit, decided by
// the county, done on its day with all that follows from it.
type Adjustment struct {
	ID          string `gorm:"primaryKey"`
	Kind        AdjustmentKind
	State       AdjustmentState
	RecipientID string
	CadreID     string // who leaves, or is replaced
	ToCadreID   string // who follows; "" leaves the people to be matched
	UnitID      string // of the cadre; that which is dissolved
	ToUnitID    string
	Region      string // whose county decides
	Line        Line   // of a swap, or the service that begins or ends
	Reason      string
	EffectiveOn Day
	Draft       Secret // a Draft as JSON: who or where is new
	Note        Secret
	ProposedBy  string // account
	ProposedAt  Instant
	DecidedBy   string
	DecidedAt   Instant
	Decision    Secret // why it was returned, or approved by one person alone
	Alone       bool   // decided by who proposed it
	AppliedAt   Instant
	UndoneAt    Instant
}

// Draft is a person who is not in the register yet, or a new place.
type Draft struct {
	Name         string      `json:"name,omitempty"`
	IDNumber     string      `json:"id_number,omitempty"`
	Number       string      `json:"number,omitempty"`
	Categories   []Category  `json:"categories,omitempty"`
	CareMode     CareMode    `json:"care_mode,omitempty"`
	Region       string      `json:"region,omitempty"` // a code
	Address      string      `json:"address,omitempty"`
	ContactKind  ContactKind `json:"contact_kind,omitempty"`
	ContactName  string      `json:"contact_name,omitempty"`
	ContactPhone string      `json:"contact_phone,omitempty"`
	Phone        string      `json:"phone,omitempty"`
	Post         string      `json:"post,omitempty"`
	Speciality   Speciality  `json:"speciality,omitempty"`
}

// SetDraft keeps a draft in the request.
func (a *Adjustment) SetDraft(d Draft) {
	text, err := json.Marshal(d)
	if err != nil {
		panic("models: a draft of plain words has no JSON: " + err.Error())
	}
	a.Draft = Conceal(string(text))
}

// Drafted gives the draft; the zero one where there is none.
func (a Adjustment) Drafted() (d Draft, err error) {
	if a.Draft.Empty() {
		return d, nil
	}
	return d, json.Unmarshal([]byte(a.Draft.Reveal()), &d)
}

// Open tells whether the request still waits for a decision or for its day.
func (a Adjustment) Open() bool {
	return a.State == AdjustmentProposed || a.State == AdjustmentApproved
}

// The limits of a change request.
const (
	AdjustBack  = 31 // days that a change may lie back
	AdjustAhead = 92 // days that it may lie ahead
	// AloneAfter is how long who is alone on duty waits before approving the own
	// request, with a written reason (users.md 五.3).
	AloneAfter = 30 * time.Minute
	aloneWords = 4 // characters that a reason has at least
)

// Fault says in a sentence why a change cannot be; it is shown to people.
type Fault string

// Error implements error.
func (f Fault) Error() string { return string(f) }

// Check finds what the request lacks by itself, without looking at the ledger.
func (a Adjustment) Check(today Day) error {
	missing := map[AdjustmentKind][]string{
		AdjustRecipientOut: {a.RecipientID}, AdjustRecipientMove: {a.RecipientID, a.Draft.Reveal()}, AdjustCadreIn: {a.Draft.Reveal() + a.CadreID},
		AdjustRecipientIn: {a.RecipientID + a.Draft.Reveal()}, AdjustCadreOut: {a.CadreID}, AdjustSwap: {a.RecipientID, a.CadreID},
		AdjustUnitMerge: {a.UnitID, a.ToUnitID}, AdjustLineIn: {a.RecipientID, a.ToCadreID}, AdjustLineOut: {a.RecipientID},
	}
	fields, known := missing[a.Kind]
	switch {
	case !known:
		return Fault("没有这一种调整。")
	case slices.Contains(fields, ""):
		return Fault("没写清是谁,请补上。")
	case (a.Kind == AdjustLineIn || a.Kind == AdjustLineOut) && (a.Line == "" || a.Line == LinePairing):
		return Fault("请选一条一对一的线。")
	case !slices.Contains(a.Kind.Reasons(), a.Reason):
		return Fault("请选一个原因。")
	case a.EffectiveOn == "":
		return Fault("请写生效日期。")
	case a.EffectiveOn < today.Add(-AdjustBack):
		return Fault("生效日期最多往前 31 天。更早的请县上走更正。")
	case a.EffectiveOn > today.Add(AdjustAhead):
		return Fault("生效日期最多往后三个月。")
	case a.Kind == AdjustUnitMerge && a.UnitID == a.ToUnitID, a.CadreID != "" && a.CadreID == a.ToCadreID:
		return Fault("换来换去是同一个,请核对。")
	}
	return nil
}

// MayPropose tells whether an office may ask for the change at all.
func (a Account) MayPropose(adj Adjustment) bool {
	switch a.Role {
	case AccountUnit:
		return a.UnitID != "" && adj.UnitID == a.UnitID && slices.Contains([]AdjustmentKind{AdjustCadreIn, AdjustCadreOut, AdjustSwap, AdjustLineIn, AdjustLineOut}, adj.Kind)
	case AccountTownship:
		return Holds(a.Region, adj.Region) && adj.Kind != AdjustUnitMerge
	}
	return a.Decides(adj.Region)
}

// Decides tells whether an office decides changes of a place: its county, or the
// city.
func (a Account) Decides(region string) bool {
	return (a.Role == AccountCounty || a.Role == AccountCity) && a.DisabledAt == 0 && Holds(a.Region, region)
}

// MayDecide tells why an account may not decide the request now, or nil. Two
// pairs of eyes are the rule; who is alone waits and writes why.
func (a Account) MayDecide(adj Adjustment, approve bool, words string, now Instant) error {
	own := adj.ProposedBy == a.ID
	switch {
	case adj.State != AdjustmentProposed:
		return Fault("这一件已经" + adj.State.Label() + ",不用再办。")
	case !a.Decides(adj.Region):
		return Fault("这一件由县上办,您这里只能看。")
	case !approve && len([]rune(words)) < aloneWords:
		return Fault("退回要写明原因,乡镇好改。")
	case approve && own && now < adj.ProposedAt.Add(AloneAfter):
		return Fault("自己报的要隔 30 分钟才能自己批,或请另一位批。")
	case approve && own && len([]rune(words)) < aloneWords:
		return Fault("自己报自己批要写明原因,月底列清单。")
	}
	return nil
}
