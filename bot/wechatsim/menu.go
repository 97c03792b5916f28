package wechatsim

import (
	"bytes"
	"cmp"
	"net/url"
	"slices"
	"strconv"
)

// Button is an entry of the account's menu.
type Button struct {
	Type     string   `json:"type,omitempty"`
	Name     string   `json:"name"`
	Key      string   `json:"key,omitempty"`
	URL      string   `json:"url,omitempty"`
	MediaID  string   `json:"media_id,omitempty"`
	AppID    string   `json:"appid,omitempty"`
	PagePath string   `json:"pagepath,omitempty"`
	Sub      []Button `json:"sub_button,omitempty"`
}

// menu is what the account set: the default one and those for tags.
type menu struct {
	Buttons     []Button
	id          int64
	conditional []conditional // the newest last
}

// conditional is a menu for those who bear a tag.
type conditional struct {
	id      int64
	buttons []Button
	tag     int // 0: for everybody that the rest of the rule fits
	rule    map[string]string
}

func (s *Sim) createMenu(c *call) (any, error) {
	buttons, err := c.menuButtons(nil)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := &menu{Buttons: buttons, id: s.nextID()}
	if s.menu != nil {
		m.conditional = s.menu.conditional
	}
	s.menu = m
	s.wake("menu")
	return object{"errcode": 0, "errmsg": "ok"}, nil
}

// maxMenuSites is how many sites all conditional menus may lead to.
const maxMenuSites = 3

// addConditional keeps a menu for a tag.
func (s *Sim) addConditional(c *call) (any, error) {
	rule := map[string]string{}
	buttons, err := c.menuButtons(&rule)
	if err != nil {
		return nil, err
	}
	if len(rule) == 0 {
		return nil, refuse(65304, "match rule is empty")
	}
	for _, old := range []string{"sex", "country", "province", "city", "language"} {
		if rule[old] != "" {
			return nil, refuse(65320, "match rule field is abolished")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.menu == nil {
		return nil, refuse(65303, "default menu does not exist")
	}
	added := conditional{id: s.nextID(), buttons: buttons, rule: rule}
	if id := cmp.Or(rule["tag_id"], rule["group_id"]); id != "" {
		if added.tag, err = strconv.Atoi(id); err != nil || !s.hasTag(added.tag) {
			return nil, refuse(45159, "invalid tag")
		}
	}
	sites := map[string]bool{}
	for _, m := range append(s.menu.conditional, added) {
		m.sites(sites)
	}
	if len(sites) > maxMenuSites {
		return nil, refuse(65316, "too many domains in conditional menus")
	}
	s.menu.conditional = append(s.menu.conditional, added)
	s.wake("menu")
	return object{"menuid": added.id}, nil
}

func (m conditional) sites(into map[string]bool) {
	for _, b := range m.buttons {
		for _, entry := range append(b.Sub, b) {
			if u, err := url.Parse(entry.URL); err == nil && u.Host != "" {
				into[u.Host] = true
			}
		}
	}
}

// deleteConditional takes one of them back; the platform wants the id in quotes.
func (s *Sim) deleteConditional(c *call) (any, error) {
	var in struct {
		ID string `json:"menuid"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := -1
	if s.menu != nil {
		at = slices.IndexFunc(s.menu.conditional, func(m conditional) bool { return strconv.FormatInt(m.id, 10) == in.ID })
	}
	if at < 0 {
		return nil, refuse(65301, "menuid does not exist")
	}
	s.menu.conditional = slices.Delete(slices.Clone(s.menu.conditional), at, at+1)
	s.wake("menu")
	return object{"errcode": 0, "errmsg": "ok"}, nil
}

// tryMatch tells which menu a person sees.
func (s *Sim) tryMatch(c *call) (any, error) {
	var in struct {
		User string `json:"user_id"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if _, known := s.find(in.User); !known {
		return nil, refuse(65302, "no such user")
	}
	buttons := s.MenuFor(in.User)
	if buttons == nil {
		return nil, refuse(46003, "menu no exist")
	}
	return object{"button": buttons}, nil
}

func (s *Sim) find(openid string) (*phone, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ph, ok := s.phones[openid]
	return ph, ok
}

func (s *Sim) getMenu(*call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.menu == nil {
		return nil, refuse(46003, "menu no exist")
	}
	o := object{"menu": object{"button": s.menu.Buttons, "menuid": s.menu.id}}
	var list []object
	for _, m := range s.menu.conditional {
		list = append(list, object{"button": m.buttons, "matchrule": m.rule, "menuid": m.id})
	}
	if list != nil {
		o["conditionalmenu"] = list
	}
	return o, nil
}

func (s *Sim) deleteMenu(*call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.menu = nil // the conditional ones go with it
	s.wake("menu")
	return object{"errcode": 0, "errmsg": "ok"}, nil
}

// Menu returns the entries of the default menu.
func (s *Sim) Menu() []Button {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.menu == nil {
		return nil
	}
	return s.menu.Buttons
}

// MenuFor returns the entries that a person sees.
func (s *Sim) MenuFor(openid string) []Button {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.menuOf(s.phones[openid])
}

// menuOf matches the menus of tags from the newest on; a person of several tags
// counts by the last one given. s.mu is held.
func (s *Sim) menuOf(ph *phone) []Button {
	if s.menu == nil {
		return nil
	}
	last := 0
	if ph != nil && len(ph.tags) > 0 {
		last = ph.tags[len(ph.tags)-1]
	}
	for _, m := range slices.Backward(s.menu.conditional) {
		if m.tag == 0 || m.tag == last {
			return m.buttons
		}
	}
	return s.menu.Buttons
}

func (c *call) menuButtons(rule *map[string]string) ([]Button, error) {
	if bytes.Contains(c.body, []byte(`\u`)) {
		return nil, refuse(40033, `invalid charset. please check your request, if include \uxxxx will create fail!`)
	}
	var in struct {
		Button []Button          `json:"button"`
		Rule   map[string]string `json:"matchrule"`
	}
	if err := c.decode(&in); err != nil {
		return nil, err
	}
	if rule != nil {
		*rule = in.Rule
	}
	if n := len(in.Button); n < 1 || n > 3 {
		return nil, refuse(40016, "invalid button size")
	}
	for _, b := range in.Button {
		if b.Name == "" || len(b.Name) > 16 {
			return nil, refuse(40018, "invalid button name size")
		}
		if len(b.Sub) == 0 {
			if err := b.check(refuse(40017, "invalid button type"), refuse(40019, "invalid button key size"), refuse(40020, "invalid button url size"), refuse(40055, "invalid button url domain")); err != nil {
				return nil, err
			}
			continue
		}
		if len(b.Sub) > 5 {
			return nil, refuse(40023, "invalid sub button size")
		}
		for _, sub := range b.Sub {
			if sub.Name == "" || len(sub.Name) > 60 || len(sub.Sub) > 0 {
				return nil, refuse(40025, "invalid sub button name size")
			}
			if err := sub.check(refuse(40024, "invalid sub button type"), refuse(40026, "invalid sub button key size"), refuse(40027, "invalid sub button url size"), refuse(40054, "invalid sub button url domain")); err != nil {
				return nil, err
			}
		}
	}
	return in.Button, nil
}

var keyedButtons = map[string]bool{
	"click": true, "scancode_push": true, "scancode_waitmsg": true, "pic_sysphoto": true,
	"pic_photo_or_album": true, "pic_weixin": true, "location_select": true,
}

// check returns the first of the errors that fits: type, key, url size, url.
func (b Button) check(kind, key, size, domain error) error {
	switch {
	case keyedButtons[b.Type]:
		if b.Key == "" || len(b.Key) > 128 {
			return key
		}
	case b.Type == "view" || b.Type == "miniprogram":
		if b.URL == "" || len(b.URL) > 1024 {
			return size
		}
		if u, err := url.Parse(b.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return domain
		}
	case b.Type == "media_id" || b.Type == "view_limited" || b.Type == "article_id" || b.Type == "article_view_limited":
	default:
		return kind
	}
	return nil
}
