package xlsx

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// ActivityRow is one activity as people read it in a workbook.
type ActivityRow struct {
	Person, PersonID string
	Cadre, CadreID   string
	Unit             string
	Kind             models.Kind
	Channel          models.Channel
	Help             models.Help
	Day              models.Day
	AmountFen        *int64
	Photos           int
	Source           models.Source
	Status           models.Status
	Note             string
	Fund             models.Fund // whose money a gift is
	Found            string      // what the visit found of the checklist
}

var (
	sourceWords = map[models.Source]string{models.SourceChat: "微信", models.SourceConsole: "管理台", models.SourceImport: "导入"}
	statusWords = map[models.Status]string{models.StatusActive: "有效", models.StatusCorrected: "已更正", models.StatusWithdrawn: "已撤回", models.StatusDisputed: "有异议"}
)

var activityColumns = []struct {
	heading string
	width   float64
}{
	{"对象", 12},
	{"对象编号", 16},
	{"干部", 12},
	{"干部编号", 16},
	{"单位", 26},
	{"类别", 11},
	{"方式", 8},
	{"实事", 11},
	{"日期", 12},
	{"金额(元)", 12},
	{"照片", 7},
	{"来源", 9},
	{"状态", 9},
	{"备注", 50},
	{"钱从哪来", 10},
	{"四必查", 30},
}

// sheetRows is how many rows go on one sheet; the format ends at 1,048,576. A
// variable for the test.
var sheetRows = 1_000_000

// WriteActivities writes a workbook of activities, one a row, as they come.
func WriteActivities(w io.Writer, rows iter.Seq[ActivityRow]) error {
	book, err := newBook()
	if err != nil {
		return err
	}
	defer book.Close()
	var (
		sheet *excelize.StreamWriter
		n     int
	)
	next := func() (err error) {
		if sheet != nil {
			if err = sheet.Flush(); err != nil {
				return err
			}
		}
		sheet, err = book.activitySheet(n/sheetRows + 1)
		return err
	}
	if err := next(); err != nil {
		return err
	}
	for row := range rows {
		if n > 0 && n%sheetRows == 0 {
			if err := next(); err != nil {
				return err
			}
		}
		if err := sheet.SetRow(fmt.Sprintf("A%d", n%sheetRows+2), book.activity(row)); err != nil {
			return fmt.Errorf("writing activity %d: %w", n+1, err)
		}
		n++
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

// book is a workbook in the making, with the styles all of ours share.
type book struct {
	*excelize.File
	head, date, money, text, note int
}

func newBook() (*book, error) {
	b := &book{File: excelize.NewFile()}
	dateFormat := "yyyy-mm-dd"
	for _, s := range []struct {
		into  *int
		style excelize.Style
	}{
		{&b.head, excelize.Style{
			Font:      &excelize.Font{Bold: true},
			Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8F3EC"}},
			Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
		}},
		{&b.date, excelize.Style{CustomNumFmt: &dateFormat}},
		{&b.money, excelize.Style{NumFmt: 4}}, // #,##0.00
		{&b.text, excelize.Style{NumFmt: 49}}, // @
		{&b.note, excelize.Style{Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}, Font: &excelize.Font{Color: "666666"}}},
	} {
		id, err := b.NewStyle(&s.style)
		if err != nil {
			b.Close()
			return nil, err
		}
		*s.into = id
	}
	return b, nil
}

func (b *book) activitySheet(n int) (*excelize.StreamWriter, error) {
	name := "活动"
	if n > 1 {
		name = fmt.Sprintf("活动%d", n)
		if _, err := b.NewSheet(name); err != nil {
			return nil, err
		}
	} else if err := b.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	sw, err := b.NewStreamWriter(name)
	if err != nil {
		return nil, err
	}
	head := make([]any, len(activityColumns))
	for i, c := range activityColumns {
		head[i] = excelize.Cell{StyleID: b.head, Value: c.heading}
		if err := sw.SetColWidth(i+1, i+1, c.width); err != nil {
			return nil, err
		}
	}
	if err := sw.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	return sw, sw.SetRow("A1", head)
}

func (b *book) activity(r ActivityRow) []any {
	var date, amount any
	if r.Day != "" {
		date = excelize.Cell{StyleID: b.date, Value: r.Day.Time()}
	}
	if r.AmountFen != nil {
		amount = excelize.Cell{StyleID: b.money, Value: float64(*r.AmountFen) / 100}
	}
	return []any{
		harmlessText(r.Person), harmlessText(r.PersonID), harmlessText(r.Cadre), harmlessText(r.CadreID), harmlessText(r.Unit),
		r.Kind.Label(), r.Channel.Label(), r.Help.Label(),
		date, amount, r.Photos, word(sourceWords, r.Source), word(statusWords, r.Status), harmlessText(r.Note), models.FundLabels[r.Fund], harmlessText(r.Found),
	}
}

func word[T ~string](words map[T]string, v T) string {
	if s, ok := words[v]; ok {
		return s
	}
	return harmlessText(string(v))
}

// harmlessText keeps what people wrote from becoming a formula once the sheet is
// saved as CSV and opened again.
func harmlessText(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// templateNote is the explanation above the headings of each sheet of the
// template; the import knows it for a title.
var templateNote = map[*form]string{
	cadreForm:     "说明:从标题下一行填起,一人一行,带 * 的必填。手机号 11 位;所属地区写成 崆峒区/峡门乡/吴坡村,市直单位写 平凉市;专业从 %s 里选,不填算普通。",
	recipientForm: "说明:一人一行,带 * 的必填。类别从 %s 里选,多个用顿号隔开;供养方式写 分散 或 集中,不适用写 —;不满 18 岁要有监护人(住机构的写机构名称);没有身份证号的先空着,填编号;别名写干部平时的叫法,如 老谷、谷叔。",
	contactForm:   "说明:监护人以外还有谁找得到,一人一行,可以不填。关系从 %s 里选;邻居、村干部要经对象同意,只请他们捎话。",
	stateForm:     "说明:现在住院、外出这些,一段一行,可以不填;从 %s 里选。这期间只提醒电话。还没结束的不写结束日期。",
	deputyForm:    "说明:干部请假、培训时别人代管几天,一对一行,可以不填。到结束日期自动还给原来的干部。%s",
	pairingForm:   "说明:一对一行,带 * 的必填。条线从 %s 里选,不填算结对;对象没有身份证号的填编号;日期写成 2025-03-01;后四列填本系统启用前今年已做的次数,不清楚的空着。",
}

// WriteTemplate writes an empty register workbook to be filled in, with the words
// that the office's lists have on a day.
func WriteTemplate(w io.Writer, lists models.Lists, on models.Day) error {
	words := wordsOf(lists, on)
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.Close()
	drop := map[*form]map[string]string{
		cadreForm:     {headSpeciality: specialities.words()},
		recipientForm: {headCareMode: words.careModes.words()},
		pairingForm:   {headLine: words.lines.words()},
		contactForm:   {headRelation: kin.words()},
		stateForm:     {headState: states.words()},
	}
	note := map[*form]string{cadreForm: specialities.words(), recipientForm: words.categories.words(), pairingForm: words.lines.words(), contactForm: kin.words(), stateForm: states.words()}
	for i, f := range forms {
		if i == 0 {
			err = b.SetSheetName("Sheet1", f.name)
		} else {
			_, err = b.NewSheet(f.name)
		}
		if err != nil {
			return err
		}
		if err := b.templateSheet(f, fmt.Sprintf(templateNote[f], note[f]), drop[f]); err != nil {
			return fmt.Errorf("sheet %s: %w", f.name, err)
		}
	}
	return b.Write(w)
}

func (b *book) templateSheet(f *form, note string, lists map[string]string) error {
	last, err := excelize.ColumnNumberToName(len(f.columns))
	if err != nil {
		return err
	}
	steps := []error{
		// Text, so that a long number keeps its digits.
		b.SetColStyle(f.name, "A:"+last, b.text),
		b.SetColWidth(f.name, "A", last, 16),
		b.MergeCell(f.name, "A1", last+"1"),
		b.SetCellStr(f.name, "A1", note),
		b.SetCellStyle(f.name, "A1", last+"1", b.note),
		b.SetRowHeight(f.name, 1, 64),
		b.SetCellStyle(f.name, "A2", last+"2", b.head),
		b.SetPanes(f.name, &excelize.Panes{Freeze: true, YSplit: 2, TopLeftCell: "A3", ActivePane: "bottomLeft"}),
	}
	for i, c := range f.columns {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		title := c.name
		if c.compulsory && c.name != headID { // the heading must stand there, the number may lack
			title = "*" + title
		}
		steps = append(steps, b.SetCellStr(f.name, col+"2", title))
		if words, ok := lists[c.name]; ok {
			v := excelize.NewDataValidation(true)
			v.Sqref = fmt.Sprintf("%s3:%s%d", col, col, MaxRows)
			steps = append(steps, v.SetDropList(strings.Split(words, "、")), b.AddDataValidation(f.name, v))
		}
	}
	for _, err := range steps {
		if err != nil {
			return err
		}
	}
	return nil
}
