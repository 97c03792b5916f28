package album

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// folder keeps each blob as a file below one directory. os.Root keeps every
// access inside it, symbolic links included.
type folder struct{ root *os.Root }

func openFolder(dir string) (*folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("album: make folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("album: open folder: %w", err)
	}
	return &folder{root: root}, nil
}

func (f *folder) Put(ctx context.Context, key string, data []byte) error {
	if err := ready(ctx, key); err != nil {
		return err
	}
	dir := path.Dir(key)
	if err := f.root.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("album: put: %w", err)
	}
	temp := path.Join(dir, ".put-"+rand.Text())
	if err := f.write(temp, data); err != nil {
		f.root.Remove(temp)
		return fmt.Errorf("album: put: %w", err)
	}
	if err := f.root.Rename(temp, key); err != nil {
		f.root.Remove(temp)
		return fmt.Errorf("album: put: %w", err)
	}
	// The name is durable only when each folder above it is, since the first
	// blob of a folder makes the folder too.
	for {
		if err := f.sync(dir); err != nil {
			return fmt.Errorf("album: put: %w", err)
		}
		if dir == "." {
			return nil
		}
		dir = path.Dir(dir)
	}
}

func (f *folder) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := ready(ctx, key); err != nil {
		return nil, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, fmt.Errorf("album: open: %w", err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNotExist
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("album: open: %w", err)
	}
	return file, nil
}

func (f *folder) Delete(ctx context.Context, key string) error {
	if err := ready(ctx, key); err != nil {
		return err
	}
	err := f.root.Remove(key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = f.sync(path.Dir(key))
	}
	if err != nil {
		return fmt.Errorf("album: delete: %w", err)
	}
	return nil
}

// write makes a new file and returns once its bytes are on the disk.
func (f *folder) write(name string, data []byte) error {
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// sync makes the names in a folder durable.
func (f *folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// ready is the check that every call of both drivers begins with.
func ready(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	return ctx.Err()
}
