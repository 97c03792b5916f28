// Package wechat is the channel to a WeChat official account: the callback that
// takes messages in, the client that calls the platform, its token and its
// table of error codes. It is the only importer of silenceper/wechat.
package wechat

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/silenceper/wechat/v2/util"
)

// Sign is the platform's signature: lower-case hex SHA-1 of the sorted parts.
// Three parts (token, timestamp, nonce) sign a request, a fourth (the Encrypt
// text) its sealed body.
func Sign(parts ...string) string {
	return util.Signature(slices.Clone(parts)...) // the helper sorts what it is given
}

// ErrSealed says that a sealed body cannot be opened with this key and app id.
// It never says more: the rest would be an oracle or somebody's data.
var ErrSealed = errors.New("wechat: sealed body does not open")

// Cipher seals and opens bodies of one account with one EncodingAESKey.
type Cipher struct {
	appID string
	key   []byte
}

// NewCipher takes the 43 characters of an EncodingAESKey. The last one may carry
// spare bits: real keys do, so decoding is not strict.
func NewCipher(appID, aesKey string) (*Cipher, error) {
	if appID == "" {
		return nil, errors.New("wechat: app id is empty")
	}
	if len(aesKey) != 43 || strings.ContainsAny(aesKey, "\r\n") {
		return nil, fmt.Errorf("wechat: an EncodingAESKey has 43 characters, this one %d", len(aesKey))
	}
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil || len(key) != 32 {
		return nil, errors.New("wechat: EncodingAESKey is not base64 of 32 bytes")
	}
	return &Cipher{appID: appID, key: key}, nil
}

// Seal encrypts plain for this account: base64 of AES-256-CBC over
// random, length, plain and app id, padded to blocks of 32.
func (c *Cipher) Seal(plain []byte, random [16]byte) (string, error) {
	if len(plain) > 1<<24 {
		return "", errors.New("wechat: body too long to seal")
	}
	return base64.StdEncoding.EncodeToString(util.AESEncryptMsg(random[:], plain, c.appID, c.key)), nil
}

// Open decrypts what Seal or the platform made, and checks that it was made for
// this account. Anything else is ErrSealed.
func (c *Cipher) Open(b64 string) (plain []byte, err error) {
	// The helper checks what it slices; a forged length on a 32-bit machine is
	// the one way left to make it panic.
	defer func() {
		if recover() != nil {
			plain, err = nil, ErrSealed
		}
	}()
	sealed, err := base64.StdEncoding.DecodeString(b64)
	if err != nil {
		return nil, ErrSealed
	}
	_, plain, appID, err := util.AESDecryptMsg(sealed, c.key)
	if err != nil || string(appID) != c.appID {
		return nil, ErrSealed
	}
	return plain, nil
}
