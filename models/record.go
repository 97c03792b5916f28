package models

// Source is where an activity came from.
type Source string

// The sources of activities.
const (
	SourceChat    Source = "chat"
	SourceConsole Source = "console"
	SourceImport  Source = "import"
)

// Status of an activity. Withdrawals and corrections are rows: nothing is
// deleted.
type Status string

// The states of an activity; disputed ones count until the dispute is closed.
const (
	StatusActive    Status = "active"
	StatusCorrected Status = "corrected"
	StatusWithdrawn Status = "withdrawn"
	StatusDisputed  Status = "disputed"
)

// Record is one message's worth of activities and photos, with its receipt.
type Record struct {
	ID         string `gorm:"primaryKey"`
	CadreID    string
	InboundKey string // empty for records that came by import
	Words      Secret // what the cadre said
	Region     string // where it was done, a village at the nearest; "" where nobody said
	RecordedAt Instant
	VoidedAt   Instant
}

// Activity is one thing done for one person.
type Activity struct {
	ID          string `gorm:"primaryKey"`
	RecordID    string
	CadreID     string
	RecipientID string
	PairingID   string // "" where the cadre is not paired with the person
	Kind        Kind
	Channel     Channel
	Help        Help
	Stage       PolicyStage
	Day         Day
	AmountFen   *int64
	Goods       bool // aid in kind; AmountFen is then its value
	Fund        Fund // whose money an aid is
	Late        bool // 补录: more than 31 days after the day
	Source      Source
	Note        Secret
	Status      Status
	RecordedAt  Instant
	VoidedAt    Instant // withdrawn or corrected then
}

// PhotoState tells how far the fetching of a photo is.
type PhotoState string

// The states of a photo.
const (
	PhotoPending     PhotoState = "pending"
	PhotoStored      PhotoState = "stored"
	PhotoUnavailable PhotoState = "unavailable" // the platform no longer has it
	PhotoRejected    PhotoState = "rejected"    // not a picture, or too large
	PhotoHeld        PhotoState = "held"        // it seems to show a paper or a screen: nothing of it is kept
	PhotoDropped     PhotoState = "dropped"     // its record was taken back, or the sender said no
)

// Photo is a picture or a recording that belongs to a record, or waits for one.
type Photo struct {
	ID         string `gorm:"primaryKey"`
	RecordID   string // "" while it waits for words
	CadreID    string
	Kind       string // image, voice
	MediaID    Secret
	State      PhotoState
	BlobKey    string
	Mime       string
	Width      int
	Height     int
	Bytes      int64
	SHA256     string  `gorm:"column:sha256"`
	DHash      string  `gorm:"column:dhash"`
	Looks      string  // what it seems to show, where that is no visit
	InsistedAt Instant // the sender said that it is one all the same
	ReceivedAt Instant
	StoredAt   Instant
}
