package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"unicode/utf8"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

const (
	// policyMost is the largest base that is taken in.
	policyMost = 2 << 20
	// shownChanges is how many changes of a base are shown one by one.
	shownChanges = 200
)

type policyDraftView struct {
	ID, Act, By, At, Reason      string
	Own, Mine                    bool // the visitor's own; of the visitor's area
	Version, Added, Changed, Out int
	Changes                      []policyChangeView
	More                         int
	Found                        []policyFinding // of no single change
	Faulty                       bool
}

type policyChangeView struct {
	Title, Kind string
	Fields      []desk.PolicyField
	Found       []policyFinding
	Gone        bool
	Others      bool // belongs to another place's editors
}

type policyFinding struct {
	Entry, Words string
	Fault        bool
}

// policyDraftView holds a draft against the base in force.
func (s *site) policyDraftView(ctx context.Context, me seat, b desk.PolicyBase, d models.PolicyDraft) (*policyDraftView, error) {
	by, err := me.st.Logins(ctx, []string{d.AskedBy})
	if err != nil {
		return nil, err
	}
	p, err := b.Proposal(d, s.today())
	if err != nil {
		return nil, err
	}
	v := &policyDraftView{
		ID: d.ID, Act: d.Act.Label(), By: by[d.AskedBy], At: s.clock(d.AskedAt), Reason: d.Reason,
		Own: d.AskedBy == me.ID, Mine: p.Within(me.Region), Version: b.Version, Faulty: p.Faulty(),
	}
	return v, s.showChanges(ctx, me, p, v)
}

// showChanges puts the changes of a proposal into words, each with what the check
// found in it.
func (s *site) showChanges(ctx context.Context, me seat, p desk.PolicyProposal, v *policyDraftView) error {
	var codes []string
	for _, c := range p.Changes {
		for _, f := range c.Fields() {
			if f.Label == "哪里用" {
				codes = append(codes, f.Was, f.Now)
			}
		}
	}
	where, err := me.st.PlaceNames(ctx, codes)
	if err != nil {
		return err
	}
	placed := map[string]bool{}
	for i, c := range p.Changes {
		row := policyChangeView{Title: c.Title(), Kind: "改", Gone: c.Now == nil, Others: !c.Within(me.Region)}
		switch {
		case c.Was == nil:
			row.Kind = "加"
			v.Added++
		case c.Now == nil:
			row.Kind = "去掉"
			v.Out++
		default:
			v.Changed++
		}
		placed[c.ID] = true
		if i >= shownChanges {
			v.More++
			continue
		}
		for _, f := range c.Fields() {
			switch f.Label {
			case "哪里用":
				f.Was, f.Now = placeOr(where, f.Was), placeOr(where, f.Now)
			case "从哪天起", "哪天复核":
				f.Was, f.Now = s.dayWritten(f.Was), s.dayWritten(f.Now)
			}
			row.Fields = append(row.Fields, f)
		}
		for _, x := range p.Found {
			if x.Entry == c.ID {
				row.Found = append(row.Found, policyFinding{x.Entry, x.Words, x.Fault})
			}
		}
		v.Changes = append(v.Changes, row)
	}
	for _, x := range p.Found {
		if !placed[x.Entry] {
			v.Found = append(v.Found, policyFinding{x.Entry, x.Words, x.Fault})
		}
	}
	return nil
}

// dayWritten is a day as people read it; what is none stays as somebody wrote it.
func (s *site) dayWritten(text string) string {
	if d, err := models.ParseDay(text); err == nil {
		return s.date(d)
	}
	return text
}

func placeOr(where map[string]string, code string) string {
	if code == "" {
		return "全市"
	}
	if where[code] == "" {
		return code
	}
	return where[code]
}

type policyDraftPage struct {
	Title string
	Draft *policyDraftView
}

// policyDraft shows what a draft would change.
func (s *site) policyDraft(w http.ResponseWriter, r *http.Request, me seat) error {
	d, err := me.st.PolicyDraft(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	if d.DecidedAt != 0 {
		return s.done(w, r, policyPath, "这一稿已经有人办了。")
	}
	b, err := s.policy(r.Context(), me)
	if err != nil {
		return err
	}
	v := policyDraftPage{Title: d.Act.Label()}
	if v.Draft, err = s.policyDraftView(r.Context(), me, b, d); err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "policydraft", v)
}

type policyUploadView struct {
	form
	Draft *policyDraftView // of a file that was not taken
}

func (s *site) policyUpload(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.draw(w, r, me, http.StatusOK, "policyupload", policyUploadView{})
}

// takePolicy reads a whole base and shows what it changes. With a fault it is not
// kept: the faults stand at their entries, and the file comes again.
func (s *site) takePolicy(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	if err := r.ParseMultipartForm(policyMost); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var body []byte
	if file, _, err := r.FormFile("file"); err == nil {
		defer file.Close()
		if body, err = io.ReadAll(file); err != nil {
			return err
		}
	}
	if len(body) == 0 {
		f.wrong("file", "选一个政策库文件,先在政策库页下载整库,改好再送上来。")
	} else if !utf8.Valid(body) {
		f.wrong("file", "这个文件不是文字(UTF-8),存成 UTF-8 再送。")
	}
	f.limits("reason", 200)
	if !f.OK() {
		return s.draw(w, r, me, http.StatusUnprocessableEntity, "policyupload", policyUploadView{form: f})
	}
	b, err := s.policy(ctx, me)
	if err != nil {
		return err
	}
	d := models.PolicyDraft{Act: models.PolicyWhole, Body: string(body), Reason: f.Get("reason")}
	p, err := b.Proposal(d, s.today())
	if err != nil {
		return err
	}
	switch {
	case p.Faulty():
		f.wrong("", "文件里有错,没有收;错处写在下面各条,改好再送。")
	case !p.Within(me.Region):
		f.wrong("", "改了不归您这里管的条目(下面标着“不归这里”),把它们还原再送。")
	case len(p.Changes) == 0:
		f.wrong("", "和现在的一样,没有要改的。")
	}
	if !f.OK() {
		v := policyUploadView{form: f, Draft: &policyDraftView{}}
		if err := s.showChanges(ctx, me, p, v.Draft); err != nil {
			return err
		}
		return s.draw(w, r, me, http.StatusUnprocessableEntity, "policyupload", v)
	}
	err = me.st.InTx(ctx, func(tx *store.Store) error {
		if err := tx.AddPolicyDraft(ctx, &d); err != nil {
			return err
		}
		return tx.Note(ctx, "policy.propose", "policy", d.Act.Label()+":"+d.Reason)
	})
	if errors.Is(err, store.ErrLost) {
		return s.done(w, r, policyPath, "已经有一份整库等着签,先办那一份。")
	}
	if err != nil {
		return err
	}
	return s.done(w, r, policyPath+"/drafts/"+d.ID, "收下了,看看改了哪些。请另一位管政策库的账号签,签了才生效。")
}

// decidePolicy signs a draft off or turns it down; one's own can only be taken back.
func (s *site) decidePolicy(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := me.st.PolicyDraft(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	b, err := s.policy(ctx, me)
	if err != nil {
		return err
	}
	p, err := b.Proposal(d, s.today())
	if err != nil {
		return err
	}
	to, give, version := policyPath+"/drafts/"+d.ID, f.Get("give") == "yes", 0
	switch {
	case d.DecidedAt != 0:
		return s.done(w, r, policyPath, "这一稿已经有人办了。")
	case f.Get("give") == "":
		return s.done(w, r, to, "签还是退,请点一个。")
	case give && d.AskedBy == me.ID:
		return s.done(w, r, to, "自己拟的,请另一个账号签。")
	case d.AskedBy != me.ID && !p.Within(me.Region):
		return s.done(w, r, to, "这一稿不归您这里签,请市里或者那个县的编辑签。")
	case give && f.Get("version") != fmt.Sprint(b.Version):
		return s.done(w, r, to, "政策库刚换了一版,请对着现在的再看一遍。")
	case give && p.Faulty():
		return s.done(w, r, to, "有错,签不了;退回去改好再送。")
	}
	by, err := me.st.Logins(ctx, []string{d.AskedBy, me.ID})
	if err != nil {
		return err
	}
	err = me.st.InTx(ctx, func(tx *store.Store) (err error) {
		if give {
			version, err = desk.SignPolicy(ctx, tx, d, s.today(), by[d.AskedBy]+"拟,"+by[me.ID]+"签")
			return err
		}
		if err := tx.DecidePolicyDraft(ctx, d.ID, false); err != nil {
			return err
		}
		return tx.Note(ctx, "policy.refuse", "policy:"+d.Entry, d.Reason)
	})
	if to = policyPath; d.Entry != "" && d.Act != models.PolicyRemove {
		to += "/" + url.PathEscape(d.Entry)
	}
	if _, known := b.Entry(d.Entry); !known && !give {
		to = policyPath
	}
	switch {
	case errors.Is(err, store.ErrLost):
		return s.done(w, r, policyPath, "这一稿已经有人办了。")
	case err != nil:
		return err
	case give:
		return s.done(w, r, to, fmt.Sprintf("签了,收作第%d版,一两分钟内生效。", version))
	}
	return s.done(w, r, to, "退了,还用原来的。")
}
