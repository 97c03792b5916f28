package main

import (
	"context"
	"testing"
	"time"

	"aixin/models/store/storetest"
)

func TestZZSeed(t *testing.T) {
	db := storetest.Open(t, "sqlite", time.Now)
	c := seedCmd{Recipients: 6000, Cadres: 5500, Years: 2, Seed: 1}
	began := time.Now()
	came, err := c.fill(context.Background(), db, "2026-11-21", func(int) {})
	t.Log(came, err, time.Since(began))
}
