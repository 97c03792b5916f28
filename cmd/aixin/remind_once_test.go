package main

import (
	"context"
	"sync"
	"testing"

	"aixin/handlers"
	"aixin/models/store"
)

// TestTenPlanAtOnce lets ten planners find the same at the same moment: each
// person gets one delivery, and each reason is taken once.
func TestTenPlanAtOnce(t *testing.T) {
	const people = 60
	p := newPost(t, "mysql", people)
	ctx := context.Background()
	errs := make([]error, 10)
	start := make(chan struct{})
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			<-start
			errs[i] = p.outbox.Plan(ctx, p.st, p.clock.Now(), func(dues []handlers.Due) error { return p.outbox.Keep(ctx, p.st, dues) })
		})
	}
	close(start)
	group.Wait()
	for i, err := range errs {
		if err != nil {
			t.Errorf("planner %d: %v", i, err)
		}
	}
	if n := p.states()[store.DeliveryPlanned]; n != people {
		t.Errorf("%d deliveries for %d people", n, people)
	}
	if n := p.plan(); n != 0 {
		t.Errorf("%d are still found", n)
	}
}
