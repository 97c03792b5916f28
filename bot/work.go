package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/models"
	"aixin/models/store"
)

// Job does one kind of work that is planned as rows. An error is tried again
// later; ErrGiveUp ends the job.
type Job func(ctx context.Context, st *store.Store, subjectID string, attempt int) error

// ErrGiveUp wraps the reason for which a job is never tried again.
type ErrGiveUp struct{ Err error }

func (e ErrGiveUp) Error() string { return "given up: " + e.Err.Error() }
func (e ErrGiveUp) Unwrap() error { return e.Err }

// maxAttempts of a job or delivery: with the back-off below, about a day.
const maxAttempts = 24

// backoff is the pause before try n+1: 2 s, 4 s, … 10 min, with jitter. The
// first tries lie within a minute, for media that the platform drops.
func backoff(attempt int) time.Duration {
	d := min(time.Second<<min(attempt, 10), 10*time.Minute)
	return d + time.Duration(rand.Int64N(int64(d)/4+1))
}

// loop polls for leased work until ctx ends; after a full batch at once again.
func loop(ctx context.Context, every time.Duration, poll func(context.Context) (more bool)) {
	timer := time.NewTimer(every)
	defer timer.Stop()
	for ctx.Err() == nil {
		if poll(ctx) {
			continue
		}
		timer.Reset(every)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
	}
}

// Worker runs the jobs and deliveries of this process.
type Worker struct {
	DB       *store.DB
	Platform Platform
	Redis    redis.UniversalClient // shares which API rests; may be nil
	Jobs     map[string]Job
	Urgent   string                                          // the kind of delivery that has a line of its own; may be ""
	Prepare  Prepare                                         // words of deliveries other than late answers
	Look     Look                                            // reads for many what Prepare needs of each; nil: nothing ahead
	Sweep    func(context.Context, *store.Store) (more bool) // work that may wait for the platform, at its own pace; may be nil
	Tick     func(context.Context)                           // plans what is due, about once a minute; may be nil
	Rate     int                                             // most sends a second of all processes together; 0: no limit
	Real     func() time.Time                                // the machine's clock, by which the rate goes; nil: Now
	Zone     *time.Location
	Now      func() time.Time
	Log      Logger
	Observer Observer
	Owner    string

	rests    rests
	circuits circuits
	pace     pace
	once     sync.Once
	accepted together[store.Accepted]
}

// Logger is the part of slog.Logger that the loops use.
type Logger interface {
	Info(msg string, args ...any)
	Warn(msg string, args ...any)
	Error(msg string, args ...any)
}

// workLease is how long a process may hold work before it counts as dead.
const workLease = 45 * time.Second

func (w *Worker) jobs(ctx context.Context) (more bool) {
	st := w.DB.System("job loop")
	batch, err := st.LeaseJobs(ctx, w.Owner, workLease, 8)
	if err != nil {
		return false
	}
	var group sync.WaitGroup
	for _, j := range batch {
		group.Go(func() { w.job(ctx, st, j) })
	}
	group.Wait()
	return len(batch) == 8
}

func (w *Worker) job(ctx context.Context, st *store.Store, j store.Job) {
	runCtx, cancel := context.WithTimeout(ctx, workLease-10*time.Second)
	defer cancel()
	err := errors.New("no such kind of job")
	if run, ok := w.Jobs[j.Kind]; ok {
		err = run(runCtx, st, j.SubjectID, j.Attempts)
	}
	var give ErrGiveUp
	switch {
	case err == nil:
		err = st.FinishJob(ctx, j, store.JobDone, "")
	case errors.As(err, &give) || j.Attempts >= maxAttempts:
		w.Log.Warn("job given up", "job", j.ID, "kind", j.Kind, "err", err)
		err = st.FinishJob(ctx, j, store.JobDead, err.Error())
	default:
		w.Log.Info("job will be tried again", "job", j.ID, "kind", j.Kind, "attempt", j.Attempts, "err", err)
		err = st.RetryJob(ctx, j, models.InstantOf(w.Now().Add(backoff(j.Attempts))), err.Error())
	}
	if err != nil && !errors.Is(err, store.ErrLost) {
		w.Log.Warn("job outcome not written; its lease will end", "job", j.ID, "err", err)
	}
}

// Run keeps the loops of the conversation and of the worker going until ctx
// ends, and returns when each has finished what it held.
func Run(ctx context.Context, b *Bot, w *Worker) {
	var group sync.WaitGroup
	group.Go(func() { b.replayLoop(ctx) })
	group.Go(func() { b.sweepLoop(ctx) })
	group.Go(func() { loop(ctx, 500*time.Millisecond, w.jobs) })
	group.Go(func() { w.Deliver(ctx) })
	group.Go(func() { w.tickLoop(ctx) })
	if w.Sweep != nil {
		st := w.DB.System("sweep")
		group.Go(func() { loop(ctx, 2*time.Second, func(ctx context.Context) bool { return w.Sweep(ctx, st) }) })
	}
	group.Wait()
}

// Deliver sends what is due until ctx ends. What is urgent has a line of its own
// and does not wait behind a notice to thousands.
func (w *Worker) Deliver(ctx context.Context) {
	var group sync.WaitGroup
	line := func(only string) {
		group.Go(func() {
			loop(ctx, 500*time.Millisecond, func(ctx context.Context) bool { return w.deliveries(ctx, only) })
		})
	}
	line("")
	if w.Urgent != "" {
		line(w.Urgent)
	}
	group.Wait()
}

// tickLoop plans what is due and ends deliveries that nobody spoke of again.
func (w *Worker) tickLoop(ctx context.Context) {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if w.Tick != nil {
			w.Tick(ctx)
		}
		st := w.DB.System("delivery loop")
		err := st.JoinEvents(ctx)
		if err == nil {
			err = st.CloseSilent(ctx, models.InstantOf(w.Now().Add(-48*time.Hour)))
		}
		if err != nil && !store.Away(err) && ctx.Err() == nil {
			w.Log.Warn("delivery sweep", "err", err)
		}
	}
}
