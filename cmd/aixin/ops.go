package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"aixin/bot"
)

// meter counts what the service does. No label holds a person.
type meter struct {
	registry *prometheus.Registry
	handled  *prometheus.HistogramVec
	sent     *prometheus.CounterVec
}

func newMeter() *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		handled: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "aixin_message_seconds", Help: "Time to the answer of a message, by kind and outcome.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2, 4, 8},
		}, []string{"kind", "outcome"}),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "aixin_deliveries_total", Help: "Messages sent outside an answer, by kind and outcome.",
		}, []string{"kind", "outcome"}),
	}
	m.registry.MustRegister(m.handled, m.sent, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handled implements bot.Observer.
func (m *meter) Handled(kind bot.MessageKind, outcome string, took time.Duration) {
	m.handled.WithLabelValues(string(kind), outcome).Observe(took.Seconds())
}

// Sent implements bot.Observer.
func (m *meter) Sent(kind, outcome string) { m.sent.WithLabelValues(kind, outcome).Inc() }

// gauges are read when somebody asks.
func (a *App) gauges() {
	add := func(name, help string, read func() float64) {
		a.meter.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
	add("aixin_journal_entries", "Messages that wait on this process's disk for the database.", func() float64 { return float64(a.journal.Len()) })
	waiting := func(pick func(inbound, jobs, deliveries int64) int64) func() float64 {
		return func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
			defer cancel()
			i, j, d, err := a.db.System("metrics").WaitingWork(ctx)
			if err != nil {
				return -1
			}
			return float64(pick(i, j, d))
		}
	}
	add("aixin_open_messages", "Messages taken in and not finished; -1 when the database is away.", waiting(func(i, _, _ int64) int64 { return i }))
	add("aixin_due_jobs", "Jobs that are due.", waiting(func(_, j, _ int64) int64 { return j }))
	add("aixin_due_deliveries", "Deliveries that are due.", waiting(func(_, _, d int64) int64 { return d }))
}

func (a *App) opsMux() *http.ServeMux {
	a.gauges()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.healthz)
	mux.HandleFunc("GET /readyz", a.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.meter.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// healthz tells that the process lives and takes messages in: with its journal
// it can do so alone, so a proxy keeps sending them.
func (a *App) healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte("ok\n"))
}

// readyz names each part that the service leans on, and what is wrong with it.
func (a *App) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	parts := map[string]string{"database": "ok", "redis": "ok", "journal": "ok", "token": a.tokenState(ctx)}
	ready := true
	if err := a.db.Ping(ctx); err != nil {
		parts["database"], ready = "away", false
	}
	if err := a.redis.Ping(ctx).Err(); err != nil {
		parts["redis"], ready = "away", false
	}
	if n := a.journal.Len(); n > 0 {
		parts["journal"], ready = "waiting", false
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	json.NewEncoder(w).Encode(map[string]any{"ready": ready, "parts": parts})
}

// tokenState tells how long the platform's token is good for. A process that has
// called nobody yet may have none, and that is no fault.
func (a *App) tokenState(ctx context.Context) string {
	until, ok := a.client.TokenExpiry(ctx)
	if !ok {
		return "none yet"
	}
	return "good for " + until.Sub(a.clock.Real()).Round(time.Second).String()
}
