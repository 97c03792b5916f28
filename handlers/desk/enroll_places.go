package desk

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// places are the regions and units that the register has, those made by this
// run included.
type places struct {
	regions map[string]string // path → code
	last    map[string]int    // code of a parent → number of its last child
	units   map[string]string // name → id
	homes   map[string]string // name of a unit in this workbook → path of its region

	newRegions, newUnits []string
}

func readPlaces(ctx context.Context, st *store.Store, reg *xlsx.Register) (*places, error) {
	p := &places{regions: map[string]string{}, last: map[string]int{}, units: map[string]string{}, homes: map[string]string{}, newRegions: []string{}, newUnits: []string{}}
	regions, err := st.Regions(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range regions {
		p.regions[r.Path] = r.Code
		var n int
		if rest, ok := strings.CutPrefix(r.Code, r.Parent); ok && len(rest) == 3 {
			fmt.Sscanf(rest, "%d", &n)
		}
		p.last[r.Parent] = max(p.last[r.Parent], n)
	}
	units, err := st.Units(ctx)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		p.units[u.Name] = u.ID
	}
	for i := range reg.Cadres {
		if c := &reg.Cadres[i]; len(c.Faults) == 0 {
			path, _ := village(c.Region)
			if home, ok := p.homes[c.Unit]; ok {
				path = common(home, path)
			}
			p.homes[c.Unit] = path
		}
	}
	return p, nil
}

// village cuts a path at the village, the lowest region there is.
func village(path string) (to, below string) {
	parts := strings.SplitN(path, "/", 4)
	if len(parts) < 4 {
		return path, ""
	}
	return strings.Join(parts[:3], "/"), parts[3]
}

// common is the region that holds both: a unit lies where all its cadres do.
func common(a, b string) string {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	if n == 0 {
		return xlsx.CityName
	}
	return strings.Join(x[:n], "/")
}

// grow makes what some rows need besides and gives the places with it; the
// places before stay as they are, for a transaction may be tried again.
func (p *places) grow(ctx context.Context, e *enrolment, tx *store.Store, paths, units []string) (*places, error) {
	grown := &places{
		regions: maps.Clone(p.regions), last: maps.Clone(p.last), units: maps.Clone(p.units), homes: p.homes,
		newRegions: slices.Clip(p.newRegions), newUnits: slices.Clip(p.newUnits),
	}
	var regionRows []models.Region
	var unitRows []models.Unit
	for _, path := range paths {
		if err := grown.addRegion(path, &regionRows); err != nil {
			return nil, err
		}
	}
	for _, name := range units {
		if grown.units[name] != "" {
			continue
		}
		if err := grown.addRegion(p.homes[name], &regionRows); err != nil {
			return nil, err
		}
		u := models.Unit{ID: tx.NewID(), Name: name, Region: grown.regions[p.homes[name]]}
		grown.units[name] = u.ID
		grown.newUnits = append(grown.newUnits, name)
		unitRows = append(unitRows, u)
	}
	if err := write(ctx, e, tx, regionRows, nil); err != nil {
		return nil, err
	}
	return grown, write(ctx, e, tx, unitRows, nil)
}

// addRegion numbers the levels of a path that are missing, three digits a level.
func (p *places) addRegion(path string, rows *[]models.Region) error {
	parts, parent := strings.Split(path, "/"), models.CityCode
	for i, name := range parts {
		sub := strings.Join(parts[:i+1], "/")
		code, ok := p.regions[sub]
		if !ok {
			if i == 0 {
				return fmt.Errorf("名册里没有“%s”这个县区,请先运行 aixin migrate", name)
			}
			if p.last[parent] >= 999 {
				return fmt.Errorf("“%s”下面已有 999 个地方,放不下“%s”了", strings.Join(parts[:i], "/"), name)
			}
			p.last[parent]++
			code = fmt.Sprintf("%s%03d", parent, p.last[parent])
			p.regions[sub] = code
			p.newRegions = append(p.newRegions, sub)
			*rows = append(*rows, models.Region{Code: code, Parent: parent, Name: name, Path: sub})
		}
		parent = code
	}
	return nil
}

// regionNotes is what there is to say of a region: names without end, and what
// lies below the village.
func regionNotes(path string) (faults, warnings []xlsx.Fault) {
	_, below := village(path)
	if below != "" {
		warnings = append(warnings, xlsx.Fault{Code: xlsx.CodeRepaired, Text: fmt.Sprintf("地区收到村为止,“%s”没有收,请写进住址。", below)})
	}
	for _, name := range strings.Split(path, "/") {
		if f := tooLong(cell{"地区", name, 60}); f != nil {
			faults = append(faults, *f)
		}
	}
	return faults, warnings
}
