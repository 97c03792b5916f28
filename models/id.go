package models

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sync/atomic"
	"time"
)

var idAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// lastID is the time and count of the newest id, so that ids of one millisecond
// sort in the order of their making.
var lastID atomic.Uint64

// NewID makes a public id of 26 characters: six bytes of time and two of count,
// so that ids of a process sort as they were made, and eight random ones, so
// that knowing one id tells nothing of another.
func NewID(now time.Time) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], nextStamp(uint64(now.UnixMilli())<<16))
	rand.Read(b[8:]) // never fails since Go 1.24
	return idAlphabet.EncodeToString(b[:])
}

// nextStamp counts on within a millisecond; a clock that jumps ahead or back is
// followed.
func nextStamp(ms uint64) uint64 {
	for {
		last := lastID.Load()
		next := ms
		if last>>16 == ms>>16 {
			next = last + 1
		}
		if lastID.CompareAndSwap(last, next) {
			return next
		}
	}
}

// codeAlphabet leaves out what looks alike: 0 O 1 I L U V, 2 Z, 5 S, 8 B.
const codeAlphabet = "34679ACDEFGHJKMNPQRTWXY"

// CodeLength is the length of a binding code.
const CodeLength = 8

// NewCode makes a one-time binding code of CodeLength characters, about 36 bits.
func NewCode() string {
	out := make([]byte, 0, CodeLength)
	var b [1]byte
	for len(out) < CodeLength {
		rand.Read(b[:])
		if limit := 256 - 256%len(codeAlphabet); int(b[0]) < limit {
			out = append(out, codeAlphabet[int(b[0])%len(codeAlphabet)])
		}
	}
	return string(out)
}
