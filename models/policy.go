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

// PolicyDraft is a new wording of one entry that one account proposes and another
// signs off. Signed are the offices that agreed to it, as the proposer says.
type PolicyDraft struct {
	ID        string `gorm:"primaryKey"`
	Entry     string
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
