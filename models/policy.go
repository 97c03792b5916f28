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

// Unanswered is a question that the base did not answer, without any name and
// without who asked.
type Unanswered struct {
	ID      string `gorm:"primaryKey"`
	Words   Secret
	Region  string // the county
	AskedAt Instant
}
