package models

// Notice is a message of an administrator to many.
type Notice struct {
	ID        string `gorm:"primaryKey"`
	AccountID string
	Region    string // the place it was for
	Body      Secret
	People    int // to whom it went
	Unbound   int // who could not be reached by WeChat
	SentAt    Instant
}

// NoticesAWeek is the most notices that a person gets in seven days (users.md
// 四.2).
const NoticesAWeek = 2
