// Package configs holds the settings: their defaults, where they are read from
// (file, then environment), what is wrong with them, and a dump that shows no
// secret. Only cmd imports it and hands each part the few values it needs.
package configs

import (
	_ "embed"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"time"

	"aixin/models"
)

// Example is a settings file that says what the defaults say, with comments.
//
//go:embed example.yaml
var Example string

// Config is every setting. A key is written in the file as its koanf path, and
// in the environment as AIXIN_ and that path in capitals, dots as underscores.
type Config struct {
	Server   Server   `koanf:"server"`
	WeChat   WeChat   `koanf:"wechat"`
	Database Database `koanf:"database"`
	Redis    Redis    `koanf:"redis"`
	Storage  Storage  `koanf:"storage"`
	Security Security `koanf:"security"`
	Web      Web      `koanf:"web"`
	Push     Push     `koanf:"push"`
	Binding  Binding  `koanf:"binding"`
	Record   Record   `koanf:"record"`
	Question Question `koanf:"question"`
	// DataDir holds the journal, and the database, keyset and photos where
	// these are not put elsewhere. Processes of one machine may share it.
	DataDir string `koanf:"data_dir"`
	// TimeZone is the zone in which people read and write dates.
	TimeZone string `koanf:"time_zone"`
}

// Server is where the service listens and how it is reached.
type Server struct {
	// Listen is the address of the callback, the console and the phone pages.
	Listen string `koanf:"listen"`
	// PublicURL is what people's phones call this service, without a path.
	PublicURL string `koanf:"public_url"`
	// OpsListen is the address of health, metrics and pprof; keep it private.
	OpsListen string `koanf:"ops_listen"`
}

// WeChat is the official account, as its console shows it.
type WeChat struct {
	AppID     string `koanf:"app_id"`
	AppSecret Secret `koanf:"app_secret"`
	Token     Secret `koanf:"token"`
	// EncodingAESKey is empty only with test accounts: messages are then plain.
	EncodingAESKey Secret `koanf:"encoding_aes_key"`
	// PreviousAESKey is accepted too, while the key is being changed.
	PreviousAESKey Secret `koanf:"previous_aes_key"`
	// APIBaseURL is plain http only on loopback.
	APIBaseURL string    `koanf:"api_base_url"`
	Templates  Templates `koanf:"templates"`
	// TemplateKinds says of each template whether it is a category one (the
	// default) or a classic one.
	TemplateKinds Templates `koanf:"template_kinds"`
	// TemplateFields changes a template's field keys: template name → our field
	// → the platform's key (thing1, time2 …). What is not here stays as in code.
	TemplateFields map[string]map[string]string `koanf:"template_fields"`
}

// Templates holds the ids of template messages; without one that push uses an
// open window or lists the person as unreachable.
type Templates struct {
	DutyReminder   string `koanf:"duty_reminder"`
	MonthlySummary string `koanf:"monthly_summary"`
	Notice         string `koanf:"notice"`
	QuestionReply  string `koanf:"question_reply"`
	NeedUpdate     string `koanf:"need_update"`
	Alert          string `koanf:"alert"`
}

// ByName returns the ids by the names that the settings use.
func (t Templates) ByName() map[string]string {
	return map[string]string{
		"duty_reminder": t.DutyReminder, "monthly_summary": t.MonthlySummary, "notice": t.Notice,
		"question_reply": t.QuestionReply, "need_update": t.NeedUpdate, "alert": t.Alert,
	}
}

// Database is SQLite in a file or MySQL (MariaDB) on a server.
type Database struct {
	Driver string `koanf:"driver"`
	// DSN is a file for SQLite (empty: <data_dir>/aixin.db), and
	// user:password@tcp(host:3306)/name for MySQL; the program adds parameters.
	DSN Address `koanf:"dsn"`
	// MaxOpen is the most connections at once; 0 leaves it to the program.
	MaxOpen int `koanf:"max_open"`
}

// Redis is shared by all processes; without addresses each has its own inside.
type Redis struct {
	// Addrs of one server, or of several nodes of a cluster.
	Addrs    []string `koanf:"addrs"`
	Password Secret   `koanf:"password"`
}

// Storage is where photos and recordings are kept, sealed.
type Storage struct {
	// URL is file:///folder or s3://key:secret@host/bucket; empty: <data_dir>/photos.
	URL Address `koanf:"url"`
	// AccessKey and SecretKey are for an s3 URL that does not hold them.
	AccessKey string `koanf:"access_key"`
	SecretKey Secret `koanf:"secret_key"`
}

// Security is what seals personal data.
type Security struct {
	// KeysetFile is made by "aixin keys init"; empty: <data_dir>/keyset.json.
	KeysetFile string `koanf:"keyset_file"`
}

// Web is who may open the console, and how.
type Web struct {
	// RequireTOTP asks every account that sees personal data for a second factor,
	// enrolled at the first sign-in.
	RequireTOTP bool `koanf:"require_totp"`
	// AllowNetworks are the networks (CIDR) from which the console opens; none
	// for every one.
	AllowNetworks []string `koanf:"allow_networks"`
}

// Networks are the networks from which the console opens; Validate has read them.
func (w Web) Networks() (all []netip.Prefix) {
	for _, text := range w.AllowNetworks {
		if p, err := parseNetwork(text); err == nil {
			all = append(all, p)
		}
	}
	return all
}

func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	return p.Masked(), err
}

// Push is when and how fast messages go out unasked.
type Push struct {
	// QuietHours of cadres, QuietHoursGuardian of families: HH:MM-HH:MM, several
	// with commas, empty for none. Urgent danger does not wait.
	QuietHours         string `koanf:"quiet_hours"`
	QuietHoursGuardian string `koanf:"quiet_hours_guardian"`
	// Font is a file with Chinese letters to draw with; empty: one of the system.
	Font string `koanf:"font"`
	// RatePerSecond is the most messages that all processes together send a second.
	RatePerSecond int `koanf:"rate_per_second"`
	// ApproveAbove is how many people a notice may go to without a second
	// administrator's agreement.
	ApproveAbove int `koanf:"approve_above"`
}

// Binding is about the tie between a WeChat user and a person of the register.
type Binding struct {
	// EraseAfterUnfollow is how long the tie survives an unfollow; at most 30 days.
	EraseAfterUnfollow Span `koanf:"erase_after_unfollow"`
	// PrivacyFile holds the notice that families agree to, with its versions; empty:
	// the shipped one.
	PrivacyFile string `koanf:"privacy_file"`
}

// Record is about what cadres log.
type Record struct {
	// LateAfter is the age from which an entry is marked 补录.
	LateAfter Span `koanf:"late_after"`
	// RepeatWithin is how long the same gift again is asked about first.
	RepeatWithin Span `koanf:"repeat_within"`
	// UndoWithin is how long 撤销 needs no second question.
	UndoWithin Span `koanf:"undo_within"`
	// KeepWords is how long what people wrote and were answered is kept, beside
	// what was recorded of it; at least 7 days.
	KeepWords Span `koanf:"keep_words"`
}

// Question is how long a family's question waits for an answer, in working days,
// and a recording to be played, in working hours.
type Question struct {
	// RemindAfter reminds who has it, UnitAfter tells the unit's liaison,
	// CountyAfter the county.
	RemindAfter int `koanf:"remind_after"`
	UnitAfter   int `koanf:"unit_after"`
	CountyAfter int `koanf:"county_after"`
	// HearWithin is when the liaison hears of a recording that nobody played.
	HearWithin int `koanf:"hear_within"`
	// ConfirmPercent is the share of visits about which a family is asked one
	// question; 0 asks nobody.
	ConfirmPercent int `koanf:"confirm_percent"`
	// MP3Command turns a recording (AMR on stdin) into MP3 on stdout, so that
	// phone pages can play it; empty: sox, where it is installed.
	MP3Command []string `koanf:"mp3_command"`
}

// Hours are the times that hold where no office sets any at the console; Validate
// has made sure that they can be read.
func (c Config) Hours() models.Hours {
	h := models.ShippedHours()
	h.QuietCadres, h.QuietFamilies = c.Push.Quiet()
	h.Question = models.QuestionClock{Remind: c.Question.RemindAfter, Unit: c.Question.UnitAfter, County: c.Question.CountyAfter, Hear: c.Question.HearWithin}
	return h
}

// Default returns the settings that hold where nobody says otherwise.
func Default() Config {
	return Config{
		Server:   Server{Listen: ":8080", OpsListen: "127.0.0.1:9090"},
		WeChat:   WeChat{APIBaseURL: "https://api.weixin.qq.com"},
		Database: Database{Driver: "sqlite"},
		Web:      Web{RequireTOTP: true, AllowNetworks: []string{}},
		Push: Push{
			QuietHours:         "21:00-08:00,12:30-14:30",
			QuietHoursGuardian: "20:00-08:00",
			RatePerSecond:      20,
			ApproveAbove:       500,
		},
		Record: Record{
			LateAfter:    Span(31 * day),
			RepeatWithin: Span(day),
			UndoWithin:   Span(day),
			KeepWords:    Span(90 * day),
		},
		Question: Question{RemindAfter: 2, UnitAfter: 3, CountyAfter: 5, HearWithin: 4, ConfirmPercent: 10, MP3Command: []string{}},
		DataDir:  "./data",
		TimeZone: "Asia/Shanghai",
	}
}

// Zone returns the time zone; Validate has made sure that there is one.
func (c Config) Zone() *time.Location {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		panic("configs: Zone before Validate: " + err.Error())
	}
	return zone
}

// DSN returns where the database is, the default included.
func (c Config) DSN() string {
	if c.Database.DSN == "" && c.Database.Driver == "sqlite" {
		return filepath.Join(c.DataDir, "aixin.db")
	}
	return c.Database.DSN.Reveal()
}

// KeysetFile returns where the keyset is, the default included.
func (c Config) KeysetFile() string {
	if c.Security.KeysetFile == "" {
		return filepath.Join(c.DataDir, "keyset.json")
	}
	return c.Security.KeysetFile
}

// StorageURL returns where photos are kept, the default included.
func (c Config) StorageURL() (string, error) {
	if c.Storage.URL != "" {
		return c.Storage.URL.Reveal(), nil
	}
	dir, err := filepath.Abs(filepath.Join(c.DataDir, "photos"))
	if err != nil {
		return "", fmt.Errorf("configs: storage folder: %w", err)
	}
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}).String(), nil
}
