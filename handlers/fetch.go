package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"aixin/bot"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
)

// mediaLimit is the most bytes of a photo or recording (WeChat's own limit).
const mediaLimit = 10 << 20

// mediaTries is how often a medium that the platform says it does not have is
// asked for before it counts as gone: within about a minute. lastTry is where
// other failures end, days before the platform would drop the medium.
const (
	mediaTries = 6
	lastTry    = 20
)

// gone tells whether a failure means that the medium will not come.
func gone(err error, attempt int) bool {
	var fault *bot.SendError
	if !errors.As(err, &fault) {
		return false
	}
	missing := fault.Action == bot.ActBadContent || fault.Code == 40007
	return missing && attempt >= mediaTries || attempt >= lastTry
}

// Fetcher brings the bytes of photos and recordings in, seals and stores them.
type Fetcher struct {
	Platform bot.Platform
	Album    album.Store
}

// Fetch is the job of one photo.
func (f *Fetcher) Fetch(ctx context.Context, st *store.Store, id string, attempt int) error {
	p, err := st.Photo(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.State != models.PhotoPending {
		return nil
	}
	if err != nil {
		return err
	}
	data, _, err := f.Platform.FetchMedia(ctx, p.MediaID.Reveal(), mediaLimit)
	if err != nil && gone(err, attempt) {
		p.State = models.PhotoUnavailable
		return errors.Join(st.SavePhoto(ctx, p), bot.ErrGiveUp{Err: err})
	}
	if err != nil {
		return err
	}
	if p.Kind == "image" {
		err = f.keepPicture(ctx, st, &p, data)
	} else {
		err = f.keepRecording(ctx, st, &p, data)
	}
	if errors.Is(err, album.ErrNotImage) || errors.Is(err, album.ErrTooLarge) {
		p.State = models.PhotoRejected
		return errors.Join(st.SavePhoto(ctx, p), bot.ErrGiveUp{Err: err})
	}
	return err
}

func (f *Fetcher) keepPicture(ctx context.Context, st *store.Store, p *models.Photo, data []byte) error {
	pic, err := album.Develop(data)
	if err != nil {
		return err
	}
	if pic.Look != album.LookNone && p.InsistedAt == 0 {
		return f.hold(ctx, st, *p, pic.Look)
	}
	p.BlobKey, p.Mime, p.Width, p.Height = blobKey(p.ID), pic.Type, pic.Width, pic.Height
	p.SHA256, p.DHash = pic.SHA256, fmt.Sprintf("%016x", pic.DHash)
	if err := f.put(ctx, st, p.ID, p.BlobKey, pic.Data); err != nil {
		return err
	}
	if err := f.put(ctx, st, p.ID, p.BlobKey+".thumb", pic.Thumb); err != nil {
		return err
	}
	return f.stored(ctx, st, p, len(pic.Data))
}

func (f *Fetcher) keepRecording(ctx context.Context, st *store.Store, p *models.Photo, data []byte) error {
	if len(data) == 0 || strings.HasPrefix(http.DetectContentType(data), "text/") && !strings.HasPrefix(string(data), "#!") {
		return album.ErrNotImage
	}
	p.BlobKey, p.Mime = blobKey(p.ID), "audio/amr"
	if err := f.put(ctx, st, p.ID, p.BlobKey, data); err != nil {
		return err
	}
	return f.stored(ctx, st, p, len(data))
}

func (f *Fetcher) stored(ctx context.Context, st *store.Store, p *models.Photo, size int) error {
	p.State, p.Bytes, p.StoredAt = models.PhotoStored, int64(size), st.Now()
	return st.SavePhoto(ctx, *p)
}

func (f *Fetcher) put(ctx context.Context, st *store.Store, id, key string, data []byte) error {
	box, err := st.Keys().Seal("photo."+id, data)
	if err != nil {
		return err
	}
	return f.Album.Put(ctx, key, box)
}

// blobKey spreads photos over folders by the time part of their id.
func blobKey(id string) string { return "photo/" + id[:4] + "/" + id }
