package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"aixin/configs"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
	"aixin/models/town"
)

// clerk is a configured database that commands are run on, as a person would.
func clerk(t *testing.T, driver string) func(args ...string) (code int, stdout, stderr string) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("AIXIN_DATA_DIR", dir)
	t.Setenv("AIXIN_DATABASE_DRIVER", driver)
	if driver == "mysql" {
		t.Setenv("AIXIN_DATABASE_DSN", storetest.DSN(t, driver))
	}
	run := func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
	for _, args := range [][]string{{"keys", "init"}, {"migrate"}} {
		if code, out, errs := run(args...); code != 0 {
			t.Fatal(args, out, errs)
		}
	}
	return run
}

func sheets(t *testing.T, path string, of map[string][][]any) {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for name, rows := range of {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			cell, _ := excelize.CoordinatesToCellName(1, i+1)
			if err := f.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
}

var batchLine = regexp.MustCompile(`批号:(\w{26})`)

// A clerk imports the register, without a word and with it, then a ledger, looks
// at both and takes both back.
func TestImportOfBothKinds(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			aixin := clerk(t, driver)
			sheets(t, "名册.xlsx", map[string][][]any{
				"干部":   {{"姓名", "手机号", "单位", "所属地区"}, {"王敏", "19900000001", "峡门乡人民政府", "崆峒区/峡门乡"}},
				"关爱对象": {{"姓名", "身份证号", "编号", "出生日期", "类别", "所属地区"}, {"谷军", "", "K-1", "1958-03-02", "其他", "崆峒区/峡门乡/吴坡村"}},
				"结对关系": {{"干部手机号", "编号", "开始日期"}, {"19900000001", "K-1", "2024-03-01"}},
			})
			sheets(t, "台账.xlsx", map[string][][]any{"台账": {
				{"干部", "对象", "做法", "日期", "金额", "备注"},
				{"王敏", "谷军", "走访", "2025-03-01", 300, "取了证11010519491231002X,都好"},
				{"王敏", "谷军", "走访", "2025-03-01", ""},
				{"王敏", "无此人", "走访", "2025-03-01", ""},
			}})
			code, out, errs := aixin("import", "名册.xlsx", "--dry-run")
			if code != 0 || strings.Contains(out, "批号") {
				t.Fatalf("dry run: %d %s %s", code, out, errs)
			}
			code, out, errs = aixin("import", "--report", "r.xlsx", "名册.xlsx")
			register := batchLine.FindStringSubmatch(out)
			if code != 0 || register == nil || !strings.Contains(out, "结对关系:导入 1") {
				t.Fatalf("import: %d %s %s", code, out, errs)
			}
			if code, out, errs = aixin("import", "register", "名册.xlsx"); code != 0 || !strings.Contains(out, "未变 1") {
				t.Fatalf("import register: %d %s %s", code, out, errs)
			}

			if code, _, errs = aixin("import", "activities", "台账.xlsx"); code != 1 || !strings.Contains(errs, "--map") {
				t.Fatalf("without --map: %d %s", code, errs)
			}
			code, out, errs = aixin("import", "activities", "台账.xlsx", "--map", "做法=类别")
			past := batchLine.FindStringSubmatch(out)
			if code != 1 || past == nil || !strings.Contains(out, "导入 1 行,未变 1 行,错误 1 行\n新记 2 条,其中补录(31 天以前的)2 条\n") || !strings.Contains(out, "台账 第 4 行:I109") {
				t.Fatalf("activities: %d %s %s", code, out, errs)
			}
			book, err := excelize.OpenFile("台账-结果.xlsx")
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			if cols, err := book.GetCols("台账"); err != nil || !slices.Equal(cols[6], []string{"结果", "导入", "未变", "错误"}) {
				t.Errorf("report: %v %v", cols, err)
			}
			export := []string{"export", "activities", "--from", "2025-01-01", "--to", "2025-12-31"}
			today := string(models.DayOf(time.Now(), configs.Default().Zone()))
			if _, out, _ = aixin(export...); strings.Count(out, "\n") != 2 || !strings.Contains(out, `"amount_yuan":300`) || !strings.Contains(out, `"source":"import"`) || strings.Contains(out, "1949") || !strings.Contains(out, "都好") {
				t.Errorf("export: %s", out)
			}
			if _, out, errs = aixin(append(export, "--as-of", "2025-12-31")...); out != "" || errs != "" {
				t.Errorf("nobody knew it then: %s %s", out, errs)
			}
			if _, out, errs = aixin(append(export, "--as-of", today)...); strings.Count(out, "\n") != 2 {
				t.Errorf("as of today: %s %s", out, errs)
			}

			if code, out, _ = aixin("import", "--undo", register[1]); code != 0 || !strings.Contains(out, "干部:撤回 0 人,留着 1 人") {
				t.Errorf("undo of what is in use: %d %s", code, out)
			}
			if code, out, _ = aixin("import", "--undo", past[1]); code != 0 || !strings.Contains(out, "记录:撤回 1 条\n") {
				t.Errorf("undo: %d %s", code, out)
			}
			if _, out, _ = aixin(export...); out != "" {
				t.Errorf("after the undo: %s", out)
			}
			if code, _, errs = aixin("import", "--undo", past[1]); code != 1 || !strings.Contains(errs, "已经撤回过") {
				t.Errorf("undo again: %d %s", code, errs)
			}
			if code, _, errs = aixin("import", "--undo", "nonesuch"); code != 1 || !strings.Contains(errs, "没有这一批") {
				t.Errorf("undo of nothing: %d %s", code, errs)
			}
			for _, wrong := range [][]string{{"import"}, {"import", "--undo", "x", "名册.xlsx"}, {"import", "nix.xlsx"}, {"import", "activities", "nix.xlsx"}, {"import", "activities"}} {
				if code, _, errs := aixin(wrong...); code == 0 || strings.TrimSpace(errs) == "" {
					t.Errorf("%v: %d %q", wrong, code, errs)
				}
			}
			if files, _ := filepath.Glob(".aixin-*"); len(files) > 0 {
				t.Errorf("left behind: %v", files)
			}
		})
	}
}

func TestSeed(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			aixin := clerk(t, driver)
			code, out, errs := aixin("seed", "--recipients", "300", "--cadres", "280", "--years", "1", "--bind")
			if code != 0 || !strings.Contains(out, "搬好了:干部") {
				t.Fatalf("%d %s %s", code, out, errs)
			}
			if code, _, errs = aixin("seed"); code != 1 || !strings.Contains(errs, "没有动它") {
				t.Errorf("a second city: %d %s", code, errs)
			}
			if code, _, errs = aixin("seed", "--cadres", "0"); code != 1 || !strings.Contains(errs, "--cadres") {
				t.Errorf("an empty city: %d %s", code, errs)
			}
			// What was loaded in bulk is read as anything else is.
			e := &env{ctx: context.Background(), clock: &clock{}, stdout: &bytes.Buffer{}, stderr: os.Stderr}
			db, stop, err := e.store()
			if err != nil {
				t.Fatal(err)
			}
			defer stop()
			st := db.System("test")
			recipients, cadres, err := st.CountPeople(e.ctx)
			if err != nil || recipients < 300 || cadres < 280 {
				t.Fatal(recipients, cadres, err)
			}
			bindings, err := st.Bindings(e.ctx, st.OpenIDIndex(seedOpenID("C00001")))
			if err != nil || len(bindings) != 1 {
				t.Fatal(bindings, err)
			}
			roster, err := st.Roster(e.ctx, bindings[0].SubjectID, models.DayOf(time.Now(), e.cfg.Zone()))
			if err != nil || len(roster) == 0 || roster[0].Recipient.Name.Empty() {
				t.Fatal(roster, err)
			}
			rows, late := 0, 0
			for r, err := range st.Export(e.ctx, store.ExportQuery{From: "2000-01-01", To: "2099-12-31"}) {
				if err != nil {
					t.Fatal(err)
				}
				if rows++; r.Person == "" || r.Cadre == "" || r.PairingID == "" || r.RecordedAt > st.Now() {
					t.Fatalf("%+v", r)
				}
				if r.Late {
					late++
				}
			}
			if rows < 1500 || late == 0 || late > rows/10 {
				t.Errorf("%d activities, %d late", rows, late)
			}
		})
	}
}

// The demo's town moves in by the same way, in one transaction and with people
// of its own bound.
func TestMoverOfTheSmallTown(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, clock *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		today := models.DayOf(clock.Now(), configs.Default().Zone())
		small := town.Demo(today)
		err := st.InTx(ctx, func(tx *store.Store) error {
			m := newMover(ctx, tx, today)
			m.openid = func(_ models.Role, key string) string {
				if key == "C01" {
					return demoOpenID(key)
				}
				return ""
			}
			if err := m.ensureRegions(tx, small); err != nil {
				return err
			}
			return m.moveIn(small)
		})
		if err != nil {
			t.Fatal(err)
		}
		recipients, cadres, err := st.CountPeople(ctx)
		if err != nil || int(recipients) != len(small.Recipients) || int(cadres) != len(small.Cadres) {
			t.Errorf("%d recipients, %d cadres, %v", recipients, cadres, err)
		}
		bound, err := st.BoundSubjects(ctx, models.RoleCadre)
		if err != nil || len(bound) != 1 {
			t.Errorf("bound: %v %v", bound, err)
		}
	})
}
