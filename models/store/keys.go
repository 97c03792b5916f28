package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// sealPrefix marks a sealed field; the CHECKs of the schema look for it.
const sealPrefix = "v1:"

// Keys seals fields and makes the keyed indexes by which sealed fields are
// found. The sealing key can be rotated (old ciphertext stays readable); the
// index key is for the life of the database, and its fingerprint is stored in
// it: a process with another keyset refuses to start.
type Keys struct {
	handle *keyset.Handle
	seal   tink.AEAD
	index  []byte
}

type keyFile struct {
	Seal  json.RawMessage `json:"seal"`
	Index []byte          `json:"index"`
}

// NewKeys makes a fresh keyset.
func NewKeys() (*Keys, error) {
	h, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("store: new keyset: %w", err)
	}
	index := make([]byte, 32)
	rand.Read(index)
	return newKeys(h, index)
}

func newKeys(h *keyset.Handle, index []byte) (*Keys, error) {
	p, err := aead.New(h)
	if err != nil {
		return nil, fmt.Errorf("store: keyset: %w", err)
	}
	if len(index) != 32 {
		return nil, errors.New("store: keyset: the index key must have 32 bytes")
	}
	return &Keys{handle: h, seal: p, index: index}, nil
}

// LoadKeys reads a keyset file.
func LoadKeys(path string) (*Keys, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("store: keyset: %w", err)
	}
	var f keyFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, fmt.Errorf("store: keyset %s is damaged: %w", filepath.Base(path), err)
	}
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(f.Seal)))
	if err != nil {
		return nil, fmt.Errorf("store: keyset %s is damaged: %w", filepath.Base(path), err)
	}
	return newKeys(h, f.Index)
}

// Save writes the keyset where only its owner can read it. An existing file is
// replaced in one step, never half written.
func (k *Keys) Save(path string) error {
	var buf bytes.Buffer
	if err := insecurecleartextkeyset.Write(k.handle, keyset.NewJSONWriter(&buf)); err != nil {
		return fmt.Errorf("store: keyset: %w", err)
	}
	raw, err := json.MarshalIndent(keyFile{Seal: buf.Bytes(), Index: k.index}, "", "  ")
	if err != nil {
		return fmt.Errorf("store: keyset: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("store: keyset: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".keyset-*") // created 0600
	if err != nil {
		return fmt.Errorf("store: keyset: %w", err)
	}
	defer os.Remove(tmp.Name())
	if _, err = tmp.Write(raw); err == nil {
		err = tmp.Sync()
	}
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("store: keyset: %w", err)
	}
	return nil
}

// Rotate adds a new sealing key and makes it the primary one; what older keys
// sealed stays readable.
func (k *Keys) Rotate() (*Keys, error) {
	m := keyset.NewManagerFromHandle(k.handle)
	id, err := m.Add(aead.AES256GCMKeyTemplate())
	if err == nil {
		err = m.SetPrimary(id)
	}
	if err != nil {
		return nil, fmt.Errorf("store: rotate: %w", err)
	}
	h, err := m.Handle()
	if err != nil {
		return nil, fmt.Errorf("store: rotate: %w", err)
	}
	return newKeys(h, k.index)
}

// Fingerprint names the keyset without telling it. Rotation does not change it.
func (k *Keys) Fingerprint() string { return k.Index("fingerprint", "aixin")[:16] }

// Index makes the keyed index of a value for one purpose (the column it stands
// in), by which equal values are found without being readable.
func (k *Keys) Index(purpose, value string) string {
	m := hmac.New(sha256.New, k.index)
	m.Write([]byte(purpose))
	m.Write([]byte{0})
	m.Write([]byte(value))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// Seal encrypts bytes; where binds the result to its place (table.column.id),
// so that it cannot be moved to another.
func (k *Keys) Seal(where string, plain []byte) ([]byte, error) {
	return k.seal.Encrypt(plain, []byte(where))
}

// Open decrypts what Seal made for the same place.
func (k *Keys) Open(where string, box []byte) ([]byte, error) {
	plain, err := k.seal.Decrypt(box, []byte(where))
	if err != nil {
		return nil, fmt.Errorf("store: sealed value of %s cannot be opened: %w", where, err)
	}
	return plain, nil
}

// SealText seals a text for a column. The empty text stays empty.
func (k *Keys) SealText(where, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	box, err := k.Seal(where, []byte(text))
	if err != nil {
		return "", err
	}
	return sealPrefix + base64.RawStdEncoding.EncodeToString(box), nil
}

// OpenText opens what SealText made.
func (k *Keys) OpenText(where, box string) (string, error) {
	if box == "" {
		return "", nil
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(box, sealPrefix))
	if err != nil || !strings.HasPrefix(box, sealPrefix) {
		return "", fmt.Errorf("store: value of %s is not sealed", where)
	}
	plain, err := k.Open(where, raw)
	return string(plain), err
}
