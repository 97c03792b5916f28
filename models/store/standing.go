package store

import (
	"context"
	"slices"
	"strings"
	"sync"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"aixin/models"
)

// standing is the year of a person with one cadre, short: each deed as month, day
// and a letter. It follows from the activities alone, so that neither a change of
// the rules nor one of the register makes it wrong, and long lists are counted
// by the one engine without reading every activity.
type standing struct {
	RecipientID string `gorm:"primaryKey"`
	Year        int    `gorm:"primaryKey;autoIncrement:false"`
	CadreID     string `gorm:"primaryKey"`
	PairingID   string `gorm:"primaryKey"`
	Deeds       string
	LastSeen    models.Day // the last visit or contact
}

type standingKey struct {
	recipient string
	year      int
	cadre     string
	pairing   string
}

func (s standing) key() standingKey {
	return standingKey{s.RecipientID, s.Year, s.CadreID, s.PairingID}
}

func (k standingKey) row() standing {
	return standing{RecipientID: k.recipient, Year: k.year, CadreID: k.cadre, PairingID: k.pairing}
}

func (standing) TableName() string { return "standing" }

// deedLen is how long one deed is written: month, day and a letter.
const deedLen = 5

// letters are how a deed is written in a standing.
var letters = map[models.Activity]byte{
	{Kind: models.KindVisit}:                                                        'V',
	{Kind: models.KindContact, Channel: models.ChannelPhone}:                        'P',
	{Kind: models.KindContact, Channel: models.ChannelSMS}:                          'S',
	{Kind: models.KindContact, Channel: models.ChannelWeChat}:                       'W',
	{Kind: models.KindContact, Channel: models.ChannelVideo}:                        'O',
	{Kind: models.KindContact}:                                                      'K',
	{Kind: models.KindHelp, Help: models.HelpDeed}:                                  'D',
	{Kind: models.KindHelp, Help: models.HelpDifficulty}:                            'F',
	{Kind: models.KindHelp, Help: models.HelpPolicy}:                                'G',
	{Kind: models.KindHelp, Help: models.HelpPolicy, Stage: models.PolicyExplained}: 'E',
	{Kind: models.KindHelp, Help: models.HelpPolicy, Stage: models.PolicyApplied}:   'A',
	{Kind: models.KindHelp, Help: models.HelpPolicy, Stage: models.PolicyObtained}:  'B',
	{Kind: models.KindHelp}:                                                         'H',
}

var deedOf = func() (out [128]models.Activity) {
	for a, letter := range letters {
		out[letter] = a
	}
	return out
}()

// letter writes what the duties ask of an activity; 0 for gifts, which are none.
func letter(a models.Activity) byte {
	return letters[models.Activity{Kind: a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage}]
}

// activities reads the deeds back, in the order of days, from a day on.
func (s standing) activities(from models.Day, into []models.Activity) []models.Activity {
	if s.Deeds == "" {
		return into
	}
	days := daysOf(s.Year)
	for i := 0; i+deedLen <= len(s.Deeds); i += deedLen {
		day := days[two(s.Deeds[i:])][two(s.Deeds[i+2:])]
		if day < from {
			continue
		}
		into = append(into, deedOf[s.Deeds[i+4]&127])
		a := &into[len(into)-1]
		a.RecipientID, a.CadreID, a.PairingID, a.Day = s.RecipientID, s.CadreID, s.PairingID, day
	}
	return into
}

// yearDays are the days of years by month and day, made once: a list of a place
// reads them a hundred thousand times.
var yearDays sync.Map

func daysOf(year int) *[13][32]models.Day {
	if known, ok := yearDays.Load(year); ok {
		return known.(*[13][32]models.Day)
	}
	days := new([13][32]models.Day)
	for d := models.NewDay(year, 1, 1); d.Year() == year; d = d.Add(1) {
		days[two(string(d[5:]))][two(string(d[8:]))] = d
	}
	yearDays.Store(year, days)
	return days
}

func two(digits string) int { return 10*int(digits[0]-'0') + int(digits[1]-'0') }

func keyOfActivity(a models.Activity) standingKey {
	return standingKey{a.RecipientID, a.Day.Year(), a.CadreID, a.PairingID}
}

// standingsOf lists the standings that activities belong to.
func standingsOf(acts []models.Activity) (keys []standingKey) {
	for _, a := range acts {
		keys = append(keys, keyOfActivity(a))
	}
	return keys
}

// standingsIn lists those of activities found by a column.
func (s *Store) standingsIn(ctx context.Context, column string, values []string) (keys []standingKey, err error) {
	err = inChunks(values, func(part []string) error {
		var rows []models.Activity
		err := s.q(ctx).Select("recipient_id", "day", "cadre_id", "pairing_id").Where(column+" IN ?", part).Find(&rows).Error
		keys = append(keys, standingsOf(rows)...)
		return err
	})
	return keys, err
}

// voidRecords takes records back whole: their rows stay, marked.
func (s *Store) voidRecords(ctx context.Context, ids []string, now models.Instant) error {
	keys, err := s.standingsIn(ctx, "record_id", ids)
	if err != nil {
		return err
	}
	return s.keeping(ctx, keys, func() error {
		res := s.q(ctx).Model(&models.Record{}).Where("id IN ? AND voided_at = 0", ids).Update("voided_at", now)
		if res.Error == nil && len(ids) == 1 && res.RowsAffected == 0 {
			return ErrLost
		}
		if res.Error != nil {
			return res.Error
		}
		return s.q(ctx).Model(&models.Activity{}).Where("record_id IN ? AND voided_at = 0", ids).
			Updates(map[string]any{"status": models.StatusWithdrawn, "voided_at": now}).Error
	})
}

// keeping changes activities and then writes the standings they belong to anew.
// Whoever changes the same standing waits for the other first.
func (s *Store) keeping(ctx context.Context, keys []standingKey, change func() error) error {
	slices.SortFunc(keys, compareStandings)
	keys = slices.Compact(keys)
	rows := make([]standing, len(keys))
	for i, k := range keys {
		rows[i] = k.row()
	}
	if len(rows) > 0 && s.db.driver == "mysql" { // SQLite has one writer
		if err := s.upsert(ctx, rows, clause.Set{{Column: clause.Column{Name: "deeds"}, Value: gorm.Expr("standing.deeds")}}); err != nil {
			return err
		}
	}
	if err := change(); err != nil || len(rows) == 0 {
		return err
	}
	return s.restand(ctx, rows)
}

func compareStandings(a, b standingKey) int {
	if c := strings.Compare(a.recipient+a.cadre+a.pairing, b.recipient+b.cadre+b.pairing); c != 0 {
		return c
	}
	return a.year - b.year
}

func (s *Store) upsert(ctx context.Context, rows []standing, set clause.Set) error {
	return s.tx.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "recipient_id"}, {Name: "year"}, {Name: "cadre_id"}, {Name: "pairing_id"}},
		DoUpdates: set,
	}).CreateInBatches(&rows, 100).Error
}

// restand writes standings from the activities that stand.
func (s *Store) restand(ctx context.Context, rows []standing) error {
	byKey := map[standingKey]*standing{}
	years := map[int][]string{}
	for i := range rows {
		r := &rows[i]
		byKey[r.key()] = r
		years[r.Year] = append(years[r.Year], r.RecipientID)
	}
	for year, people := range years {
		slices.Sort(people)
		err := inChunks(slices.Compact(people), func(part []string) error {
			var acts []models.Activity
			err := s.q(ctx).Select("recipient_id", "cadre_id", "pairing_id", "day", "kind", "channel", "help", "stage").
				Where("recipient_id IN ? AND voided_at = 0 AND day BETWEEN ? AND ?", part, models.NewDay(year, 1, 1), models.NewDay(year, 12, 31)).
				Order("day, id").Find(&acts).Error
			for _, a := range acts {
				if r := byKey[keyOfActivity(a)]; r != nil {
					r.add(a)
				}
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.write(ctx, rows)
}

// write puts standings in the place of those that are there; one without deeds goes.
func (s *Store) write(ctx context.Context, rows []standing) error {
	var full []standing
	for i := range rows {
		if rows[i].Deeds != "" {
			full = append(full, rows[i])
			continue
		}
		r := rows[i]
		err := s.q(ctx).Exec("DELETE FROM standing WHERE recipient_id = ? AND year = ? AND cadre_id = ? AND pairing_id = ?",
			r.RecipientID, r.Year, r.CadreID, r.PairingID).Error
		if err != nil {
			return err
		}
	}
	if len(full) == 0 {
		return nil
	}
	return s.upsert(ctx, full, clause.AssignmentColumns([]string{"deeds", "last_seen"}))
}

// add writes an activity down, behind those of earlier days.
func (s *standing) add(a models.Activity) {
	l := letter(a)
	if l == 0 {
		return
	}
	s.Deeds += string(a.Day[5:7]) + string(a.Day[8:10]) + string(l)
	if a.Kind == models.KindVisit || a.Kind == models.KindContact {
		s.LastSeen = max(s.LastSeen, a.Day)
	}
}

// Recount counts all standings of a year anew from the activities: after an
// update of the schema, and each night in case an older version wrote meanwhile.
func (s *Store) Recount(ctx context.Context, year int) error {
	after := ""
	for {
		var people []string
		err := s.q(ctx).Model(&models.Recipient{}).Where("id > ?", after).Order("id").Limit(500).Pluck("id", &people).Error
		if err != nil || len(people) == 0 {
			return err
		}
		after = people[len(people)-1]
		if err := s.InTx(ctx, func(tx *Store) error { return tx.recountPage(ctx, people, year) }); err != nil {
			return err
		}
	}
}

func (s *Store) recountPage(ctx context.Context, people []string, year int) error {
	q := s.q(ctx).Where("year = ? AND recipient_id IN ?", year, people)
	if s.db.driver == "mysql" { // whoever writes for these people waits
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	var had []standing
	if err := q.Find(&had).Error; err != nil {
		return err
	}
	rows, err := s.q(ctx).Raw(`SELECT recipient_id, cadre_id, pairing_id, day, kind, channel, help, stage FROM activity
		WHERE recipient_id IN ? AND voided_at = 0 AND day BETWEEN ? AND ? ORDER BY recipient_id, day, id`,
		people, models.NewDay(year, 1, 1), models.NewDay(year, 12, 31)).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var order []standingKey
	found := map[standingKey]*standing{}
	for rows.Next() {
		var a models.Activity
		if err := rows.Scan(&a.RecipientID, &a.CadreID, &a.PairingID, &a.Day, &a.Kind, &a.Channel, &a.Help, &a.Stage); err != nil {
			return err
		}
		if letter(a) == 0 {
			continue // a gift is in no standing
		}
		k := keyOfActivity(a)
		if found[k] == nil {
			row := k.row()
			found[k] = &row
			order = append(order, k)
		}
		found[k].add(a)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	var wrong []standing // most nights none
	for _, h := range had {
		f := found[h.key()]
		switch {
		case f == nil:
			wrong = append(wrong, h.key().row())
		case f.Deeds == h.Deeds && f.LastSeen == h.LastSeen:
			delete(found, h.key())
		}
	}
	for _, k := range order {
		if f := found[k]; f != nil {
			wrong = append(wrong, *f)
		}
	}
	return s.write(ctx, wrong)
}

// RecountAll writes the standings of all years anew, and counts the months.
func (s *Store) RecountAll(ctx context.Context) error {
	years, err := s.ActivityYears(ctx)
	if err != nil {
		return err
	}
	for _, year := range years {
		if err := s.Recount(ctx, year); err != nil {
			return err
		}
	}
	return s.RecountTotals(ctx)
}

// ActivityYears are the years that hold activities.
func (s *Store) ActivityYears(ctx context.Context) (years []int, err error) {
	var first, last string
	err = s.q(ctx).Raw("SELECT COALESCE(MIN(day), ''), COALESCE(MAX(day), '') FROM activity").Row().Scan(&first, &last)
	if err != nil || first == "" {
		return nil, err
	}
	for y := models.Day(first).Year(); y <= models.Day(last).Year(); y++ {
		years = append(years, y)
	}
	return years, nil
}
