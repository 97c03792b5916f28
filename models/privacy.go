package models

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Privacy are the texts that families agree to, each version with its words, the
// newest first: the notice, and the separate rules for children under 14. What
// somebody agreed to stays readable, whatever came after it.
type Privacy struct {
	Notice []PrivacyText `yaml:"notice"`
	Child  []PrivacyText `yaml:"child"`
}

// PrivacyText is one version of a text.
type PrivacyText struct {
	Version string `yaml:"version"`
	Words   string `yaml:"words"`
	// Changed says in a sentence what is new since the version before.
	Changed string `yaml:"changed"`
	// Renews are the purposes of which the version changes what is taken, why or
	// how: who agreed to them by an earlier one has not agreed to that.
	Renews []Purpose `yaml:"renews"`
}

// Texts are the versions by which somebody agrees to a purpose, the newest first.
func (p Privacy) Texts(purpose Purpose, child bool) []PrivacyText {
	if purpose == PurposeChild || purpose == PurposeSensitive && child {
		return p.Child
	}
	return p.Notice
}

// Version names the text by which somebody agrees to a purpose today.
func (p Privacy) Version(purpose Purpose, child bool) string {
	return p.Texts(purpose, child)[0].Version
}

// Holding lists the versions by which an agreement to a purpose still holds: all
// since it was last renewed.
func (p Privacy) Holding(purpose Purpose, child bool) (versions []string) {
	for _, t := range p.Texts(purpose, child) {
		versions = append(versions, t.Version)
		if slices.Contains(t.Renews, purpose) {
			break
		}
	}
	return versions
}

// Since sums up what is new for who agreed to a version; newer is false where
// nothing is.
func Since(texts []PrivacyText, version string) (changed string, newer bool) {
	var all []string
	for _, t := range texts {
		if t.Version == version {
			break
		}
		if t.Changed != "" {
			all = append(all, t.Changed)
		}
	}
	return strings.Join(all, ";"), len(all) > 0
}

// The limits of a text: a screen of a phone, and a sentence.
const (
	privacyWords   = 420
	privacyChanged = 60
)

// Check names what is wrong with the texts.
func (p Privacy) Check() error {
	var faults []error
	known := map[string]bool{}
	for name, texts := range map[string][]PrivacyText{"notice": p.Notice, "child": p.Child} {
		if len(texts) == 0 {
			faults = append(faults, fmt.Errorf("%s: 一版也没有", name))
		}
		for i, t := range texts {
			fault := func(what string) { faults = append(faults, fmt.Errorf("%s %q: %s", name, t.Version, what)) }
			if n := utf8.RuneCountInString(t.Version); n == 0 || n > 20 || known[t.Version] {
				fault("版本号要有,不能重,最多20个字")
			}
			known[t.Version] = true
			if !strings.Contains(t.Words, t.Version) || !strings.Contains(t.Words, "撤回同意") {
				fault("正文里要写版本号,要写怎么“撤回同意”")
			}
			if utf8.RuneCountInString(t.Words) > privacyWords {
				fault(fmt.Sprintf("正文最多%d个字,一屏看完", privacyWords))
			}
			if first := i == len(texts)-1; !first && t.Changed == "" || utf8.RuneCountInString(t.Changed) > privacyChanged {
				fault(fmt.Sprintf("changed 要用一句话说改了啥,最多%d个字", privacyChanged))
			}
			for _, purpose := range t.Renews {
				if purpose.Label() == "" || purpose == PurposeChat {
					fault(fmt.Sprintf("renews 里不能有 %q", purpose))
				}
			}
		}
	}
	return errors.Join(faults...)
}
