package webtest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// spoken are the roles of which a reader for the blind makes a line of its own;
// of those that one acts on, or looks at, a name is asked.
var (
	spoken = []string{"heading", "StaticText", "link", "button", "textbox", "radio", "checkbox", "combobox", "image", "Audio", "Video", "alert", "status", "group", "list"}
	named  = []string{"link", "button", "textbox", "radio", "checkbox", "combobox", "image", "Audio", "Video", "heading"}
)

// Reads is the page as a screen reader tells it, a line a thing in the order of
// reading, by the browser's own accessibility tree. A thing without a name fails
// the test.
func (b *Tab) Reads() string {
	b.t.Helper()
	var nodes []*accessibility.Node
	b.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		nodes = tree.Nodes
		return err
	}))
	word := func(v *accessibility.Value) (s string) {
		if v != nil {
			json.Unmarshal(v.Value, &s)
		}
		return s
	}
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, n := range nodes {
		byID[n.NodeID] = n
	}
	var out []string
	var read func(n *accessibility.Node, within string)
	read = func(n *accessibility.Node, within string) {
		role, name := word(n.Role), strings.Join(strings.Fields(word(n.Name)), " ")
		if !n.Ignored && slices.Contains(spoken, role) {
			if name == "" && slices.Contains(named, role) {
				b.t.Errorf("a %s that has no name for who cannot see it", role)
			}
			// What a link or a label says is said by itself.
			if name != "" && name != within && (role != "StaticText" || !strings.Contains(within, name)) {
				out = append(out, strings.TrimSpace(strings.ToLower(strings.ReplaceAll(role, "StaticText", "text"))+" "+name))
			}
			if role != "StaticText" {
				within = name
			}
			if role == "Audio" || role == "Video" {
				return // the player's own knobs
			}
		}
		for _, id := range n.ChildIDs {
			if c := byID[id]; c != nil {
				read(c, within)
			}
		}
	}
	if len(nodes) > 0 {
		read(nodes[0], "")
	}
	return strings.Join(out, "\n") + "\n"
}
