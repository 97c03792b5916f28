package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"aixin/bot"
)

const (
	pathMenuCreate  = "/cgi-bin/menu/create"
	pathMenuGet     = "/cgi-bin/menu/get"
	pathMenuAdd     = "/cgi-bin/menu/addconditional"
	pathTemplates   = "/cgi-bin/template/get_all_private_template"
	pathQRCode      = "/cgi-bin/qrcode/create"
	pathCallbackIPs = "/cgi-bin/getcallbackip"
	pathClearQuota  = "/cgi-bin/clear_quota"
)

// CreateMenu sets the account's menu, {"button":[…]}.
func (c *Client) CreateMenu(ctx context.Context, menu []byte) error {
	body, err := menuBody(pathMenuCreate, menu)
	if err != nil {
		return err
	}
	return c.call(ctx, request{path: pathMenuCreate, body: body}, nil)
}

// AddConditionalMenu adds a menu for some people, {"button":[…],"matchrule":{…}}.
// A default menu must be there first.
func (c *Client) AddConditionalMenu(ctx context.Context, menu []byte) (menuID string, err error) {
	body, err := menuBody(pathMenuAdd, menu)
	if err != nil {
		return "", err
	}
	var out struct {
		MenuID json.Number `json:"menuid"` // quoted or not
	}
	err = c.call(ctx, request{path: pathMenuAdd, body: body}, &out)
	return out.MenuID.String(), err
}

// Menu is the menu as the platform has it, in JSON; nil where there is none.
func (c *Client) Menu(ctx context.Context) ([]byte, error) {
	var out json.RawMessage
	err := c.call(ctx, request{path: pathMenuGet}, &out)
	var e *bot.SendError
	if errors.As(err, &e) && e.Code == 46003 {
		return nil, nil
	}
	return out, err
}

// menuBody writes Chinese as it is: the platform shows \uXXXX as typed.
func menuBody(api string, menu []byte) ([]byte, error) {
	dec := json.NewDecoder(bytes.NewReader(menu))
	dec.UseNumber()
	var v map[string]any
	if err := dec.Decode(&v); err != nil || v["button"] == nil {
		return nil, &bot.SendError{API: api, Reason: "menu is not JSON with buttons", Action: bot.ActBadContent}
	}
	if bytes.Contains(menu, []byte(`\u`)) {
		return encode(v), nil
	}
	return menu, nil
}

// Template is a template of the account with the keys that its fields have.
type Template struct {
	ID      string
	Title   string
	Content string
	Keys    []string
}

var templateKey = regexp.MustCompile(`\{\{\s*(\w+)\.DATA\s*\}\}`)

// Templates are all templates of the account.
func (c *Client) Templates(ctx context.Context) ([]Template, error) {
	var out struct {
		List []struct {
			ID      string `json:"template_id"`
			Title   string `json:"title"`
			Content string `json:"content"`
		} `json:"template_list"`
	}
	if err := c.call(ctx, request{path: pathTemplates}, &out); err != nil {
		return nil, err
	}
	templates := make([]Template, 0, len(out.List))
	for _, t := range out.List {
		var keys []string
		for _, m := range templateKey.FindAllStringSubmatch(t.Content, -1) {
			if !slices.Contains(keys, m[1]) {
				keys = append(keys, m[1])
			}
		}
		templates = append(templates, Template{ID: t.ID, Title: t.Title, Content: t.Content, Keys: keys})
	}
	return templates, nil
}

const longestQR = 30 * 24 * time.Hour

// QRCode makes a code whose scan tells us scene (1 to 64 characters). It lives
// for ttl, at most 30 days; 0 is for ever, and there are only 100,000 of those.
// QRImage shows it by its ticket; link is what the code says.
func (c *Client) QRCode(ctx context.Context, scene string, ttl time.Duration) (ticket, link string, err error) {
	if n := utf8.RuneCountInString(scene); n < 1 || n > 64 || ttl < 0 {
		return "", "", &bot.SendError{API: pathQRCode, Reason: "scene needs 1 to 64 characters", Action: bot.ActBadContent}
	}
	body := map[string]any{
		"action_name": "QR_LIMIT_STR_SCENE",
		"action_info": map[string]any{"scene": map[string]string{"scene_str": scene}},
	}
	if ttl > 0 {
		body["action_name"] = "QR_STR_SCENE"
		body["expire_seconds"] = max(int64(min(ttl, longestQR)/time.Second), 60)
	}
	var out struct {
		Ticket string `json:"ticket"`
		URL    string `json:"url"`
	}
	err = c.call(ctx, request{path: pathQRCode, body: encode(body), hide: scene}, &out)
	return out.Ticket, out.URL, err
}

// QRImage is the picture of a code; anybody who has the link can see it.
func QRImage(ticket string) string {
	return "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=" + url.QueryEscape(ticket)
}

// OAuthURL is the page that leads a phone back to redirect with a code that
// tells whose it is, without asking the person (snsapi_base).
func (c *Client) OAuthURL(redirect, state string) string {
	// The platform looks at the order and at the fragment.
	return c.authorize + "?appid=" + url.QueryEscape(c.appID) + "&redirect_uri=" + url.QueryEscape(redirect) +
		"&response_type=code&scope=snsapi_base&state=" + url.QueryEscape(state) + "#wechat_redirect"
}

// OAuthOpenID tells whose phone brought this code. The stand-in person of a
// snapshot page is refused: nobody may be bound to it.
func (c *Client) OAuthOpenID(ctx context.Context, code string) (bot.OpenID, error) {
	rq := request{path: pathOAuth, hide: code, query: url.Values{
		"appid": {c.appID}, "secret": {c.secret}, "code": {code}, "grant_type": {"authorization_code"},
	}}
	var out struct {
		OpenID   string `json:"openid"`
		Snapshot int    `json:"is_snapshotuser"`
	}
	if err := c.plainCall(ctx, rq, &out); err != nil {
		return "", err
	}
	if out.Snapshot != 0 {
		return "", &bot.SendError{API: pathOAuth, Reason: "snapshot page, not a person", Action: bot.ActBadContent}
	}
	if out.OpenID == "" {
		return "", unclear(rq, "answer has no openid", true)
	}
	return bot.OpenID(out.OpenID), nil
}

// CallbackIPs are the addresses that the platform pushes from.
func (c *Client) CallbackIPs(ctx context.Context) ([]string, error) {
	var out struct {
		List []string `json:"ip_list"`
	}
	err := c.call(ctx, request{path: pathCallbackIPs}, &out)
	return out.List, err
}

// ClearQuota sets the account's daily counts back; the platform allows it ten
// times a month.
func (c *Client) ClearQuota(ctx context.Context) error {
	return c.call(ctx, request{path: pathClearQuota, body: encode(map[string]string{"appid": c.appID})}, nil)
}
