package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"time"
)

// The heads of the recordings that WeChat hands out, and what sox calls them.
var soundKinds = []struct{ head, name string }{{"#!AMR-WB\n", "amr-wb"}, {"#!AMR\n", "amr-nb"}}

var errNoSound = errors.New("not a recording that can be made playable")

// mp3With makes recordings playable by an outside program: the one that is
// configured, else sox where it is installed, as in our image. No library that we
// may use decodes AMR. At most two run at once. nil without a program: the pages
// then offer the recording as it is.
func mp3With(command []string, log *slog.Logger) func(context.Context, []byte) ([]byte, error) {
	sox := ""
	if len(command) == 0 {
		for _, place := range []string{"sox", "/usr/bin/sox"} { // an empty root has no PATH
			if path, err := exec.LookPath(place); err == nil && sox == "" {
				sox = path
			}
		}
		if sox == "" {
			log.Warn("no sox here: recordings are heard in the chat only", "install", "sox libsox-fmt-base libsox-fmt-mp3, or set question.mp3_command")
			return nil
		}
	}
	free := make(chan struct{}, 2)
	return func(ctx context.Context, recording []byte) ([]byte, error) {
		words := command
		if sox != "" {
			kind := ""
			for _, k := range soundKinds {
				if kind == "" && bytes.HasPrefix(recording, []byte(k.head)) {
					kind = k.name
				}
			}
			if kind == "" {
				return nil, errNoSound
			}
			// 16 kHz is the lowest rate that every telephone's MP3 player knows.
			words = []string{sox, "-V1", "-t", kind, "-", "-r", "16000", "-C", "32", "-t", "mp3", "-"}
		}
		select {
		case free <- struct{}{}:
			defer func() { <-free }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, words[0], words[1:]...)
		cmd.Stdin = bytes.NewReader(recording)
		mp3, err := cmd.Output()
		if err == nil && len(mp3) == 0 {
			err = errNoSound
		}
		if err != nil {
			return nil, fmt.Errorf("sound: %s: %w", words[0], err)
		}
		return mp3, nil
	}
}
