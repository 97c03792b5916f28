package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"aixin/models"
)

// hiddenAmong is how many other households are asked along with one about which
// a family said no, so that nobody can tell which it was (users.md 三.5).
const hiddenAmong = 5

// hiddenDays is how many days the asking waits at least.
const hiddenDays = 3

// AddHiddenCheck puts a visit that a family did not confirm on the phone list,
// among others of the same county and some days later. origin says where the
// doubt comes from; no page that asks shows it.
func (s *Store) AddHiddenCheck(ctx context.Context, recipientID, cadreID string, day models.Day, origin models.Secret, today models.Day) error {
	all := s.As(models.Actor{System: "company on a phone list"})
	person, err := all.Recipient(ctx, recipientID)
	if err != nil {
		return err
	}
	county := person.Region[:min(6, len(person.Region))]
	rows, err := all.recentVisits(ctx, county, today.Add(-60), today)
	if err == nil && len(rows) <= hiddenAmong {
		rows, err = all.recentVisits(ctx, county, today.Add(-365), today) // a quiet place: company from further back
	}
	if err != nil {
		return err
	}
	seed := s.NewID()
	own := models.Candidate{RecipientID: recipientID, CadreID: cadreID, Region: person.Region, Day: day}
	others := make([]models.Candidate, 0, len(rows))
	for _, c := range rows {
		switch {
		case c.RecipientID == recipientID && c.CadreID == cadreID:
			own.UnitID = c.UnitID
		case c.RecipientID != recipientID:
			others = append(others, c)
		}
	}
	if own.UnitID == "" {
		var cadre models.Cadre
		if err := s.q(ctx).Select("id", "unit_id").First(&cadre, "id = ?", cadreID).Error; err != nil {
			return notFound(err)
		}
		own.UnitID = cadre.UnitID
	}
	key := func(c models.Candidate) string { return c.RecipientID }
	list := models.Pick(append(models.Pick(others, hiddenAmong, seed, key), own), hiddenAmong+1, seed+"order", key)
	checks := make([]models.SpotCheck, len(list))
	for i, c := range list {
		checks[i] = s.checkOf(c, models.MonthOf(today), today.Add(hiddenDays))
		if c.RecipientID == recipientID {
			checks[i].Origin = origin
		}
	}
	return s.Create(ctx, &checks)
}

func (s *Store) checkOf(c models.Candidate, month models.Month, from models.Day) models.SpotCheck {
	return models.SpotCheck{
		ID: s.NewID(), Month: month, RecipientID: c.RecipientID, CadreID: c.CadreID, UnitID: c.UnitID, Region: c.Region, Day: c.Day,
		AskFrom: from, CreatedAt: s.Now(),
	}
}

// recentVisits lists the last visit of each person of a place in a time, for
// company on a phone list.
func (s *Store) recentVisits(ctx context.Context, region string, from, to models.Day) (rows []models.Candidate, err error) {
	err = s.q(ctx).Raw(`SELECT a.recipient_id, a.cadre_id, c.unit_id, r.region, MAX(a.day) AS day
FROM activity a JOIN recipient r ON r.id = a.recipient_id JOIN cadre c ON c.id = a.cadre_id
WHERE a.kind = 'visit' AND a.voided_at = 0 AND a.day BETWEEN ? AND ? AND r.region LIKE ? AND r.exited_on = ''
GROUP BY a.recipient_id, a.cadre_id, c.unit_id, r.region ORDER BY a.recipient_id, a.cadre_id LIMIT 2000`, from, to, region+"%").Scan(&rows).Error
	seen := map[string]bool{}
	one := rows[:0]
	for _, c := range rows {
		if !seen[c.RecipientID] {
			one = append(one, c)
		}
		seen[c.RecipientID] = true
	}
	return one, err
}

// SpotChecks lists a month's checks in the order in which they are asked.
func (s *Store) SpotChecks(ctx context.Context, month models.Month) (rows []models.SpotCheck, err error) {
	return rows, s.places(s.q(ctx), "region").Where("month = ?", month).Order("ask_from, id").Find(&rows).Error
}

// CheckSeed finds the seed of a month.
func (s *Store) CheckSeed(ctx context.Context, month models.Month) (row models.CheckSeed, err error) {
	err = s.q(ctx).First(&row, "month = ?", month).Error
	return row, notFound(err)
}

// CommitCheckSeed makes the seed of a month, once: from then on its hash can be
// shown, and nobody can choose another.
func (s *Store) CommitCheckSeed(ctx context.Context, month models.Month) error {
	if _, err := s.CheckSeed(ctx, month); !errors.Is(err, ErrNotFound) {
		return err
	}
	seed := s.NewID() + s.NewID()
	err := s.q(ctx).Create(&models.CheckSeed{Month: month, Seed: models.Conceal(seed), Hash: models.SeedHash(seed), CommittedAt: s.Now()}).Error
	if IsDuplicate(err) {
		return nil // another process made it
	}
	return err
}

// ErrNoSeed is returned where a month's seed was not made known before it ended.
var ErrNoSeed = errors.New("store: no seed was committed before the month ended")

// DrawFrame lists the visits of a month that may be drawn in a place: the last of
// each person and cadre.
func (s *Store) DrawFrame(ctx context.Context, region string, month models.Month) (rows []models.Candidate, err error) {
	var found []struct {
		models.Candidate
		Categories string
		Weeks      int
	}
	err = s.places(s.q(ctx).Table("activity a"), "r.region").
		Select(`a.recipient_id, a.cadre_id, c.unit_id, r.region, r.categories, MAX(a.day) AS day, MAX(CASE WHEN p.line = ? THEN 1 ELSE 0 END) AS weeks`, models.LineFamilyCare).
		Joins("JOIN recipient r ON r.id = a.recipient_id JOIN cadre c ON c.id = a.cadre_id LEFT JOIN pairing p ON p.id = a.pairing_id").
		Where("a.kind = 'visit' AND a.voided_at = 0 AND a.day BETWEEN ? AND ? AND r.region LIKE ? AND r.exited_on = ''", month.First(), month.Last(), digits(region)+"%").
		Group("a.recipient_id, a.cadre_id, c.unit_id, r.region, r.categories").Order("a.recipient_id, a.cadre_id").Find(&found).Error
	for _, f := range found {
		first, _, _ := strings.Cut(f.Categories, ",")
		f.Category, f.Weekly = models.Category(first), f.Weeks > 0
		rows = append(rows, f.Candidate)
	}
	return rows, err
}

// DrawChecks draws a month's visits of a place for an interval of ± half and
// reveals the seed. A month is drawn once in a place: asked again, it gives what
// was drawn.
func (s *Store) DrawChecks(ctx context.Context, region string, month models.Month, half float64, zone *time.Location) (drawn int, err error) {
	err = s.InTx(ctx, func(tx *Store) error {
		seed, err := tx.CheckSeed(ctx, month)
		if errors.Is(err, ErrNotFound) || err == nil && seed.CommittedAt >= models.StartOf(month.Add(1).First(), zone) {
			return ErrNoSeed
		}
		if err != nil {
			return err
		}
		// The row of the seed is locked, so that two draws do not cross.
		now := tx.Now()
		if seed.RevealedAt == 0 {
			seed.RevealedAt = now
		}
		if err := tx.q(ctx).Model(&models.CheckSeed{}).Where("month = ?", month).Update("revealed_at", seed.RevealedAt).Error; err != nil {
			return err
		}
		var before int64
		err = tx.places(tx.q(ctx).Model(&models.SpotCheck{}), "region").
			Where("month = ? AND stratum <> '' AND region LIKE ?", month, digits(region)+"%").Count(&before).Error
		if err != nil || before > 0 {
			drawn = int(before)
			return err
		}
		frame, err := tx.DrawFrame(ctx, region, month)
		if err != nil {
			return err
		}
		picked := models.Draw(frame, models.SampleSize(len(frame), half), seed.Seed.Reveal())
		checks := make([]models.SpotCheck, len(picked))
		for i, c := range picked {
			checks[i] = tx.checkOf(c, month, models.DayOf(now.Time(), zone))
			checks[i].Stratum = c.Stratum()
		}
		drawn = len(checks)
		if drawn == 0 {
			return nil
		}
		if err := tx.q(ctx).CreateInBatches(&checks, 200).Error; err != nil {
			return err
		}
		return tx.Note(ctx, "check.draw", "spotcheck:"+string(month), fmt.Sprintf("region=%s frame=%d drawn=%d half=%g seed=%s", region, len(frame), drawn, half, seed.Hash))
	})
	return drawn, err
}

// CheckLine is a check with its people, as lists show it.
type CheckLine struct {
	models.SpotCheck
	Recipient models.Recipient
	Cadre     models.Cadre
	Unit      string
	Township  string
}

// CheckPage lists checks of a month that the actor may see, those to be asked
// first coming first, behind a number of others.
func (s *Store) CheckPage(ctx context.Context, month models.Month, open bool, skip, limit int) (lines []CheckLine, err error) {
	q := s.places(s.q(ctx), "region").Omit("origin", "answers", "second_answers").Where("month = ?", month)
	if open {
		q = q.Where("asked_at = 0 OR outcome = ? AND second_at = 0", models.OutcomeFalse)
	}
	var rows []models.SpotCheck
	if err := q.Order("ask_from, id").Offset(skip).Limit(limit).Find(&rows).Error; err != nil {
		return nil, err
	}
	return s.checkLines(ctx, rows)
}

func (s *Store) checkLines(ctx context.Context, rows []models.SpotCheck) ([]CheckLine, error) {
	acts := make([]models.Activity, len(rows))
	for i, c := range rows {
		acts[i] = models.Activity{RecipientID: c.RecipientID, CadreID: c.CadreID}
	}
	found, err := s.fillLines(ctx, acts, newSeen())
	lines := make([]CheckLine, len(rows))
	for i, c := range rows {
		lines[i].SpotCheck = c
		if err == nil {
			lines[i].Recipient, lines[i].Cadre, lines[i].Unit, lines[i].Township = found[i].Recipient, found[i].Cadre, found[i].Unit, found[i].Township
		}
	}
	return lines, err
}

// Check finds one with its people, without where a doubt came from.
func (s *Store) Check(ctx context.Context, id string) (CheckLine, error) {
	var row models.SpotCheck
	if err := s.places(s.q(ctx), "region").Omit("origin").First(&row, "id = ?", id).Error; err != nil {
		return CheckLine{}, notFound(err)
	}
	lines, err := s.checkLines(ctx, []models.SpotCheck{row})
	return lines[0], err
}

// SaveCheck writes what somebody heard, as the first or the second; ErrLost
// where another was quicker.
func (s *Store) SaveCheck(ctx context.Context, c models.SpotCheck, second bool) error {
	q := s.places(s.q(ctx).Model(&c), "region")
	if second {
		q = q.Select("second_outcome", "second_answers", "second_account", "second_at").Where("second_at = 0 AND outcome = ?", models.OutcomeFalse)
	} else {
		q = q.Select("outcome", "answers", "account_id", "asked_at").Where("asked_at = 0")
	}
	res := q.Updates(&c)
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	return res.Error
}

// CheckCounts counts a month's drawn checks in what the actor may see, all first
// and then by county.
func (s *Store) CheckCounts(ctx context.Context, month models.Month) ([]models.CheckCount, error) {
	var rows []models.SpotCheck
	err := s.places(s.q(ctx), "region").Omit("origin", "answers", "second_answers").Where("month = ?", month).Order("region, id").Find(&rows).Error
	return models.CountChecks(rows, s.actor.Region, s.Now()), err
}

// places narrows a query over rows of a place to those of the actor's: an
// office's region, nothing for anybody else.
func (s *Store) places(q *gorm.DB, column string) *gorm.DB {
	switch a := s.actor; {
	case a.System != "":
		return q
	case a.Account != "" && a.Region != "" && a.Unit == "":
		return q.Where(column+" LIKE ?", a.Region+"%")
	}
	return q.Where("1 = 0")
}

// CheckContacts lists whom to call about a check that the actor may see: the
// people who speak for the household.
func (s *Store) CheckContacts(ctx context.Context, c models.SpotCheck) (rows []models.Contact, err error) {
	kinds := []models.ContactKind{models.ContactGuardian, models.ContactSelf, models.ContactRelative, models.ContactInstitution}
	return rows, s.q(ctx).Where("recipient_id = ? AND kind IN ? AND recipient_id IN (?)", c.RecipientID, kinds,
		s.places(s.q(ctx).Model(&models.SpotCheck{}), "region").Select("recipient_id")).Order("created_at, id").Find(&rows).Error
}
