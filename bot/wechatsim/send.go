package wechatsim

import (
	"net/url"
	"sync"
	"time"
)

// sentIDs remembers client_msg_id for ten minutes.
type sentIDs struct {
	ids   map[string]sentID
	queue []string
}

type sentID struct {
	msgid int64
	at    time.Time
}

func (d *sentIDs) find(key string, now time.Time) (int64, bool) {
	e, ok := d.ids[key]
	return e.msgid, ok && now.Sub(e.at) < 10*time.Minute
}

func (d *sentIDs) add(key string, msgid int64, now time.Time) {
	if d.ids == nil {
		d.ids = make(map[string]sentID)
	}
	for len(d.queue) > 0 && (len(d.queue) > 200_000 || now.Sub(d.ids[d.queue[0]].at) >= 10*time.Minute) {
		delete(d.ids, d.queue[0])
		d.queue = d.queue[1:]
	}
	if _, again := d.ids[key]; !again {
		d.queue = append(d.queue, key)
	}
	d.ids[key] = sentID{msgid, now}
}

func (s *Sim) sendTemplate(c *call) (any, error) {
	var in struct {
		To       string `json:"touser"`
		Template string `json:"template_id"`
		URL      string `json:"url"`
		ClientID string `json:"client_msg_id"`
		Data     map[string]struct {
			Value string `json:"value"`
		} `json:"data"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if u, err := url.Parse(in.URL); err != nil || in.URL != "" && u.Host == "" {
		return nil, refuse(40039, "invalid url size")
	}
	values := make(map[string]string, len(in.Data))
	for key, v := range in.Data {
		values[key] = v.Value
	}

	s.mu.Lock()
	ph, ok := s.phones[in.To]
	t, known := s.templates[in.Template]
	switch {
	case !ok:
		s.mu.Unlock()
		return nil, errOpenID
	case !known:
		s.mu.Unlock()
		return nil, refuse(40037, "invalid template_id")
	case !ph.Followed:
		s.mu.Unlock()
		return nil, refuse(43004, "require subscribe")
	}
	fields, err := t.fill(values)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	dup := in.To + " " + in.ClientID
	if in.ClientID != "" {
		if msgid, again := s.sent.find(dup, s.now()); again {
			s.stats.Duplicates++
			s.mu.Unlock()
			return object{"errcode": 0, "errmsg": "ok", "msgid": msgid}, nil
		}
	}
	msgid := s.nextID()
	if in.ClientID != "" {
		s.sent.add(dup, msgid, s.now())
	}
	s.stats.Cards++
	status := s.faults.finish(in.To)
	if status == "" {
		status = "success"
		if ph.Blocked {
			status = "failed:user block"
		}
	}
	if status == "success" {
		s.show(ph, Item{
			From: "account", Via: "template", Kind: "card", Title: t.Title, URL: in.URL,
			Template: t.ID, Fields: fields, MsgID: msgid,
		})
	}
	s.mu.Unlock()

	if s.faults.first() {
		s.count(func(st *Stats) { st.Finished++ })
		s.finished(s.life, in.To, msgid, status)
	} else {
		s.finish.add(s, finishJob{in.To, msgid, status})
	}
	return object{"errcode": 0, "errmsg": "ok", "msgid": msgid}, nil
}

// pushers is how many results are pushed at once: the platform does not wait for
// one account's answers one by one.
const pushers = 32

// finishQueue pushes the results of template messages a little later, by a few
// workers that end when nothing is left.
type finishQueue struct {
	mu      sync.Mutex
	jobs    []finishJob
	workers int
	idle    chan struct{} // closed when the last worker ends; nil while none works
}

type finishJob struct {
	openid string
	msgid  int64
	status string
}

func (q *finishQueue) add(s *Sim, job finishJob) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if s.life.Err() != nil {
		return
	}
	q.jobs = append(q.jobs, job)
	if q.workers >= pushers {
		return
	}
	q.workers++
	if q.idle == nil {
		q.idle = make(chan struct{})
	}
	go func() {
		for job, ok := q.next(s); ok; job, ok = q.next(s) {
			s.finished(s.life, job.openid, job.msgid, job.status)
			s.count(func(st *Stats) { st.Finished++ })
		}
	}()
}

// next gives a worker its job, or ends it.
func (q *finishQueue) next(s *Sim) (finishJob, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) > 0 && s.life.Err() == nil {
		job := q.jobs[0]
		q.jobs = q.jobs[1:]
		return job, true
	}
	if q.workers--; q.workers == 0 {
		close(q.idle)
		q.idle = nil
	}
	return finishJob{}, false
}

func (q *finishQueue) wait() {
	q.mu.Lock()
	idle := q.idle
	q.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

// Settle waits until every result of a template message has been pushed.
func (s *Sim) Settle() { s.finish.wait() }
