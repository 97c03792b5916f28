package web

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// chart is a drawing with its numbers: the piece "chart" shows the one and holds
// the other in a table beneath.
type chart struct {
	Title string
	SVG   template.HTML
	Head  []string
	Rows  [][]string
}

// series is one kind of bar over all groups; Kind is a colour class of the style
// sheet: visit, contact, help, aid, or plain.
type series struct {
	Name, Kind string
	Values     []float64
}

const (
	chartWide, chartHigh = 720, 240
	plotLeft, plotTop    = 48, 28
	plotWide, plotHigh   = chartWide - plotLeft - 8, chartHigh - plotTop - 32
)

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

func (d *drawing) svg(label string, high int) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="%s">%s</svg>`, chartWide, high, esc(label), d.String()))
}

func esc(s string) string { return template.HTMLEscapeString(s) }

// bars draws a bar a group and kind: months by kind, needs by department, a
// distribution with one series.
func bars(title, first string, groups []string, all ...series) chart {
	c := chart{Title: title, Head: []string{first}}
	top := 1.0
	for _, s := range all {
		c.Head = append(c.Head, s.Name)
		for _, v := range s.Values {
			top = max(top, v)
		}
	}
	top = roundUp(top)
	var d drawing
	for i := range 5 {
		y := plotTop + plotHigh*float64(i)/4
		d.line("grid", plotLeft, y, plotLeft+plotWide, y)
		d.text("end", plotLeft-6, y+4, number(top*float64(4-i)/4))
	}
	if len(all) > 1 {
		x := float64(plotLeft)
		for _, s := range all {
			d.rect("mark "+s.Kind, x, 6, 12, 12, s.Name)
			d.text("start", x+17, 17, s.Name)
			x += 30 + 15*float64(len([]rune(s.Name)))
		}
	}
	step := float64(plotWide) / float64(max(len(groups), 1))
	wide := min(step*0.76/float64(max(len(all), 1)), 56)
	every := 1 + len(groups)/16 // labels do not run into each other
	for g, name := range groups {
		row := []string{name}
		left := plotLeft + step*float64(g) + (step-wide*float64(len(all)))/2
		for i, s := range all {
			v := 0.0
			if g < len(s.Values) {
				v = s.Values[g]
			}
			h := plotHigh * v / top
			d.rect("bar "+s.Kind, left+wide*float64(i), plotTop+plotHigh-h, wide*0.92, h, name+" "+s.Name+" "+number(v))
			row = append(row, number(v))
		}
		if g%every == 0 {
			d.text("middle", plotLeft+step*(float64(g)+0.5), plotTop+plotHigh+20, name)
		}
		c.Rows = append(c.Rows, row)
	}
	c.SVG = d.svg(title+",数字在下面的表里", chartHigh)
	return c
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
	const left, lineHigh = 150, 34
	wide := float64(chartWide - left - 60)
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
		c.Rows = append(c.Rows, []string{r.Name, strconv.Itoa(r.Checks), strconv.Itoa(r.Agreed), percent(r.At), percent(r.Low) + "—" + percent(r.High)})
	}
	c.SVG = d.svg(title+",数字在下面的表里", high)
	return c
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
