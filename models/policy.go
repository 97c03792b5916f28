package models

// Policy is one version of the policy base; the newest is the one in force.
type Policy struct {
	Version    int `gorm:"primaryKey;autoIncrement:false"`
	Body       string
	Hash       string
	Actor      string
	Note       string
	ImportedAt Instant
}

// PolicyAct is what a draft does to the policy base.
type PolicyAct string

// The acts.
const (
	PolicyRevise PolicyAct = "" // one entry, in its place or as a new one
	PolicyRemove PolicyAct = "remove"
	PolicyWhole  PolicyAct = "whole" // the whole base
)

// Label is the word for an act.
func (a PolicyAct) Label() string {
	return map[PolicyAct]string{PolicyRevise: "改一条", PolicyRemove: "去掉一条", PolicyWhole: "换整库"}[a]
}

// PolicyDraft is a change of the policy base that one account proposes and another
// signs off. Signed are the offices that agreed to it, as the proposer says.
type PolicyDraft struct {
	ID        string `gorm:"primaryKey"`
	Act       PolicyAct
	Entry     string // "" of a whole base
	Body      string // the text of the entry, or of the whole base
	Answer    string
	Source    string
	Effective string
	Review    string
	Signed    string
	Reason    string
	AskedBy   string
	AskedAt   Instant
	DecidedBy string
	DecidedAt Instant
	Given     bool
}

// Unanswered is a question that the base did not answer, without any name and
// without who asked.
type Unanswered struct {
	ID      string `gorm:"primaryKey"`
	Words   Secret
	Region  string // the county
	AskedAt Instant
}
