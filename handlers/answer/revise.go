package answer

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Revise writes a base anew with one entry in the place of the one of its id, or at
// the end. The other entries and the comments stay.
func Revise(body []byte, e Entry) ([]byte, error) {
	return rewrite(body, func(list *yaml.Node, at int) error {
		now := &yaml.Node{}
		if err := now.Encode(e); err != nil {
			return err
		}
		if at < 0 {
			list.Content = append(list.Content, now)
			return nil
		}
		now.HeadComment, now.FootComment = list.Content[at].HeadComment, list.Content[at].FootComment
		list.Content[at] = now
		return nil
	}, e.ID)
}

// Without writes a base anew without one entry.
func Without(body []byte, id string) ([]byte, error) {
	return rewrite(body, func(list *yaml.Node, at int) error {
		if at < 0 {
			return fmt.Errorf("entry %s is not in the base", id)
		}
		if head := list.Content[at].HeadComment; at == 0 && len(list.Content) > 1 && list.Content[1].HeadComment == "" {
			list.Content[1].HeadComment = head // what is said of the whole base
		}
		list.Content = append(list.Content[:at], list.Content[at+1:]...)
		return nil
	}, id)
}

// rewrite finds an entry in the text of a base, -1 where it is not there, lets
// something be done about it, and writes the text.
func rewrite(body []byte, do func(list *yaml.Node, at int) error, id string) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(body, &doc); err != nil {
		return nil, fmt.Errorf("reading policy base: %w", err)
	}
	if len(doc.Content) == 0 || doc.Content[0].Kind != yaml.SequenceNode {
		return nil, fmt.Errorf("the policy base is no list")
	}
	at := -1
	for i, old := range doc.Content[0].Content {
		var was Entry
		if err := old.Decode(&was); err == nil && was.ID == id {
			at = i
		}
	}
	if err := do(doc.Content[0], at); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(&doc); err != nil {
		return nil, err
	}
	return out.Bytes(), enc.Close()
}
