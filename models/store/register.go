package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"aixin/models"
)

// PhoneIndex is the keyed index of a telephone number.
func (s *Store) PhoneIndex(phone string) string { return s.db.keys.Index("phone", phone) }

// IDIndex is the keyed index of an id number.
func (s *Store) IDIndex(number string) string {
	return s.db.keys.Index("id_number", strings.ToUpper(number))
}

// Cadre finds a cadre.
func (s *Store) Cadre(ctx context.Context, id string) (c models.Cadre, err error) {
	err = s.cadres(s.q(ctx), "id").First(&c, "id = ?", id).Error
	return c, notFound(err)
}

// CadresByPhone finds cadres by the keyed indexes of their numbers.
func (s *Store) CadresByPhone(ctx context.Context, idx []string) (rows []models.Cadre, err error) {
	err = inChunks(idx, func(part []string) error {
		var some []models.Cadre
		err := s.cadres(s.q(ctx), "id").Where("phone_idx IN ?", part).Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}

// Recipient finds a care recipient.
func (s *Store) Recipient(ctx context.Context, id string) (r models.Recipient, err error) {
	err = s.people(s.q(ctx), "id").First(&r, "id = ?", id).Error
	return r, notFound(err)
}

// Recipients finds several, in no order.
func (s *Store) Recipients(ctx context.Context, ids []string) (rows []models.Recipient, err error) {
	err = inChunks(ids, func(part []string) error {
		var some []models.Recipient
		err := s.people(s.q(ctx), "id").Where("id IN ?", part).Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}

// RecipientsByIndex finds recipients by keyed id numbers or by 编号.
func (s *Store) RecipientsByIndex(ctx context.Context, idIdx, numbers []string) (rows []models.Recipient, err error) {
	find := func(column string) func([]string) error {
		return func(part []string) error {
			var some []models.Recipient
			err := s.people(s.q(ctx), "id").Where(column+" IN ?", part).Find(&some).Error
			rows = append(rows, some...)
			return err
		}
	}
	if err = inChunks(idIdx, find("id_idx")); err == nil {
		err = inChunks(numbers, find("number"))
	}
	return rows, err
}

// Contact finds a contact person.
func (s *Store) Contact(ctx context.Context, id string) (c models.Contact, err error) {
	err = s.people(s.q(ctx), "recipient_id").First(&c, "id = ?", id).Error
	return c, notFound(err)
}

// ContactsOf lists the contact persons of recipients.
func (s *Store) ContactsOf(ctx context.Context, recipientIDs []string) (rows []models.Contact, err error) {
	err = inChunks(recipientIDs, func(part []string) error {
		var some []models.Contact
		err := s.people(s.q(ctx), "recipient_id").Where("recipient_id IN ?", part).Find(&some).Error
		rows = append(rows, some...)
		return err
	})
	return rows, err
}

// Units lists the units by name.
func (s *Store) Units(ctx context.Context) (rows []models.Unit, err error) {
	return rows, s.q(ctx).Order("name").Find(&rows).Error
}

// Unit finds a unit.
func (s *Store) Unit(ctx context.Context, id string) (u models.Unit, err error) {
	err = s.q(ctx).First(&u, "id = ?", id).Error
	return u, notFound(err)
}

// UnitName names a unit; "" where there is none, for words that go out anyway.
func (s *Store) UnitName(ctx context.Context, id string) (string, error) {
	var names []string
	err := s.q(ctx).Model(&models.Unit{}).Where("id = ?", id).Pluck("name", &names).Error
	if err != nil || len(names) == 0 {
		return "", err
	}
	return names[0], nil
}

// Region finds a region by its code.
func (s *Store) Region(ctx context.Context, code string) (r models.Region, err error) {
	err = s.q(ctx).First(&r, "code = ?", code).Error
	return r, notFound(err)
}

// RegionAt finds the code of a path.
func (s *Store) RegionAt(ctx context.Context, path string) (string, error) {
	var r models.Region
	err := s.q(ctx).First(&r, "path = ?", path).Error
	return r.Code, notFound(err)
}

// EnsureRegion finds the region of a path such as 崆峒区/峡门乡/吴坡村 and makes
// the lower levels that are missing; created names them. The county must exist.
func (s *Store) EnsureRegion(ctx context.Context, path string) (code string, created []string, err error) {
	parts := strings.Split(path, "/")
	parent := models.CityCode
	for i := range parts {
		sub := strings.Join(parts[:i+1], "/")
		var row models.Region
		err := s.q(ctx).First(&row, "path = ?", sub).Error
		if errors.Is(err, gorm.ErrRecordNotFound) && i > 0 {
			row = models.Region{Parent: parent, Name: parts[i], Path: sub}
			if row.Code, err = s.nextRegionCode(ctx, parent); err == nil {
				err = s.q(ctx).Create(&row).Error
			}
			created = append(created, sub)
		}
		if err != nil {
			return "", created, fmt.Errorf("store: region: %w", notFound(err))
		}
		parent = row.Code
	}
	return parent, created, nil
}

// nextRegionCode numbers a new place under its parent, three digits a level.
func (s *Store) nextRegionCode(ctx context.Context, parent string) (string, error) {
	if len(parent) > 9 {
		return "", errors.New("a region has at most four levels")
	}
	var last []string
	err := s.q(ctx).Model(&models.Region{}).Where("parent = ?", parent).Order("code DESC").Limit(1).Pluck("code", &last).Error
	if err != nil {
		return "", err
	}
	n := 0
	if len(last) == 1 {
		fmt.Sscanf(last[0][len(parent):], "%d", &n)
	}
	if n >= 999 {
		return "", errors.New("a region has at most 999 places below it")
	}
	return fmt.Sprintf("%s%03d", parent, n+1), nil
}

// Save writes rows of the register, new or changed.
func (s *Store) Save(ctx context.Context, row any) error { return s.q(ctx).Save(row).Error }

// Create writes new rows, one or a slice, in batches.
func (s *Store) Create(ctx context.Context, rows any) error {
	// SQLite's driver takes a time that grows with the square of a statement's
	// parameters.
	batch := 200
	if s.db.driver == "sqlite" {
		batch = 16
	}
	create := func() error { return s.q(ctx).CreateInBatches(rows, batch).Error }
	if acts, ok := rows.(*[]models.Activity); ok {
		return s.keeping(ctx, standingsOf(*acts), create)
	}
	return create()
}

// CountPeople tells how many people the register holds.
func (s *Store) CountPeople(ctx context.Context) (recipients, cadres int64, err error) {
	if err = s.q(ctx).Model(&models.Recipient{}).Count(&recipients).Error; err == nil {
		err = s.q(ctx).Model(&models.Cadre{}).Count(&cadres).Error
	}
	return recipients, cadres, err
}

// inChunks keeps IN lists below what databases take.
func inChunks(all []string, fn func([]string) error) error {
	for len(all) > 0 {
		n := min(500, len(all))
		if err := fn(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// RecipientPage goes through the people in the register, by id.
func (s *Store) RecipientPage(ctx context.Context, after string, limit int) (rows []models.Recipient, err error) {
	err = s.people(s.q(ctx), "id").Where("exited_on = '' AND id > ?", after).Order("id").Limit(limit).Find(&rows).Error
	return rows, err
}
