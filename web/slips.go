package web

import (
	"encoding/base64"
	"html/template"
	"io"
	"time"

	"aixin/web/xlsx"
)

// PictureLife is how long a printed picture works; the typed code lives longer.
const PictureLife = 30 * 24 * time.Hour

// slip is one card to cut out.
type slip struct {
	xlsx.InvitationRow
	Picture template.URL
}

type slipUnit struct {
	Unit  string
	Slips []slip
}

// slips is a page to print on A4: a sheet a unit, two cards side by side, whole
// without any network. A card is never cut in two.
var slips = template.Must(template.New("slips").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>绑定码</title>
<style>
@page { size: A4; margin: 10mm 12mm; }
body { margin: 0; font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1f2329; }
section { padding: 8mm; break-after: page; }
section:last-child { break-after: auto; }
h1, h2 { margin: 0 0 2mm; font-size: 18px; }
.note { margin: 0 0 5mm; color: #4d545f; }
.how { margin: 0; padding: 4mm 8mm; background: #e8f3ec; }
.slips { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 4mm; }
.slip { display: flex; gap: 4mm; align-items: center; min-height: 30mm; padding: 4mm; border: 1px dashed #8a9099; break-inside: avoid; }
.slip img { width: 30mm; height: 30mm; flex: none; }
.slip p { margin: 0; overflow-wrap: anywhere; }
.who { font-size: 16px; font-weight: 600; }
.code { font: 700 20px/1.6 ui-monospace, monospace; letter-spacing: 1px; }
small { font-size: 13px; color: #4d545f; }
@media print { .how { display: none; } section { padding: 0; } }
@media (max-width: 640px) { .slips { grid-template-columns: 1fr; } }
</style></head><body><main>
<h1 class="how">绑定码</h1>
{{with .How}}<p class="how">{{.}}</p>{{end}}
{{range .Units}}<section>
<h2>{{.Unit}}</h2>
<p class="note">微信扫码,{{$.Until}}前有效{{if $.Forever}}(二维码长期可用,码 180 天){{end}};扫不了就关注公众号后发“绑定 ”加下面的码。一个码只能用一次,请剪开交给本人,别拍照发群。</p>
<div class="slips">{{range .Slips}}<div class="slip">{{if .Picture}}<img src="{{.Picture}}" alt="{{.Name}}的绑定二维码">{{end}}<div>
<p class="who">{{.Name}}{{with .PhoneEnd}} <small>尾号 {{.}}</small>{{end}}</p>
{{with .Recipient}}<p>{{.}}家</p>{{end}}<p class="code">{{.Code}}</p><p><small>{{.Role}}{{if not .Picture}} · 发“绑定 {{.Code}}”{{end}}</small></p></div></div>
{{end}}</div></section>
{{end}}</main></body></html>
`))

// WriteSlips writes the cards of codes to print and cut, with the picture of each;
// one without a picture is typed. how stands above them on the screen only.
func WriteSlips(w io.Writer, rows []xlsx.InvitationRow, pictures [][]byte, today time.Time, forever bool, how string) error {
	var units []slipUnit
	for i, r := range rows {
		if n := len(units); n == 0 || units[n-1].Unit != r.Unit {
			units = append(units, slipUnit{Unit: r.Unit})
		}
		u := &units[len(units)-1]
		s := slip{InvitationRow: r}
		if len(pictures[i]) > 0 {
			s.Picture = template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(pictures[i]))
		}
		u.Slips = append(u.Slips, s)
	}
	return slips.Execute(w, map[string]any{"Units": units, "Until": today.Add(PictureLife).Format("2006年1月2日"), "Forever": forever, "How": how})
}
