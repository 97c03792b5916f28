package xlsx

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"aixin/models"
)

// FuzzReadRegister puts any text where a sheet's XML belongs: the reader may
// refuse it, and the report may fail, but nothing breaks down.
func FuzzReadRegister(f *testing.F) {
	good := bytesOf(f, plantedWorkbook(f))
	zr, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	must(f, err)
	for _, e := range zr.File {
		if strings.HasPrefix(e.Name, "xl/worksheets/sheet") {
			part, err := readEntry(e)
			must(f, err)
			f.Add(part)
		}
	}
	const sheet = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>手机号</t></is></c><c t="inlineStr"><is><t>单位</t></is></c><c t="inlineStr"><is><t>所属地区</t></is></c></row><row><c><f>A1&amp;"x"</f></c><c><v>1.99e10</v></c></row></sheetData><mergeCells><mergeCell ref="A2:A9"/></mergeCells></worksheet>`
	f.Add([]byte(sheet))
	f.Add([]byte(strings.ReplaceAll(strings.ReplaceAll(sheet, "</", "</x:"), "<c", "<x:c")))
	f.Fuzz(func(t *testing.T, part []byte) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, e := range zr.File {
			if e.Name != "xl/worksheets/sheet1.xml" {
				must(t, w.Copy(e))
				continue
			}
			out, err := w.Create(e.Name)
			must(t, err)
			_, err = out.Write(part)
			must(t, err)
		}
		must(t, w.Close())
		reg, err := ReadRegister(bytes.NewReader(b.Bytes()), int64(b.Len()), today, models.ShippedLists())
		if err != nil {
			if _, ok := err.(FileError); !ok {
				t.Fatalf("no sentence for a person: %v", err)
			}
			return
		}
		var out bytes.Buffer
		_ = reg.Report(bytes.NewReader(b.Bytes()), int64(b.Len()), &out, results(reg, OutcomeNew))
	})
}
