package wechat

import (
	"context"
	"encoding/json"

	"aixin/bot"
)

const (
	pathTagCreate = "/cgi-bin/tags/create"
	pathTags      = "/cgi-bin/tags/get"
	pathTagging   = "/cgi-bin/tags/members/batchtagging"
	pathUntagging = "/cgi-bin/tags/members/batchuntagging"
	pathMenuDrop  = "/cgi-bin/menu/delconditional"
	pathMenuMatch = "/cgi-bin/menu/trymatch"
	pathQuota     = "/cgi-bin/openapi/quota/get"
)

// MaxTagged is how many people one call may tag.
const MaxTagged = 50

// Tags are the account's tags: id by name.
func (c *Client) Tags(ctx context.Context) (map[string]int, error) {
	var out struct {
		List []struct {
			ID   int    `json:"id"`
			Name string `json:"name"`
		} `json:"tags"`
	}
	err := c.call(ctx, request{path: pathTags}, &out)
	tags := map[string]int{}
	for _, t := range out.List {
		tags[t.Name] = t.ID
	}
	return tags, err
}

// CreateTag makes a tag of at most 30 characters; there may be 100 of them.
func (c *Client) CreateTag(ctx context.Context, name string) (id int, err error) {
	var out struct {
		Tag struct {
			ID int `json:"id"`
		} `json:"tag"`
	}
	err = c.call(ctx, request{path: pathTagCreate, body: encode(map[string]any{"tag": map[string]string{"name": name}})}, &out)
	return out.Tag.ID, err
}

// SetTag gives up to MaxTagged people a tag, or takes it from them: all of them or,
// where the platform refuses one, nobody. It may be repeated.
func (c *Client) SetTag(ctx context.Context, id int, people []bot.OpenID, on bool) error {
	path, hide := pathUntagging, ""
	if on {
		path = pathTagging
	}
	if len(people) == 1 {
		hide = string(people[0])
	}
	return c.call(ctx, request{path: path, hide: hide, body: encode(map[string]any{"openid_list": people, "tagid": id})}, nil)
}

// DropConditionalMenu takes back a menu that AddConditionalMenu made.
func (c *Client) DropConditionalMenu(ctx context.Context, menuID string) error {
	return c.call(ctx, request{path: pathMenuDrop, body: encode(map[string]string{"menuid": menuID})}, nil)
}

// MenuOf is the menu that a person sees, in JSON.
func (c *Client) MenuOf(ctx context.Context, who bot.OpenID) ([]byte, error) {
	var out json.RawMessage
	err := c.call(ctx, request{path: pathMenuMatch, hide: string(who), body: encode(map[string]string{"user_id": string(who)})}, &out)
	return out, err
}

// Quota tells how many calls of an API the day allows and how many are left; a
// limit of 0 is none.
func (c *Client) Quota(ctx context.Context, path string) (limit, left int, err error) {
	var out struct {
		Quota struct {
			Limit int `json:"daily_limit"`
			Left  int `json:"remain"`
		} `json:"quota"`
	}
	err = c.call(ctx, request{path: pathQuota, body: encode(map[string]string{"cgi_path": path})}, &out)
	return out.Quota.Limit, out.Quota.Left, err
}
