package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// chart is a drawing with its numbers: the piece "chart" shows the one, as wide as
// an office's screen and as narrow as a phone, and holds the other in a table
// beneath.
type chart struct {
	Title      string
	SVG, Small template.HTML
	Head       []string
	Rows       [][]string
}

// series is one kind of bar over all groups; Kind is a colour class of the style
// sheet: visit, contact, help, aid, or plain.
type series struct {
	Name, Kind string
	Values     []float64
}

// sheet is what a chart is drawn on, in the units of its SVG.
type sheet struct {
	class      string
	wide, high int
	left       float64 // of the plot; what names the lines stands before it
	labels     int     // so many stand side by side beneath
}

var (
	screen = sheet{"wide", 720, 240, 48, 16}
	handy  = sheet{"small", 340, 250, 48, 6}
)

const plotTop, plotBottom = 28, 32

// drawing gathers the parts of an SVG. Every text is escaped; colours come from
// the style sheet by class.
type drawing struct{ strings.Builder }

func (d *drawing) rect(class string, x, y, w, h float64, title string) {
	fmt.Fprintf(d, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"><title>%s</title></rect>`, class, x, y, max(w, 0), max(h, 0), esc(title))
}

func (d *drawing) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(d, `<line class="%s" x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"/>`, class, x1, y1, x2, y2)
}

func (d *drawing) text(anchor string, x, y float64, s string) {
	fmt.Fprintf(d, `<text text-anchor="%s" x="%.1f" y="%.1f">%s</text>`, anchor, x, y, esc(s))
}

func (d *drawing) svg(on sheet, label string, high int) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg class="%s" viewBox="0 0 %d %d" role="img" aria-label="%s">%s</svg>`, on.class, on.wide, high, esc(label), d.String()))
}

func esc(s string) string { return template.HTMLEscapeString(s) }

// bars draws a bar a group and kind: months by kind, needs by department, a
// distribution with one series.
func bars(title, first string, groups []string, all ...series) chart {
	c := chart{Title: title, Head: []string{first}}
	for _, s := range all {
		c.Head = append(c.Head, s.Name)
	}
	for g, name := range groups {
		row := []string{name}
		for _, s := range all {
			row = append(row, number(s.at(g)))
		}
		c.Rows = append(c.Rows, row)
	}
	c.SVG, c.Small = drawBars(screen, title, groups, all), drawBars(handy, title, groups, all)
	return c
}

// at is the value of a group, 0 where there is none.
func (s series) at(group int) float64 {
	if group < len(s.Values) {
		return s.Values[group]
	}
	return 0
}

func drawBars(on sheet, title string, groups []string, all []series) template.HTML {
	top := 1.0
	for _, s := range all {
		for _, v := range s.Values {
			top = max(top, v)
		}
	}
	top = roundUp(top)
	plotWide, plotHigh := float64(on.wide)-on.left-8, float64(on.high-plotTop-plotBottom)
	var d drawing
	for i := range 5 {
		y := plotTop + plotHigh*float64(i)/4
		d.line("grid", on.left, y, on.left+plotWide, y)
		d.text("end", on.left-6, y+4, number(top*float64(4-i)/4))
	}
	if len(all) > 1 {
		x := on.left
		for _, s := range all {
			d.rect("mark "+s.Kind, x, 6, 12, 12, s.Name)
			d.text("start", x+17, 17, s.Name)
			x += 30 + 15*float64(len([]rune(s.Name)))
		}
	}
	step := plotWide / float64(max(len(groups), 1))
	wide := min(step*0.76/float64(max(len(all), 1)), 56)
	every := (len(groups) + on.labels - 1) / on.labels // labels do not run into each other
	for g, name := range groups {
		left := on.left + step*float64(g) + (step-wide*float64(len(all)))/2
		for i, s := range all {
			h := plotHigh * s.at(g) / top
			d.rect("bar "+s.Kind, left+wide*float64(i), plotTop+plotHigh-h, wide*0.92, h, name+" "+s.Name+" "+number(s.at(g)))
		}
		if (len(groups)-1-g)%every == 0 { // the last one always: it is now
			d.text("middle", on.left+step*(float64(g)+0.5), plotTop+plotHigh+20, name)
		}
	}
	return d.svg(on, title+",数字在下面的表里", on.high)
}

// share draws parts of a whole as one bar; the numbers stand beside it.
func share(title string, parts []series) template.HTML {
	whole, words := 0.0, []string{}
	for _, p := range parts {
		whole += p.at(0)
		words = append(words, p.Name+" "+number(p.at(0)))
	}
	var d drawing
	x := 0.0
	for _, p := range parts {
		w := 1000 * p.at(0) / max(whole, 1)
		d.rect(p.Kind, x, 0, w, 14, p.Name+" "+number(p.at(0)))
		x += w
	}
	return template.HTML(fmt.Sprintf(`<svg class="share" viewBox="0 0 1000 14" preserveAspectRatio="none" role="img" aria-label="%s">%s</svg>`, esc(title+":"+strings.Join(words, ",")), d.String()))
}

// rate is a share with its interval, all of 0 to 1.
type rate struct {
	Name           string
	At, Low, High  float64
	Agreed, Checks int
}

// intervals draws shares with the intervals that they can be told within, a line
// each.
func intervals(title, first string, all []rate) chart {
	c := chart{Title: title, Head: []string{first, "抽查", "一致", "一致率", "95%区间"}}
	for _, r := range all {
		c.Rows = append(c.Rows, []string{r.Name, strconv.Itoa(r.Checks), strconv.Itoa(r.Agreed), percent(r.At), percent(r.Low) + "—" + percent(r.High)})
	}
	c.SVG, c.Small = drawIntervals(screen, 150, title, all), drawIntervals(handy, 84, title, all)
	return c
}

func drawIntervals(on sheet, left float64, title string, all []rate) template.HTML {
	const lineHigh = 34
	wide := float64(on.wide) - left - 28
	high := lineHigh*len(all) + 40
	var d drawing
	for i := range 5 {
		x := left + wide*float64(i)/4
		d.line("grid", x, 8, x, float64(high-26))
		d.text("middle", x, float64(high-8), strconv.Itoa(25*i)+"%")
	}
	for i, r := range all {
		y := float64(lineHigh*i + 26)
		d.text("end", left-10, y+5, r.Name)
		d.line("interval", left+wide*r.Low, y, left+wide*r.High, y)
		fmt.Fprintf(&d, `<circle class="point" cx="%.1f" cy="%.1f" r="5"><title>%s</title></circle>`, left+wide*r.At, y, esc(r.Name+" "+percent(r.At)))
	}
	return d.svg(on, title+",数字在下面的表里", high)
}

func percent(v float64) string { return strconv.FormatFloat(100*v, 'f', 1, 64) + "%" }

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// roundUp is the next number that divides into four plain steps.
func roundUp(v float64) float64 {
	for unit := 1.0; ; unit *= 10 {
		for _, n := range []float64{4, 8, 12, 20, 40} {
			if n*unit >= v {
				return n * unit
			}
		}
	}
}
