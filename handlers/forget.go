package handlers

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
)

// eraseOrder is an office's answer to a wish to be deleted.
var eraseOrder = regexp.MustCompile(`^删除\s*#?\s*(\d{1,6})(?:号)?[\s,、:]*(已核身|不删|核身)?[\s,、:]*(.*)$`)

// wantErased hands the wish to be deleted to the county's office.
func (t *talk) wantErased(ctx context.Context, f family) (string, error) {
	e := models.Erasure{Role: f.role, SubjectID: f.asker, RecipientID: f.recipient.ID, Region: f.recipient.Region, Sender: t.Sender}
	if err := t.Tx.AddErasure(ctx, &e); err != nil {
		return "", err
	}
	offices, err := t.Tx.AccountsFor(ctx, []models.AccountRole{models.AccountCounty}, []string{e.Region[:min(6, len(e.Region))]})
	if err != nil {
		return "", err
	}
	people, err := boundOf(ctx, t.Tx, offices)
	if err != nil {
		return "", err
	}
	place, err := t.Tx.Region(ctx, e.Region)
	if err != nil {
		return "", err
	}
	for _, p := range people {
		err := t.Tx.AddDelivery(ctx, strings.Join([]string{"erase", e.ID, t.Tx.OpenIDIndex(p.openid)}, "/"), store.Delivery{
			Kind: KindCarry, Role: models.RoleAdmin, SubjectID: e.ID, OpenID: models.Conceal(p.openid),
			Payload: models.Conceal(say.EraseFor(e.Number, f.relation, f.name(), place.Path)),
		})
		if err != nil {
			return "", err
		}
	}
	return say.EraseAsked(e.Number, len(people) > 0), t.Tx.Note(ctx, "erase_asked", "recipient:"+e.RecipientID, "")
}

// eraseWords takes an office's answer to a wish to be deleted; done is false where
// the message is none.
func (t *talk) eraseWords(ctx context.Context, plain string) (reply string, done bool, err error) {
	m := eraseOrder.FindStringSubmatch(narrow(plain))
	if m == nil {
		return "", false, nil
	}
	acct, err := t.Tx.Account(ctx, t.admin)
	if err != nil {
		return "", true, err
	}
	number, _ := strconv.Atoi(m[1])
	office := acct.Role == models.AccountCounty || acct.Role == models.AccountTownship || acct.Role == models.AccountCity
	as := t.Tx.As(acct.Actor())
	e, err := as.ErasureNumbered(ctx, number)
	if errors.Is(err, store.ErrNotFound) || err == nil && !office {
		return say.EraseUnknown(number), t.cadre == "", nil
	}
	if err != nil {
		return "", true, err
	}
	if m[2] == "" || m[3] == "" {
		return say.EraseForm(number), true, nil
	}
	if m[2] == "不删" {
		reply, err = t.eraseRefused(ctx, as, e, m[3])
	} else {
		reply, err = t.eraseDone(ctx, as, e, m[3])
	}
	if errors.Is(err, store.ErrLost) {
		return say.EraseUnknown(number), true, nil
	}
	return reply, true, err
}

func (t *talk) eraseRefused(ctx context.Context, as *store.Store, e models.Erasure, why string) (string, error) {
	if err := as.SettleErasure(ctx, e, models.ErasureRefused, why); err != nil {
		return "", err
	}
	if err := as.Note(ctx, "erase_refused", "recipient:"+e.RecipientID, ""); err != nil {
		return "", err
	}
	return say.EraseRefusedOffice(e.Number), t.tellEraser(ctx, e, say.EraseRefused(e.Number, why))
}

// eraseDone sends who asked the receipt; once it is gone, the rest goes (Forget).
func (t *talk) eraseDone(ctx context.Context, as *store.Store, e models.Erasure, how string) (string, error) {
	if err := as.SettleErasure(ctx, e, models.ErasureDone, how); err != nil {
		return "", err
	}
	if err := t.tellEraser(ctx, e, say.EraseReceipt(e.Number)); err != nil {
		return "", err
	}
	if err := t.Tx.AddJob(ctx, ForgetPerson, e.ID, t.Tx.Now().Add(5*time.Second)); err != nil {
		return "", err
	}
	return say.EraseDone(e.Number), as.Note(ctx, "erase_verified", "recipient:"+e.RecipientID, "")
}

// ForgetPerson is the job that deletes what a verified wish asks for.
const ForgetPerson = "forget"

// Eraser takes the bytes of recordings and pictures away, with what stands of them.
type Eraser struct{ Album album.Store }

// Forget is the job ForgetPerson. It waits for the receipt, which needs the
// openid that goes with the rest. The bytes go first: of a job that breaks off in
// between, the next try finds what is left.
func (r Eraser) Forget(ctx context.Context, st *store.Store, erasureID string, _ int) error {
	e, err := st.Erasure(ctx, erasureID)
	if err != nil {
		return err
	}
	receipt, err := st.DeliveryUnder(ctx, eraseReceipt(e.ID))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if receipt.State == store.DeliveryPlanned {
		return errors.New("the receipt has not gone yet")
	}
	media, err := st.MediaOf(ctx, e.SubjectID)
	if err == nil {
		err = r.clear(ctx, st, media)
	}
	if err != nil {
		return err
	}
	return st.InTx(ctx, func(tx *store.Store) error { return tx.ErasePerson(ctx, e, len(media)) })
}

// droppedFor is how long the bytes of what was taken back stay, in case somebody
// says that they did not mean it.
const droppedFor = 7 * 24 * time.Hour

// Sweep takes away, a batch at a time, what was dropped a week ago, and what
// families and cadres said or sent with questions longer ago than words are kept.
func (r Eraser) Sweep(ctx context.Context, st *store.Store, now time.Time, keep time.Duration) error {
	const batch = 200
	for {
		rows, err := st.SpentMedia(ctx, models.InstantOf(now.Add(-droppedFor)), models.InstantOf(now.Add(-keep)), batch)
		if err == nil {
			err = r.clear(ctx, st, rows)
		}
		if err != nil || len(rows) < batch {
			return err
		}
	}
}

func (r Eraser) clear(ctx context.Context, st *store.Store, media []models.Photo) error {
	var ids []string
	for _, p := range media {
		if err := errors.Join(r.Album.Delete(ctx, p.BlobKey), r.Album.Delete(ctx, p.BlobKey+".thumb")); err != nil {
			return err
		}
		ids = append(ids, p.ID)
	}
	return st.ClearMedia(ctx, ids)
}

func eraseReceipt(erasureID string) string { return "erased/" + erasureID }

// tellEraser plans the last word to who asked.
func (t *talk) tellEraser(ctx context.Context, e models.Erasure, words string) error {
	b, err := t.Tx.BindingOf(ctx, e.Role, e.SubjectID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return t.Tx.AddDelivery(ctx, eraseReceipt(e.ID), store.Delivery{Kind: KindCarry, Role: e.Role, SubjectID: e.ID, OpenID: b.OpenID, Payload: models.Conceal(words)})
}
