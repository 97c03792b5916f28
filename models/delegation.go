package models

// Delegation lets a colleague look after a pairing for a while (代管, users.md
// 一.10): the deputy sees the person and records for the pairing, which stays
// the cadre's. It ends by itself.
type Delegation struct {
	ID         string `gorm:"primaryKey"`
	PairingID  string
	DeputyID   string // the cadre who looks after it
	FromDay    Day
	ToDay      Day    // the last day
	Role       Role   // of who arranged it: cadre or admin
	AuthorID   string // who arranged it
	RecordedAt Instant
	VoidedAt   Instant
}
