package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/redis/go-redis/v9"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

const importsPath = "/admin/imports"

type importsView struct {
	form
	Batches []batchRow
}

type batchRow struct {
	ID, Kind, At string
	Mine         bool
}

// upload is a workbook that came in: what it came to, first tried, then for good.
type upload struct {
	ID      string       `json:"id"`
	Account string       `json:"account"`
	Name    string       `json:"name"`
	Tried   bool         `json:"tried"`
	Stored  bool         `json:"stored"`
	Fault   string       `json:"fault"`
	Sum     desk.Summary `json:"sum"`
}

// Bad is how many rows could not be taken in.
func (u upload) Bad() int {
	return u.Sum.Cadres.Failed + u.Sum.Recipients.Failed + u.Sum.Pairings.Failed + u.Sum.Besides.Failed
}

// More is how many bad rows the page does not list.
func (u upload) More() int { return max(0, u.Bad()-len(u.Shown())) }

// Shown are the bad rows that the page lists; the copy has all of them.
func (u upload) Shown() []desk.Failure { return u.Sum.Failures[:min(len(u.Sum.Failures), 50)] }

func (s *site) imports(w http.ResponseWriter, r *http.Request, me seat) error {
	return s.drawImports(w, r, me, http.StatusOK, form{})
}

func (s *site) drawImports(w http.ResponseWriter, r *http.Request, me seat, status int, f form) error {
	rows, err := me.st.RecentBatches(r.Context())
	if err != nil {
		return err
	}
	v := importsView{form: f}
	for _, b := range rows {
		if !s.owns(me, b) {
			continue
		}
		v.Batches = append(v.Batches, batchRow{b.ID, map[string]string{store.BatchRegister: "名册", store.BatchActivities: "以前的记录"}[b.Kind], s.clock(b.CreatedAt), true})
	}
	return s.draw(w, r, me, status, "imports", v)
}

// owns tells whether somebody may take a batch back: its maker, and the city.
func (s *site) owns(me seat, b store.Batch) bool {
	return b.Actor == "account:"+me.ID || me.Role == models.AccountCity
}

// takeUpload takes a workbook in and tries it; nothing is stored in the register.
func (s *site) takeUpload(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	if err := r.ParseMultipartForm(4 << 20); err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return err
		}
		f := form{}
		f.wrong("file", "没有收到文件,请再选一次。")
		return s.drawImports(w, r, me, http.StatusUnprocessableEntity, f)
	}
	defer r.MultipartForm.RemoveAll()
	file, head, err := r.FormFile("file")
	if err != nil {
		f := form{}
		f.wrong("file", "请选一个工作簿(.xlsx)。")
		return s.drawImports(w, r, me, http.StatusUnprocessableEntity, f)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return err
	}
	lists, err := me.st.Lists(ctx)
	if err != nil {
		return err
	}
	reg, err := xlsx.ReadRegister(bytes.NewReader(data), int64(len(data)), s.today(), lists)
	if err == nil {
		err = withinScope(reg, me)
	}
	if err != nil {
		f := form{}
		f.wrong("file", err.Error())
		return s.drawImports(w, r, me, http.StatusUnprocessableEntity, f)
	}
	up := upload{ID: models.NewID(s.Now()), Account: me.ID, Name: plainName(head.Filename)}
	box, err := s.DB.Keys().Seal("import."+up.ID, data)
	if err == nil {
		err = s.Album.Put(ctx, "import/"+up.ID, box)
	}
	if err == nil {
		err = s.saveUpload(ctx, up)
	}
	if err != nil {
		return err
	}
	return s.enroll(w, r, me, up, data, true)
}

// enroll runs over a workbook behind a page that shows how far it is.
func (s *site) enroll(w http.ResponseWriter, r *http.Request, me seat, up upload, data []byte, dry bool) error {
	title := map[bool]string{true: "核对 ", false: "导入 "}[dry] + up.Name
	today := s.today()
	to, err := s.begin(r, me, title, func(ctx context.Context, step func(done, total int)) (string, string, error) {
		lists, err := me.st.Lists(ctx)
		if err != nil {
			return "", "", err
		}
		reg, err := xlsx.ReadRegister(bytes.NewReader(data), int64(len(data)), today, lists)
		if err != nil {
			return "", "", err
		}
		results, sum, err := desk.Enroll(ctx, me.st, reg, today, dry, step)
		up.Sum, up.Tried = sum, true
		switch {
		case errors.Is(err, desk.ErrMeanwhile):
			up.Fault = err.Error()
		case err != nil:
			return "", "", err
		default:
			up.Stored = !dry
		}
		var report bytes.Buffer
		if err := reg.Report(bytes.NewReader(data), int64(len(data)), &report, results); err != nil {
			return "", "", err
		}
		box, err := s.DB.Keys().Seal("report."+up.ID, report.Bytes())
		if err == nil {
			err = s.Album.Put(ctx, "import/"+up.ID+".report", box)
		}
		if err == nil {
			err = s.saveUpload(ctx, up)
		}
		return map[bool]string{true: "核对完了,还没有导入。", false: "导入完了。"}[dry], importsPath + "/" + up.ID, err
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// withinScope refuses a workbook with rows of another place than the account's.
func withinScope(reg *xlsx.Register, me seat) error {
	if me.Region == models.CityCode {
		return nil
	}
	for _, p := range reg.Recipients {
		if p.Region != "" && p.Region != me.Scope && !strings.HasPrefix(p.Region, me.Scope+"/") {
			return fmt.Errorf("关爱对象第 %d 行不在%s,这份没有收。各县的人由各县导入。", p.Row, me.Scope)
		}
	}
	return nil
}

// plainName is a file's name without a path, short enough to show.
func plainName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	runes := []rune(name)
	return string(runes[:min(len(runes), 60)])
}

func (s *site) saveUpload(ctx context.Context, up upload) error {
	text, err := json.Marshal(up)
	if err != nil {
		return err
	}
	box, err := s.DB.Keys().SealText("upload."+up.ID, string(text))
	if err != nil {
		return err
	}
	return away(s.Redis.Set(ctx, "aixin:upload:"+up.ID, box, workLife).Err())
}

// uploaded finds an upload of the visitor's own.
func (s *site) uploaded(r *http.Request, me seat) (up upload, err error) {
	id := r.PathValue("id")
	box, err := s.Redis.Get(r.Context(), "aixin:upload:"+id).Result()
	if errors.Is(err, redis.Nil) {
		return up, store.ErrNotFound
	}
	if err != nil {
		return up, away(err)
	}
	text, err := s.DB.Keys().OpenText("upload."+id, box)
	if err != nil {
		return up, err
	}
	if err := json.Unmarshal([]byte(text), &up); err != nil || up.Account != me.ID {
		return up, store.ErrNotFound
	}
	return up, nil
}

func (s *site) importPage(w http.ResponseWriter, r *http.Request, me seat) error {
	up, err := s.uploaded(r, me)
	if err != nil {
		return err
	}
	return s.draw(w, r, me, http.StatusOK, "import", up)
}

// kept opens what an upload left in the store of files.
func (s *site) kept(ctx context.Context, key, where string) ([]byte, error) {
	f, err := s.Album.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	box, err := io.ReadAll(io.LimitReader(f, 4*uploadMost))
	if err != nil {
		return nil, err
	}
	return s.DB.Keys().Open(where, box)
}

// confirmImport stores the rows that were found good.
func (s *site) confirmImport(w http.ResponseWriter, r *http.Request, me seat) error {
	up, err := s.uploaded(r, me)
	if err != nil {
		return err
	}
	if up.Stored || !up.Tried {
		return s.done(w, r, importsPath+"/"+up.ID, "这一份已经导入过了。")
	}
	data, err := s.kept(r.Context(), "import/"+up.ID, "import."+up.ID)
	if err != nil {
		return err
	}
	return s.enroll(w, r, me, up, data, false)
}

// importReport is the copy of the workbook with a result behind each row.
func (s *site) importReport(w http.ResponseWriter, r *http.Request, me seat) error {
	up, err := s.uploaded(r, me)
	if err != nil {
		return err
	}
	data, err := s.kept(r.Context(), "import/"+up.ID+".report", "report."+up.ID)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", `attachment; filename="result.xlsx"; filename*=UTF-8''`+url.PathEscape("导入结果.xlsx"))
	_, err = w.Write(data)
	return err
}

// undoImport takes a batch back, after a question.
func (s *site) undoImport(w http.ResponseWriter, r *http.Request, me seat) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return err
	}
	b, err := me.st.Batch(ctx, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !s.owns(me, b) {
		return s.noPage(w, r)
	}
	ok, err := s.sure(w, r, me, confirm{
		Title: "整批撤回?", Lines: []string{s.clock(b.CreatedAt) + " 那一批新加的会撤掉;已经用上的、后来改过的留着。"}, Label: "撤回", Back: importsPath,
	})
	if err != nil || !ok {
		return err
	}
	to, err := s.begin(r, me, "整批撤回", func(ctx context.Context, step func(done, total int)) (string, string, error) {
		u, err := desk.Undo(ctx, me.st, b.ID, step)
		if errors.Is(err, desk.ErrBatchUndone) || errors.Is(err, desk.ErrBatchOld) {
			return err.Error(), importsPath, nil
		}
		n := 0
		for _, p := range u.Parts {
			n += p.Taken
		}
		return fmt.Sprintf("撤回了 %d 条,%d 条已经用上,留着。", n, u.Kept()), importsPath, err
	})
	if err != nil {
		return err
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}
