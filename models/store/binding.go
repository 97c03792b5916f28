package store

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"aixin/models"
)

// InvitationLife is how long a binding code is valid (users.md 二.1).
const InvitationLife = 180 * 24 * time.Hour

// OpenIDIndex is the keyed index of an openid: the sender of a message.
func (s *Store) OpenIDIndex(openid string) string { return s.db.keys.Index("openid", openid) }

// Invite makes a one-time code for a person and stores it as an HMAC only.
// Earlier codes stay valid.
func (s *Store) Invite(ctx context.Context, role models.Role, subject string) (code string, err error) {
	code = models.NewCode()
	return code, s.q(ctx).Create(&models.Invitation{
		ID: s.NewID(), Role: role, SubjectID: subject, CodeIdx: s.db.keys.Index("code", code),
		CreatedAt: s.Now(), ExpiresAt: s.Now().Add(InvitationLife),
	}).Error
}

// HandedLife is how long a code lasts that somebody hands on in the chat.
const HandedLife = 24 * time.Hour

// InviteNow makes a code of a day for somebody who hands it on; askedBy is the
// binding of that one.
func (s *Store) InviteNow(ctx context.Context, role models.Role, subject, askedBy string, until models.Instant) (i models.Invitation, code string, err error) {
	code = models.NewCode()
	i = models.Invitation{
		ID: s.NewID(), Role: role, SubjectID: subject, CodeIdx: s.db.keys.Index("code", code), CreatedAt: s.Now(), ExpiresAt: until, AskedBy: askedBy,
	}
	return i, code, s.q(ctx).Create(&i).Error
}

// InvitationByID finds a code that was made, without the code itself.
func (s *Store) InvitationByID(ctx context.Context, id string) (i models.Invitation, err error) {
	err = s.q(ctx).First(&i, "id = ?", id).Error
	return i, notFound(err)
}

// BindingByID finds a binding that has not ended.
func (s *Store) BindingByID(ctx context.Context, id string) (b models.Binding, err error) {
	err = s.q(ctx).First(&b, "id = ? AND ended_at = 0", id).Error
	return b, notFound(err)
}

// Invitation finds a code as it was typed, look-alikes mended already.
func (s *Store) Invitation(ctx context.Context, code string) (i models.Invitation, err error) {
	err = s.q(ctx).First(&i, "code_idx = ?", s.db.keys.Index("code", strings.ToUpper(code))).Error
	return i, notFound(err)
}

// UseInvitation spends the code and all other open codes of its person.
func (s *Store) UseInvitation(ctx context.Context, i models.Invitation) error {
	res := s.q(ctx).Model(&models.Invitation{}).Where("id = ? AND used_at = 0", i.ID).Update("used_at", s.Now())
	if res.Error == nil && res.RowsAffected == 0 {
		return ErrLost
	}
	if res.Error != nil {
		return res.Error
	}
	return s.q(ctx).Model(&models.Invitation{}).
		Where("subject_id = ? AND role = ? AND used_at = 0", i.SubjectID, i.Role).Update("used_at", s.Now()).Error
}

// Bind ties an openid to a person. A binding of the same person to another
// openid ends: the person has a new phone.
func (s *Store) Bind(ctx context.Context, openid string, role models.Role, subject string) error {
	idx, now := s.OpenIDIndex(openid), s.Now()
	var before []string
	mine := s.q(ctx).Model(&models.Binding{}).Where("subject_id = ? AND role = ? AND ended_at = 0", subject, role)
	if err := mine.Session(&gorm.Session{}).Pluck("openid_idx", &before).Error; err != nil {
		return err
	}
	if err := mine.Session(&gorm.Session{}).Update("ended_at", now).Error; err != nil {
		return err
	}
	if err := s.retag(ctx, append(before, idx)...); err != nil {
		return err
	}
	return s.q(ctx).Create(&models.Binding{
		ID: s.NewID(), OpenID: models.Conceal(openid), OpenIDIdx: idx, Role: role, SubjectID: subject, BoundAt: now,
	}).Error
}

// Bindings lists what an openid is to the service now.
func (s *Store) Bindings(ctx context.Context, openidIdx string) (rows []models.Binding, err error) {
	return rows, s.q(ctx).Where("openid_idx = ? AND ended_at = 0", openidIdx).Order("bound_at").Find(&rows).Error
}

// RolesOf lists in which roles people are bound now, by phone.
func (s *Store) RolesOf(ctx context.Context, openidIdx []string) (map[string][]models.Role, error) {
	out := map[string][]models.Role{}
	err := inChunks(openidIdx, func(part []string) error {
		var rows []struct {
			OpenIDIdx string `gorm:"column:openid_idx"`
			Role      models.Role
		}
		err := s.q(ctx).Model(&models.Binding{}).Select("openid_idx, role").Where("openid_idx IN ? AND ended_at = 0", part).Scan(&rows).Error
		for _, r := range rows {
			out[r.OpenIDIdx] = append(out[r.OpenIDIdx], r.Role)
		}
		return err
	})
	return out, err
}

// BindingOf finds the binding of a person, if there is one.
func (s *Store) BindingOf(ctx context.Context, role models.Role, subject string) (b models.Binding, err error) {
	err = s.q(ctx).First(&b, "subject_id = ? AND role = ? AND ended_at = 0", subject, role).Error
	return b, notFound(err)
}

// BoundSubjects tells which of the people in a role are bound.
func (s *Store) BoundSubjects(ctx context.Context, role models.Role) (map[string]bool, error) {
	var ids []string
	err := s.q(ctx).Model(&models.Binding{}).Where("role = ? AND ended_at = 0", role).Pluck("subject_id", &ids).Error
	out := make(map[string]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// Unbind ends all bindings of an openid and tells how many there were.
func (s *Store) Unbind(ctx context.Context, openidIdx string) (int64, error) {
	res := s.q(ctx).Model(&models.Binding{}).Where("openid_idx = ? AND ended_at = 0", openidIdx).Update("ended_at", s.Now())
	if res.Error != nil || res.RowsAffected == 0 {
		return 0, res.Error
	}
	return res.RowsAffected, s.retag(ctx, openidIdx)
}

// UnbindOne ends what an openid is to one person; what else it is stays.
func (s *Store) UnbindOne(ctx context.Context, openidIdx string, role models.Role, subject string) error {
	err := s.q(ctx).Model(&models.Binding{}).Where("openid_idx = ? AND role = ? AND subject_id = ? AND ended_at = 0", openidIdx, role, subject).
		Update("ended_at", s.Now()).Error
	if err != nil {
		return err
	}
	return s.retag(ctx, openidIdx)
}

// Invitee is a person who can be given a code.
type Invitee struct {
	SubjectID string
	Name      string
	Unit      string
	Phone     string
	Recipient string // whose contact person
}

// CadreInvitees lists the cadres who have not left.
func (s *Store) CadreInvitees(ctx context.Context) ([]Invitee, error) {
	var rows []models.Cadre
	if err := s.cadres(s.q(ctx), "id").Where("left_at = 0").Order("unit_id, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	units, err := s.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Invitee, len(rows))
	for i, c := range rows {
		out[i] = Invitee{SubjectID: c.ID, Name: c.Name.Reveal(), Unit: units[c.UnitID], Phone: c.Phone.Reveal()}
	}
	return out, nil
}

// ContactInvitees lists the guardians and institutions of recipients in the
// register.
func (s *Store) ContactInvitees(ctx context.Context) ([]Invitee, error) {
	var rows []models.Contact
	err := s.people(s.q(ctx), "recipient_id").Where("kind IN ?", []models.ContactKind{models.ContactGuardian, models.ContactInstitution, models.ContactRelative}).
		Order("recipient_id, id").Find(&rows).Error
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, c := range rows {
		ids[i] = c.RecipientID
	}
	names, err := s.recipientNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Invitee, len(rows))
	for i, c := range rows {
		out[i] = Invitee{SubjectID: c.ID, Name: c.Name.Reveal(), Phone: c.Phone.Reveal(), Recipient: names[c.RecipientID]}
	}
	return out, nil
}

// RecipientInvitees lists the recipients of 18 and over, who may bind
// themselves.
func (s *Store) RecipientInvitees(ctx context.Context, today models.Day) (out []Invitee, err error) {
	var rows []models.Recipient
	if err := s.people(s.q(ctx), "id").Where("exited_on = ''").Order("region, id").Find(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		if age := r.Age(today); age < 0 || age >= 18 {
			out = append(out, Invitee{SubjectID: r.ID, Name: r.Name.Reveal(), Recipient: r.Name.Reveal()})
		}
	}
	return out, nil
}

func (s *Store) unitNames(ctx context.Context) (map[string]string, error) {
	units, err := s.Units(ctx)
	out := make(map[string]string, len(units))
	for _, u := range units {
		out[u.ID] = u.Name
	}
	return out, err
}

func (s *Store) recipientNames(ctx context.Context, ids []string) (map[string]string, error) {
	rows, err := s.Recipients(ctx, ids)
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.ID] = r.Name.Reveal()
	}
	return out, err
}
