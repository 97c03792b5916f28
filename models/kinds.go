package models

// Kind says what an activity is; the values are those of nlu/guideline.md.
type Kind string

// The four kinds of activity.
const (
	KindVisit   Kind = "visit"   // 走访探视: met in person
	KindContact Kind = "contact" // 联系交流: phone, SMS, WeChat or video
	KindHelp    Kind = "help"    // 帮办实事
	KindAid     Kind = "aid"     // 资助: money or goods given
)

// Channel is the way of a contact.
type Channel string

// The channels that count as 联系交流.
const (
	ChannelPhone  Channel = "phone"
	ChannelSMS    Channel = "sms"
	ChannelWeChat Channel = "wechat"
	ChannelVideo  Channel = "video"
)

// Help is the sub-kind of a thing done.
type Help string

// The sub-kinds of 帮办实事.
const (
	HelpDeed       Help = "deed"       // 实事
	HelpDifficulty Help = "difficulty" // 解决困难
	HelpPolicy     Help = "policy"     // 落实政策
)

// PolicyStage tells how far a policy got (users.md 一.12). What was only
// explained is no thing done; help with an application and what was obtained is.
type PolicyStage string

// The stages of a policy.
const (
	PolicyExplained PolicyStage = "publicized"
	PolicyApplied   PolicyStage = "applied"
	PolicyObtained  PolicyStage = "implemented"
)

// Fen is an amount of money in hundredths of a yuan.
type Fen int64

// Category is a class of care recipient; a person may be in several.
type Category string

// The categories of the programme (domain.md §2) of which the program knows more
// than the name. The list is data (Lists): an office adds its own.
const (
	CategoryOrphan            Category = "orphan"            // 孤儿
	CategoryDeFactoUnattended Category = "de_facto"          // 事实无人抚养儿童
	CategorySevereDisability  Category = "severe_disability" // 困难重度残疾人
	CategoryExtremePoverty    Category = "extreme_poverty"   // 特困人员
	CategoryOther             Category = "other"             // 其他
)

// CareMode is where a person in extreme poverty is supported.
type CareMode string

// Scattered support brings a weekly visit by a grassroots worker.
const (
	CareModeScattered   CareMode = "scattered"   // 分散供养
	CareModeCentralized CareMode = "centralized" // 集中供养
)

// Role is what a bound person is to the service. One openid may hold several.
type Role string

// The roles of people who talk to the account.
const (
	RoleCadre     Role = "cadre"
	RoleGuardian  Role = "guardian"
	RoleRecipient Role = "recipient"
	RoleAdmin     Role = "admin"
)
