package wechatsim

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Fault is something that goes wrong at the API. ErrCode, Status, Body and Drop
// take the place of the answer: before the call acts, or after it with After.
type Fault struct {
	Path    string // /cgi-bin/message/template/send; "" or * for all
	OpenID  string // only calls about this person
	ErrCode int    // answered with status 200
	ErrMsg  string
	Status  int           // HTTP status
	Body    string        // HTML as a gateway would send
	Delay   time.Duration // a caller that gives up meanwhile was not served, with After it was
	Drop    bool          // the connection breaks
	After   bool          // the call has acted when the fault comes
	Finish  string        // of template sends: the Status pushed instead of success
	P       float64       // probability; 0 always
	Count   int           // how often; 0 until cleared
}

func (f Fault) strikes() bool { return f.ErrCode != 0 || f.Status != 0 || f.Body != "" || f.Drop }

// Faults is the script of what goes wrong. Earlier faults come first; one call
// meets at most one that strikes.
type Faults struct {
	mu          sync.Mutex
	list        []*Fault
	hits        int
	dice        *rand.Rand
	finishFirst bool
}

func newFaults() *Faults { return &Faults{dice: rand.New(rand.NewPCG(1, 2))} }

// Add appends faults to the script.
func (fs *Faults) Add(faults ...Fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range faults {
		fs.list = append(fs.list, &f)
	}
}

// Clear ends all faults.
func (fs *Faults) Clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.list, fs.finishFirst = nil, false
}

// Seed makes the probabilities repeatable.
func (fs *Faults) Seed(seed uint64) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.dice = rand.New(rand.NewPCG(seed, seed))
}

// FinishFirst makes TEMPLATESENDJOBFINISH reach the bot before the send call
// returns, as it happens under load.
func (fs *Faults) FinishFirst(on bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.finishFirst = on
}

// Hits counts the faults that came.
func (fs *Faults) Hits() int {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return fs.hits
}

// strike returns the fault that this call meets; the zero Fault for none.
func (fs *Faults) strike(path string, c *call) Fault {
	return fs.take(func(f *Fault) bool {
		return f.Finish == "" && (f.Path == "" || f.Path == "*" || f.Path == path) &&
			(f.OpenID == "" || strings.Contains(string(c.body), f.OpenID) || c.query("openid") == f.OpenID)
	})
}

// finish returns the status that a template send ends with, "" for the usual.
func (fs *Faults) finish(openid string) string {
	return fs.take(func(f *Fault) bool { return f.Finish != "" && (f.OpenID == "" || f.OpenID == openid) }).Finish
}

func (fs *Faults) take(meets func(*Fault) bool) Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for i, f := range fs.list {
		if !meets(f) || f.P > 0 && fs.dice.Float64() >= f.P {
			continue
		}
		fs.hits++
		hit := *f
		if f.Count > 0 {
			if f.Count--; f.Count == 0 {
				fs.list = append(fs.list[:i:i], fs.list[i+1:]...)
			}
		}
		return hit
	}
	return Fault{}
}

func (fs *Faults) first() bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return fs.finishFirst
}

// faultScript is what outside tests post to /sim/faults.
type faultScript struct {
	Clear            bool   `json:"clear"`
	Seed             uint64 `json:"seed"`
	FinishFirst      *bool  `json:"finish_first"`
	InvalidateTokens bool   `json:"invalidate_tokens"`
	Faults           []struct {
		Path    string  `json:"path"`
		OpenID  string  `json:"openid"`
		ErrCode int     `json:"errcode"`
		ErrMsg  string  `json:"errmsg"`
		Status  int     `json:"status"`
		Body    string  `json:"body"`
		DelayMS int     `json:"delay_ms"`
		Drop    bool    `json:"drop"`
		After   bool    `json:"after"`
		Finish  string  `json:"finish"`
		P       float64 `json:"p"`
		Count   int     `json:"count"`
	} `json:"faults"`
}

func (s *Sim) postFaults(w http.ResponseWriter, r *http.Request) {
	var in faultScript
	if !readJSON(w, r, &in) {
		return
	}
	if in.Clear {
		s.faults.Clear()
	}
	if in.Seed != 0 {
		s.faults.Seed(in.Seed)
	}
	if in.FinishFirst != nil {
		s.faults.FinishFirst(*in.FinishFirst)
	}
	if in.InvalidateTokens {
		s.InvalidateTokens()
	}
	for _, f := range in.Faults {
		s.faults.Add(Fault{
			Path: f.Path, OpenID: f.OpenID, ErrCode: f.ErrCode, ErrMsg: f.ErrMsg, Status: f.Status, Body: f.Body,
			Delay: time.Duration(f.DelayMS) * time.Millisecond, Drop: f.Drop, After: f.After,
			Finish: f.Finish, P: f.P, Count: f.Count,
		})
	}
	writeJSON(w, "application/json", object{"hits": s.faults.Hits()})
}
