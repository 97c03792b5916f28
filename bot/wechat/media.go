package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"path"
	"strings"

	"aixin/bot"
)

const (
	pathUpload  = "/cgi-bin/media/upload"
	roomForJSON = 16 << 10 // an error must be read even where files must be small
)

// FetchMedia gets a photo, voice or video of at most limit bytes. The platform
// answers 200 also to say no, in JSON and now and then as text/plain: that is
// an error here and never a file.
func (c *Client) FetchMedia(ctx context.Context, mediaID string, limit int64) (data []byte, contentType string, err error) {
	rq := request{path: pathGetMedia, query: url.Values{"media_id": {mediaID}}, hide: mediaID}
	err = c.withToken(ctx, rq, func(rsp *http.Response, token string) error {
		body, err := readFile(rsp, rq, max(limit, roomForJSON))
		if err != nil {
			return err
		}
		if _, err := c.errcode(body, rq, token); err != nil {
			return err
		}
		if rsp.StatusCode != http.StatusOK {
			return unclear(rq, fmt.Sprintf("HTTP %d", rsp.StatusCode), true)
		}
		data, contentType = body, rsp.Header.Get("Content-Type")
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	if link := videoLink(data); link != "" {
		return c.fetchVideo(ctx, rq, link, limit)
	}
	if err := looksLikeFile(rq, data, limit); err != nil {
		return nil, "", err
	}
	return data, contentType, nil
}

// fetchVideo follows the link that stands for a video. It goes to the
// platform's file servers only, and without the token.
func (c *Client) fetchVideo(ctx context.Context, rq request, link string, limit int64) ([]byte, string, error) {
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Port() != "" || u.Scheme != "http" && u.Scheme != "https" || !strings.HasSuffix(u.Hostname(), ".qpic.cn") {
		return nil, "", &bot.SendError{API: rq.path, Reason: "video lies on a strange host", Action: bot.ActBadContent}
	}
	hr, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", &bot.SendError{API: rq.path, Reason: "video link is wrong", Action: bot.ActBadContent}
	}
	rsp, err := c.http.Do(hr)
	if err != nil {
		return nil, "", broken(rq, true, err)
	}
	defer rsp.Body.Close()
	if rsp.StatusCode != http.StatusOK {
		return nil, "", unclear(rq, fmt.Sprintf("HTTP %d", rsp.StatusCode), true)
	}
	data, err := readFile(rsp, rq, limit)
	if err == nil {
		err = looksLikeFile(rq, data, limit)
	}
	if err != nil {
		return nil, "", err
	}
	return data, rsp.Header.Get("Content-Type"), nil
}

// readFile reads no more than one byte past what there is room for.
func readFile(rsp *http.Response, rq request, room int64) ([]byte, error) {
	if rsp.ContentLength > room {
		return nil, tooBig(rq)
	}
	body, err := io.ReadAll(io.LimitReader(rsp.Body, room+1))
	if err != nil {
		return nil, broken(rq, true, err)
	}
	if int64(len(body)) > room {
		return nil, tooBig(rq)
	}
	return body, nil
}

func tooBig(rq request) error {
	return &bot.SendError{API: rq.path, Reason: "file is larger than allowed", Action: bot.ActBadContent}
}

// looksLikeFile refuses what some box on the way has put in place of a file. No
// picture, voice or video begins with these characters.
func looksLikeFile(rq request, data []byte, limit int64) error {
	switch start := bytes.TrimSpace(data); {
	case len(start) == 0:
		return unclear(rq, "file is empty", true)
	case start[0] == '{' || start[0] == '<':
		return unclear(rq, "answer is not a file", true)
	case int64(len(data)) > limit:
		return tooBig(rq)
	}
	return nil
}

func videoLink(data []byte) string {
	var v struct {
		URL string `json:"video_url"`
	}
	if len(data) == 0 || data[0] != '{' || json.Unmarshal(data, &v) != nil {
		return ""
	}
	return v.URL
}

// UploadMedia keeps a file of ours at the platform for three days. kind is
// image, voice, video or thumb.
func (c *Client) UploadMedia(ctx context.Context, kind, name string, data []byte) (mediaID string, err error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	quoted := strings.NewReplacer(`\`, "_", `"`, "_", "\r", "_", "\n", "_").Replace(path.Base(name))
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="media"; filename="` + quoted + `"`},
		"Content-Type":        {http.DetectContentType(data)},
	})
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return "", &bot.SendError{API: pathUpload, Reason: "form cannot be written", Action: bot.ActBadContent}
	}
	var out struct {
		MediaID string `json:"media_id"`
		Thumb   string `json:"thumb_media_id"`
	}
	rq := request{path: pathUpload, query: url.Values{"type": {kind}}, body: b.Bytes(), contentType: form.FormDataContentType()}
	if err := c.call(ctx, rq, &out); err != nil {
		return "", err
	}
	if out.MediaID == "" {
		out.MediaID = out.Thumb
	}
	if out.MediaID == "" {
		return "", unclear(rq, "answer has no media id", true)
	}
	return out.MediaID, nil
}
