package main

import (
	"fmt"
	"slices"

	"aixin/handlers/desk"
	"aixin/models"
	"aixin/models/store"
)

type benchMatchCmd struct {
	benchPlace
	Unpaired int `help:"给多少人找干部。" default:"2000" placeholder:"N"`
	Times    int `help:"找几遍。" default:"3" placeholder:"N"`
}

// Run proposes cadres for some of the city's people, all at once, writing
// nothing: what it takes from the database on.
func (c *benchMatchCmd) Run(e *env) error {
	s, err := c.open(e)
	if err != nil {
		return err
	}
	defer s.stop()
	st := s.app.db.System("bench match")
	var people []store.Waiting
	for _, county := range models.Counties {
		var ids []string
		regions, err := st.Regions(e.ctx)
		if err != nil {
			return err
		}
		for _, r := range regions {
			if models.Holds(county.Code, r.Code) {
				ids = append(ids, r.Code)
			}
		}
		err = st.Neighbours(e.ctx, ids, func(r models.Recipient) {
			if len(people) < c.Unpaired {
				people = append(people, store.Waiting{Recipient: r})
			}
		})
		if err != nil {
			return err
		}
	}
	var took times
	found := 0
	for range max(1, c.Times) {
		began := e.clock.Real()
		got, err := desk.Propositions(e.ctx, st, people)
		if err != nil {
			return err
		}
		found = len(got)
		took = append(took, e.clock.Real().Sub(began))
	}
	slices.Sort(took)
	out := tableOn(e.stdout)
	fmt.Fprintln(out, timesHead)
	took.row(out, "匹配", fmt.Sprintf("%d 人里给 %d 人找到人选", len(people), found))
	return out.Flush()
}
