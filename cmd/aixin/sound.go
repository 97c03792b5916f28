package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"time"
)

// mp3With makes recordings playable by an outside program, such as ffmpeg: no
// library that we may use decodes AMR. At most two run at once. nil without one.
func mp3With(command []string) func(context.Context, []byte) ([]byte, error) {
	if len(command) == 0 {
		return nil
	}
	free := make(chan struct{}, 2)
	return func(ctx context.Context, amr []byte) ([]byte, error) {
		select {
		case free <- struct{}{}:
			defer func() { <-free }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Stdin = bytes.NewReader(amr)
		mp3, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("question.mp3_command: %w", err)
		}
		return mp3, nil
	}
}
