package wechat

import (
	"regexp"
	"strings"
	"time"

	"aixin/bot"
)

// rule is what an errcode asks for.
type rule struct {
	action bot.Action
	after  time.Duration
}

// rules is the one table of the platform's errcodes. A code that is not here is
// new to us: it was a refusal, so trying again later does no harm, and the
// delivery loop's count of tries ends it.
var rules = map[int]rule{
	// Busy: it passes.
	-1:      {bot.ActRetry, 2 * time.Second},
	42010:   {bot.ActRetry, 30 * time.Second},
	45011:   {bot.ActRetry, time.Minute}, // per-minute limit
	45066:   {bot.ActRetry, time.Minute}, // same clientmsgid too soon
	9001002: {bot.ActRetry, 5 * time.Second},

	// Token: refreshed and tried again once by the client; still refused, it
	// needs time rather than a loop.
	40001: {bot.ActRetry, time.Minute},
	40014: {bot.ActRetry, time.Minute},
	42001: {bot.ActRetry, time.Minute},

	// Settings of the account or its secret: only a person can heal them.
	40013: {bot.ActStopAll, 0}, // app id
	40125: {bot.ActStopAll, 0}, // secret
	40164: {bot.ActStopAll, 0}, // our IP is not on the white list
	40243: {bot.ActStopAll, 0}, // secret frozen
	41002: {bot.ActStopAll, 0},
	41004: {bot.ActStopAll, 0},
	61004: {bot.ActStopAll, 0}, // IP, in the other wording
	89503: {bot.ActStopAll, 0}, // an administrator must agree
	43116: {bot.ActStopAll, 0}, // templates restricted
	45103: {bot.ActStopAll, 0},
	45113: {bot.ActStopAll, 0},
	48001: {bot.ActStopAll, 0}, // account type or verification
	48004: {bot.ActStopAll, 0}, // API banned
	48008: {bot.ActStopAll, 0},
	50001: {bot.ActStopAll, 0},
	50002: {bot.ActStopAll, 0}, // account restricted
	65400: {bot.ActStopAll, 0},

	// Used up until the reset hour.
	45009: {bot.ActStopAPI, 0},
	45028: {bot.ActStopAPI, 0},
	48006: {bot.ActStopAPI, 0},

	// This person.
	40003: {bot.ActUnreachable, 0}, // openid unknown here
	43004: {bot.ActUnreachable, 0}, // does not follow
	43019: {bot.ActUnreachable, 0}, // on the black list
	43101: {bot.ActUnreachable, 0}, // refused, or no subscription left
	45059: {bot.ActUnreachable, 0}, // bears twenty tags
	46004: {bot.ActUnreachable, 0},
	49003: {bot.ActUnreachable, 0}, // not a follower of this account
	65302: {bot.ActUnreachable, 0},
	48002: {bot.ActUnreachable, 0}, // turned messages off
	50005: {bot.ActUnreachable, 0},
	70000: {bot.ActUnreachable, 0}, // protection of minors
	45015: {bot.ActNoWindow, 0},    // 48 h are over
	45047: {bot.ActNoWindow, 0},    // five messages sent
	45080: {bot.ActNoWindow, 0},

	// What we sent is wrong.
	40004: {bot.ActBadContent, 0},
	40005: {bot.ActBadContent, 0},
	40006: {bot.ActBadContent, 0},
	40007: {bot.ActBadContent, 0}, // media id
	40008: {bot.ActBadContent, 0},
	40029: {bot.ActBadContent, 0}, // OAuth code
	40032: {bot.ActBadContent, 0},
	40033: {bot.ActBadContent, 0},
	40035: {bot.ActBadContent, 0},
	40036: {bot.ActBadContent, 0}, // template id
	40037: {bot.ActBadContent, 0},
	40039: {bot.ActBadContent, 0}, // url
	40052: {bot.ActBadContent, 0},
	40053: {bot.ActBadContent, 0},
	40054: {bot.ActBadContent, 0},
	40055: {bot.ActBadContent, 0},
	40066: {bot.ActBadContent, 0},
	40118: {bot.ActBadContent, 0},
	40130: {bot.ActBadContent, 0},
	40163: {bot.ActBadContent, 0}, // OAuth code used
	40200: {bot.ActBadContent, 0},
	40247: {bot.ActBadContent, 0},
	40249: {bot.ActBadContent, 0}, // marketing
	41001: {bot.ActBadContent, 0}, // token missing: a bug of ours
	44002: {bot.ActBadContent, 0},
	44004: {bot.ActBadContent, 0},
	45001: {bot.ActBadContent, 0},
	45002: {bot.ActBadContent, 0},
	45003: {bot.ActBadContent, 0},
	45004: {bot.ActBadContent, 0},
	45005: {bot.ActBadContent, 0},
	45006: {bot.ActBadContent, 0},
	45007: {bot.ActBadContent, 0},
	45008: {bot.ActBadContent, 0},
	45026: {bot.ActBadContent, 0},
	45027: {bot.ActBadContent, 0},
	45056: {bot.ActBadContent, 0}, // a hundred tags are there
	45157: {bot.ActBadContent, 0}, // the tag's name
	45158: {bot.ActBadContent, 0},
	45159: {bot.ActBadContent, 0}, // no such tag
	45065: {bot.ActBadContent, 0},
	45067: {bot.ActBadContent, 0},
	45072: {bot.ActBadContent, 0},
	45081: {bot.ActBadContent, 0},
	47001: {bot.ActBadContent, 0}, // JSON
	47003: {bot.ActBadContent, 0}, // a template field's value
	65301: {bot.ActBadContent, 0}, // menuid
	65303: {bot.ActBadContent, 0}, // no default menu yet
	65304: {bot.ActBadContent, 0},
	65316: {bot.ActBadContent, 0},
	65320: {bot.ActBadContent, 0},
	87014: {bot.ActBadContent, 0}, // risky words
}

// elsewhere are codes that mean another thing for one API.
var elsewhere = map[string]map[int]rule{
	pathToken:    {40001: {bot.ActStopAll, 0}},              // the secret is wrong
	pathGetMedia: {40007: {bot.ActRetry, 10 * time.Second}}, // not there yet, or gone: the job's count decides
	pathOAuth:    {40001: {bot.ActStopAll, 0}, 40014: {bot.ActBadContent, 0}, 42001: {bot.ActBadContent, 0}},
}

func ruleOf(api string, code int) rule {
	if r, ok := elsewhere[api][code]; ok {
		return r
	}
	if r, ok := rules[code]; ok {
		return r
	}
	return rule{bot.ActRetry, time.Minute}
}

// refused makes the error of an answer that carries an errcode. What it hides
// (token, secret, openid) may have been echoed by the platform.
func refused(api string, code int, msg string, hide ...string) *bot.SendError {
	r := ruleOf(api, code)
	return &bot.SendError{API: api, Code: code, Reason: plainReason(msg, hide), Action: r.action, After: r.after}
}

// staleToken tells the codes that a fresh token heals.
func staleToken(code int) bool { return code == 40001 || code == 40014 || code == 42001 }

var (
	ridPart    = regexp.MustCompile(`(?i)[\s,;]*\brid\s*[:=]\s*([0-9a-z-]+)`)
	hintPart   = regexp.MustCompile(`(?i)[\s,;]*hint\s*:\s*\[[^\]]*\]`)
	linkPart   = regexp.MustCompile(`(?i)(,?\s*more details at\s*)?https?://\S+`)
	openIDPart = regexp.MustCompile(`\bo[0-9A-Za-z_-]{27}\b`)
)

// plainReason is the platform's sentence without what differs from call to call
// and without what nobody should read.
func plainReason(msg string, hide []string) string {
	for _, s := range hide {
		if s != "" {
			msg = strings.ReplaceAll(msg, s, "***")
		}
	}
	msg = ridPart.ReplaceAllString(msg, "")
	msg = hintPart.ReplaceAllString(msg, "")
	msg = linkPart.ReplaceAllString(msg, "")
	msg = openIDPart.ReplaceAllString(msg, "***")
	return clamp(strings.Join(strings.Fields(legal(msg)), " "), 200)
}

// rid is the number under which the platform knows the call: for the log.
func rid(msg string) string {
	if m := ridPart.FindStringSubmatch(msg); m != nil {
		return m[1]
	}
	return ""
}
