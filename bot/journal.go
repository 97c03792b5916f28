package bot

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"aixin/models"
	"aixin/models/store"
)

// Journal keeps messages that could not reach the database: one sealed line
// each, on disk before the sender is told so. A process has a file of its own,
// locked while it lives; who starts adopts the files of the dead.
type Journal struct {
	dir  string
	keys *store.Keys
	log  *slog.Logger

	mu      sync.Mutex
	file    *os.File
	held    map[string]bool    // keys of messages
	waiting map[string][]entry // by sender, in the order in which they came
	fresh   chan struct{}      // something came in
}

// entry is one journalled message.
type entry struct {
	Key     string         `json:"key"`
	Sender  string         `json:"sender"`
	Message Message        `json:"message"`
	At      models.Instant `json:"at"` // when it reached the service
}

const journalPlace = "journal.line"

// OpenJournal opens a journal file of this process under dir and adopts what
// dead processes left.
func OpenJournal(dir, process string, keys *store.Keys, log *slog.Logger) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("bot: journal: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, process+".journal"), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("bot: journal: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("bot: journal is in use: %w", err)
	}
	j := &Journal{dir: dir, keys: keys, log: log, file: f, held: map[string]bool{}, waiting: map[string][]entry{}, fresh: make(chan struct{}, 1)}
	if err := errors.Join(syncDir(dir), j.Adopt()); err != nil {
		f.Close()
		return nil, err
	}
	return j, nil
}

// Adopt takes over the entries of journals whose process is gone.
func (j *Journal) Adopt() error {
	files, err := filepath.Glob(filepath.Join(j.dir, "*.journal"))
	if err != nil {
		return err
	}
	for _, path := range files {
		if path == j.file.Name() {
			continue
		}
		if err := j.adopt(path); err != nil {
			return fmt.Errorf("bot: journal: adopt %s: %w", filepath.Base(path), err)
		}
	}
	return nil
}

func (j *Journal) adopt(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		return nil // another starter was quicker
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return nil // its process lives
	}
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<22)
	for scanner.Scan() {
		e, err := j.decode(scanner.Bytes())
		if err != nil {
			// A line torn by the crash was never acknowledged.
			j.log.Warn("journal line cannot be read and was never acknowledged", "file", filepath.Base(path))
			continue
		}
		if err := j.Append(e); err != nil {
			return err
		}
	}
	if err := scanner.Err(); err != nil {
		return err
	}
	return os.Remove(path)
}

func (j *Journal) decode(line []byte) (e entry, err error) {
	box, err := base64.RawStdEncoding.DecodeString(string(line))
	if err != nil {
		return e, err
	}
	plain, err := j.keys.Open(journalPlace, box)
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(plain, &e)
}

// Append writes an entry through to the disk. The same message twice is one.
func (j *Journal) Append(e entry) error {
	plain, err := json.Marshal(e)
	if err != nil {
		return err
	}
	box, err := j.keys.Seal(journalPlace, plain)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.held[e.Key] {
		return nil
	}
	if _, err := j.file.WriteString(base64.RawStdEncoding.EncodeToString(box) + "\n"); err != nil {
		return fmt.Errorf("bot: journal: %w", err)
	}
	if err := j.file.Sync(); err != nil {
		return fmt.Errorf("bot: journal: %w", err)
	}
	j.held[e.Key] = true
	j.waiting[e.Sender] = append(j.waiting[e.Sender], e)
	select {
	case j.fresh <- struct{}{}:
	default:
	}
	return nil
}

// Holds tells whether the message is in the journal.
func (j *Journal) Holds(key string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.held[key]
}

// Waits tells whether messages of the sender are in the journal: later ones
// join them, so that their order is kept.
func (j *Journal) Waits(sender string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.waiting[sender]) > 0
}

// Len is the number of entries.
func (j *Journal) Len() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.held)
}

// senders are those who have entries, who has waited longest first.
func (j *Journal) senders() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.SortedFunc(maps.Keys(j.waiting), func(a, b string) int {
		return cmp.Compare(j.waiting[a][0].At, j.waiting[b][0].At)
	})
}

func (j *Journal) first(sender string) (entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.waiting[sender]) == 0 {
		return entry{}, false
	}
	return j.waiting[sender][0], true
}

// done removes the sender's first entry, and tells whether there are more. The
// file is emptied with the last entry of all: until then a crash replays it
// whole, and the claims in the database make that harmless.
func (j *Journal) done(e entry) (more bool, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.held, e.Key)
	if j.waiting[e.Sender] = j.waiting[e.Sender][1:]; len(j.waiting[e.Sender]) == 0 {
		delete(j.waiting, e.Sender)
	}
	if len(j.held) == 0 {
		if err := j.file.Truncate(0); err != nil {
			return false, fmt.Errorf("bot: journal: %w", err)
		}
	}
	return len(j.waiting[e.Sender]) > 0, nil
}

// Close releases the file; an empty one is removed.
func (j *Journal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.held) == 0 {
		os.Remove(j.file.Name())
	}
	return j.file.Close()
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// Abandon lets go of the file as a crash would: its entries stay on disk.
func (j *Journal) Abandon() { j.file.Close() }
