package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// Notices are the actions around notices. Chat, command and console call the
// same ones.
type Notices struct {
	ApproveAbove int // a notice to more people needs a second person
	Card         bool
	Zone         *time.Location
}

// NoticeDraft is what somebody wants to send.
type NoticeDraft struct {
	Audience models.Audience
	Body     string
	At       models.Instant // zero: now
	Urgent   bool
}

// NoticePreview shows a notice before it goes out.
type NoticePreview struct {
	Whom      string // the audience in words
	All       int
	Reach     int // who will get it
	ByText    int // of them: in the chat at once, in full
	Unbound   int
	Refusing  int
	NoWay     int // no template is set, and no window is open
	HadTwo    int // left out: had their two of the week
	HadOne    int // of Reach: have had one this week
	Samples   []NoticeSample
	Starts    time.Time // later than now: the quiet hours, or the time that was set
	Approval  bool      // a second person must agree first
	Urgent    bool
	addressed []store.Addressee
}

// NoticeSample is a notice as one person will read it.
type NoticeSample struct {
	Who  string // masked
	Text string
	Card bool // gets the card first, and this after 看通知
}

// NoticeRefused is a wish that cannot be granted, in words for who has it.
type NoticeRefused string

func (r NoticeRefused) Error() string { return string(r) }

// MayNotify tells whether an account sends notices at all.
func MayNotify(a models.Account) bool {
	return a.DisabledAt == 0 && models.Ever(a.Role, models.ObjectNotice).Allows(models.Write)
}

// inReach keeps an audience inside what the account is for.
func inReach(a models.Account, au models.Audience) (models.Audience, error) {
	if a.Role == models.AccountUnit {
		if au.UnitID != "" && au.UnitID != a.UnitID {
			return au, NoticeRefused(say.NoticeOutside)
		}
		au.UnitID = a.UnitID
		return au, nil
	}
	if au.Region == "" {
		au.Region = a.Region
	}
	if !strings.HasPrefix(au.Region, a.Region) || a.Region == "" {
		return au, NoticeRefused(say.NoticeOutside)
	}
	return au, nil
}

// Preview finds whom a draft would reach and renders it for three of them.
func (n Notices) Preview(ctx context.Context, tx *store.Store, account models.Account, d NoticeDraft) (NoticePreview, error) {
	var p NoticePreview
	if err := n.check(tx, account, d); err != nil {
		return p, err
	}
	au, err := inReach(account, d.Audience)
	if err != nil {
		return p, err
	}
	mine := tx.As(account.Actor())
	today := models.DayOf(tx.Now().Time(), n.Zone)
	if p.Whom, err = audienceWords(ctx, tx, au, today); err != nil {
		return p, err
	}
	if p.addressed, err = mine.Addressees(ctx, au, today); err != nil {
		return p, err
	}
	var idx []string
	for _, a := range p.addressed {
		if a.Binding != nil {
			idx = append(idx, a.Binding.OpenIDIdx)
		}
	}
	open, err := tx.OpenWindows(ctx, idx)
	if err != nil {
		return p, err
	}
	var shown []store.Addressee
	for _, a := range p.addressed {
		switch {
		case a.Binding == nil:
			p.Unbound++
		case a.Blocked:
			p.Refusing++
		case a.Had >= models.NoticesAWeek && !d.Urgent:
			p.HadTwo++
		case !n.Card && !open[a.Binding.OpenIDIdx]:
			p.NoWay++
		default:
			p.Reach++
			if a.Had > 0 {
				p.HadOne++
			}
			if open[a.Binding.OpenIDIdx] {
				p.ByText++
			}
			// The first, and others from all over the list.
			if len(shown) < 3 {
				shown = append(shown, a)
			} else if p.Reach%97 == 0 {
				shown[1+p.Reach/97%2] = a
			}
		}
	}
	for _, a := range shown {
		who, err := addresseeName(ctx, tx, a.Role, a.SubjectID)
		if err != nil {
			return p, err
		}
		text, err := n.Words(ctx, tx, d.Body, a.Role, a.SubjectID)
		if err != nil {
			return p, err
		}
		p.Samples = append(p.Samples, NoticeSample{Who: who, Text: say.NoticeText(text), Card: !open[a.Binding.OpenIDIdx]})
	}
	p.All, p.Urgent, p.Approval = len(p.addressed), d.Urgent, p.Reach > n.ApproveAbove
	p.Starts = n.starts(tx, d)
	return p, nil
}

// starts is when the first of a notice goes out.
func (n Notices) starts(tx *store.Store, d NoticeDraft) time.Time {
	at := max(tx.Now(), d.At).Time()
	quiet := tx.Hours().QuietCadres
	if d.Audience.Role == models.RoleGuardian {
		quiet = tx.Hours().QuietFamilies
	}
	if !d.Urgent {
		at = models.Awake(at, quiet, n.Zone)
	}
	return at.In(n.Zone)
}

// longestAhead is how far ahead a notice can be timed.
const longestAhead = 60 * 24 * time.Hour

func (n Notices) check(tx *store.Store, account models.Account, d NoticeDraft) error {
	unknown := models.UnknownPlaceholders(d.Body, d.Audience.Role)
	switch {
	case !MayNotify(account):
		return NoticeRefused(say.NoticeNotYours)
	case d.Audience.Role != models.RoleCadre && d.Audience.Role != models.RoleGuardian:
		return NoticeRefused(say.NoticeWhom)
	case strings.TrimSpace(d.Body) == "":
		return NoticeRefused(say.NoticeEmpty)
	case len([]rune(d.Body)) > models.NoticeLength:
		return NoticeRefused(say.NoticeTooLong)
	case len(unknown) > 0:
		return NoticeRefused(say.NoticePlaceholder(unknown, models.Placeholders[d.Audience.Role]))
	case d.At != 0 && d.At < tx.Now().Add(-time.Minute):
		return NoticeRefused(say.NoticePast)
	case d.At > tx.Now().Add(longestAhead):
		return NoticeRefused(say.NoticeTooFar)
	case d.Urgent && len(d.Audience.List) == 0:
		return NoticeRefused(say.NoticeUrgentList)
	case len(d.Audience.List) > models.NoticeListMost:
		return NoticeRefused(say.NoticeListLong)
	}
	return nil
}

// Submit hands a notice in: it goes out at its time, or waits for a second
// person where it is large.
func (n Notices) Submit(ctx context.Context, tx *store.Store, account models.Account, d NoticeDraft) (models.Notice, error) {
	p, err := n.Preview(ctx, tx, account, d)
	if err != nil {
		return models.Notice{}, err
	}
	if p.Reach == 0 {
		return models.Notice{}, NoticeRefused(say.NoticeNobody(p.Whom, p.Unbound, p.HadTwo))
	}
	au, err := inReach(account, d.Audience)
	if err != nil {
		return models.Notice{}, err
	}
	row := models.Notice{
		AccountID: account.ID, Region: au.Region, UnitID: au.UnitID, Role: au.Role, Audience: p.Whom, Body: models.Conceal(strings.TrimSpace(d.Body)),
		State: models.NoticeGoing, Urgent: d.Urgent, DueAt: d.At,
	}
	if row.Region == "" {
		row.Region = account.Region
	}
	if p.Approval {
		row.State = models.NoticeWaiting
	}
	if err := tx.WriteNotice(ctx, &row, p.addressed, NoticeKind); err != nil {
		return row, err
	}
	return row, note(ctx, tx, account, "notice", row, fmt.Sprintf("people=%d unbound=%d state=%s urgent=%v", row.People, row.Unbound, row.State, row.Urgent))
}

// NoticeKind is the kind of a notice's deliveries.
const NoticeKind = "notice"

func note(ctx context.Context, tx *store.Store, account models.Account, action string, n models.Notice, detail string) error {
	return tx.As(account.Actor()).Note(ctx, action, "notice:"+n.ID, detail)
}

// aloneAfter is how long a notice waits before its own author may approve it,
// with a reason, where nobody else is there (users.md 五.3).
const aloneAfter = 30 * time.Minute

// Approve lets a large notice go out; the second person is not the author and
// answers for the whole place it is for.
func (n Notices) Approve(ctx context.Context, tx *store.Store, account models.Account, row models.Notice, why string) (models.Notice, error) {
	switch {
	case row.State != models.NoticeWaiting:
		return row, NoticeRefused(say.NoticeNotWaiting(row.No(), row.State.Label()))
	case !MayNotify(account) || !covers(account, row):
		return row, NoticeRefused(say.NoticeNotYours)
	case account.ID == row.AccountID && (strings.TrimSpace(why) == "" || tx.Now() < row.SentAt.Add(aloneAfter)):
		return row, NoticeRefused(say.NoticeOwnApproval(row.SentAt.Add(aloneAfter).Time().In(n.Zone)))
	}
	row.ApprovedBy = account.ID
	detail := ""
	if account.ID == row.AccountID {
		detail = "alone: " + strings.TrimSpace(why)
	}
	err := n.move(ctx, tx, account, &row, "notice.approve", detail, models.NoticeGoing, models.NoticeWaiting)
	return row, err
}

// covers tells whether an account answers for everybody whom a notice is for.
func covers(a models.Account, n models.Notice) bool {
	if a.Role == models.AccountUnit {
		return a.UnitID != "" && a.UnitID == n.UnitID
	}
	return a.Region != "" && strings.HasPrefix(n.Region, a.Region)
}

// Pause stops what has not gone out.
func (n Notices) Pause(ctx context.Context, tx *store.Store, account models.Account, row models.Notice) (models.Notice, error) {
	err := n.turn(ctx, tx, account, &row, "notice.pause", models.NoticePaused, models.NoticeGoing)
	return row, err
}

// Resume goes on with a paused notice.
func (n Notices) Resume(ctx context.Context, tx *store.Store, account models.Account, row models.Notice) (models.Notice, error) {
	err := n.turn(ctx, tx, account, &row, "notice.resume", models.NoticeGoing, models.NoticePaused)
	return row, err
}

// Cancel takes back what has not gone out.
func (n Notices) Cancel(ctx context.Context, tx *store.Store, account models.Account, row models.Notice) (models.Notice, error) {
	err := n.turn(ctx, tx, account, &row, "notice.cancel", models.NoticeCancelled, models.NoticeGoing, models.NoticePaused, models.NoticeWaiting)
	return row, err
}

// NoticeTurn is one of Pause, Resume and Cancel.
type NoticeTurn func(Notices, context.Context, *store.Store, models.Account, models.Notice) (models.Notice, error)

// turn changes a notice's state for its author, or for who answers for its place.
func (n Notices) turn(ctx context.Context, tx *store.Store, account models.Account, row *models.Notice, action string, to models.NoticeState, from ...models.NoticeState) error {
	if !MayNotify(account) || account.ID != row.AccountID && !covers(account, *row) {
		return NoticeRefused(say.NoticeNotYours)
	}
	return n.move(ctx, tx, account, row, action, "", to, from...)
}

func (n Notices) move(ctx context.Context, tx *store.Store, account models.Account, row *models.Notice, action, detail string, to models.NoticeState, from ...models.NoticeState) error {
	was := row.State
	err := tx.MoveNotice(ctx, row, to, from...)
	if errors.Is(err, store.ErrLost) {
		return NoticeRefused(say.NoticeCannot(row.No(), was.Label()))
	}
	if err != nil {
		return err
	}
	return note(ctx, tx, account, action, *row, detail)
}

// Resend sends again to those whom a notice did not reach and can reach now.
func (n Notices) Resend(ctx context.Context, tx *store.Store, account models.Account, row models.Notice, unknown bool) (again, left int, err error) {
	switch {
	case !MayNotify(account) || account.ID != row.AccountID && !covers(account, row):
		return 0, 0, NoticeRefused(say.NoticeNotYours)
	case row.State != models.NoticeGoing:
		return 0, 0, NoticeRefused(say.NoticeCannot(row.No(), row.State.Label()))
	}
	if again, left, err = tx.SendAgain(ctx, row, unknown); err != nil {
		return 0, 0, err
	}
	return again, left, note(ctx, tx, account, "notice.resend", row, fmt.Sprintf("again=%d left=%d", again, left))
}

// Phoned closes what did not reach somebody by WeChat: they were told by
// telephone. Who answers for the person may say so.
func (n Notices) Phoned(ctx context.Context, tx *store.Store, account models.Account, row models.Notice, delivery string) error {
	if !MayNotify(account) {
		return NoticeRefused(say.NoticeNotYours)
	}
	err := tx.As(account.Actor()).ToldByPhone(ctx, row.ID, delivery)
	if errors.Is(err, store.ErrNotFound) {
		return NoticeRefused(say.NoticeNoPerson)
	}
	if err != nil {
		return err
	}
	return note(ctx, tx, account, "notice.phoned", row, "delivery="+delivery)
}
