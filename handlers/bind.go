package handlers

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// Wrong codes: after five that never were, the sender waits (users.md 二.1).
const (
	wrongCodes = 5
	codeWait   = 10 * time.Minute
)

// bindWords finds 绑定 <码> in what was typed, in the ways people type it.
func bindWords(s string) (code string, ok bool) {
	for _, head := range []string{"绑定码", "绑定", "帮定", "邦定"} {
		if rest, found := strings.CutPrefix(s, head); found {
			return strings.TrimLeft(rest, " :,、是为\t\n"), true
		}
	}
	return "", false
}

// mendCode writes a code as it was printed: half-width capitals without gaps.
func mendCode(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\uff01' && r <= '\uff5e' { // full width
			r -= 0xfee0
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		if strings.ContainsRune(" -—_\t\n。.\u3000", r) {
			return -1
		}
		return r
	}, s)
}

// lookAlikes are characters that no code has, with the ones they are misread
// from.
var lookAlikes = map[rune]string{
	'0': "DQ", 'O': "DQ", '1': "7JT", 'I': "JT", 'L': "J", 'U': "WY", 'V': "YW", '2': "7", 'Z': "7", '5': "6", 'S': "9", '8': "3", 'B': "3",
}

// codeSpellings are the codes that the typed text may stand for, at most 64.
func codeSpellings(typed string) []string {
	out := []string{""}
	for _, r := range mendCode(typed) {
		options, misread := lookAlikes[r]
		if !misread {
			options = string(r)
		}
		var next []string
		for _, head := range out {
			for _, o := range options {
				if len(next) < 64 {
					next = append(next, head+string(o))
				}
			}
		}
		out = next
	}
	return out
}

func looksLikeCode(s string) bool {
	code := mendCode(s)
	if len(code) != models.CodeLength {
		return false
	}
	digits, letters := 0, 0
	for _, r := range code {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'A' && r <= 'Z':
			letters++
		default:
			return false
		}
	}
	return letters > 0 && digits > 0 || letters == models.CodeLength
}

// bind uses a code. Scanning is not counted as a try; a wrong code is, a used
// or expired one is not.
func (t *talk) bind(ctx context.Context, typed string, scanned bool) (string, error) {
	now := models.InstantOf(t.Now)
	if now < t.session.Codes.Until {
		return say.CodeWait(t.session.Codes.Until.Time().In(t.Zone)), nil
	}
	if t.session.Codes.Until != 0 {
		t.session.Codes = codeTries{}
	}
	if typed == "" {
		return say.BindNeedsCode, nil
	}
	if len(mendCode(typed)) != models.CodeLength {
		return say.CodeMalformed, nil
	}
	var inv models.Invitation
	err := store.ErrNotFound
	for _, spelling := range codeSpellings(typed) {
		if inv, err = t.Tx.Invitation(ctx, spelling); !errors.Is(err, store.ErrNotFound) {
			break
		}
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		if scanned {
			return say.CodeUnknown(0), nil
		}
		t.session.Codes.Wrong++
		left := wrongCodes - t.session.Codes.Wrong
		if left <= 0 {
			t.session.Codes.Until = now.Add(codeWait)
			return say.CodeWait(t.session.Codes.Until.Time().In(t.Zone)), nil
		}
		return say.CodeUnknown(left), nil
	case err != nil:
		return "", err
	case inv.UsedAt != 0:
		for _, b := range t.bindings {
			if b.Role == inv.Role && b.SubjectID == inv.SubjectID {
				return say.AlreadyBound, nil
			}
		}
		return say.CodeUsed, nil
	case inv.ExpiresAt < now:
		return say.CodeExpired, nil
	}
	t.session.Codes = codeTries{}
	if inv.Role == models.RoleGuardian || inv.Role == models.RoleRecipient {
		return t.askConsent(ctx, inv)
	}
	if mine := t.seatTaken(inv); mine != "" {
		return t.confirmRebind(ctx, inv, mine)
	}
	return t.finishBinding(ctx, inv)
}

// askConsent shows the surname and asks for the one 同意 that binds.
func (t *talk) askConsent(ctx context.Context, inv models.Invitation) (string, error) {
	name, err := t.nameOf(ctx, inv)
	if err != nil {
		return "", err
	}
	t.session.Invite = inv.ID + " " + string(inv.Role) + " " + inv.SubjectID
	f, err := t.familyOf(ctx, inv.Role, inv.SubjectID)
	if err != nil {
		return "", err
	}
	read := say.ConsentRead
	if t.forChild(f) {
		read = say.ConsentReadChild
	}
	return say.Consent(models.Surname(name)) + "\n" + read, nil
}

// nameOf finds whom an invitation is for; guardians are addressed by the
// recipient's family.
func (t *talk) nameOf(ctx context.Context, inv models.Invitation) (string, error) {
	switch inv.Role {
	case models.RoleCadre:
		c, err := t.Tx.Cadre(ctx, inv.SubjectID)
		return c.Name.Reveal(), err
	case models.RoleGuardian:
		c, err := t.Tx.Contact(ctx, inv.SubjectID)
		if err != nil {
			return "", err
		}
		r, err := t.Tx.Recipient(ctx, c.RecipientID)
		return r.Name.Reveal(), err
	case models.RoleRecipient:
		r, err := t.Tx.Recipient(ctx, inv.SubjectID)
		return r.Name.Reveal(), err
	}
	return "", nil
}

// consent takes 同意 or 不同意; anything else leaves the question open and is
// answered as usual.
func (t *talk) consent(ctx context.Context, plain string) (answer string, done bool, err error) {
	switch {
	case plain == "1", agrees.MatchString(plain):
		var inv models.Invitation
		parts := strings.Fields(t.session.Invite)
		inv.ID, inv.Role, inv.SubjectID = parts[0], models.Role(parts[1]), parts[2]
		t.session.Invite = ""
		answer, err = t.finishBinding(ctx, inv)
		if errors.Is(err, store.ErrLost) {
			return say.CodeUsed, true, nil
		}
		return answer, true, err
	case plain == "2", refuses.MatchString(plain):
		t.session.Invite = ""
		return say.ConsentRefused, true, nil
	}
	if words, ok := t.notice(plain); ok {
		return words.Words, true, nil
	}
	if len(t.bindings) > 0 {
		return "", false, nil
	}
	if e, ok := t.base().Entry(t.base().Ask(beside(t.text), "guardian").ID); ok && asksAll.MatchString(plain) && !ofConsent.MatchString(plain) && !e.StaleOn(t.today) {
		first, _ := e.Brief()
		return say.Known(first, e.Source, e.Hotline, "") + "\n" + say.ConsentAgain, true, nil
	}
	if asksAll.MatchString(plain) || ofConsent.MatchString(plain) {
		return say.ConsentMeans, true, nil
	}
	return say.ConsentAgain, true, nil
}

// How people agree and refuse before they are bound, and what they ask of that.
var (
	agrees    = regexp.MustCompile(`^(我|那就|那)?(同意|愿意|是|对|好|行|可以|嗯+|中|成|能行|能成|好着|对着)(绑|绑定)?(的|哩|了|吧|啊|呢)*([,。 ](同意|绑吧|绑上|谢谢))?$|^[^不]{0,8}[,。 ](我)?(同意|愿意)(的|了|吧|啊|哩)?$`)
	refuses   = regexp.MustCompile(`^(我)?(不同意|否|不是|不|不想绑|不绑|不愿意|不行|算了|不要|不用|不想|不弄|不办)(了|的|哩|吧|啊|绑|绑定|用)*$`)
	ofConsent = regexp.MustCompile(`意思|同意|绑|要钱|花钱|收费|骗|安全|隐私|信息|干啥|做啥|为啥|凭啥|好处`)
)

func (t *talk) finishBinding(ctx context.Context, inv models.Invitation) (string, error) {
	if err := t.Tx.UseInvitation(ctx, inv); err != nil {
		return "", err
	}
	if err := t.Tx.Bind(ctx, string(t.Msg.From), inv.Role, inv.SubjectID); err != nil {
		return "", err
	}
	if err := t.Tx.Note(ctx, "bind", string(inv.Role)+":"+inv.SubjectID, ""); err != nil {
		return "", err
	}
	switch inv.Role {
	case models.RoleCadre:
		name, err := t.nameOf(ctx, inv)
		if err != nil {
			return "", err
		}
		roster, err := t.Tx.As(models.Actor{Cadre: inv.SubjectID}).Roster(ctx, inv.SubjectID, t.today)
		if err != nil {
			return "", err
		}
		roster = oncePerPerson(roster)
		var ids []string
		for _, p := range roster {
			ids = append(ids, p.ID)
		}
		people, err := t.labels(ctx, ids, roster)
		return say.BoundCadre(name, people), err
	case models.RoleGuardian, models.RoleRecipient:
		asks, err := t.consented(ctx, inv)
		return strings.TrimSpace(say.BoundGuardian + "\n" + asks), err
	}
	return say.BoundAdmin, nil
}

func (t *talk) unbind(ctx context.Context) (string, error) {
	n, err := t.Tx.Unbind(ctx, t.Sender)
	if err != nil || n == 0 {
		return say.NotBoundAnyway, err
	}
	t.session = Session{Codes: t.session.Codes}
	words := say.Unbound
	if t.cadre == "" && t.guardian != "" {
		words = say.UnboundHome
	}
	return words, t.Tx.Note(ctx, "unbind", "sender", "")
}
