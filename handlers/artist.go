package handlers

import (
	"context"
	"errors"
	"time"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/picture"
	"aixin/models"
	"aixin/models/store"
)

// OfficePicture is the job that draws an office's month and sends it into the
// window that its words have opened.
const OfficePicture = "office_picture"

// Artist draws what offices ask to see.
type Artist struct {
	Media   Media
	Painter *picture.Painter
	Zone    *time.Location
	Now     func() time.Time
}

// Draw is the job OfficePicture of one account.
func (a *Artist) Draw(ctx context.Context, st *store.Store, accountID string, _ int) error {
	account, to, err := asker(ctx, st, accountID)
	if err != nil || to == "" {
		return err
	}
	office, err := desk.LookFor(ctx, st, account, a.Now(), a.Zone)
	if err != nil {
		return err
	}
	raw, err := a.Painter.PNG(office.Sheet())
	if err != nil {
		return bot.ErrGiveUp{Err: err}
	}
	return pass(ctx, a.Media, to, "image", "summary.png", raw)
}

// asker is an account that asked for a picture and the phone it goes to; "" where
// there is none any more.
func asker(ctx context.Context, st *store.Store, id string) (a models.Account, to bot.OpenID, err error) {
	if a, err = st.Account(ctx, id); err != nil {
		return a, "", err
	}
	b, err := st.BindingOf(ctx, models.RoleAdmin, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && a.DisabledAt != 0 {
		return a, "", nil
	}
	return a, bot.OpenID(b.OpenID.Reveal()), err
}

// pass brings a file of ours into an open window. What may have arrived is not
// sent twice; it can be asked for again.
func pass(ctx context.Context, media Media, to bot.OpenID, kind, name string, data []byte) error {
	id, err := media.UploadMedia(ctx, kind, name, data)
	if err == nil {
		err = media.SendMedia(ctx, to, kind, id)
	}
	var fault *bot.SendError
	if errors.As(err, &fault) {
		switch fault.Action {
		case bot.ActNoWindow, bot.ActUnreachable, bot.ActBadContent, bot.ActUnknown:
			return bot.ErrGiveUp{Err: err}
		}
	}
	return err
}
