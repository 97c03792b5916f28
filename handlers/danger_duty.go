package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"aixin/bot"
	"aixin/handlers/answer"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// Duty answers danger while the database is away: it keeps a sealed copy of who
// is on duty and of the place each bound sender speaks for, and remembers whom
// it told, so that the message's replay does not tell them again. A nil Duty
// keeps and tells nothing.
type Duty struct {
	dir  string
	keys *store.Keys
	now  func() time.Time
	zone *time.Location

	mu      sync.Mutex
	roster  dutyRoster
	written [sha256.Size]byte // of the file
}

// dutyRoster is the snapshot.
type dutyRoster struct {
	People  []dutyPerson      `json:"people"`
	Senders map[string]string `json:"senders"` // index of an openid → region
}

type dutyPerson struct {
	Role   models.AccountRole `json:"role"`
	Region string             `json:"region"`
	OpenID string             `json:"openid"`
}

// dutyMark is what was done for one message while the database was away.
type dutyMark struct {
	Told []string `json:"told"`
}

const (
	dutyFile  = "duty.roster"
	markEnds  = ".told"
	markLives = 7 * 24 * time.Hour
)

// OpenDuty opens the snapshot under dir, which holds the last one of an earlier
// process.
func OpenDuty(dir string, keys *store.Keys, zone *time.Location, now func() time.Time) (*Duty, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("handlers: duty: %w", err)
	}
	d := &Duty{dir: dir, keys: keys, now: now, zone: zone}
	// A snapshot that cannot be read is as none: the next Refresh makes one.
	d.read(dutyFile, &d.roster)
	return d, nil
}

// Refresh takes a new snapshot and drops marks that no replay can ask for any
// more. It is called about once a minute.
func (d *Duty) Refresh(ctx context.Context, st *store.Store) error {
	accounts, err := st.AccountsWith(ctx, []models.AccountRole{models.AccountDuty, models.AccountCounty, models.AccountCity})
	if err != nil {
		return err
	}
	var fresh dutyRoster
	for _, a := range accounts {
		bound, err := boundOf(ctx, st, []models.Account{a})
		if err != nil {
			return err
		}
		for _, b := range bound {
			fresh.People = append(fresh.People, dutyPerson{a.Role, a.Region, b.openid})
		}
	}
	if fresh.Senders, err = st.BoundRegions(ctx); err != nil {
		return err
	}
	raw, err := json.Marshal(fresh)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.roster = fresh
	d.sweep()
	if sum := sha256.Sum256(raw); sum != d.written {
		if err := d.write(dutyFile, raw); err != nil {
			return err
		}
		d.written = sum
	}
	return nil
}

// Emergency hears danger in a message that the database could not take: the
// words for its sender, whom to tell now, and the words for them. All are empty
// where there is no danger.
func (d *Duty) Emergency(_ context.Context, m bot.Message) (words string, alert []bot.OpenID, text string) {
	text = tidy(m.Text)
	alarm := answer.Alarm(text, "guardian")
	if alarm.Level == answer.Calm {
		return "", nil, ""
	}
	words = say.Danger(alarm.Kind, false)
	if d == nil {
		return words, nil, ""
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	key := d.keys.Index("inbound", m.Identity)
	var mark dutyMark
	d.read(key+markEnds, &mark)
	d.mark(key, mark)
	if alarm.Level != answer.Red {
		return words, nil, "" // somebody calls within the day: the replay sees to it
	}
	for _, openid := range d.people(d.roster.Senders[d.keys.Index("openid", string(m.From))]) {
		if !slices.Contains(mark.Told, openid) {
			alert = append(alert, bot.OpenID(openid))
		}
	}
	return words, alert, say.AlertOutage(text, d.now().In(d.zone))
}

// people are those on duty for a place and the offices above it, all at once,
// since nobody can acknowledge now; for an unknown place everybody on duty.
func (d *Duty) people(region string) (openids []string) {
	add := func(want func(dutyPerson) bool) (found bool) {
		for _, p := range d.roster.People {
			if want(p) {
				found = true
				if !slices.Contains(openids, p.OpenID) {
					openids = append(openids, p.OpenID)
				}
			}
		}
		return found
	}
	if region == "" {
		add(func(p dutyPerson) bool { return p.Role == models.AccountDuty })
	}
	for _, s := range models.DangerSteps(models.DangerRed, region) {
		for _, place := range s.Places {
			if add(func(p dutyPerson) bool { return p.Region == place && slices.Contains(s.Roles, p.Role) }) {
				break
			}
		}
	}
	return openids
}

// Told notes that a person was told of a message, so that its replay does not
// repeat it.
func (d *Duty) Told(m bot.Message, to bot.OpenID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := d.keys.Index("inbound", m.Identity)
	var mark dutyMark
	d.read(key+markEnds, &mark)
	if !slices.Contains(mark.Told, string(to)) {
		mark.Told = append(mark.Told, string(to))
		d.mark(key, mark)
	}
}

// told tells whether a message was answered while the database was away, and
// who was alerted then.
func (d *Duty) told(key string) (spoken bool, people map[string]bool) {
	if d == nil {
		return false, nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var mark dutyMark
	spoken = d.read(key+markEnds, &mark) == nil
	people = map[string]bool{}
	for _, p := range mark.Told {
		people[p] = true
	}
	return spoken, people
}

// mark keeps what was done for a message. One that cannot be written costs a
// second alert, which is better than none.
func (d *Duty) mark(key string, m dutyMark) {
	if raw, err := json.Marshal(m); err == nil {
		d.write(key+markEnds, raw)
	}
}

func (d *Duty) read(name string, into any) error {
	box, err := os.ReadFile(filepath.Join(d.dir, name))
	if err != nil {
		return err
	}
	raw, err := d.keys.Open("duty."+name, box)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

func (d *Duty) write(name string, raw []byte) error {
	box, err := d.keys.Seal("duty."+name, raw)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(d.dir, "new-*")
	if err != nil {
		return fmt.Errorf("handlers: duty: %w", err)
	}
	_, err = f.ReadFrom(bytes.NewReader(box))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(d.dir, name))
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("handlers: duty: %w", err)
	}
	return nil
}

func (d *Duty) sweep() {
	files, _ := filepath.Glob(filepath.Join(d.dir, "*"+markEnds))
	for _, path := range files {
		if info, err := os.Stat(path); err == nil && info.ModTime().Before(d.now().Add(-markLives)) {
			os.Remove(path)
		}
	}
}
