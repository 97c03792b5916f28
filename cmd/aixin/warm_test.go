package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"
)

// Whoever writes in the first second waits for the answers to be read; were he let
// in, his transaction would wait and hold up everybody's.
func TestNobodyIsLetInBeforeTheAnswersAreRead(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	public, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	app, err := newApp(ctx, demoConfig(t.TempDir(), "http://"+public.Addr().String(), "http://127.0.0.1:1"), &clock{}, slog.New(slog.DiscardHandler),
		appOptions{migrate: true, makeKeys: true})
	if err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	<-app.warmed
	app.warmed = read
	ended := make(chan error)
	go func() { ended <- app.Run(ctx, public, nil) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	ask := func(patience time.Duration) error {
		r, err := (&http.Client{Timeout: patience}).Get("http://" + public.Addr().String() + "/healthz")
		if err == nil {
			r.Body.Close()
		}
		return err
	}
	if ask(200*time.Millisecond) == nil {
		t.Error("let in while the answers were being read")
	}
	close(read)
	if err := ask(10 * time.Second); err != nil {
		t.Error(err)
	}
}
