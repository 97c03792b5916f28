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

type importCmd struct {
	File   string `arg:"" help:"名册工作簿(.xlsx),有“干部”“关爱对象”“结对关系”三张表。" placeholder:"FILE.xlsx"`
	DryRun bool   `help:"先试一遍:逐行核对,不写进名册。"`
	Report string `help:"带“结果”“原因”两列的副本写到哪里;默认 FILE-结果.xlsx。" placeholder:"FILE.xlsx"`
}

// Help is shown by aixin import --help.
func (importCmd) Help() string {
	return `把工作簿里没有错的行写进名册,有错的行不写,并写一份副本,每行后面加上“结果”(导入、更新、未变、错误)和“原因”。

先试:aixin import 名册.xlsx --dry-run

再导:aixin import 名册.xlsx

改好有错的行,同一份再导一次就行:导过的行是“未变”。空着的格子不会清掉名册里已有的内容。有一行没导入,退出码就是 1。`
}

// Run takes a workbook into the register.
func (c *importCmd) Run(e *env) error {
	src, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("打不开 %s:%w", c.File, reason(err))
	}
	defer src.Close()
	info, err := src.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return fmt.Errorf("%s 不是文件,请写工作簿(.xlsx)的路径", c.File)
	}
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	today := models.DayOf(e.clock.Now(), e.cfg.Zone())
	reg, err := xlsx.ReadRegister(src, info.Size(), today)
	if err != nil {
		return err
	}
	report := c.Report
	if report == "" {
		report = strings.TrimSuffix(c.File, filepath.Ext(c.File)) + "-结果.xlsx"
	}
	if there, err := os.Stat(report); err == nil && os.SameFile(there, info) {
		return errors.New("--report 不能就是原来的文件,请换个名字")
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
	case errors.Is(broken, desk.ErrMeanwhile):
		return broken
	case errors.Is(broken, context.Canceled):
		return errors.New("导入被打断,前面存好的都在,再运行一次会接着做")
	case store.Away(broken):
		return errors.New("数据库中途连不上,前面存好的都在;恢复后再运行一次会接着做")
	case broken != nil:
		return fmt.Errorf("导入没做完,前面存好的都在,再运行一次会接着做:%w", broken)
	case err != nil:
		return fmt.Errorf("名册已处理完,但结果副本 %s 没写成:%w", report, reason(err))
	case len(sum.Failures) > 0:
		return exitCode(1)
	}
	return nil
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
	}{{"干部", sum.Cadres}, {"关爱对象", sum.Recipients}, {"结对关系", sum.Pairings}} {
		fmt.Fprintf(w, "%s:导入 %d,更新 %d,未变 %d,错误 %d\n", s.sheet, s.New, s.Updated, s.Same, s.Failed)
	}
	tellNew(w, "新单位", sum.NewUnits)
	tellNew(w, "新地区", sum.NewRegions)
	if n := len(sum.Failures); n > 0 {
		fmt.Fprintf(w, "有 %d 行没导入:\n", n)
		for _, f := range sum.Failures[:min(n, shownFailures)] {
			fmt.Fprintf(w, "  %s 第 %d 行:%s\n", f.Sheet, f.Row, f.Reasons)
		}
		if n > shownFailures {
			fmt.Fprintf(w, "  ……其余 %d 行见副本\n", n-shownFailures)
		}
	}
	fmt.Fprintf(w, "逐行结果:%s\n", report)
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
