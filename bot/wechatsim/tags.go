package wechatsim

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// What the platform lets an account do with tags.
const (
	maxTags       = 100
	maxTagName    = 30
	maxPersonTags = 20
	maxTagged     = 50 // people in one call
	firstTag      = 100
)

// tag is a label that the account gives people. The first hundred ids are the
// platform's own.
type tag struct {
	ID   int
	Name string
}

func (s *Sim) createTag(c *call) (any, error) {
	var in struct {
		Tag struct {
			Name string `json:"name"`
		} `json:"tag"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := strings.TrimSpace(in.Tag.Name)
	switch {
	case name == "" || slices.ContainsFunc(s.tags, func(t tag) bool { return t.Name == name }):
		return nil, refuse(45157, "invalid tag name")
	case utf8.RuneCountInString(name) > maxTagName:
		return nil, refuse(45158, "tag name too long")
	case len(s.tags) >= maxTags:
		return nil, refuse(45056, "too many tag now, no need to add new")
	}
	t := tag{ID: firstTag + s.tagged, Name: name}
	s.tagged++
	s.tags = append(s.tags, t)
	return object{"tag": object{"id": t.ID, "name": t.Name}}, nil
}

func (s *Sim) listTags(*call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []object{}
	for _, t := range s.tags {
		n := 0
		for _, ph := range s.phones {
			if ph.Followed && slices.Contains(ph.tags, t.ID) {
				n++
			}
		}
		list = append(list, object{"id": t.ID, "name": t.Name, "count": n})
	}
	return object{"tags": list}, nil
}

// deleteTag takes a tag from the account and from everybody who bears it.
func (s *Sim) deleteTag(c *call) (any, error) {
	var in struct {
		Tag struct {
			ID int `json:"id"`
		} `json:"tag"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.hasTag(in.Tag.ID) {
		return nil, refuse(45159, "invalid tag")
	}
	s.drop(in.Tag.ID)
	return object{"errcode": 0, "errmsg": "ok"}, nil
}

// DropTag deletes a tag by its name, as somebody does in the console.
func (s *Sim) DropTag(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tags {
		if t.Name == name {
			s.drop(t.ID)
			return
		}
	}
}

// drop is called with s.mu held.
func (s *Sim) drop(id int) {
	s.tags = slices.DeleteFunc(slices.Clone(s.tags), func(t tag) bool { return t.ID == id })
	for _, ph := range s.phones {
		ph.untag(id)
	}
	s.wake("menu")
}

// hasTag is called with s.mu held.
func (s *Sim) hasTag(id int) bool {
	return slices.ContainsFunc(s.tags, func(t tag) bool { return t.ID == id })
}

func (ph *phone) untag(id int) {
	ph.tags = slices.DeleteFunc(ph.tags, func(t int) bool { return t == id })
}

// tagging gives a tag to people, or takes it from them: all of them or, where one
// is wrong, nobody.
func (s *Sim) tagging(c *call, give bool) (any, error) {
	var in struct {
		People []string `json:"openid_list"`
		Tag    int      `json:"tagid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(in.People) == 0 || len(in.People) > maxTagged:
		return nil, refuse(40032, "invalid openid list size")
	case !s.hasTag(in.Tag):
		return nil, refuse(45159, "invalid tag")
	}
	for _, openid := range in.People {
		ph, ok := s.phones[openid]
		switch {
		case !ok:
			return nil, errOpenID
		case !ph.Followed:
			return nil, refuse(49003, "not match openid with appid")
		case give && len(ph.tags) >= maxPersonTags && !slices.Contains(ph.tags, in.Tag):
			return nil, refuse(45059, "user has too many tags")
		}
	}
	for _, openid := range in.People {
		ph := s.phones[openid]
		ph.untag(in.Tag)
		if give {
			ph.tags = append(ph.tags, in.Tag) // the last one given decides about the menu
		}
	}
	s.wake("menu")
	return object{"errcode": 0, "errmsg": "ok"}, nil
}

func (s *Sim) batchTag(c *call) (any, error)   { return s.tagging(c, true) }
func (s *Sim) batchUntag(c *call) (any, error) { return s.tagging(c, false) }

// TagsOf names the tags that a person bears, the last one given last.
func (s *Sim) TagsOf(openid string) (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ph, ok := s.phones[openid]; ok {
		for _, id := range ph.tags {
			for _, t := range s.tags {
				if t.ID == id {
					names = append(names, t.Name)
				}
			}
		}
	}
	return names
}
