package main

import (
	"bytes"
	le "encoding/binary"
	"log/slog"
	"math"
	"os/exec"
	"strings"
	"testing"
)

// sox runs it on what comes in; the tests need it as the service does.
func sox(t *testing.T, in []byte, words ...string) []byte {
	t.Helper()
	cmd := exec.Command("sox", words...)
	cmd.Stdin = bytes.NewReader(in)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("sox %v: %v %s (scripts/need.sh installs it)", words, err, &said)
	}
	return out
}

// tone is a recording of a telephone: 600 Hz for two seconds.
func tone(t *testing.T) []byte {
	return sox(t, nil, "-n", "-r", "8000", "-c", "1", "-t", "amr-nb", "-", "synth", "2", "sine", "600", "gain", "-6")
}

// heard fails unless an MP3 plays the tone.
func heard(t *testing.T, mp3 []byte) {
	t.Helper()
	raw := sox(t, mp3, "-t", "mp3", "-", "-t", "raw", "-r", "8000", "-e", "signed", "-b", "16", "-c", "1", "-")
	if n := len(raw) / 2; n < 2*8000*9/10 || n > 2*8000*13/10 {
		t.Fatalf("%d samples of 8000 a second, want two seconds", n)
	}
	crossings, loud, before := 0, 0.0, int16(0)
	middle := raw[8000 : 8000+16000] // one second from its middle
	for i := 0; i < len(middle); i += 2 {
		now := int16(le.LittleEndian.Uint16(middle[i:]))
		if before < 0 != (now < 0) {
			crossings++
		}
		loud, before = math.Max(loud, math.Abs(float64(now))), now
	}
	if crossings < 1100 || crossings > 1300 || loud < 5000 {
		t.Errorf("%d crossings in a second, loudest %.0f: that is not the tone of 600 Hz", crossings, loud)
	}
}

func TestRecordingsBecomePlayable(t *testing.T) {
	var said bytes.Buffer
	playable := mp3With(nil, slog.New(slog.NewTextHandler(&said, nil)))
	if playable == nil {
		t.Fatalf("there is no sox: %s (scripts/need.sh installs it)", &said)
	}
	recording := tone(t)
	if !bytes.HasPrefix(recording, []byte("#!AMR\n")) {
		t.Fatalf("AMR begins with %q", recording[:8])
	}
	mp3, err := playable(t.Context(), recording)
	if err != nil {
		t.Fatal(err)
	}
	heard(t, mp3)
	// Wide band too; nothing here speaks it, so it is a second of silent frames.
	if mp3, err := playable(t.Context(), []byte("#!AMR-WB\n"+strings.Repeat("\x7c", 50))); err != nil || len(mp3) < 1000 {
		t.Errorf("wide band: %d bytes, %v", len(mp3), err)
	}
	for _, no := range []string{"", "#!SILK_V3 0123", "hello"} {
		if mp3, err := playable(t.Context(), []byte(no)); err == nil {
			t.Errorf("%q became %d bytes of sound", no, len(mp3))
		}
	}
}

// An office may use another program.
func TestRecordingsByAnotherProgram(t *testing.T) {
	recording := tone(t)
	playable := mp3With([]string{"sox", "-t", "amr-nb", "-", "-r", "32000", "-t", "mp3", "-"}, slog.New(slog.DiscardHandler))
	mp3, err := playable(t.Context(), recording)
	if err != nil {
		t.Fatal(err)
	}
	heard(t, mp3)
	if _, err := mp3With([]string{"false"}, slog.New(slog.DiscardHandler))(t.Context(), recording); err == nil || !strings.Contains(err.Error(), "false") {
		t.Errorf("a program that fails: %v", err)
	}
}

// The image carries what it needs for that.
func TestRecordingsInTheImage(t *testing.T) {
	im := layOut(t, nil)
	cmd := im.command([]string{"/usr/bin/sox", "-V1", "-t", "amr-nb", "-", "-r", "16000", "-C", "32", "-t", "mp3", "-"})
	cmd.Stdin = bytes.NewReader(tone(t))
	mp3, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	heard(t, mp3)
}
