package wechatsim

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"
)

const (
	mediaLife  = 3 * 24 * time.Hour
	mediaTotal = 128 << 20 // bytes kept in all: the oldest go first
)

// medium is a file that the platform holds.
type medium struct {
	kind    string // image, voice, video, thumb
	data    []byte
	at      time.Time
	forever bool // permanent material
}

// mediaShelf holds media in the order they came. Sim.mu guards it.
type mediaShelf struct {
	byID  map[string]medium
	order []string
	bytes int
}

func (sh *mediaShelf) put(id string, m medium, now time.Time) {
	if sh.byID == nil {
		sh.byID = make(map[string]medium)
	}
	sh.byID[id] = m
	sh.order = append(sh.order, id)
	sh.bytes += len(m.data)
	for len(sh.order) > 1 {
		old := sh.byID[sh.order[0]]
		if sh.bytes <= mediaTotal && (old.forever || now.Sub(old.at) < mediaLife) {
			break
		}
		delete(sh.byID, sh.order[0])
		sh.order = sh.order[1:]
		sh.bytes -= len(old.data)
	}
}

func (s *Sim) keepMedia(kind string, data []byte) string {
	return s.shelve(medium{kind: kind, data: data})
}

func (s *Sim) shelve(m medium) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := randomName(64)
	m.at = s.now()
	s.media.put(id, m, m.at)
	return id
}

func (s *Sim) findMedia(id string) (medium, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.media.byID[id]
	return m, ok && (m.forever || s.now().Sub(m.at) < mediaLife)
}

func (s *Sim) hasMedia(id string) bool {
	_, ok := s.findMedia(id)
	return ok
}

// mediaTypes are the limits of an upload by type.
var mediaTypes = map[string]struct {
	size  int
	kinds map[string]string // sniffed content type → file ending
}{
	"image": {10 << 20, map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}},
	"voice": {2 << 20, map[string]string{"audio/amr": "amr", "audio/mpeg": "mp3"}},
	"video": {10 << 20, map[string]string{"video/mp4": "mp4"}},
	"thumb": {64 << 10, map[string]string{"image/jpeg": "jpg"}},
}

// sniff tells the content type of a medium; the platform's voice forms are not
// among those that net/http knows.
func sniff(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("#!AMR")):
		return "audio/amr"
	case bytes.HasPrefix(data, []byte("#!SILK")):
		return "audio/silk"
	case len(data) > 1 && data[0] == 0xFF && data[1]&0xE0 == 0xE0:
		return "audio/mpeg"
	}
	return http.DetectContentType(data)
}

func (s *Sim) uploadMedia(c *call) (any, error) { return s.upload(c, false) }
func (s *Sim) addMaterial(c *call) (any, error) { return s.upload(c, true) }

func (s *Sim) upload(c *call, forever bool) (any, error) {
	kind := c.query("type")
	limit, ok := mediaTypes[kind]
	if !ok {
		return nil, refuse(40004, "invalid media type")
	}
	_, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return nil, refuse(41005, "media data missing")
	}
	var data []byte
	for parts := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]); data == nil; {
		part, err := parts.NextPart()
		if err != nil {
			return nil, refuse(41005, "media data missing")
		}
		if part.FormName() == "media" && part.FileName() != "" {
			if data, err = io.ReadAll(part); err != nil || len(data) == 0 {
				return nil, refuse(44001, "empty media data")
			}
		}
	}
	if len(data) > limit.size {
		return nil, refuse(45001, "media size out of limit")
	}
	if limit.kinds[sniff(data)] == "" {
		return nil, refuse(40005, "invalid file type")
	}
	id := s.shelve(medium{kind: kind, data: data, forever: forever})
	if forever {
		return object{"media_id": id, "url": "http://mmbiz.qpic.cn/mmbiz_jpg/" + id + "/0"}, nil
	}
	name := "media_id"
	if kind == "thumb" {
		name = "thumb_media_id"
	}
	return object{"type": kind, name: id, "created_at": s.now().Unix()}, nil
}

func (s *Sim) getMedia(c *call) (any, error) {
	id := c.query("media_id")
	m, ok := s.findMedia(id)
	if !ok {
		return nil, errMediaID
	}
	if m.kind == "video" {
		return object{"video_url": "http://mpvideo.qpic.cn/" + id + ".mp4"}, nil
	}
	kind := sniff(m.data)
	ending := mediaTypes[m.kind].kinds[kind]
	if ending == "" {
		ending = "bin"
	}
	return file{kind, id + "." + ending, m.data}, nil
}

// readJSON reads the body of a request of the page.
func readJSON(w http.ResponseWriter, r *http.Request, v any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(v); err != nil {
		http.Error(w, "请求不是所要的 JSON", http.StatusBadRequest)
		return false
	}
	return true
}
