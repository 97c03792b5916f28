package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// Id numbers leave the house only for a reason, after the second factor, in a
// file that its password alone opens, and not without an audit row.
func TestFullFilingBook(t *testing.T) {
	eachWorld(t, func(w *world) {
		st := w.db.System("test")
		w.account("shiban", models.AccountCity, county{region: models.CityCode}, "高望")
		r := models.Recipient{ID: st.NewID(), Number: "D0900", Name: models.Conceal("谷满仓"), Region: w.here.region + "001001", IDNumber: models.Conceal("620899201501010018"), Categories: string(models.CategoryOrphan)}
		p := models.Pairing{ID: st.NewID(), CadreID: w.here.cadre, RecipientID: r.ID, Line: models.LinePairing, FromDay: "2025-01-01"}
		w.create(&r, &p)
		w.record(w.here, p, []models.Activity{{Kind: models.KindVisit, Day: "2026-11-05", Note: models.Conceal("=1+1 送了面")}})
		form := func(reason, key, proof string) url.Values {
			return url.Values{"reason": {reason}, "password": {key}, "proof": {proof}}
		}
		me := w.signIn("kongtong1")
		const path, key = "/admin/filing.xlsx", "崆峒录入2026"
		w.want(w.post(path, form("", key, password), me), 422, "写一句为什么")
		w.want(w.post(path, form("核对证件号", "short", password), me), 422, "至少 8 个字")
		refused := w.post(path, form("核对证件号", key, "不是密码"), me)
		w.want(refused, 422, "密码不对", `value="核对证件号"`)
		if strings.Contains(refused.body, key) {
			t.Error("the page repeats the file's password")
		}
		for _, who := range []string{"shiban", "kongtong2", "kongtong3"} {
			w.want(w.post(path, form("核对证件号", key, password), w.signIn(who)), 404)
		}
		if n, err := st.CountAudit(ctx, "filing.reveal"); err != nil || n != 0 {
			t.Errorf("%d audit rows before anything left, %v", n, err)
		}
		book := w.post(path, form("核对证件号", key, password), me)
		if book.StatusCode != 200 || strings.Contains(book.body, "谷满仓") {
			t.Fatalf("%d, or in the clear", book.StatusCode)
		}
		if _, err := excelize.OpenReader(strings.NewReader(book.body)); err == nil {
			t.Error("the file opens without its password")
		}
		x, err := excelize.OpenReader(strings.NewReader(book.body), excelize.Options{Password: key})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := x.GetRows("要新录")
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, row := range rows {
			all.WriteString(strings.Join(row, "|") + "\n")
		}
		for _, want := range []string{"证件号", "谷满仓", "620899201501010018", "送了面"} {
			if !strings.Contains(all.String(), want) {
				t.Errorf("no %s in\n%s", want, &all)
			}
		}
		if n, err := st.CountAudit(ctx, "filing.reveal"); err != nil || n != 1 {
			t.Errorf("%d audit rows, %v", n, err)
		}
		if masked := w.cells(w.ask("GET", path, nil, me).body); strings.Contains(masked, "谷满仓") || strings.Contains(masked, "620899") {
			t.Error("the plain sheets show more than a surname")
		}
	})
}
