package album

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket keeps each blob as an object behind the S3 API.
type bucket struct {
	core minio.Core
	name string
}

func openBucket(ctx context.Context, u *url.URL, o options) (*bucket, error) {
	name := strings.Trim(u.Path, "/")
	if u.Host == "" || name == "" || strings.Contains(name, "/") {
		return nil, errors.New("album: a bucket is written s3://key:secret@host[:port]/bucket")
	}
	if u.User != nil {
		secret, _ := u.User.Password()
		o.accessKey, o.secretKey = u.User.Username(), secret
	}
	if o.accessKey == "" || o.secretKey == "" {
		return nil, errors.New("album: the S3 storage needs an access key and a secret key")
	}
	query := u.Query()
	for k := range query {
		if !slices.Contains([]string{"region", "secure", "lookup"}, k) {
			return nil, fmt.Errorf("album: unknown option %q of the S3 storage, use region, secure, lookup", k)
		}
	}
	secure := true
	if s := query.Get("secure"); s != "" {
		var err error
		if secure, err = strconv.ParseBool(s); err != nil {
			return nil, errors.New("album: option secure of the S3 storage is true or false")
		}
	}
	lookup, ok := map[string]minio.BucketLookupType{
		"": minio.BucketLookupAuto, "path": minio.BucketLookupPath, "dns": minio.BucketLookupDNS,
	}[query.Get("lookup")]
	if !ok {
		return nil, errors.New("album: option lookup of the S3 storage is path or dns")
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(o.accessKey, o.secretKey, ""),
		Secure:       secure,
		Region:       query.Get("region"),
		BucketLookup: lookup,
		MaxRetries:   3, // the caller's job tries again, with more patience
	})
	if err != nil {
		return nil, fmt.Errorf("album: S3 storage: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if there, err := client.BucketExists(ctx, name); err == nil && !there {
		return nil, fmt.Errorf("album: the S3 storage has no bucket %q", name)
	}
	return &bucket{core: minio.Core{Client: client}, name: name}, nil
}

func (b *bucket) Put(ctx context.Context, key string, data []byte) error {
	if err := ready(ctx, key); err != nil {
		return err
	}
	_, err := b.core.Client.PutObject(ctx, b.name, key, bytes.NewReader(data), int64(len(data)),
		minio.PutObjectOptions{ContentType: "application/octet-stream"})
	return b.told("put", err)
}

func (b *bucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := ready(ctx, key); err != nil {
		return nil, err
	}
	body, _, _, err := b.core.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, b.told("open", err)
	}
	return body, nil
}

func (b *bucket) Delete(ctx context.Context, key string) error {
	if err := ready(ctx, key); err != nil {
		return err
	}
	err := b.told("delete", b.core.RemoveObject(ctx, b.name, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNotExist) {
		return nil
	}
	return err
}

// told turns the server's word for a missing object into ErrNotExist.
func (b *bucket) told(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case minio.ToErrorResponse(err).Code == minio.NoSuchKey:
		err = ErrNotExist
	}
	return fmt.Errorf("album: %s: %w", what, err)
}
