package desk

import (
	"context"
	"fmt"
	"slices"

	"aixin/models"
	"aixin/models/store"
)

// Listed is one line of an office's list: who, where, and whose pairing.
type Listed struct {
	Name, Place, Cadre, Unit string
	Note                     string
}

// Part is a list for one duty, in the order of places.
type Part struct {
	Title string
	More  int // how many more there are than shown
	Lines []Listed
}

// partLimit is how many lines of a part are shown; the register has all.
const partLimit = 30

// Lists gives the people behind the numbers, duty by duty. It reads names and
// leaves that to be noted by the caller.
func (s *Survey) Lists(ctx context.Context, st *store.Store, in store.Area) ([]Part, error) {
	var unseen, late []watched
	for _, w := range s.ties {
		if !holds(in, w.UnitID, w.Region) {
			continue
		}
		if s.unseen(w) > 0 {
			unseen = append(unseen, w)
		}
		if len(w.owes) > 0 {
			late = append(late, w)
		}
	}
	n := namer{st: st, ctx: ctx}
	if err := n.learn(); err != nil {
		return nil, err
	}
	var parts []Part
	add := func(title string, all []watched, note func(watched) string) error {
		if len(all) == 0 {
			return nil
		}
		lines, err := n.lines(all[:min(len(all), partLimit)], note)
		parts = append(parts, Part{Title: fmt.Sprintf("%s(%d户)", title, len(all)), More: len(all) - len(lines), Lines: lines})
		return err
	}
	if err := add("本系统90天以上没见到记录", unseen, s.lastWord); err != nil {
		return nil, err
	}
	if err := add("今年还差", late, lacks); err != nil {
		return nil, err
	}
	var weekly []watched
	for _, t := range s.weekly {
		if holds(in, t.UnitID, t.Region) {
			weekly = append(weekly, watched{Tie: t})
		}
	}
	if err := add("每周看望两周没记", weekly, func(watched) string { return "问一句是没去还是没记" }); err != nil {
		return nil, err
	}
	if in.Unit != "" {
		return parts, nil
	}
	var alone []Listed
	for _, r := range s.unpaired {
		if holds(in, "", r.Region) {
			alone = append(alone, Listed{Name: r.Name.Reveal(), Place: n.places[r.Region]})
		}
	}
	if len(alone) > 0 {
		shown := alone[:min(len(alone), partLimit)]
		parts = append(parts, Part{Title: fmt.Sprintf("待匹配(%d人)", len(alone)), More: len(alone) - len(shown), Lines: shown})
	}
	var needs []Listed
	for _, need := range s.needs {
		if holds(in, "", need.Region) {
			needs = append(needs, Listed{Name: fmt.Sprintf("诉求 #%d", need.Number), Place: n.places[need.Region], Note: models.DepartmentOf(need.Department).Name})
		}
	}
	if len(needs) > 0 {
		shown := needs[:min(len(needs), partLimit)]
		parts = append(parts, Part{Title: fmt.Sprintf("超时的诉求(%d件)", len(needs)), More: len(needs) - len(shown), Lines: shown})
	}
	return parts, nil
}

func (s *Survey) lastWord(w watched) string {
	switch held := s.Today.Sub(w.FromDay); {
	case w.seen == "" && held > unseenLong:
		return fmt.Sprintf("%d天以上", unseenLong)
	case w.seen == "":
		return fmt.Sprintf("结对%d天,还没有", held)
	}
	return fmt.Sprintf("最近%d月%d日", w.seen.Time().Month(), w.seen.Time().Day())
}

func lacks(w watched) (note string) {
	for _, o := range w.owes {
		unit := map[models.Kind]string{models.KindHelp: "件"}[o.Kind]
		if unit == "" {
			unit = "次"
		}
		if note != "" {
			note += " "
		}
		note += fmt.Sprintf("%s差%d%s", o.Kind.Label(), o.N, unit)
	}
	return note
}

// namer finds the names that a list shows.
type namer struct {
	ctx    context.Context
	st     *store.Store
	places map[string]string
	units  map[string]string
}

func (n *namer) learn() error {
	n.places, n.units = map[string]string{}, map[string]string{}
	places, err := n.st.Regions(n.ctx)
	if err != nil {
		return err
	}
	for _, p := range places {
		n.places[p.Code] = p.Path
	}
	units, err := n.st.Units(n.ctx)
	for _, u := range units {
		n.units[u.ID] = u.Name
	}
	return err
}

func (n *namer) lines(rows []watched, note func(watched) string) ([]Listed, error) {
	var people, cadres []string
	for _, w := range rows {
		people, cadres = append(people, w.RecipientID), append(cadres, w.CadreID)
	}
	slices.Sort(cadres)
	recipients, err := n.st.Recipients(n.ctx, people)
	if err != nil {
		return nil, err
	}
	found, err := n.st.CadresByID(n.ctx, slices.Compact(cadres))
	if err != nil {
		return nil, err
	}
	name := map[string]string{}
	for _, r := range recipients {
		name[r.ID] = r.Name.Reveal()
	}
	for _, c := range found {
		name[c.ID] = c.Name.Reveal()
	}
	out := make([]Listed, len(rows))
	for i, w := range rows {
		out[i] = Listed{Name: name[w.RecipientID], Place: n.places[w.Region], Cadre: name[w.CadreID], Unit: n.units[w.UnitID], Note: note(w)}
	}
	return out, nil
}
