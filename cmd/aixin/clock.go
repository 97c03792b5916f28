package main

import (
	"sync/atomic"
	"time"
)

// clock is the one source of time of the process. The demo moves it forward;
// everywhere else the offset stays zero.
type clock struct {
	offset  atomic.Int64
	shifted func(time.Duration) // told of each shift
}

// Now is the time that the service lives by.
func (c *clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// Real is the machine's time: leases of tokens and time-outs keep to it.
func (c *clock) Real() time.Time { return time.Now() }

// Shift moves the clock forward.
func (c *clock) Shift(d time.Duration) {
	c.offset.Add(int64(d))
	if c.shifted != nil {
		c.shifted(d)
	}
}
