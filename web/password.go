package web

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"aixin/models"
)

// hashing costs 19 MiB and two passes a password (OWASP's figures); a gate
// keeps many at once from taking the machine's memory.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashPassword makes what is stored of a password.
func HashPassword(password string) (string, error) { return argon2id.CreateHash(password, hashing) }

// firstAlphabet leaves out what looks alike on paper: 0 o, 1 i l, 2 z, 5 s, u v.
const firstAlphabet = "abcdefghjkmnpqrtwxy346789"

// FirstPassword makes a password that is printed once: 16 characters in four
// groups, about 74 bits, as easily read out as copied.
func FirstPassword() string {
	var b strings.Builder
	var one [1]byte
	for n := 0; n < 16; {
		rand.Read(one[:]) // never fails since Go 1.24
		if int(one[0]) >= 256-256%len(firstAlphabet) {
			continue
		}
		if n > 0 && n%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(firstAlphabet[int(one[0])%len(firstAlphabet)])
		n++
	}
	return b.String()
}

// gate lets two passwords be hashed at a time.
type gate struct {
	slots chan struct{}
	decoy string // the hash that stands for the one of an unknown login
}

func newGate() gate {
	decoy, err := HashPassword(FirstPassword())
	if err != nil {
		panic(err) // only where there is no randomness
	}
	return gate{slots: make(chan struct{}, 2), decoy: decoy}
}

func (g gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// matches compares a password with a hash; with "" it takes as long and says no.
func (g gate) matches(ctx context.Context, password, hash string) (bool, error) {
	leave, err := g.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if hash == "" {
		_, err := argon2id.ComparePasswordAndHash(password, g.decoy)
		return false, err
	}
	return argon2id.ComparePasswordAndHash(password, hash)
}

func (g gate) hash(ctx context.Context, password string) (string, error) {
	leave, err := g.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return HashPassword(password)
}

// stamp changes with the password: a session that carries an older one is over.
func stamp(a models.Account) string {
	sum := sha256.Sum256([]byte(a.Password))
	return hex.EncodeToString(sum[:8])
}

const (
	shortest = 10
	longest  = 200
)

// passwordFault says why a new password will not do, or nothing.
func passwordFault(a models.Account, old, chosen, again string) string {
	lower := strings.ToLower(chosen)
	switch {
	case utf8.RuneCountInString(chosen) < shortest:
		return "新密码至少 10 位。可以用一句话,比如几个不相干的词连起来。"
	case len(chosen) > longest:
		return "新密码太长了,200 个字以内就行。"
	case chosen == old:
		return "新密码和原来的一样,请换一个。"
	case strings.Contains(lower, a.Login):
		return "新密码里别带登录名。"
	case easy(lower):
		return "这个密码太好猜了,请换一个。"
	case chosen != again:
		return "两次写的新密码不一样,请再写一遍。"
	}
	return ""
}

// easy tells passwords that are tried first: one character over and over, a run
// of neighbours, and the words everybody takes.
func easy(p string) bool {
	for _, word := range []string{"password", "qwertyuiop", "asdfghjkl", "1q2w3e4r", "admin123", "aixin123", "a123456", "pingliang2", "gansu2"} {
		if strings.Contains(p, word) {
			return true
		}
	}
	runs, different := 0, map[rune]bool{}
	var before rune
	for _, r := range p {
		if d := r - before; d >= -1 && d <= 1 {
			runs++
		}
		before, different[r] = r, true
	}
	return len(different) < 5 || runs*2 > utf8.RuneCountInString(p)
}
