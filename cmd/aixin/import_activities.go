package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/web/xlsx"
)

type importActivitiesCmd struct {
	File   string `arg:"" help:"省系统导出表或单位台账(.xlsx);几张表都认。" placeholder:"FILE.xlsx"`
	DryRun bool   `help:"先试一遍:逐行核对,不写进记录。"`
	Map    string `help:"列名认不出时写明:列名=字段,几个用逗号隔开。" placeholder:"列名=字段,…"`
	Report string `help:"带“结果”“原因”两列的副本写到哪里;默认 FILE-结果.xlsx。" placeholder:"FILE.xlsx"`
}

// Help is shown by aixin import activities --help.
func (importActivitiesCmd) Help() string {
	return `把以前做过的走访、联系、实事、资助收进来,按 人×干部×日×类别 并成一条:系统里已有的、表里写重的,不再记一条;同一天金额不同的两笔资助照旧两笔。

每行要有:哪位干部(手机号或姓名)、哪位对象(身份证号、编号或姓名)、哪天、做了什么(走访、联系、实事、资助,或写明电话、微信等方式)。金额和内容有就收。

  先试:aixin import activities 台账.xlsx --dry-run
  列名特别的:aixin import activities 台账.xlsx --map "做法=活动类别,去的日子=日期"

字段有:` + xlsx.HistoryFields() + `

逐行结果写进副本;有一行没导入,退出码就是 1。导错了,30 天内可整批撤回:aixin import --undo 批号`
}

// Run enters past activities.
func (c *importActivitiesCmd) Run(e *env) error {
	columns, err := xlsx.ParseColumnMap(c.Map)
	if err != nil {
		return err
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
	h, err := xlsx.ReadHistory(src, info.Size(), today, columns)
	if err != nil {
		return err
	}
	for i := range h.Rows {
		h.Rows[i].Note = scrub(h.Rows[i].Note) // id numbers and cards go no further, as in the chat
	}
	report, err := reportFile(c.Report, c.File, info)
	if err != nil {
		return err
	}
	var sum desk.HistorySummary
	var broken error // the run ended early: the copy still says which rows are in
	begun := false
	err = privateFile(report, func(w io.Writer) error {
		begun = true
		var results map[xlsx.Place]xlsx.Result
		results, sum, broken = desk.EnrollHistory(e.ctx, db.System("import"), h, today, rulesOf(e.cfg), c.DryRun, progressOn(e.stderr, e.clock.Now))
		return h.Report(src, info.Size(), w, results)
	})
	if !begun {
		return fmt.Errorf("结果副本 %s 写不了,没有开始导入(可用 --report 换个地方):%w", report, reason(err))
	}
	c.tell(e.stdout, h, sum, report)
	switch {
	case broken != nil:
		return brokenOff(broken)
	case err != nil:
		return fmt.Errorf("记录已处理完,但结果副本 %s 没写成:%w", report, reason(err))
	case len(sum.Failures) > 0:
		return exitCode(1)
	}
	return nil
}

func (c *importActivitiesCmd) tell(w io.Writer, h *xlsx.History, sum desk.HistorySummary, report string) {
	if c.DryRun {
		fmt.Fprintln(w, "试导入,记录没有动。正式导入会是:")
	}
	fmt.Fprintf(w, "%s:导入 %d 行,未变 %d 行,错误 %d 行\n", strings.Join(h.Sheets, "、"), sum.Rows.New, sum.Rows.Same, sum.Rows.Failed)
	fmt.Fprintf(w, "新记 %d 条", sum.Activities)
	if sum.Late > 0 {
		fmt.Fprintf(w, ",其中补录(31 天以前的)%d 条", sum.Late)
	}
	if sum.Unpaired > 0 {
		fmt.Fprintf(w, ",不在结对期内、不抵任务的 %d 条", sum.Unpaired)
	}
	fmt.Fprintln(w)
	if len(h.Unused) > 0 {
		fmt.Fprintf(w, "没用到的表:%s\n", strings.Join(h.Unused, "、"))
	}
	tellFailures(w, sum.Failures)
	fmt.Fprintf(w, "逐行结果:%s\n", report)
	tellBatch(w, sum.Batch)
}

// nounWords are the nouns of a batch as people say them, with their measure.
var nounWords = map[string][2]string{
	"record": {"记录", "条"}, "pairing": {"结对", "条"}, "contact": {"联系人", "人"}, "state": {"近况", "条"}, "delegation": {"代管", "条"}, "recipient": {"关爱对象", "人"}, "cadre": {"干部", "人"},
	"unit": {"单位", "个"}, "region": {"地区", "个"},
}

// undoImport takes a batch back and says what went and what stayed.
func undoImport(e *env, batch string) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	st := db.System("import undo")
	undone, err := desk.Undo(e.ctx, st, batch, progressOn(e.stderr, e.clock.Now))
	if errors.Is(err, desk.ErrNoBatch) {
		recent, listErr := st.RecentBatches(e.ctx)
		if listErr != nil {
			return listErr
		}
		words := map[string]string{"register": "名册", "activities": "以前的记录"}
		for _, b := range recent {
			fmt.Fprintf(e.stderr, "可撤回的:%s %s %s\n", b.ID, b.CreatedAt.Time().In(e.cfg.Zone()).Format("2006-01-02 15:04"), words[b.Kind])
		}
	}
	if err != nil {
		return err
	}
	taken := 0
	for _, p := range undone.Parts {
		taken += p.Taken
		word := nounWords[p.Noun]
		switch {
		case p.Taken+p.Kept == 0:
		case p.Kept == 0:
			fmt.Fprintf(e.stdout, "%s:撤回 %d %s\n", word[0], p.Taken, word[1])
		default:
			fmt.Fprintf(e.stdout, "%s:撤回 %d %s,留着 %d %s(后来用上或改过)\n", word[0], p.Taken, word[1], p.Kept, word[1])
		}
	}
	switch {
	case taken == 0:
		fmt.Fprintln(e.stdout, "没有撤回什么:这一批新加的都已经用上或改过。")
	case undone.Kind == "register":
		fmt.Fprintln(e.stdout, "撤回好了。这一批改过的原有内容没有改回;备份在导入前的表里。")
	default:
		fmt.Fprintln(e.stdout, "撤回好了。撤回的记录不再计数,用 aixin export activities --all 还看得到。")
	}
	return nil
}
