package webtest

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Office and Phone set the window to an office's old screen and to a phone.
func (b *Tab) Office() { b.t.Helper(); b.Size(1280, 900) }

// Phone is Office's other half.
func (b *Tab) Phone() {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
}

// Each walks a journey twice, each time from its beginning: on an office's screen
// and on a phone.
func Each(t *testing.T, walk func(t *testing.T, b *Tab)) {
	for name, window := range map[string]func(*Tab){"1280": (*Tab).Office, "390": (*Tab).Phone} {
		t.Run(name, func(t *testing.T) {
			b := Open(t)
			b.size = "-" + name
			window(b)
			walk(t, b)
			for _, e := range b.Errors() {
				if !strings.Contains(e, "status of 4") { // a page that says what is wrong
					t.Errorf("the browser complained: %s", e)
				}
			}
		})
	}
}

// Look takes a picture of a step of a journey and looks at it.
func (b *Tab) Look(step string) { b.t.Helper(); b.Looks(step + b.size) }

// Both takes a picture of a page at either size and looks at each.
func (b *Tab) Both(name string) {
	b.t.Helper()
	b.Phone()
	b.Looks(name + "-390")
	b.Office()
	b.Looks(name + "-1280")
}

// Looks takes a picture of a page and checks what a picture does not show, each
// check a script that names what is wrong.
func (b *Tab) Looks(name string) {
	b.t.Helper()
	b.Shot(name)
	for _, check := range looks {
		if v := b.Eval("(() => {" + check.script + "})()"); v != "" {
			b.t.Errorf("%s: %s:\n%v", name, check.fault, v)
		}
	}
}

var looks = []struct{ fault, script string }{
	{"wider than the window", `
	const d = document.documentElement
	return d.scrollWidth <= innerWidth ? '' : d.scrollWidth + ' > ' + innerWidth`},
	{"without a name", `
	return [...document.querySelectorAll('button, a, input:not([type=hidden]), select, textarea, audio')].filter((e) =>
		!e.textContent.trim() && !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby') && !e.labels?.length && !e.querySelector('img[alt]')).map((e) => e.outerHTML).join('\n')`},
	{"too pale (WCAG AA)", contrast},
	{"not one heading and one main part", `
	const n = (s) => document.querySelectorAll(s).length
	return n('h1') === 1 && n('main') === 1 && document.title.trim() && document.documentElement.lang ? '' : n('h1') + ' h1, ' + n('main') + ' main, ' + document.title`},
	{"a table that cannot be read aloud", `
	return [...document.querySelectorAll('table')].filter((t) => !t.querySelector('th') || [...t.querySelectorAll('th')].some((h) => !h.scope)).map((t) => t.outerHTML.slice(0, 160)).join('\n')`},
	{"a picture without words", `
	return [...document.querySelectorAll('img:not([alt]), svg:not([role=img]):not([aria-hidden]), svg[role=img]:not([aria-label])')].map((e) => e.outerHTML.slice(0, 120)).join('\n')`},
	{"one id twice", `
	const seen = new Set()
	return [...document.querySelectorAll('[id]')].filter((e) => seen.size === seen.add(e.id).size).map((e) => e.id).join('\n')`},
	{"a date or a word for machines", `
	const bad = new Set(), walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
	for (let n; (n = walk.nextNode()); ) {
		if (n.parentElement.closest('code, .codes, .sample, textarea, script, style, [data-verbatim]') || !n.parentElement.offsetParent) continue
		for (const m of n.data.matchAll(/\d{4}-\d\d-\d\d|\d\dT\d\d|(?<![A-Za-z0-9_./-])(?!xlsx|PDF|Ctrl|App)[A-Za-z]{3,}(?![A-Za-z0-9])/g)) bad.add(m[0] + ' in: ' + n.data.trim().slice(0, 60))
	}
	return [...bad].join('\n')`},
	{"too small to read", `
	return [...new Set([...document.body.querySelectorAll('*')].filter((e) => e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && parseFloat(getComputedStyle(e).fontSize) < 13)
		.map((e) => e.tagName + ' ' + e.className + ' ' + e.textContent.trim().slice(0, 20)))].join('\n')`},
	{"too small for a thumb", `
	if (innerWidth > 500) return ''
	return [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, nav a, .button')].filter((e) => {
		const r = (e.closest('label') || e).getBoundingClientRect()
		return e.offsetParent && r.width > 0 && (r.height < 30 || r.width < 24)
	}).map((e) => e.outerHTML.slice(0, 100) + ' ' + e.getBoundingClientRect().height).join('\n')`},
	{"cut off, or scrolling where the keyboard does not reach", `
	return [...document.body.querySelectorAll('*')].filter((e) => {
		const s = getComputedStyle(e)
		return e.offsetParent && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1 && s.overflowX !== 'visible' && !['INPUT', 'SELECT', 'TEXTAREA'].includes(e.tagName) && !(e.tabIndex === 0 && e.getAttribute('aria-label'))
	}).map((e) => e.tagName + '.' + e.className + ' ' + e.scrollWidth + ' > ' + e.clientWidth).join('\n')`},
	{"focus is not seen", `
	const was = document.activeElement, bad = []
	for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
		if (!e.offsetParent) continue
		e.focus({focusVisible: true, preventScroll: true})
		const s = getComputedStyle(e)
		if (document.activeElement === e && (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2)) bad.push(e.outerHTML.slice(0, 100))
	}
	was && was !== document.body ? was.focus({preventScroll: true}) : document.activeElement.blur()
	return bad.join('\n')`},
	{"an order of its own for the keyboard", `
	return [...document.querySelectorAll('[tabindex]')].filter((e) => e.tabIndex > 0).map((e) => e.outerHTML.slice(0, 100)).join('\n')`},
}

// contrast finds words that do not reach 4.5:1 on the nearest ground, and marks of
// charts that do not reach 3:1.
const contrast = `
	const rgb = (s) => s.match(/[\d.]+/g).map(Number), lin = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
	const lum = ([r, g, b]) => 0.2126 * lin(r) + 0.7152 * lin(g) + 0.0722 * lin(b)
	const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c } return [255, 255, 255] }
	const ratio = (c, e) => { const [a, b] = [lum(rgb(c)), lum(ground(e))].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05) }
	const bad = new Set()
	for (const e of document.body.querySelectorAll('*')) {
		const drawn = e.closest('svg'), s = getComputedStyle(e)
		if (drawn ? e.matches('text') && ratio(s.fill, drawn) < 4.5 || e.matches('.bar, .point, .mark') && ratio(s.fill, drawn) < 3
			: e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) && ratio(s.color, e) < 4.5) bad.add(e.getAttribute('class') + ' ' + e.tagName + ' ' + e.textContent.trim().slice(0, 12))
	}
	return [...bad].join('\n')`
