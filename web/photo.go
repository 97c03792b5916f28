package web

import (
	"errors"
	"io"
	"net/http"

	"aixin/models/album"
	"aixin/models/store"
)

// thumbMost is more than a blurred picture of 320 pixels ever has.
const thumbMost = 1 << 20

// photo shows a picture as the offices may see it: blurred. The whole one is
// for the cadre who took it and for checkers (users.md 一.13).
func (s *site) photo(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	p, err := me.st.SeenPhoto(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	blob, err := s.Album.Open(ctx, p.BlobKey+".thumb")
	if errors.Is(err, album.ErrNotExist) {
		return store.ErrNotFound
	}
	if err != nil {
		return err
	}
	defer blob.Close()
	box, err := io.ReadAll(io.LimitReader(blob, thumbMost))
	if err != nil {
		return err
	}
	data, err := me.st.Keys().Open("photo."+p.ID, box)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/jpeg")
	if _, err := w.Write(data); err != nil {
		s.Log.Debug("picture not taken", "err", err)
	}
	return nil
}
