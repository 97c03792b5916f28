package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"time"

	"aixin/web/xlsx"
)

// printer makes the picture of a code whose scan tells a scene.
type printer interface {
	QRPicture(ctx context.Context, scene string, ttl time.Duration) ([]byte, error)
}

// pictureLife is how long a printed picture works; the typed code lives longer.
const pictureLife = 30 * 24 * time.Hour

// slip is one card to cut out.
type slip struct {
	xlsx.InvitationRow
	Picture template.URL
}

type slipUnit struct {
	Unit  string
	Slips []slip
}

// slips is a page to print: a sheet a unit, a card a person, whole without any
// network.
var slips = template.Must(template.New("slips").Parse(`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>绑定码</title>
<style>
body { margin: 0; font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #1f2329; }
section { padding: 8mm; break-after: page; }
section:last-child { break-after: auto; }
h1 { margin: 0 0 2mm; font-size: 18px; }
.note { margin: 0 0 5mm; color: #4d545f; }
.slips { display: grid; grid-template-columns: 1fr 1fr; gap: 4mm; }
.slip { display: flex; gap: 4mm; align-items: center; padding: 4mm; border: 1px dashed #8a9099; break-inside: avoid; }
.slip img { width: 30mm; height: 30mm; flex: none; }
.slip p { margin: 0; }
.who { font-size: 16px; font-weight: 600; }
.code { font: 700 20px/1.6 ui-monospace, monospace; letter-spacing: 1px; }
small { color: #4d545f; }
</style></head><body>
{{range .Units}}<section>
<h1>{{.Unit}}</h1>
<p class="note">微信扫码,{{$.Until}}前有效{{if $.Forever}}(二维码长期可用,码 180 天){{end}};扫不了就关注公众号后发“绑定 ”加下面的码。一个码只能用一次,请剪开交给本人,别拍照发群。</p>
<div class="slips">{{range .Slips}}<div class="slip"><img src="{{.Picture}}" alt="{{.Name}}的绑定二维码"><div>
<p class="who">{{.Name}}{{with .PhoneEnd}} <small>尾号 {{.}}</small>{{end}}</p>
{{with .Recipient}}<p>{{.}}家</p>{{end}}<p class="code">{{.Code}}</p><p><small>{{.Role}}</small></p></div></div>
{{end}}</div></section>
{{end}}</body></html>
`))

// writeSlips draws the codes and writes the page. The codes are stored already;
// where the platform stops answering the page ends, and the error says so.
func writeSlips(ctx context.Context, w io.Writer, p printer, rows []xlsx.InvitationRow, today time.Time, forever bool, step func(done int)) error {
	life := pictureLife
	if forever {
		life = 0
	}
	var units []slipUnit
	for i, r := range rows {
		picture, err := p.QRPicture(ctx, "bind_"+r.Code, life)
		if err != nil {
			return errors.Join(fmt.Errorf("第 %d 张二维码没做成:%s", i+1, platformAdvice(err)), ctx.Err())
		}
		if n := len(units); n == 0 || units[n-1].Unit != r.Unit {
			units = append(units, slipUnit{Unit: r.Unit})
		}
		u := &units[len(units)-1]
		u.Slips = append(u.Slips, slip{r, template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(picture))})
		step(i + 1)
	}
	return slips.Execute(w, map[string]any{"Units": units, "Until": today.Add(pictureLife).Format("2006年1月2日"), "Forever": forever})
}
