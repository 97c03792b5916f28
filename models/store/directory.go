package store

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mozillazg/go-pinyin"

	"aixin/models"
)

// directory is every person of the register in the memory of this process: names
// are sealed in the database, so what is looked for by name, by its sound or by
// the last four digits of an id number is looked for here. About 10 MB for a
// city.
type directory struct {
	mu      sync.RWMutex
	looked  time.Time // when the register was last asked for its version
	version registerVersion
	entries map[string]*entry

	places, units map[string]string // names that were asked for
}

type entry struct {
	id, number, name, region, unit, last4 string
	sound                                 string // gu jun
	cadre, gone                           bool
}

// registerVersion changes with every row of the register.
type registerVersion struct {
	recipients, cadres     int64
	recipientsAt, cadresAt models.Instant
}

// directoryFresh is how old what is known of the register's version may be.
const directoryFresh = 3 * time.Second

// Found is a person whom a search found, in full: what is shown of it is up to
// the page.
type Found struct {
	ID, Number, Name, Region, Unit string
	Cadre, Gone                    bool // of a cadre; left or exited
}

// WarmDirectory reads the register and the names of places and units into memory, so
// that neither the first search nor a page waits for them.
func (d *DB) WarmDirectory(ctx context.Context) error {
	st, dir := d.System("directory"), &d.directory
	if err := dir.refresh(ctx, st); err != nil {
		return err
	}
	for _, names := range []struct {
		known map[string]string
		query string
	}{{dir.places, "SELECT code AS id, path AS name FROM region"}, {dir.units, "SELECT id, name FROM unit"}} {
		var rows []struct{ ID, Name string }
		if err := st.q(ctx).Raw(names.query).Scan(&rows).Error; err != nil {
			return err
		}
		dir.mu.Lock()
		for _, r := range rows {
			names.known[r.ID] = r.Name
		}
		dir.mu.Unlock()
	}
	return nil
}

func (dir *directory) refresh(ctx context.Context, st *Store) error {
	now := st.db.now()
	dir.mu.RLock()
	fresh := dir.entries != nil && now.Sub(dir.looked) < directoryFresh
	dir.mu.RUnlock()
	if fresh {
		return nil
	}
	dir.mu.Lock()
	defer dir.mu.Unlock()
	if dir.entries != nil && now.Sub(dir.looked) < directoryFresh {
		return nil
	}
	v, err := st.registerVersion(ctx)
	if err != nil {
		return err
	}
	if v != dir.version || dir.entries == nil {
		since := dir.version
		// Rows that were taken away leave no trace but the count.
		if dir.entries == nil || v.recipients < since.recipients || v.cadres < since.cadres {
			dir.entries, since = map[string]*entry{}, registerVersion{}
		}
		if err := dir.load(ctx, st, since); err != nil {
			dir.entries = nil
			return err
		}
	}
	dir.version, dir.looked = v, now
	return nil
}

func (s *Store) registerVersion(ctx context.Context) (v registerVersion, err error) {
	var rows []struct {
		Noun string
		N    int64
		At   models.Instant
	}
	err = s.q(ctx).Raw("SELECT 'recipient' AS noun, COUNT(*) AS n, COALESCE(MAX(updated_at), 0) AS at FROM recipient " +
		"UNION ALL SELECT 'cadre', COUNT(*), COALESCE(MAX(updated_at), 0) FROM cadre").Scan(&rows).Error
	for _, r := range rows {
		if r.Noun == "cadre" {
			v.cadres, v.cadresAt = r.N, r.At
		} else {
			v.recipients, v.recipientsAt = r.N, r.At
		}
	}
	return v, err
}

func (dir *directory) load(ctx context.Context, st *Store, since registerVersion) error {
	for after := ""; ; {
		var rows []models.Recipient
		err := st.q(ctx).Select("id", "number", "name", "id_number", "region", "exited_on").
			Where("id > ? AND updated_at >= ?", after, since.recipientsAt).Order("id").Limit(2000).Find(&rows).Error
		if err != nil {
			return err
		}
		for _, r := range rows {
			e := newEntry(r.ID, r.Name.Reveal())
			e.number, e.region, e.gone = r.Number, r.Region, r.ExitedOn != ""
			if n := r.IDNumber.Reveal(); len(n) > 4 {
				e.last4 = strings.ToUpper(n[len(n)-4:])
			}
			dir.entries[r.ID], after = e, r.ID
		}
		if len(rows) < 2000 {
			break
		}
	}
	for after := ""; ; {
		var rows []models.Cadre
		err := st.q(ctx).Select("id", "name", "unit_id", "region", "left_at").
			Where("id > ? AND updated_at >= ?", after, since.cadresAt).Order("id").Limit(2000).Find(&rows).Error
		if err != nil {
			return err
		}
		for _, c := range rows {
			e := newEntry(c.ID, c.Name.Reveal())
			e.region, e.unit, e.cadre, e.gone = c.Region, c.UnitID, true, c.LeftAt != 0
			dir.entries[c.ID], after = e, c.ID
		}
		if len(rows) < 2000 {
			return nil
		}
	}
}

func newEntry(id, name string) *entry { return &entry{id: id, name: name, sound: soundOf(name)} }

// soundOf spells a name syllable by syllable; surnames that are read otherwise
// than the word are spelt as names.
func soundOf(name string) string {
	args := pinyin.NewArgs()
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{strings.ToLower(string(r))} }
	var parts []string
	for i, r := range []rune(name) {
		if s, ok := surnameSounds[r]; ok && i == 0 {
			parts = append(parts, s)
			continue
		}
		if s := pinyin.SinglePinyin(r, args); len(s) > 0 {
			parts = append(parts, s[0])
		}
	}
	return strings.Join(parts, " ")
}

var surnameSounds = map[rune]string{
	'单': "shan", '曾': "zeng", '解': "xie", '仇': "qiu", '任': "ren", '查': "zha", '盖': "ge", '区': "ou", '朴': "piao", '尉': "yu", '覃': "qin", '缪': "miao",
}

// remember looks names up that stay as they are, and asks only for new ones.
func remember(dir *directory, known map[string]string, ids []string, ask func([]string, map[string]string) error) (map[string]string, error) {
	out := map[string]string{}
	var missing []string
	dir.mu.RLock()
	for _, id := range ids {
		if name, ok := known[id]; ok {
			out[id] = name
		} else if _, asked := out[id]; !asked && id != "" {
			out[id] = ""
			missing = append(missing, id)
		}
	}
	dir.mu.RUnlock()
	if len(missing) == 0 {
		return out, nil
	}
	found := map[string]string{}
	if err := inChunks(missing, func(part []string) error { return ask(part, found) }); err != nil {
		return nil, err
	}
	dir.mu.Lock()
	defer dir.mu.Unlock()
	for id, name := range found {
		known[id], out[id] = name, name
	}
	return out, nil
}

// matches tells how well an entry fits what was typed: 1 is best, 0 not at all.
func (e *entry) matches(words, sound string) int {
	squeezed := strings.ReplaceAll(e.sound, " ", "")
	switch {
	case e.name == words || e.number != "" && strings.EqualFold(e.number, words):
		return 1
	case e.last4 != "" && e.last4 == strings.ToUpper(words):
		return 2
	case strings.Contains(e.name, words):
		return 3
	case ascii(words):
		typed := strings.ToLower(strings.ReplaceAll(words, " ", ""))
		if typed == squeezed || typed == initials(e.sound) {
			return 4
		}
		if len(typed) > 1 && strings.HasPrefix(squeezed, typed) {
			return 5
		}
	case sound == e.sound:
		return 6 // sounds the same: 谷军 and 古君
	}
	return 0
}

func initials(sound string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(sound, " ") {
		if part != "" {
			b.WriteString(part[:1])
		}
	}
	return b.String()
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > 127 })
}

// Find looks for people by name, sound, initials, number or the last four digits
// of the id number, among those whom the actor may see: best first.
func (s *Store) Find(ctx context.Context, words string, limit int) ([]Found, error) {
	words = strings.TrimSpace(words)
	if words == "" {
		return nil, nil
	}
	dir := &s.db.directory
	if err := dir.refresh(ctx, s.db.System("directory")); err != nil {
		return nil, err
	}
	type hit struct {
		e    *entry
		rank int
	}
	var hits []hit
	sound := soundOf(words)
	prefix := s.actor.Region
	dir.mu.RLock()
	for _, e := range dir.entries {
		if rank := e.matches(words, sound); rank > 0 && (s.actor.Unit != "" || strings.HasPrefix(e.region, prefix)) {
			hits = append(hits, hit{e, rank})
		}
	}
	dir.mu.RUnlock()
	slices.SortFunc(hits, func(a, b hit) int {
		if a.rank != b.rank {
			return a.rank - b.rank
		}
		return strings.Compare(a.e.sound+a.e.id, b.e.sound+b.e.id)
	})
	hits = hits[:min(len(hits), 400)]
	var people, cadres []string
	for _, h := range hits {
		if h.e.cadre {
			cadres = append(cadres, h.e.id)
		} else {
			people = append(people, h.e.id)
		}
	}
	// What may be seen the database says, not the memory.
	var seen []string
	err := inChunks(people, func(part []string) error {
		var ids []string
		err := s.people(s.q(ctx).Model(&models.Recipient{}), "id").Where("id IN ?", part).Pluck("id", &ids).Error
		seen = append(seen, ids...)
		return err
	})
	if err == nil {
		err = inChunks(cadres, func(part []string) error {
			var ids []string
			err := s.cadres(s.q(ctx).Model(&models.Cadre{}), "id").Where("id IN ?", part).Pluck("id", &ids).Error
			seen = append(seen, ids...)
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	var found []Found
	for _, h := range hits {
		if e := h.e; slices.Contains(seen, e.id) && len(found) < limit {
			found = append(found, Found{ID: e.id, Number: e.number, Name: e.name, Region: e.region, Unit: e.unit, Cadre: e.cadre, Gone: e.gone})
		}
	}
	return found, nil
}
