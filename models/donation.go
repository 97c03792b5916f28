package models

// Donation is what somebody gave to the programme: money, or goods at a value.
// It is kept apart from what cadres give (domain.md §1.8).
type Donation struct {
	ID        string `gorm:"primaryKey"`
	Number    int
	Day       Day
	Donor     Secret
	Goods     bool
	What      string // of goods
	AmountFen Fen
	Purpose   string
	Region    string // where it may be used
	Actor     string
	CreatedAt Instant `gorm:"autoCreateTime:false"`
	VoidedAt  Instant
}

// DonationUse is a part of a donation that was allotted, and handed over on a
// day. It names a place and how many people, nobody's name: donors never learn
// who got what.
type DonationUse struct {
	ID         string `gorm:"primaryKey"`
	DonationID string
	Day        Day
	AmountFen  Fen
	Region     string
	People     int
	Note       Secret
	HandedOn   Day // "" until it is
	Actor      string
	CreatedAt  Instant `gorm:"autoCreateTime:false"`
	VoidedAt   Instant
}
