package handlers

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// PassCode is the job that sends the picture of a binding code to who asked for
// it.
const PassCode = "pass_code"

// Codes makes the picture of a code whose scan tells us a scene.
type Codes interface {
	QRPicture(ctx context.Context, scene string, ttl time.Duration) ([]byte, error)
}

// codeWanted are the ways to ask for somebody's code: 给老谷家发码, 给王敏补个绑定码,
// 补码 谷军.
var codeWanted = regexp.MustCompile(`^(?:请?(?:给|帮|为)(.{1,16}?)(?:家里?|屋里)?(?:再|重新)?(?:发|补|要|办|出)一?个?(?:新的?)?(?:绑定)?码|(?:补|发)(?:绑定)?码[ ::,,]*(.{1,20}))$`)

func whoseCode(plain string) string {
	m := codeWanted.FindStringSubmatch(plain)
	if m == nil {
		return ""
	}
	return strings.TrimSpace(m[1] + m[2])
}

// giveCode gives a cadre a code of a day for the family of somebody paired.
func (t *talk) giveCode(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	whose := whoseCode(plain)
	if whose == "" {
		return "", false, nil
	}
	people := named(roster, whose)
	if len(people) == 0 && len(roster) == 1 && (whose == "他" || whose == "她" || whose == "他们") {
		people = roster
	}
	if len(people) != 1 {
		var names []string
		for _, p := range roster {
			names = append(names, p.Recipient.Name.Reveal())
		}
		return say.CodeForWhom(names), true, nil
	}
	reply, err := t.familyCode(ctx, people[0].Recipient)
	return reply, true, err
}

// familyCode makes a code for who looks after a person, or for the grown person.
func (t *talk) familyCode(ctx context.Context, r models.Recipient) (string, error) {
	contacts, err := t.Tx.ContactsOf(ctx, []string{r.ID})
	if err != nil {
		return "", err
	}
	for _, kind := range []models.ContactKind{models.ContactGuardian, models.ContactInstitution, models.ContactRelative} {
		for _, c := range contacts {
			if c.Kind == kind {
				return t.code(ctx, models.RoleGuardian, c.ID, r.Name.Reveal()+"家("+c.Name.Reveal()+")")
			}
		}
	}
	if age := r.Age(t.today); age >= 0 && age < 18 {
		return say.NobodyForCode(r.Name.Reveal()), nil
	}
	return t.code(ctx, models.RoleRecipient, r.ID, r.Name.Reveal())
}

// code makes a code of a day and the job that sends its picture.
func (t *talk) code(ctx context.Context, role models.Role, subject, name string) (string, error) {
	_, err := t.Tx.BindingOf(ctx, role, subject)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	bound := err == nil
	mine := ""
	for _, b := range t.bindings {
		if b.Role == models.RoleCadre || b.Role == models.RoleAdmin {
			mine = b.ID
		}
	}
	until := t.Tx.Now().Add(store.HandedLife)
	inv, code, err := t.Tx.InviteNow(ctx, role, subject, mine, until)
	if err != nil {
		return "", err
	}
	if err := t.Tx.AddJob(ctx, PassCode, inv.ID, t.Tx.Now()); err != nil {
		return "", err
	}
	if err := t.author().Note(ctx, "invite", string(role)+":"+subject, ""); err != nil {
		return "", err
	}
	return say.CodeFor(name, code, until.Time().In(t.Zone), bound), nil
}

// reissue gives a liaison or an office a new code for somebody of theirs.
func (t *talk) reissue(ctx context.Context, plain string, _ []store.Paired) (string, bool, error) {
	whose := whoseCode(plain)
	if whose == "" {
		return "", false, nil
	}
	a, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", true, err
	}
	switch a.Role {
	case models.AccountUnit, models.AccountTownship, models.AccountCounty, models.AccountCity:
	default:
		return say.CodeNotYours, true, nil
	}
	found, err := t.Tx.As(a.Actor()).Find(ctx, whose, 6)
	if err != nil {
		return "", true, err
	}
	var here []store.Found
	exact := 0
	for _, f := range found {
		if f.Gone || f.Name != whose && f.Number != whose {
			continue
		}
		here, exact = append(here, f), exact+1
	}
	switch {
	case exact == 0:
		return say.CodeNobody(whose), true, nil
	case exact > 1:
		return say.CodeSeveral(whose), true, nil
	}
	if f := here[0]; f.Cadre {
		reply, err := t.code(ctx, models.RoleCadre, f.ID, f.Name)
		return reply, true, err
	}
	r, err := t.Tx.Recipient(ctx, here[0].ID)
	if err != nil {
		return "", true, err
	}
	reply, err := t.familyCode(ctx, r)
	return reply, true, err
}

// PassCode is the job PassCode of one code. The code itself is nowhere any more,
// so the picture bears another of the same person that ends at the same time:
// whichever is used first spends both.
func (c *Courier) PassCode(ctx context.Context, st *store.Store, invitationID string, _ int) error {
	inv, err := st.InvitationByID(ctx, invitationID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (inv.UsedAt != 0 || inv.ExpiresAt <= st.Now() || inv.AskedBy == "") {
		return nil
	}
	if err != nil {
		return err
	}
	to, err := st.BindingByID(ctx, inv.AskedBy)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, code, err := st.InviteNow(ctx, inv.Role, inv.SubjectID, "", inv.ExpiresAt)
	if err != nil {
		return err
	}
	picture, err := c.Codes.QRPicture(ctx, "bind_"+code, inv.ExpiresAt.Time().Sub(st.Now().Time()))
	if err != nil {
		return err
	}
	return pass(ctx, c.Media, bot.OpenID(to.OpenID.Reveal()), "image", "code.png", picture) // the typed code is there already
}
