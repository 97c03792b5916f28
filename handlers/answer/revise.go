package answer

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Revise writes a base anew with one entry in the place of the one of its id.
// The other entries and the comments stay.
func Revise(body []byte, e Entry) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(body, &doc); err != nil {
		return nil, fmt.Errorf("reading policy base: %w", err)
	}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("entry %s is not in the base", e.ID)
	}
	for i, old := range doc.Content[0].Content {
		var was Entry
		if err := old.Decode(&was); err != nil || was.ID != e.ID {
			continue
		}
		now := &yaml.Node{}
		if err := now.Encode(e); err != nil {
			return nil, err
		}
		now.HeadComment, now.FootComment = old.HeadComment, old.FootComment
		doc.Content[0].Content[i] = now
		var out bytes.Buffer
		enc := yaml.NewEncoder(&out)
		enc.SetIndent(2)
		if err := enc.Encode(&doc); err != nil {
			return nil, err
		}
		return out.Bytes(), enc.Close()
	}
	return nil, fmt.Errorf("entry %s is not in the base", e.ID)
}
