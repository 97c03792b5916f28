// Package album keeps photos and recordings: Develop turns the bytes of a
// phone's picture into a clean one, and a Store keeps sealed blobs in a folder
// or in a bucket behind the S3 API. Sealing is the caller's; album sees bytes.
package album

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
)

// ErrNotExist says that no blob has this key.
var ErrNotExist = fs.ErrNotExist

// ErrBadKey says that a key is not a plain relative path.
var ErrBadKey = errors.New("album: bad key")

// Store keeps blobs by key. A key is a relative slash-separated path such as
// "photo/ab/abcd". All methods may be called again after an error.
type Store interface {
	// Put stores data under key, whole or not at all, and returns once it is
	// durable. What was there before is replaced. Data is not empty: sealed
	// bytes never are.
	Put(ctx context.Context, key string, data []byte) error
	// Open reads the blob; ErrNotExist if there is none. The context must
	// live until the reader is closed.
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	// Delete removes the blob for good; one that is not there is no error.
	Delete(ctx context.Context, key string) error
}

// Option changes how Open connects.
type Option func(*options)

type options struct{ accessKey, secretKey string }

// Credentials gives the keys of an S3 store apart from its URL.
func Credentials(accessKey, secretKey string) Option {
	return func(o *options) { o.accessKey, o.secretKey = accessKey, secretKey }
}

// Open opens the store that a URL names:
//
//	file:///absolute/folder
//	s3://key:secret@host[:port]/bucket?region=…&secure=false&lookup=path|dns
//
// An S3 server that is away does not fail Open: photos wait in their jobs. A
// bucket that the server says does not exist does. Errors never hold the URL,
// which may contain a secret.
func Open(ctx context.Context, rawURL string, opts ...Option) (Store, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("album: the storage URL cannot be read (escape / @ : % in keys as %2F %40 %3A %25)")
	}
	switch u.Scheme {
	case "file":
		if u.Host != "" && u.Host != "localhost" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
			return nil, errors.New("album: a folder is written file:///absolute/folder")
		}
		return openFolder(filepath.FromSlash(u.Path))
	case "s3":
		return openBucket(ctx, u, o)
	}
	return nil, fmt.Errorf("album: unknown storage scheme %q, use file:// or s3://", u.Scheme)
}

// checkKey lets only plain paths through: no dot names, which belong to the
// folder's own temporary files, and nothing a file system reads in its own way.
func checkKey(key string) error {
	if !fs.ValidPath(key) || len(key) > 512 || strings.ContainsAny(key, "\\:\x00") {
		return ErrBadKey
	}
	for part := range strings.SplitSeq(key, "/") {
		if strings.HasPrefix(part, ".") {
			return ErrBadKey
		}
	}
	return nil
}
