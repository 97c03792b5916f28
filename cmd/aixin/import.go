package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// How many bad rows, and how many new names, the summary lists; the copy has all
// rows.
const (
	shownFailures = 20
	shownNames    = 30
)

// importGroup holds what can be imported. A register is what comes without a word.
type importGroup struct {
	Register   importCmd           `cmd:"" default:"withargs" help:"导入名册工作簿,逐行写回结果;register 可以不写。"`
	Activities importActivitiesCmd `cmd:"" help:"导入以前的走访、联系、实事、资助记录(省系统导出表、单位台账)。"`
}

// Help is shown by aixin import --help.
func (importGroup) Help() string {
	return `三种用法:

  aixin import 名册.xlsx [--dry-run] [--report FILE.xlsx]      导入名册(说明:aixin import register --help)
  aixin import activities 台账.xlsx [--dry-run] [--map …]     导入以前的记录
  aixin import --undo 批号                                    整批撤回,30 天内`
}

type importCmd struct {
	File   string `arg:"" optional:"" help:"名册工作簿(.xlsx),有“干部”“关爱对象”“结对关系”三张表。" placeholder:"FILE.xlsx"`
	DryRun bool   `help:"先试一遍:逐行核对,不写进名册。"`
	Undo   string `help:"把一批导入整批撤回(30 天内),批号在导入时打印出来。" placeholder:"BATCH"`
	Report string `help:"带“结果”“原因”两列的副本写到哪里;默认 FILE-结果.xlsx。" placeholder:"FILE.xlsx"`
}

// Help is shown by aixin import --help.
func (importCmd) Help() string {
	return `用法:aixin import 名册.xlsx。把工作簿里没有错的行写进名册,有错的行不写,并写一份副本,每行后面加上“结果”(导入、更新、未变、错误)和“原因”。

  先试:aixin import 名册.xlsx --dry-run
  再导:aixin import 名册.xlsx

改好有错的行,同一份再导一次就行:导过的行是“未变”。空着的格子不会清掉名册里已有的内容。有一行没导入,退出码就是 1。

导错了:aixin import --undo 批号,把那一批新加的整批撤回;已经用上的留着,并说明有多少。`
}

// Run takes a workbook into the register, or a batch back out of it.
func (c *importCmd) Run(e *env) error {
	switch {
	case c.Undo != "" && (c.File != "" || c.DryRun):
		return errors.New("--undo 只写批号,不和文件、--dry-run 一起用")
	case c.Undo != "":
		return undoImport(e, strings.TrimSpace(c.Undo))
	case c.File == "":
		return errors.New("请写工作簿的路径,比如 aixin import 名册.xlsx;用法见 aixin import --help")
	}
	src, info, err := openWorkbook(c.File)
	if err != nil {
		return err
	}
	defer src.Close()
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	today := models.DayOf(e.clock.Now(), e.cfg.Zone())
	lists, err := db.System("import").Lists(e.ctx)
	if err != nil {
		return err
	}
	reg, err := xlsx.ReadRegister(src, info.Size(), today, lists)
	if err != nil {
		return err
	}
	report, err := reportFile(c.Report, c.File, info)
	if err != nil {
		return err
	}
	var sum desk.Summary
	var broken error // the run ended early: the copy still says which rows are in
	begun := false
	err = privateFile(report, func(w io.Writer) error {
		begun = true
		var results xlsx.Results
		results, sum, broken = desk.Enroll(e.ctx, db.System("import"), reg, today, c.DryRun, progressOn(e.stderr, e.clock.Now))
		return reg.Report(src, info.Size(), w, results)
	})
	if !begun {
		return fmt.Errorf("结果副本 %s 写不了,没有开始导入(可用 --report 换个地方):%w", report, reason(err))
	}
	tell(e.stdout, c.DryRun, sum, report)
	switch {
	case broken != nil:
		return brokenOff(broken)
	case err != nil:
		return fmt.Errorf("名册已处理完,但结果副本 %s 没写成:%w", report, reason(err))
	case len(sum.Failures) > 0:
		return exitCode(1)
	}
	return nil
}

// openWorkbook opens a file that somebody named.
func openWorkbook(path string) (*os.File, os.FileInfo, error) {
	src, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("打不开 %s:%w", path, reason(err))
	}
	info, err := src.Stat()
	if err != nil || !info.Mode().IsRegular() {
		src.Close()
		return nil, nil, fmt.Errorf("%s 不是文件,请写工作簿(.xlsx)的路径", path)
	}
	return src, info, nil
}

// reportFile is where the copy with the results goes: never over its source.
func reportFile(wish, source string, info os.FileInfo) (string, error) {
	if wish == "" {
		wish = strings.TrimSuffix(source, filepath.Ext(source)) + "-结果.xlsx"
	}
	if there, err := os.Stat(wish); err == nil && os.SameFile(there, info) {
		return "", errors.New("--report 不能就是原来的文件,请换个名字")
	}
	return wish, nil
}

// brokenOff says why an import did not come to its end, and what to do.
func brokenOff(err error) error {
	switch {
	case errors.Is(err, desk.ErrMeanwhile):
		return err
	case errors.Is(err, context.Canceled):
		return errors.New("导入被打断,前面存好的都在,再运行一次会接着做")
	case store.Away(err):
		return errors.New("数据库中途连不上,前面存好的都在;恢复后再运行一次会接着做")
	}
	return fmt.Errorf("导入没做完,前面存好的都在,再运行一次会接着做:%w", err)
}

// progressOn says every two seconds how far a long import is.
func progressOn(w io.Writer, now func() time.Time) func(done, total int) {
	last := now()
	return func(done, total int) {
		if t := now(); t.Sub(last) >= 2*time.Second {
			last = t
			fmt.Fprintf(w, "已处理 %d/%d 行\n", done, total)
		}
	}
}

// tell sums an import up for the person who ran it.
func tell(w io.Writer, dryRun bool, sum desk.Summary, report string) {
	if dryRun {
		fmt.Fprintln(w, "试导入,名册没有动。正式导入会是:")
	}
	for _, s := range []struct {
		sheet string
		desk.Outcomes
	}{{"干部", sum.Cadres}, {"关爱对象", sum.Recipients}, {"结对关系", sum.Pairings}, {"联系人、近况、代管", sum.Besides}} {
		if s.Outcomes == (desk.Outcomes{}) && s.sheet == "联系人、近况、代管" {
			continue // sheets that most workbooks have not
		}
		fmt.Fprintf(w, "%s:导入 %d,更新 %d,未变 %d,错误 %d\n", s.sheet, s.New, s.Updated, s.Same, s.Failed)
	}
	tellNew(w, "新单位", sum.NewUnits)
	tellNew(w, "新地区", sum.NewRegions)
	tellFailures(w, sum.Failures)
	fmt.Fprintf(w, "逐行结果:%s\n", report)
	tellBatch(w, sum.Batch)
}

func tellFailures(w io.Writer, failures []desk.Failure) {
	n := len(failures)
	if n == 0 {
		return
	}
	fmt.Fprintf(w, "有 %d 行没导入:\n", n)
	for _, f := range failures[:min(n, shownFailures)] {
		fmt.Fprintf(w, "  %s 第 %d 行:%s\n", f.Sheet, f.Row, f.Reasons)
	}
	if n > shownFailures {
		fmt.Fprintf(w, "  ……其余 %d 行见副本\n", n-shownFailures)
	}
}

// tellBatch says how to take it all back.
func tellBatch(w io.Writer, batch string) {
	if batch != "" {
		fmt.Fprintf(w, "批号:%s(导错了,30 天内可整批撤回:aixin import --undo %s)\n", batch, batch)
	}
}

// tellNew names what the import had to make, for a slip of the pen makes a place
// of its own.
func tellNew(w io.Writer, what string, names []string) {
	if len(names) == 0 {
		return
	}
	list, more := strings.Join(names[:min(len(names), shownNames)], "、"), ""
	if len(names) > shownNames {
		more = "……"
	}
	fmt.Fprintf(w, "%s %d 个:%s%s\n", what, len(names), list, more)
}

// privateFile writes a file with personal data, for its owner alone. Until it is
// whole, what stood there before stays.
func privateFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".aixin-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// reason is an error of a file without the call and the path, in Chinese where
// it is a common one.
func reason(err error) error {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return errors.New("没有这个文件或目录")
	case errors.Is(err, os.ErrPermission):
		return errors.New("没有权限")
	}
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
