package models

import (
	"slices"
	"strings"
)

// PlanState is how far a version of a plan is.
type PlanState string

// The states of a plan's versions. One is in force at most.
const (
	PlanDraft    PlanState = "draft"
	PlanApproved PlanState = "approved"
	PlanReplaced PlanState = "replaced"
)

// Label is the word for a state.
func (s PlanState) Label() string {
	return map[PlanState]string{PlanDraft: "草稿", PlanApproved: "在用", PlanReplaced: "旧版"}[s]
}

// CarePlan is a version of what is done for one person (一人一策).
type CarePlan struct {
	ID          string `gorm:"primaryKey"`
	RecipientID string
	Version     int
	Needs       Secret
	Goals       Secret
	State       PlanState
	ReviewOn    Day // when it is looked at again
	DraftedBy   string
	DraftedAt   Instant
	ApprovedBy  string
	ApprovedAt  Instant
}

// PlanSide is the column of a measure: what a household has, and what keeps a
// heart up (物质保障+精神滋养).
type PlanSide string

// The two columns.
const (
	SideMaterial PlanSide = "material" // 物质
	SideSpirit   PlanSide = "spirit"   // 精神
)

// PlanMeasure is one thing that a plan sets down: by whom, by when, and what was
// done of it.
type PlanMeasure struct {
	ID          string `gorm:"primaryKey"`
	PlanID      string
	RecipientID string
	Side        PlanSide
	Line        Line // one of the four one-to-one services, or the pairing
	Words       Secret
	Owner       Secret // who sees to it
	DueOn       Day
	DoneOn      Day
	ActivityID  string // the visit that ticked it
	Position    int
}

// PlanReviewAfter is after how many days a plan is looked at again.
const PlanReviewAfter = 183

// serviceSides says in which column a one-to-one service stands.
var serviceSides = map[Line]PlanSide{
	LineTutoring: SideSpirit, LineRehab: SideMaterial, LineCounsel: SideSpirit, LineFamilyCare: SideSpirit,
}

// spiritNeeds are the categories of needs that stand in the second column.
var spiritNeeds = []NeedCategory{"教育", "心理"}

// DraftPlan puts together a plan from what is known: open needs become measures
// of their department, services of the person's lines measures of their cadre.
// Nothing is made up: who needs nothing has an empty plan.
func DraftPlan(needs []Need, lines []Pairing, owners map[string]string, today Day) (words string, measures []PlanMeasure) {
	var spoken []string
	for _, n := range needs {
		if !n.State.Running() {
			continue
		}
		text := strings.TrimSpace(n.Words.Reveal())
		spoken = append(spoken, text)
		m := PlanMeasure{Side: SideMaterial, Line: LinePairing, Words: Conceal(text), Owner: Conceal(DepartmentOf(n.Department).Name), DueOn: today.Add(30)}
		if slices.Contains(spiritNeeds, n.Category) {
			m.Side = SideSpirit
		}
		measures = append(measures, m)
	}
	for _, p := range lines {
		side, service := serviceSides[p.Line]
		if !service || !p.Holds(today) {
			continue
		}
		measures = append(measures, PlanMeasure{Side: side, Line: p.Line, Words: Conceal(serviceWords[p.Line]), Owner: Conceal(owners[p.CadreID]), DueOn: today.Add(PlanReviewAfter)})
	}
	for i := range measures {
		measures[i].Position = i
	}
	return strings.Join(spoken, "\n"), measures
}

// serviceWords say what a one-to-one service does.
var serviceWords = map[Line]string{
	LineTutoring: "课余和节假日讲解课本、辅导作业", LineRehab: "医疗建议、康复指导、送医陪护",
	LineCounsel: "定期谈心,做心理抚慰", LineFamilyCare: "每周上门看望,拉家常,看饮食起居",
}
