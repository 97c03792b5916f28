package xlsx

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

func octoberReport() *models.Report {
	period, _ := models.ParsePeriod(models.ReportMonthly, "2026-10") // a good period
	top := models.ReportRow{Code: models.CityCode, Name: "平凉市", Opening: [3]int64{2, 1, 3}}
	top.Now[models.VisitPersons], top.Late[models.VisitPersons], top.Year[models.VisitPersons] = 12, -1, 90
	top.Now[models.AidGoodsFen] = 123456
	top.Stock = models.Headcount{Start: 40, In: 3, Out: 1, End: 42, Paired: 41, Unpaired: 1}
	top.Duty = models.Duty{Pairings: 41, Met: 40, MetBy: [3]int{40, 41, 41}}
	below := top
	below.Name, below.Level = `=HYPERLINK("http://x","县")`, 1
	return &models.Report{
		Kind: period.Kind, Period: period, Region: models.CityCode, Name: "平凉市", AsOf: 1794585599999, Closed: true, Target: models.DefaultRules().Target(period.To()),
		Places: []models.ReportRow{top, below}, Units: []models.ReportRow{{Name: "+单位", Level: 1}},
		Months: []models.ReportMonth{{Month: "2026-10", Own: top.Now}},
		Shorts: []models.Short{{PairingID: "p", Tally: [3]int{1, 2, 0}, Lack: [3]int{3, 0, 1}, LastSeen: "2026-10-03"}},
		Checks: []models.CheckCount{{Name: "平凉市", Drawn: 62, Agrees: 57, False: 3, Unreached: 2, Low: 0.863, High: 0.983, SeedHash: "abc"}},
	}
}

func TestWriteReport(t *testing.T) {
	var out bytes.Buffer
	must(t, WriteReport(&out, ReportBook{
		Report: octoberReport(), Zone: time.FixedZone("east", 8*3600), SignedAt: 1794900000000, Hash: "f00d",
		Names: func(models.Short) (string, string, string, string, string) {
			return "=谷军", "D1", "@王敏", "-单位", "\t峡门乡"
		},
		Notes: []ReportRemark{{1794900000000, "=1+1"}},
	}))
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	must(t, err)
	defer f.Close()
	want := []string{"六项指标", "分地区", "分单位", "任务进度", "还差名单", "存量进出", "四个一对一", "诉求办理", "捐赠", "抽查", "基层负担", "逐月对账", "口径说明"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Fatal(got)
	}
	text := map[string]string{}
	for _, sheet := range want {
		rows, err := f.GetRows(sheet)
		must(t, err)
		for i, row := range rows {
			for j, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t", rune(cell[0])) && cell != "-1" {
					t.Errorf("%s: %q may become a formula", sheet, cell)
				}
				name, _ := excelize.CoordinatesToCellName(j+1, i+1) // counted from 1
				if formula, err := f.GetCellFormula(sheet, name); err != nil || formula != "" {
					t.Errorf("%s %s: formula %q %v", sheet, name, formula, err)
				}
			}
			text[sheet] += strings.Join(row, "|") + "\n"
		}
	}
	for sheet, words := range map[string][]string{
		"六项指标": {"平凉市“结对帮扶·爱心甘肃”月报告(2026年10月)", "走访探视|人次|12|-1|0|12|91|1", "资助物资折合|元|1,234.56", "在册 42 = 上期末 40 + 新增 3 - 退出 1", "已签发", "校验码 f00d"},
		"还差名单": {"'=谷军|D1|'@王敏|'-单位|'\t峡门乡|1|2|0|3|0|1|2026-10-03"},
		"抽查":   {"抽 62 户,问到 60 户,一致 57,不实 3", "95.00%|86.30%|98.30%", "abc"},
		"任务进度": {"平凉市|41|0|40|97.56%|0|1"},
		"口径说明": {"走访探视|人次|见了面的走访。", "不排名"},
	} {
		for _, w := range words {
			if !strings.Contains(text[sheet], w) {
				t.Errorf("%s lacks %q:\n%s", sheet, w, text[sheet])
			}
		}
	}
}

// The list is final only once the year is over.
func TestShortTitle(t *testing.T) {
	r := octoberReport()
	if r.ShortTitle() != "还差名单" {
		t.Error(r.ShortTitle())
	}
	r.Period, _ = models.ParsePeriod(models.ReportAnnual, "2026") // a good period
	if r.ShortTitle() != "未达标名单" {
		t.Error(r.ShortTitle())
	}
	if r.Closed = false; r.ShortTitle() != "还差名单" {
		t.Error(r.ShortTitle())
	}
}
