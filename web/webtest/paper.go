package webtest

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

var sheetCount = regexp.MustCompile(`/Type ?/Pages[^>]*?/Count (\d+)|/Count (\d+)[^>]*?/Type ?/Pages`)

// Paper prints the page as its style asks, keeps what comes out and how it looks,
// and tells how many sheets it takes.
func (b *Tab) Paper(name string) (sheets int) {
	b.t.Helper()
	yes := true
	b.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		res, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &yes, PrintBackground: &yes})
		if err != nil {
			return err
		}
		paper := []byte(res.Data)
		if !bytes.HasPrefix(paper, []byte("%PDF")) {
			return fmt.Errorf("no paper came out: %.20q", paper)
		}
		for _, m := range sheetCount.FindAllSubmatch(paper, -1) {
			n, _ := strconv.Atoi(string(append(m[1], m[2]...)))
			sheets = max(sheets, n)
		}
		if err := os.WriteFile(filepath.Join(b.dir, name+".pdf"), paper, 0o600); err != nil {
			return err
		}
		_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	b.Size(794, 1123) // A4 at 96 dots an inch
	b.Shot(name + "-print")
	return sheets
}

// Screen goes back from paper.
func (b *Tab) Screen() {
	b.t.Helper()
	b.Do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
		return err
	}))
}
