package handlers

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"

	"aixin/bot"
	"aixin/handlers/say"
	"aixin/models"
)

//go:embed privacy.yaml
var privacyFile []byte

var shippedPrivacy = sync.OnceValue(func() *models.Privacy {
	p, err := parsePrivacy(privacyFile)
	if err != nil {
		panic(err) // a shipped file of ours; a test reads it
	}
	return p
})

// ReadPrivacy reads the texts that families agree to; an empty name gives the
// shipped ones.
func ReadPrivacy(name string) (*models.Privacy, error) {
	if name == "" {
		return shippedPrivacy(), nil
	}
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("binding.privacy_file 读不出:%w", err)
	}
	p, err := parsePrivacy(raw)
	if err != nil {
		return nil, fmt.Errorf("binding.privacy_file 要改:%w", err)
	}
	return p, nil
}

func parsePrivacy(raw []byte) (*models.Privacy, error) {
	var p models.Privacy
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	if err := d.Decode(&p); err != nil {
		return nil, err
	}
	return &p, p.Check()
}

func (c *Chat) privacy() *models.Privacy {
	if c.Privacy != nil {
		return c.Privacy
	}
	return shippedPrivacy()
}

// confirmHolds are the versions by which a family still agrees to be asked about
// visits; nil where none was renewed.
func confirmHolds(p *models.Privacy) []string {
	if p == nil {
		return nil
	}
	holding := p.Holding(models.PurposeConfirm, false)
	if len(holding) == len(p.Notice) {
		return nil
	}
	return holding
}

// askRenew is the question whether a notice that has changed is agreed to.
const askRenew = "renew"

// notice is the text that a word asks for.
func (t *talk) notice(plain string) (models.PrivacyText, bool) {
	switch plain {
	case "须知", "隐私", "隐私须知", "告知", "新须知":
		return t.privacy().Notice[0], true
	case "娃须知", "娃的须知", "孩子须知", "儿童须知", "孩子的须知":
		return t.privacy().Child[0], true
	}
	return models.PrivacyText{}, false
}

// consents tells whether a family agreed to a purpose by a version that still
// holds for it.
func (t *talk) consents(ctx context.Context, f family, p models.Purpose) (bool, error) {
	return t.Tx.Consented(ctx, f.asker, p, t.privacy().Holding(p, t.forChild(f)))
}

// renewal is a text of which a family knows an older version.
type renewal struct {
	text     models.PrivacyText
	changed  string
	child    bool             // it is the rules for children
	purposes []models.Purpose // that the family agreed to by that text
	renews   bool             // one of them does not hold without a yes
}

// renewals lists the texts that have changed since a family agreed.
func (t *talk) renewals(ctx context.Context, f family) (out []renewal, err error) {
	if p := t.privacy(); len(p.Notice) == 1 && len(p.Child) == 1 {
		return nil, nil // none was ever replaced
	}
	rows, err := t.Tx.ConsentsOf(ctx, f.asker)
	if err != nil {
		return nil, err
	}
	child := t.forChild(f)
	for i, texts := range [][]models.PrivacyText{t.privacy().Notice, t.privacy().Child} {
		r, last := renewal{text: texts[0], child: i == 1}, ""
		for _, c := range rows {
			if t.privacy().Texts(c.Purpose, child)[0].Version != texts[0].Version {
				continue
			}
			last = c.Version
			if !slices.Contains(r.purposes, c.Purpose) {
				r.purposes = append(r.purposes, c.Purpose)
			}
			r.renews = r.renews || !slices.Contains(t.privacy().Holding(c.Purpose, child), c.Version)
		}
		changed, newer := models.Since(texts, last)
		if r.changed = changed; len(r.purposes) > 0 && newer {
			out = append(out, r)
		}
	}
	return out, nil
}

// askRenewal asks a family about a notice that has changed since it agreed: below
// the answer to what it came for, where nothing else is asked, and once for each
// version. Until it says yes all goes on by what it agreed to.
func (t *talk) askRenewal(ctx context.Context, reply string) error {
	quiet := t.guardian == "" || t.alarmed || reply == "" || t.session.Ask != nil || t.session.Invite != "" || t.session.More != "" || len(t.also) > 0
	if quiet || t.Msg.Kind == bot.KindEvent || t.session.Alarm.At > t.Tx.Now().Add(-askedFor) {
		return nil
	}
	families, err := t.families(ctx)
	if err != nil {
		return err
	}
	var ask *renewal
	for _, f := range families {
		all, err := t.renewals(ctx, f)
		if err != nil {
			return err
		}
		for _, r := range all {
			if ask != nil && ask.text.Version != r.text.Version {
				continue // one thing at a time
			}
			first, err := t.Tx.AskConsent(ctx, models.ConsentAsk{SubjectID: f.asker, RecipientID: f.recipient.ID, Version: r.text.Version})
			if err != nil {
				return err
			}
			if first && ask == nil {
				ask = &r
			}
		}
	}
	if ask == nil {
		return nil
	}
	t.session.Ask = &question{Kind: askRenew, Asked: 1, At: t.Tx.Now(), Typed: ask.text.Version}
	t.also = append(t.also, say.AskRenew(ask.text.Version, ask.changed, ask.child, ask.renews))
	return nil
}

// renew agrees to a version for all that was agreed to by the ones before it, which
// stay on record. A version that has meanwhile been replaced is agreed to by nobody.
func (t *talk) renew(ctx context.Context, version string, families []family) (said string, err error) {
	said = say.NothingAsked
	for _, f := range families {
		all, err := t.renewals(ctx, f)
		if err != nil {
			return "", err
		}
		for _, r := range all {
			if r.text.Version != version {
				continue
			}
			for _, p := range r.purposes {
				err = errors.Join(err, t.agree(ctx, f, p))
			}
			err = errors.Join(err, t.Tx.AnswerConsentAsk(ctx, f.asker, version, models.ConsentYes), t.Tx.Note(ctx, "consent_renewed", "recipient:"+f.recipient.ID, version))
			if err != nil {
				return "", err
			}
			said = say.Renewed(version)
		}
	}
	return said, nil
}

func (t *talk) renewRefused(ctx context.Context, version string, families []family) error {
	var failed error
	for _, f := range families {
		failed = errors.Join(failed, t.Tx.AnswerConsentAsk(ctx, f.asker, version, models.ConsentNo))
	}
	return errors.Join(failed, t.Tx.Note(ctx, "consent_not_renewed", "sender", version))
}

// renewNow agrees to whatever is new, for who says so unasked; said is empty where
// nothing is.
func (t *talk) renewNow(ctx context.Context, families []family) (said string, err error) {
	for _, f := range families {
		all, err := t.renewals(ctx, f)
		if err != nil {
			return "", err
		}
		for _, r := range all {
			if said, err = t.renew(ctx, r.text.Version, families); err != nil {
				return "", err
			}
		}
	}
	return said, nil
}

// newer is what follows a text for who agreed to an older version of it, and whose
// word on it is taken then.
func (t *talk) newer(ctx context.Context, text models.PrivacyText, families []family) (string, error) {
	for _, f := range families {
		all, err := t.renewals(ctx, f)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(all, func(r renewal) bool { return r.text.Version == text.Version }) {
			t.session.Ask = &question{Kind: askRenew, Asked: 1, At: t.Tx.Now(), Typed: text.Version}
			return say.NoticeSeen, nil
		}
	}
	return "", nil
}
