package wechat

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// vector is one published sample of the platform's sealing and signing.
type vector struct {
	Name, Token, Key, Timestamp, Nonce, Random, Plain, Encrypt, Signature string

	AppID    string `json:"app_id"`
	Contains []string
}

func vectors(t testing.TB) []vector {
	t.Helper()
	raw, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	if err := json.Unmarshal(raw, &vs); err != nil {
		t.Fatal(err)
	}
	if len(vs) < 8 {
		t.Fatalf("only %d vectors", len(vs))
	}
	return vs
}

func TestSignVectors(t *testing.T) {
	for _, c := range []struct {
		want  string
		parts []string
	}{
		{"f464b24fc39322e44b38aa78f5edd27bd1441696", []string{"AAAAA", "1714036504", "1514711492"}},
		{"899cf89e464efb63f54ddac96b0a0a235f53aa78", []string{"AAAAA", "1714037059", "486452656"}},
		{"6c5c811b55cc85e0e1b54100749188c20beb3f5d", []string{"AAAAA", "1714112445", "415670741"}},
		{"f21891de399b4e33a1a93c9a7b8a8fffb5a443ff", []string{"test", "1410685589", "test"}},
		{"f9c725922f6844701ba71e98031978e40023c09f", []string{"token1234567890", "1458864389", "2066297436"}},
		{"a9993e364706816aba3e25717850c26c9cd0d89d", []string{"c", "a", "b"}},
		{"8edac0945683c119ee71c9f6256d76c48aa08a96", []string{"RMNlACHlV5ThzfRlVS4D4", "timestamp", "nonce", "encrypt"}},
	} {
		before := strings.Join(c.parts, " ")
		if got := Sign(c.parts...); got != c.want {
			t.Errorf("Sign(%v) = %s, want %s", c.parts, got, c.want)
		}
		if strings.Join(c.parts, " ") != before {
			t.Errorf("Sign reordered its caller's parts: %v", c.parts)
		}
	}
}

func TestCipherVectors(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			c, err := NewCipher(v.AppID, v.Key)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := c.Open(v.Encrypt)
			if err != nil {
				t.Fatal(err)
			}
			if v.Plain != "" && string(plain) != v.Plain {
				t.Errorf("opened %q, want %q", plain, v.Plain)
			}
			for _, s := range v.Contains {
				if !strings.Contains(string(plain), s) {
					t.Errorf("%q not in %q", s, plain)
				}
			}
			if v.Random != "" {
				again, err := c.Seal(plain, [16]byte([]byte(v.Random)))
				if err != nil || again != v.Encrypt {
					t.Errorf("sealed again: %q, %v", again, err)
				}
			}
			if v.Signature != "" {
				if got := Sign(v.Token, v.Timestamp, v.Nonce, v.Encrypt); got != v.Signature {
					t.Errorf("signature %s, want %s", got, v.Signature)
				}
			}
		})
	}
}

func TestCipherRoundTripsEveryPadding(t *testing.T) {
	c, err := NewCipher("wxapp", strings.Repeat("x", 42)+"B") // spare bits set
	if err != nil {
		t.Fatal(err)
	}
	for n := range 70 {
		plain := strings.Repeat("字", n) + strings.Repeat("a", n)
		sealed, err := c.Seal([]byte(plain), [16]byte{byte(n)})
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.Open(sealed)
		if err != nil || string(got) != plain {
			t.Fatalf("%d: %q, %v", n, got, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	key := strings.Repeat("A", 43)
	mine, _ := NewCipher("wxmine", key)
	other, _ := NewCipher("wxother", key)
	strange, _ := NewCipher("wxmine", strings.Repeat("B", 43))
	good, err := mine.Seal([]byte("hello"), [16]byte{})
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := base64.StdEncoding.DecodeString(good)
	flipped := append([]byte(nil), raw...)
	flipped[17] ^= 0xff // blows the length up
	b64 := base64.StdEncoding.EncodeToString
	for name, in := range map[string]string{
		"empty": "", "not base64": "!!!!", "one block of 16": b64(raw[:16]), "cut": b64(raw[:len(raw)-16]),
		"zeros": b64(make([]byte, 64)), "garbled": b64(flipped),
	} {
		if plain, err := mine.Open(in); err == nil {
			t.Errorf("%s opened as %q", name, plain)
		}
	}
	for name, c := range map[string]*Cipher{"another app": other, "another key": strange} {
		if plain, err := c.Open(good); err == nil {
			t.Errorf("%s opened it as %q", name, plain)
		}
	}
}

func FuzzOpen(f *testing.F) {
	c, err := NewCipher("wxba5fad812f8e6fb9", strings.Repeat("A", 43))
	if err != nil {
		f.Fatal(err)
	}
	for _, v := range vectors(f) {
		f.Add(v.Encrypt)
	}
	f.Fuzz(func(t *testing.T, in string) { _, _ = c.Open(in) })
}

func TestNewCipherRefuses(t *testing.T) {
	for name, in := range map[string][2]string{
		"no app": {"", strings.Repeat("A", 43)}, "short": {"wx", "abc"}, "44": {"wx", strings.Repeat("A", 44)},
		"not base64": {"wx", strings.Repeat("A", 42) + "!"}, "newline": {"wx", strings.Repeat("A", 42) + "\n"},
	} {
		if _, err := NewCipher(in[0], in[1]); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
