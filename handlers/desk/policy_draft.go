package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"aixin/handlers/answer"
	"aixin/models"
	"aixin/models/store"
)

// PolicyChange is one entry before and after: a nil Was is new, a nil Now is gone.
type PolicyChange struct {
	ID       string
	Was, Now *answer.Entry
}

// Title is what the entry asks.
func (c PolicyChange) Title() string {
	if c.Now != nil {
		return c.Now.Question
	}
	return c.Was.Question
}

// PolicyField is a part of an entry that a change changes.
type PolicyField struct{ Label, Was, Now string }

// Fields are the parts that differ.
func (c PolicyChange) Fields() (fields []PolicyField) {
	var was, now answer.Entry
	if c.Was != nil {
		was = *c.Was
	}
	if c.Now != nil {
		now = *c.Now
	}
	for _, f := range []PolicyField{
		{"问什么", was.Question, now.Question},
		{"类别", was.Category, now.Category},
		{"也会这么问", strings.Join(was.Variants, "\n"), strings.Join(now.Variants, "\n")},
		{"答什么", was.Answer, now.Answer},
		{"依据", was.Source, now.Source},
		{"电话", was.Hotline, now.Hotline},
		{"哪里用", was.Region, now.Region},
		{"从哪天起", was.Effective, now.Effective},
		{"哪天复核", was.Review, now.Review},
		{"谁会签", strings.Join(was.Signed, "、"), strings.Join(now.Signed, "、")},
	} {
		if strings.TrimSpace(f.Was) != strings.TrimSpace(f.Now) {
			fields = append(fields, f)
		}
	}
	return fields
}

// PolicyPlace is the place whose editors an entry belongs to.
func PolicyPlace(e answer.Entry) string { return cmp.Or(e.Region, models.CityCode) }

// Within tells whether the editors of a region may make a change: of entries of their
// own place only.
func (c PolicyChange) Within(region string) bool {
	return (c.Was == nil || models.Holds(region, PolicyPlace(*c.Was))) && (c.Now == nil || models.Holds(region, PolicyPlace(*c.Now)))
}

// PolicyProposal is a draft held against the base in force.
type PolicyProposal struct {
	Body    []byte // of the base that would be
	Changes []PolicyChange
	// Found is what the check of the base (aixin faq check) finds in what changes.
	Found []answer.Finding
}

// Faulty tells whether something keeps the proposal from being taken in.
func (p PolicyProposal) Faulty() bool {
	return slices.ContainsFunc(p.Found, func(f answer.Finding) bool { return f.Fault })
}

// Within tells whether the editors of a region may make all of the changes.
func (p PolicyProposal) Within(region string) bool {
	return !slices.ContainsFunc(p.Changes, func(c PolicyChange) bool { return !c.Within(region) })
}

// Proposal is what a draft would make of the base in force now.
func (b PolicyBase) Proposal(d models.PolicyDraft, today models.Day) (p PolicyProposal, err error) {
	if p.Body, err = b.with(d); err != nil {
		return p, err
	}
	entries, found := answer.Examine(p.Body, today)
	p.Changes = differences(b.Entries(), entries)
	before := b.Check(today)
	for _, f := range found {
		touched := slices.ContainsFunc(p.Changes, func(c PolicyChange) bool { return c.ID == f.Entry })
		if touched || f.Fault && !slices.Contains(before, f) {
			p.Found = append(p.Found, f)
		}
	}
	return p, nil
}

// with is the text of the base as a draft wants it.
func (b PolicyBase) with(d models.PolicyDraft) ([]byte, error) {
	switch d.Act {
	case models.PolicyWhole:
		return []byte(d.Body), nil
	case models.PolicyRemove:
		if _, ok := b.Entry(d.Entry); !ok {
			return []byte(b.Body), nil // somebody else took it out
		}
		return answer.Without([]byte(b.Body), d.Entry)
	}
	var e answer.Entry
	if d.Body == "" { // written by the version before
		e, _ = b.Entry(d.Entry)
		e.Answer, e.Source, e.Effective, e.Review, e.Signed = d.Answer, d.Source, d.Effective, d.Review, PolicySigners(d.Signed)
	} else if err := yaml.Unmarshal([]byte(d.Body), &e); err != nil {
		return nil, err
	}
	e.ID = d.Entry
	return answer.Revise([]byte(b.Body), e)
}

// PolicySigners reads who agreed to an entry.
func PolicySigners(text string) []string {
	names := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\u3001,\uff0c;\uff1b\n", r) })
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

// PolicyDraftOf is the draft that gives an entry new words, or makes a new one.
func PolicyDraftOf(e answer.Entry, reason string) (models.PolicyDraft, error) {
	text, err := yaml.Marshal(e)
	return models.PolicyDraft{
		Entry: e.ID, Body: string(text), Answer: e.Answer, Source: e.Source, Effective: e.Effective, Review: e.Review,
		Signed: strings.Join(e.Signed, "、"), Reason: reason,
	}, err
}

func differences(was, now []answer.Entry) (changes []PolicyChange) {
	old := map[string]*answer.Entry{}
	for i := range was {
		old[was[i].ID] = &was[i]
	}
	for i := range now {
		c := PolicyChange{ID: now[i].ID, Was: old[now[i].ID], Now: &now[i]}
		delete(old, now[i].ID)
		if c.Was == nil || len(c.Fields()) > 0 {
			changes = append(changes, c)
		}
	}
	for i := range was {
		if old[was[i].ID] != nil {
			changes = append(changes, PolicyChange{ID: was[i].ID, Was: &was[i]})
		}
	}
	return changes
}

// SignPolicy makes a draft a new version of the base, in force for every process
// within a minute. store.ErrLost: it is decided already, or by its own proposer.
func SignPolicy(ctx context.Context, tx *store.Store, d models.PolicyDraft, today models.Day, who string) (version int, err error) {
	if err := tx.DecidePolicyDraft(ctx, d.ID, true); err != nil {
		return 0, err
	}
	base, err := PolicyInForce(ctx, tx)
	if err != nil {
		return 0, err
	}
	p, err := base.Proposal(d, today)
	if err != nil {
		return 0, err
	}
	if p.Faulty() {
		return 0, fmt.Errorf("desk: the draft %s has faults", d.ID)
	}
	next, _, err := tx.AddPolicy(ctx, p.Body, fmt.Sprintf("%s:%s(%s)", cmp.Or(d.Entry, d.Act.Label()), d.Reason, who))
	if err != nil {
		return 0, err
	}
	return next.Version, tx.NoteChange(ctx, "policy", fmt.Sprintf("policy:%d", next.Version), cmp.Or(d.Entry, d.Act.Label()), base.Hash, next.Hash)
}
