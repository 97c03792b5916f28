package album_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"aixin/models/album"
)

// stores opens an empty store of each kind.
var stores = map[string]func(t *testing.T) album.Store{
	"folder": func(t *testing.T) album.Store {
		return mustOpen(t, folderURL(filepath.Join(t.TempDir(), "相 册")))
	},
	"bucket": func(t *testing.T) album.Store {
		return mustOpen(t, "s3://key:se%2Fcret@"+s3Server(t, "photos")+"/photos?secure=false&region=us-east-1")
	},
}

func TestStore(t *testing.T) {
	for name, open := range stores {
		t.Run(name, func(t *testing.T) {
			t.Run("round trip", func(t *testing.T) {
				st := open(t)
				big := make([]byte, 3<<20)
				rand.Read(big)
				for key, data := range map[string][]byte{"a": {0}, "photo/ab/abcdef.1": []byte("sealed"), "voice/深/名": big} {
					put(t, st, key, data)
					wantBlob(t, st, key, data)
				}
			})
			t.Run("replaced whole", func(t *testing.T) {
				st := open(t)
				put(t, st, "k/1", bytes.Repeat([]byte("long"), 1000))
				put(t, st, "k/1", []byte("short"))
				wantBlob(t, st, "k/1", []byte("short"))
			})
			t.Run("missing", func(t *testing.T) {
				st := open(t)
				put(t, st, "k/there", []byte("x"))
				for _, key := range []string{"never", "k/never", "k", "other/deep/never"} {
					if _, err := st.Open(t.Context(), key); !errors.Is(err, album.ErrNotExist) {
						t.Errorf("Open(%q) = %v, want ErrNotExist", key, err)
					}
				}
			})
			t.Run("delete", func(t *testing.T) {
				st := open(t)
				put(t, st, "k/1", []byte("x"))
				put(t, st, "k/2", []byte("y"))
				for range 2 { // a job may do it twice
					if err := st.Delete(t.Context(), "k/1"); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := st.Open(t.Context(), "k/1"); !errors.Is(err, album.ErrNotExist) {
					t.Errorf("Open after Delete = %v, want ErrNotExist", err)
				}
				wantBlob(t, st, "k/2", []byte("y"))
			})
			t.Run("bad keys", func(t *testing.T) {
				st := open(t)
				for _, key := range []string{"", ".", "..", "../up", "a/../b", "/abs", "a//b", "a/", ".hidden", "a/.put-1", `a\b`, "c:d", "a\x00b", strings.Repeat("k", 513)} {
					_, err := st.Open(t.Context(), key)
					for call, err := range map[string]error{"Put": st.Put(t.Context(), key, nil), "Open": err, "Delete": st.Delete(t.Context(), key)} {
						if !errors.Is(err, album.ErrBadKey) {
							t.Errorf("%s(%q) = %v, want ErrBadKey", call, key, err)
						}
					}
				}
			})
			t.Run("cancelled", func(t *testing.T) {
				st := open(t)
				ctx, cancel := context.WithCancel(t.Context())
				cancel()
				if err := st.Put(ctx, "k", []byte("x")); !errors.Is(err, context.Canceled) {
					t.Errorf("Put = %v, want context.Canceled", err)
				}
				if _, err := st.Open(t.Context(), "k"); !errors.Is(err, album.ErrNotExist) {
					t.Errorf("a cancelled Put left something: %v", err)
				}
			})
			t.Run("writers of one key", func(t *testing.T) {
				st := open(t)
				var wg sync.WaitGroup
				for i := range 8 {
					wg.Go(func() {
						if err := st.Put(t.Context(), "same", bytes.Repeat([]byte{'a' + byte(i)}, 100_000)); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				got := read(t, st, "same")
				if len(got) != 100_000 || bytes.Count(got, got[:1]) != len(got) {
					t.Errorf("mixed or cut: %d bytes", len(got))
				}
			})
		})
	}
}

func TestFolderOnDisk(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	st := mustOpen(t, folderURL(dir))
	put(t, st, "photo/ab/1", []byte("x"))
	put(t, st, "photo/ab/1", []byte("y"))
	var files []string
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files = append(files, path)
		info, err := d.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if len(files) != 1 {
		t.Errorf("files = %q, want the blob alone", files)
	}

	if err := os.Symlink(outside, filepath.Join(dir, "way-out")); err != nil {
		t.Fatal(err)
	}
	if err := st.Put(t.Context(), "way-out/x", []byte("x")); err == nil {
		t.Error("Put followed a link out of the folder")
	}
	if left, _ := os.ReadDir(outside); len(left) != 0 {
		t.Errorf("outside: %v", left)
	}

	// A Put that cannot take its name leaves no temporary file behind.
	if err := st.Put(t.Context(), "photo/ab", []byte("x")); err == nil {
		t.Error("Put over a folder succeeded")
	}
	left, _ := filepath.Glob(filepath.Join(dir, "photo", ".put-*"))
	if len(left) != 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestOpenFaults(t *testing.T) {
	host := s3Server(t, "photos")
	for url, want := range map[string]string{
		"":                             "unknown storage scheme",
		"ftp://host/dir":               `"ftp"`,
		"file://data/photos":           "file:///",
		"file:photos":                  "file:///",
		"s3://k:hush@" + host + "/":    "bucket",
		"s3://k:hush@" + host + "/a/b": "bucket",
		"s3://" + host + "/photos":     "access key",
		"s3://k:hush@" + host + "/photos?colour=red":             `"colour"`,
		"s3://k:hush@" + host + "/photos?secure=si":              "true or false",
		"s3://k:hush@" + host + "/photos?lookup=far":             "path or dns",
		"s3://k:hush@" + host + "/nobody?secure=false":           `no bucket "nobody"`,
		"s3://k:hush%zz@" + host + "/photos":                     "cannot be read",
		"s3://k:hu/sh@" + host + "/photos?region=r&secure=false": "cannot be read",
	} {
		_, err := album.Open(t.Context(), url)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Open(%q) = %v, want …%s…", url, err, want)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("the secret is in the error: %v", err)
		}
	}
}

// A bucket whose server is away opens all the same; its errors come later, and
// are not mistaken for a missing photo.
func TestBucketAway(t *testing.T) {
	away := httptest.NewServer(http.NotFoundHandler())
	host := away.Listener.Addr().String()
	away.Close()
	st := mustOpen(t, "s3://"+host+"/photos?secure=false&region=r", album.Credentials("key", "se/cret"))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := st.Open(ctx, "k"); err == nil || errors.Is(err, album.ErrNotExist) {
		t.Errorf("Open = %v", err)
	}
	if err := st.Put(ctx, "k", []byte("x")); err == nil {
		t.Error("Put to nowhere succeeded")
	}
}

func s3Server(t *testing.T, bucket string) (host string) {
	backend := s3mem.New()
	if err := backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

func folderURL(dir string) string {
	return (&url.URL{Scheme: "file", Path: dir}).String()
}

func mustOpen(t *testing.T, url string, opts ...album.Option) album.Store {
	t.Helper()
	st, err := album.Open(t.Context(), url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func put(t *testing.T, st album.Store, key string, data []byte) {
	t.Helper()
	if err := st.Put(t.Context(), key, data); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, st album.Store, key string) []byte {
	t.Helper()
	r, err := st.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

func wantBlob(t *testing.T, st album.Store, key string, want []byte) {
	t.Helper()
	if got := read(t, st, key); !bytes.Equal(got, want) {
		t.Errorf("%s: %s, want %s", key, brief(got), brief(want))
	}
}

func brief(data []byte) string {
	if len(data) > 20 {
		return fmt.Sprintf("%d bytes", len(data))
	}
	return fmt.Sprintf("%q", data)
}
