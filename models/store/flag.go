package store

import (
	"context"
	"strconv"
	"time"

	"gorm.io/gorm/clause"

	"aixin/models"
)

// flagLookback is how far back notes are compared.
const flagLookback = 90 * 24 * time.Hour

// FindFlags looks at what was entered since a moment and raises flags for people
// to look at; what was raised before is not raised again. What was entered for
// others, of joint activities above all, and what was imported raise none.
func (s *Store) FindFlags(ctx context.Context, since models.Instant, today models.Day, zone *time.Location) (found int, err error) {
	for _, find := range []func(context.Context, models.Instant) ([]models.Flag, error){s.photoFlags, s.noteFlags, s.swarmFlags, s.afterFlags} {
		rows, err := find(ctx, since)
		if err != nil {
			return found, err
		}
		n, err := s.raise(ctx, rows)
		if found += n; err != nil {
			return found, err
		}
	}
	rows, err := s.rushFlags(ctx, today, zone)
	if err != nil {
		return found, err
	}
	n, err := s.raise(ctx, rows)
	return found + n, err
}

// raise enters flags with the cadre's unit and place.
func (s *Store) raise(ctx context.Context, rows []models.Flag) (n int, err error) {
	if len(rows) == 0 {
		return 0, nil
	}
	cadres := newIDs[models.Cadre]{known: map[string]models.Cadre{}}
	for _, f := range rows {
		cadres.add(f.CadreID)
	}
	err = inChunks(cadres.list, func(part []string) error {
		var some []models.Cadre
		err := s.q(ctx).Select("id", "unit_id", "region").Where("id IN ?", part).Find(&some).Error
		for _, c := range some {
			cadres.known[c.ID] = c
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	for i := range rows {
		f := &rows[i]
		f.ID, f.State, f.FoundAt = s.NewID(), models.FlagOpen, s.Now()
		if c := cadres.known[f.CadreID]; f.UnitID == "" {
			f.UnitID, f.Region = c.UnitID, c.Region
		}
		var there int64
		if err := s.q(ctx).Model(&models.Flag{}).Where("evidence = ?", f.Evidence).Count(&there).Error; err != nil {
			return n, err
		}
		if there > 0 {
			continue
		}
		if err := s.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(f).Error; err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// photoFlags compares new pictures with those of all years. Pictures of one
// record, and of one cadre's same day, belong together.
func (s *Store) photoFlags(ctx context.Context, since models.Instant) (flags []models.Flag, err error) {
	type picture struct {
		ID, RecordID, CadreID string
		DHash                 string `gorm:"column:dhash"`
		Day                   models.Day
		StoredAt              models.Instant
	}
	var all []picture
	err = s.q(ctx).Raw(`SELECT p.id, p.record_id, p.cadre_id, p.dhash, p.stored_at, (SELECT MIN(a.day) FROM activity a WHERE a.record_id = p.record_id) AS day
FROM photo p WHERE p.kind = 'image' AND p.state = ? AND p.record_id <> '' AND p.dhash <> '' ORDER BY p.received_at, p.id`, models.PhotoStored).Scan(&all).Error
	for i, p := range all {
		if p.StoredAt <= since {
			continue
		}
		for _, q := range all[:i] {
			if q.RecordID == p.RecordID || q.CadreID == p.CadreID && q.Day == p.Day {
				continue
			}
			if n, near := models.PhotoNear(p.DHash, q.DHash); near {
				flags = append(flags, models.Flag{
					Kind: models.FlagPhoto, Evidence: models.EvidenceOf(models.FlagPhoto, p.ID), CadreID: p.CadreID, RecordID: p.RecordID, OtherID: q.RecordID,
					Day: p.Day, Measure: strconv.Itoa(n),
				})
				break
			}
		}
	}
	return flags, err
}

// noteFlags compares the notes of a cadre who wrote since with that cadre's own
// of the last months, for other people.
func (s *Store) noteFlags(ctx context.Context, since models.Instant) (flags []models.Flag, err error) {
	var cadres []string
	err = s.q(ctx).Model(&models.Activity{}).Distinct().Where("recorded_at > ? AND source = ? AND voided_at = 0", since, models.SourceChat).Pluck("cadre_id", &cadres).Error
	if err != nil {
		return nil, err
	}
	for _, cadre := range cadres {
		var rows []models.Activity
		err := s.q(ctx).Where("cadre_id = ? AND voided_at = 0 AND source = ? AND recorded_at > ?", cadre, models.SourceChat, s.Now().Add(-flagLookback)).
			Order("recorded_at, id").Find(&rows).Error
		if err != nil {
			return nil, err
		}
		for i, a := range rows {
			if a.RecordedAt <= since {
				continue
			}
			for _, b := range rows[:i] {
				if b.RecordID == a.RecordID || b.RecipientID == a.RecipientID {
					continue
				}
				if n, near := models.NoteLike(a.Note.Reveal(), b.Note.Reveal()); near {
					flags = append(flags, models.Flag{
						Kind: models.FlagNote, Evidence: models.EvidenceOf(models.FlagNote, a.RecordID), CadreID: cadre, RecordID: a.RecordID, OtherID: b.RecordID,
						Day: a.Day, Measure: strconv.Itoa(n),
					})
					break
				}
			}
		}
	}
	return flags, nil
}

// swarmFlags finds days on which one cadre visited many homes.
func (s *Store) swarmFlags(ctx context.Context, since models.Instant) (flags []models.Flag, err error) {
	var rows []struct {
		CadreID string
		Day     models.Day
		Homes   int
	}
	err = s.q(ctx).Raw(`SELECT a.cadre_id, a.day, count(DISTINCT CASE WHEN r.household = '' THEN r.id ELSE r.household END) AS homes
FROM activity a JOIN recipient r ON r.id = a.recipient_id LEFT JOIN pairing p ON p.id = a.pairing_id
WHERE a.kind = 'visit' AND a.voided_at = 0 AND a.source = ? AND (p.line IS NULL OR p.line <> ?) AND a.record_id NOT IN (SELECT record_id FROM behalf)
AND a.cadre_id IN (SELECT cadre_id FROM activity WHERE recorded_at > ?) AND a.recorded_at > ?
GROUP BY a.cadre_id, a.day HAVING homes >= ?`, models.SourceChat, models.LineFamilyCare, since, since.Add(-flagLookback), models.SwarmFrom).Scan(&rows).Error
	for _, r := range rows {
		flags = append(flags, models.Flag{
			Kind: models.FlagSwarm, Evidence: models.EvidenceOf(models.FlagSwarm, r.CadreID, string(r.Day)), CadreID: r.CadreID, Day: r.Day, Measure: strconv.Itoa(r.Homes),
		})
	}
	return flags, err
}

// afterFlags finds visits and contacts of days after the person left.
func (s *Store) afterFlags(ctx context.Context, since models.Instant) (flags []models.Flag, err error) {
	var rows []struct {
		RecordID, CadreID string
		Day, ExitedOn     models.Day
	}
	err = s.q(ctx).Raw(`SELECT a.record_id, a.cadre_id, a.day, r.exited_on FROM activity a JOIN recipient r ON r.id = a.recipient_id
WHERE a.voided_at = 0 AND a.kind IN ('visit', 'contact') AND r.exited_on <> '' AND a.day > r.exited_on AND (a.recorded_at > ? OR r.updated_at > ?)`, since, since).Scan(&rows).Error
	for _, r := range rows {
		flags = append(flags, models.Flag{
			Kind: models.FlagAfter, Evidence: models.EvidenceOf(models.FlagAfter, r.RecordID), CadreID: r.CadreID, RecordID: r.RecordID,
			Day: r.Day, Measure: strconv.Itoa(r.Day.Sub(r.ExitedOn)),
		})
	}
	return flags, err
}

// rushFlags finds units most of whose entries of a month came on the 14th and
// 15th. It looks at the month once these are over.
func (s *Store) rushFlags(ctx context.Context, today models.Day, zone *time.Location) (flags []models.Flag, err error) {
	month := models.MonthOf(today)
	if today < month.First().Add(15) {
		month = month.Add(-1)
	}
	from, to := models.StartOf(month.First(), zone), models.StartOf(month.First().Add(15), zone)
	late := models.StartOf(month.First().Add(13), zone)
	var rows []struct {
		UnitID, CadreID, Region string
		N, Late                 int
	}
	err = s.q(ctx).Raw(`SELECT c.unit_id, MIN(c.id) AS cadre_id, u.region, count(*) AS n, SUM(CASE WHEN a.recorded_at >= ? THEN 1 ELSE 0 END) AS late
FROM activity a JOIN cadre c ON c.id = a.cadre_id JOIN unit u ON u.id = c.unit_id
WHERE a.recorded_at >= ? AND a.recorded_at < ? AND a.source = ? GROUP BY c.unit_id, u.region HAVING n >= ?`, late, from, to, models.SourceChat, models.RushLeast).Scan(&rows).Error
	for _, r := range rows {
		if models.Rush(r.Late, r.N) {
			flags = append(flags, models.Flag{
				Kind: models.FlagRush, Evidence: models.EvidenceOf(models.FlagRush, r.UnitID, string(month)), CadreID: r.CadreID, UnitID: r.UnitID, Region: r.Region,
				Day: month.First().Add(14), Measure: strconv.Itoa(r.Late) + "/" + strconv.Itoa(r.N),
			})
		}
	}
	return flags, err
}

// Flags lists the flags of the actor's places in a state, the oldest first.
func (s *Store) Flags(ctx context.Context, state models.FlagState, skip, limit int) (rows []models.Flag, err error) {
	return rows, s.places(s.q(ctx), "region").Where("state = ?", state).Order("found_at, id").Offset(skip).Limit(limit).Find(&rows).Error
}

// Flag finds one.
func (s *Store) Flag(ctx context.Context, id string) (f models.Flag, err error) {
	err = s.places(s.q(ctx), "region").First(&f, "id = ?", id).Error
	return f, notFound(err)
}

// CloseFlag writes what somebody found behind a flag; ErrLost where another did.
func (s *Store) CloseFlag(ctx context.Context, f models.Flag, account string) error {
	f.AccountID, f.ClosedAt = account, s.Now()
	res := s.q(ctx).Model(&f).Select("state", "reason", "account_id", "closed_at").Where("state = ?", models.FlagOpen).Updates(&f)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// FlagTrack is how a kind of flag has done: of those that were looked at, how
// many had something behind them.
type FlagTrack struct {
	Kind                  models.FlagKind
	Open, Held, Dismissed int
}

// FlagTracks counts the flags of the actor's places by kind.
func (s *Store) FlagTracks(ctx context.Context) (rows []FlagTrack, err error) {
	err = s.places(s.q(ctx).Model(&models.Flag{}), "region").Select(`kind, SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS open,
SUM(CASE WHEN state = 'held' THEN 1 ELSE 0 END) AS held, SUM(CASE WHEN state = 'dismissed' THEN 1 ELSE 0 END) AS dismissed`).Group("kind").Order("kind").Scan(&rows).Error
	return rows, err
}

// CheckRecord puts the visit behind a flag on the phone list, among others.
func (s *Store) CheckRecord(ctx context.Context, f models.Flag, today models.Day) error {
	var rows []models.Activity
	err := s.q(ctx).Omit("note").Where("record_id = ? AND kind = 'visit' AND voided_at = 0", f.RecordID).Order("day, id").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return err
	}
	return s.AddHiddenCheck(ctx, rows[0].RecipientID, rows[0].CadreID, rows[0].Day, models.Conceal("flag "+f.ID), today)
}
