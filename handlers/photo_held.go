package handlers

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
)

// heldFor is how long a held picture can be put back: the platform keeps it three
// days, and nothing of it is kept here.
const heldFor = 70 * time.Hour

// hold keeps a picture of a paper or a screen out of the album, and tells who sent
// it, once for a run of them.
func (f *Fetcher) hold(ctx context.Context, st *store.Store, p models.Photo, look album.Look) error {
	p.State, p.Looks = models.PhotoHeld, string(look)
	if err := st.SavePhoto(ctx, p); err != nil {
		return err
	}
	role, openid, home, err := senderOf(ctx, st, p)
	if err != nil || openid.Empty() {
		return err
	}
	run := p.ReceivedAt / models.Instant(joinWithin/time.Millisecond)
	return st.AddDelivery(ctx, fmt.Sprintf("held/%s/%d", st.OpenIDIndex(openid.Reveal()), run), store.Delivery{
		Kind: KindCarry, Role: role, SubjectID: p.ID, OpenID: openid, Payload: models.Conceal(say.PhotoHeld(p.Looks, home)),
	})
}

// senderOf finds whose phone a picture came from: a family's that belongs to its
// question, else the cadre's.
func senderOf(ctx context.Context, st *store.Store, p models.Photo) (role models.Role, openid models.Secret, home bool, err error) {
	if p.RecordID != "" {
		q, err := st.Question(ctx, p.RecordID)
		if err == nil {
			return q.Role, q.OpenID, true, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return "", openid, false, err
		}
	}
	b, err := st.BindingOf(ctx, models.RoleCadre, p.CadreID)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return models.RoleCadre, b.OpenID, false, err
}

// ofAVisit are the words that put a held picture back: 是看望照片 不是证件.
var ofAVisit = regexp.MustCompile(`^(这|那|都|刚才的?|这张|那张)?(是|就是|都是)?(去)?(看望|走访|慰问|探望|入户|现场|家里|看老人|看娃)(时)?(拍|照)?的?(照片|相片|图片?|照)?$|^(这|那|这张)?(不是|没有|没拍)(啥|什么)?(证件|证|截图|屏幕|存折|病历|文件|卡)(照片?)?$|^(照片)?放回去?$`)

// heldPhotos puts a cadre's held pictures back; done is false where the message
// does not say so, or none is held.
func (t *talk) heldPhotos(ctx context.Context, plain string, _ []store.Paired) (reply string, done bool, err error) {
	if !ofAVisit.MatchString(plain) {
		return "", false, nil
	}
	rows, err := t.as().HeldPhotos(ctx, t.cadre, "")
	if err != nil || len(rows) == 0 {
		return "", false, err
	}
	reply, err = t.putBack(ctx, rows, false)
	return reply, true, err
}

// heldAtHome is the same for a family's picture, which then goes with its
// question.
func (t *talk) heldAtHome(ctx context.Context, plain string, families []family) (reply string, done bool, err error) {
	if !ofAVisit.MatchString(plain) {
		return "", false, nil
	}
	for _, f := range families {
		rows, err := t.Tx.QuestionsOf(ctx, []string{f.asker}, 5)
		if err != nil {
			return "", true, err
		}
		for _, q := range rows {
			held, err := t.Tx.HeldPhotos(ctx, q.CadreID, q.ID)
			if err != nil {
				return "", true, err
			}
			if len(held) == 0 {
				continue
			}
			if reply, err = t.putBack(ctx, held, true); err == nil {
				err = t.Tx.ReviveJob(ctx, PassVoice, q.ID)
			}
			return reply, true, err
		}
	}
	return "", false, nil
}

func (t *talk) putBack(ctx context.Context, rows []models.Photo, home bool) (string, error) {
	rows = slices.DeleteFunc(rows, func(p models.Photo) bool { return p.ReceivedAt < t.Tx.Now().Add(-heldFor) })
	if len(rows) == 0 {
		return say.HeldTooOld, nil
	}
	for _, p := range rows {
		if err := t.Tx.PutBack(ctx, p.ID); err != nil {
			return "", err
		}
		if err := t.Tx.ReviveJob(ctx, FetchPhoto, p.ID); err != nil {
			return "", err
		}
	}
	return say.PutBack(len(rows), home), nil
}
