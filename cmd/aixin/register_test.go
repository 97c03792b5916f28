package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

// oneDeed is a register of two cadres and a child with a guardian, and one gift.
func oneDeed(t *testing.T, st *store.Store) (cadre models.Cadre, person models.Recipient) {
	t.Helper()
	ctx := context.Background()
	unit := models.Unit{ID: st.NewID(), Name: "城关小学", Region: models.CityCode}
	cadre = models.Cadre{ID: st.NewID(), Name: models.Conceal("王敏"), Phone: models.Conceal("19900000001"), PhoneIdx: st.PhoneIndex("19900000001"), UnitID: unit.ID}
	other := models.Cadre{ID: st.NewID(), Name: models.Conceal("=安宁"), Phone: models.Conceal("19900000002"), PhoneIdx: st.PhoneIndex("19900000002"), UnitID: unit.ID}
	person = models.Recipient{ID: st.NewID(), Number: "D2026-000001", Name: models.Conceal("马海龙"), Birth: models.Conceal("2017-05-09")}
	guardian := models.Contact{ID: st.NewID(), RecipientID: person.ID, Kind: models.ContactGuardian, Name: models.Conceal("王桂兰")}
	pairing := models.Pairing{ID: st.NewID(), CadreID: cadre.ID, RecipientID: person.ID, Line: models.LinePairing, FromDay: "2025-01-01"}
	for _, row := range []any{&unit, &cadre, &other, &person, &guardian, &pairing} {
		if err := st.Create(ctx, row); err != nil {
			t.Fatal(err)
		}
	}
	fen := int64(25650)
	err := st.AddRecord(ctx, &models.Record{CadreID: cadre.ID}, []models.Activity{
		{RecipientID: person.ID, PairingID: pairing.ID, Kind: models.KindAid, Day: "2026-11-20", AmountFen: &fen, Note: models.Conceal("送了<米>面油")},
		{RecipientID: person.ID, PairingID: pairing.ID, Kind: models.KindContact, Channel: models.ChannelPhone, Day: "2026-11-19", Note: models.Conceal("=1+1")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return cadre, person
}

func TestExportActivities(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		cadre, person := oneDeed(t, st)
		export := func(format string) string {
			t.Helper()
			var out bytes.Buffer
			if err := exportActivities(st.Export(ctx, store.ExportQuery{From: "2026-11-01", To: "2026-11-30"}), format, &out); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		tail := fmt.Sprintf(`"source":"chat","status":"active","person_id":"%s","cadre_id":"%s","unit":"城关小学"}`+"\n", person.ID, cadre.ID)
		want := `{"person":"马海龙","kind":"contact","channel":"phone","help":null,"date":"2026-11-19","amount_yuan":null,"cadre":"王敏","note":"=1+1","photos":0,` + tail +
			`{"person":"马海龙","kind":"aid","channel":null,"help":null,"date":"2026-11-20","amount_yuan":256.5,"cadre":"王敏","note":"送了<米>面油","photos":0,` + tail
		if got := export("jsonl"); got != want {
			t.Errorf("jsonl:\n%s\nwant\n%s", got, want)
		}
		rows, err := csv.NewReader(strings.NewReader(export("csv"))).ReadAll()
		if err != nil || len(rows) != 3 || rows[0][0] != "person" || rows[1][7] != "'=1+1" || rows[2][5] != "256.5" {
			t.Errorf("csv: %v, %v", rows, err)
		}
		book, err := excelize.OpenReader(strings.NewReader(export("xlsx")))
		if err != nil {
			t.Fatal(err)
		}
		defer book.Close()
		if rows, err := book.GetRows("活动"); err != nil || len(rows) != 3 {
			t.Errorf("xlsx: %v, %v", rows, err)
		}
		// Withdrawn rows come with --all only.
		last, err := st.LastRecord(ctx, cadre.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.WithdrawRecord(ctx, last.ID); err != nil {
			t.Fatal(err)
		}
		if got := export("jsonl"); got != "" {
			t.Errorf("withdrawn rows: %s", got)
		}
	})
}

func TestExportDates(t *testing.T) {
	for _, c := range [][2]string{{"", ""}, {"2026-11-01", ""}, {"2026-1-1", "2026-11-30"}, {"2026-11-01", "2026-11-31"}, {"2026-11-30", "2026-11-01"}} {
		if _, err := (&exportCmd{From: c[0], To: c[1]}).query(); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: %v", c, err)
		}
	}
	q, err := (&exportCmd{From: "2026-11-01", To: "2026-11-01", All: true}).query()
	if err != nil || q != (store.ExportQuery{From: "2026-11-01", To: "2026-11-01", All: true}) {
		t.Errorf("%+v, %v", q, err)
	}
}

func TestInvitations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB, _ *storetest.Clock) {
		ctx, st := context.Background(), db.System("test")
		cadre, _ := oneDeed(t, st)
		list := func(role models.Role, unit string, all bool) [][]string {
			t.Helper()
			people, err := invitees(ctx, st, role, "2026-11-21", unit, all)
			if err != nil {
				t.Fatal(err)
			}
			made, err := desk.MakeCodes(ctx, st, role, people)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := writeInvitations(&out, made); err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(&out).ReadAll()
			if err != nil || strings.Join(rows[0], ",") != "角色,姓名,单位,手机尾号,关爱对象,绑定码" {
				t.Fatal(rows, err)
			}
			return rows[1:]
		}
		rows := list(models.RoleCadre, "", false)
		if len(rows) != 2 || strings.Join(rows[0][:5], ",") != "干部,王敏,城关小学,0001," || rows[1][1] != "'=安宁" {
			t.Fatalf("cadres: %v", rows)
		}
		for _, r := range rows {
			i, err := st.Invitation(ctx, r[5])
			if err != nil || i.Role != models.RoleCadre || len(r[5]) != models.CodeLength {
				t.Errorf("code %s: %+v, %v", r[5], i, err)
			}
		}
		if rows := list(models.RoleGuardian, "城关小学", false); len(rows) != 1 || strings.Join(rows[0][:5], ",") != "监护人,王桂兰,城关小学,,马海龙" {
			t.Errorf("guardians: %v", rows)
		}
		if err := st.Bind(ctx, "o1", models.RoleCadre, cadre.ID); err != nil {
			t.Fatal(err)
		}
		if rows := list(models.RoleCadre, "", false); len(rows) != 1 || rows[0][1] != "'=安宁" {
			t.Errorf("bound ones are left out: %v", rows)
		}
		if rows := list(models.RoleCadre, "", true); len(rows) != 2 {
			t.Errorf("--all: %v", rows)
		}
		if rows := list(models.RoleRecipient, "", false); len(rows) != 0 {
			t.Errorf("a child does not bind alone: %v", rows)
		}
		for role, unit := range map[models.Role]string{models.RoleAdmin: "", models.RoleCadre: "没有这个单位"} {
			if _, err := invitees(ctx, st, role, "2026-11-21", unit, false); err == nil {
				t.Errorf("%s %q was taken", role, unit)
			}
		}
	})
}

func TestPrivateFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(path, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := privateFile(path, func(w io.Writer) error { w.Write([]byte("half")); return os.ErrInvalid }); err == nil {
		t.Fatal("no error")
	}
	if b, _ := os.ReadFile(path); string(b) != "before" {
		t.Errorf("a failed write left %q", b)
	}
	if err := privateFile(path, func(w io.Writer) error { _, err := w.Write([]byte("whole")); return err }); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if files, _ := os.ReadDir(filepath.Dir(path)); len(files) != 1 {
		t.Errorf("left behind: %v", files)
	}
}

func TestTellImport(t *testing.T) {
	var out bytes.Buffer
	sum := desk.Summary{Cadres: desk.Outcomes{New: 3, Failed: 25}, NewUnits: []string{"城关小学"}, NewRegions: []string{"崆峒区/峡门乡"}}
	for i := range 25 {
		sum.Failures = append(sum.Failures, desk.Failure{Sheet: "干部", Row: i + 2, Reasons: "I113 手机号不对"})
	}
	tell(&out, true, sum, "名册-结果.xlsx")
	for _, want := range []string{"名册没有动", "干部:导入 3,更新 0,未变 0,错误 25", "新单位 1 个:城关小学", "新地区 1 个:崆峒区/峡门乡", "干部 第 21 行:I113", "其余 5 行", "名册-结果.xlsx"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "第 22 行") {
		t.Error("more than twenty rows are listed")
	}
}
