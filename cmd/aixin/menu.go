package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"aixin/bot/wechat"
	"aixin/handlers"
)

// menuJSON is the account's menu (design.md §6), of who is not bound yet and of
// everybody until the labels are given.
var menuJSON = []byte(`{"button":[
{"type":"click","name":"记一笔","key":"record"},
{"type":"click","name":"我的进度","key":"mine"},
{"name":"更多","sub_button":[{"type":"click","name":"我想问","key":"ask"},{"type":"click","name":"帮助","key":"help"}]}]}`)

// button is an entry of a menu, as sent and as the platform gives it back.
type button struct {
	Type string   `json:"type,omitempty"`
	Name string   `json:"name"`
	Key  string   `json:"key,omitempty"`
	URL  string   `json:"url,omitempty"`
	Sub  []button `json:"sub_button,omitempty"`
}

func tap(name, key string) button { return button{Type: "click", Name: name, Key: key} }

// menuOf is the menu for a label. public is where the phone pages are, "" for none.
func menuOf(label, public string) []button {
	if label == handlers.TagFamily {
		return []button{tap("我想问", "ask"), tap("办到哪了", "mine"), tap("帮助", "help")}
	}
	more := []button{tap("我想问", "ask"), tap("帮助", "help")}
	if public != "" {
		more = append([]button{{Type: "view", Name: "今年的小结", URL: public + "/h/summary"}}, more...)
	}
	return []button{tap("记一笔", "record"), tap("我的进度", "mine"), {Name: "更多", Sub: more}}
}

// labels in the order in which their menus are published.
var labels = []string{handlers.TagFamily, handlers.TagCadre}

// published is what the account has: the default menu and those for labels.
type published struct {
	Menu struct {
		Button []button `json:"button"`
	} `json:"menu"`
	Conditional []struct {
		Button []button       `json:"button"`
		Rule   map[string]any `json:"matchrule"`
		ID     json.Number    `json:"menuid"`
	} `json:"conditionalmenu"`
}

func readMenu(ctx context.Context, client *wechat.Client) (p published, there bool, err error) {
	raw, err := client.Menu(ctx)
	if err != nil || raw == nil {
		return p, false, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	return p, true, dec.Decode(&p)
}

// of lists the menus for a tag, the newest last. The platform calls it group_id in
// older answers, and quotes it or not.
func (p published) of(tag int) (ids []string, newest []button) {
	for _, m := range p.Conditional {
		for _, name := range []string{"tag_id", "group_id"} {
			if id := fmt.Sprint(m.Rule[name]); id == strconv.Itoa(tag) {
				ids, newest = append(ids, m.ID.String()), m.Button
				break
			}
		}
	}
	return ids, newest
}

func sameMenu(a, b []button) bool {
	return slices.EqualFunc(a, b, func(x, y button) bool {
		return x.Name == y.Name && x.Key == y.Key && x.URL == y.URL && sameMenu(x.Sub, y.Sub)
	})
}

// publishMenus sets the default menu, makes the labels that are missing and gives
// each its menu. New ones come before old ones go, so that nobody stands without.
func publishMenus(ctx context.Context, client *wechat.Client, public string) error {
	if err := client.CreateMenu(ctx, menuJSON); err != nil {
		return err
	}
	tags, err := client.Tags(ctx)
	if err != nil {
		return err
	}
	have, _, err := readMenu(ctx, client)
	if err != nil {
		return err
	}
	for _, label := range labels {
		if tags[label] == 0 {
			if tags[label], err = client.CreateTag(ctx, label); err != nil {
				return err
			}
		}
		old, now := have.of(tags[label])
		if len(old) > 0 && sameMenu(now, menuOf(label, public)) {
			old = old[:len(old)-1] // the newest is the right one
		} else {
			menu, err := json.Marshal(map[string]any{"button": menuOf(label, public), "matchrule": map[string]string{"tag_id": strconv.Itoa(tags[label])}})
			if err != nil {
				return err
			}
			if _, err := client.AddConditionalMenu(ctx, menu); err != nil {
				return err
			}
		}
		for _, id := range old {
			if err := client.DropConditionalMenu(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}
