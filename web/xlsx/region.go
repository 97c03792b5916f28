package xlsx

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"aixin/models"
)

// CityName is the region of those who belong to no county.
const CityName = "平凉市"

var (
	regionSplit = regexp.MustCompile(`[/\\>|]+| +|-+`)
	township    = regexp.MustCompile(`^(.+?(?:街道办事处|街道|镇|乡|工业园区|管委会))(.*)$`)
)

// ParseRegion reads a region as people write it, with or without slashes and
// the province in front, and gives its path: 崆峒区/峡门乡/吴坡村, or 平凉市.
func ParseRegion(s string) (path string, ok bool) {
	s, _ = clean(s)
	var parts []string
	for _, p := range regionSplit.Split(s, -1) {
		if p != "" {
			parts = append(parts, p)
		}
	}
	for i, prefix := range []string{"甘肃省", CityName} {
		if len(parts) > 0 && strings.HasPrefix(parts[0], prefix) {
			if parts[0] = parts[0][len(prefix):]; parts[0] == "" {
				parts = parts[1:]
			}
			if i == 1 && len(parts) == 0 {
				return CityName, true
			}
		}
	}
	if len(parts) == 0 {
		return "", false
	}
	first := strings.Replace(parts[0], "华亭县", "华亭市", 1) // a city since 2018
	for _, county := range models.Counties {
		rest, found := strings.CutPrefix(first, county.Name)
		if !found {
			continue
		}
		if m := township.FindStringSubmatch(rest); m != nil {
			parts = slices.Concat([]string{county.Name, m[1], m[2]}, parts[1:])
		} else {
			parts = slices.Concat([]string{county.Name, rest}, parts[1:])
		}
		parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
		return strings.Join(parts, "/"), len(parts) <= 4
	}
	return "", false
}

// NearestRegions gives the n regions most like a misspelt one, out of the known
// paths and the counties.
func NearestRegions(written string, known []string, n int) []string {
	written, _ = clean(written)
	written = strings.TrimPrefix(strings.Trim(regionSplit.ReplaceAllString(written, "/"), "/"), "甘肃省/")
	written = strings.TrimPrefix(written, CityName+"/")
	first, rest, _ := strings.Cut(written, "/")
	type candidate struct {
		path     string
		distance int
	}
	var all []candidate
	for _, path := range known {
		all = append(all, candidate{path, distance(path, written)})
	}
	for _, county := range models.Counties {
		all = append(all, candidate{county.Name, distance(county.Name, first) + min(2, len(rest))})
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var out []string
	for _, c := range all {
		if !slices.Contains(out, c.path) && len(out) < n {
			out = append(out, c.path)
		}
	}
	return out
}

// distance is the edit distance in characters.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j := range y {
			substitute := diagonal
			if x[i] != y[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
