package desk

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"aixin/models"
	"aixin/models/store"
	"aixin/web/xlsx"
)

// neighbourhood is who the register held before the run, by village and day of
// birth: where one person may stand twice.
type neighbourhood map[cradle][]neighbour

type cradle struct {
	region string // path
	birth  models.Day
}

type neighbour struct {
	id, number, name string
	hasID            bool
}

func readNeighbours(ctx context.Context, st *store.Store, reg *xlsx.Register, p *places) (neighbourhood, error) {
	paths := map[string]string{}
	for i := range reg.Recipients {
		if path, _ := village(reg.Recipients[i].Region); p.regions[path] != "" {
			paths[p.regions[path]] = path
		}
	}
	known := neighbourhood{}
	err := st.Neighbours(ctx, slices.Sorted(maps.Keys(paths)), func(r models.Recipient) {
		at := cradle{paths[r.Region], models.Day(r.Birth.Reveal())}
		known[at] = append(known[at], neighbour{r.ID, r.Number, r.Name.Reveal(), r.IDIdx != nil})
	})
	return known, err
}

func cradleOf(r *xlsx.RecipientRow) cradle {
	path, _ := village(r.Region)
	return cradle{path, r.Birth}
}

// unnumbered finds a person who came in without an id number and whom this row
// means again, with or without one.
func (k neighbourhood) unnumbered(r *xlsx.RecipientRow, taken func(id string) bool) (id string) {
	if r.IDNumber != "" && r.Birth == "" {
		return ""
	}
	for _, n := range k[cradleOf(r)] {
		if !n.hasID && n.name == r.Name && (r.Number == "" || given(n.number) && !given(r.Number)) && !taken(n.id) {
			return n.id
		}
	}
	return ""
}

// similar finds somebody of the register who may be the same as a new person.
func (k neighbourhood) similar(r *xlsx.RecipientRow) []xlsx.Fault {
	if r.Birth == "" {
		return nil
	}
	for _, n := range k[cradleOf(r)] {
		if xlsx.Alike(n.name, r.Name) {
			return []xlsx.Fault{{Code: xlsx.CodeSimilar, Text: fmt.Sprintf("名册里有同村、同一天出生、名字相近的“%s”(编号 %s),请看是不是同一个人。", models.MaskName(n.name), n.number)}}
		}
	}
	return nil
}

// numbering gives a 编号 to those who come without one: D2026-000123, and with an
// L in front to those who have no id number either. The two share one series.
type numbering struct{ year, last int }

var givenNumber = regexp.MustCompile(`^[DL][0-9]{4}-[0-9]{6}$`)

// given tells a number made here from one of the office.
func given(number string) bool { return givenNumber.MatchString(number) }

func readNumbers(ctx context.Context, st *store.Store, year int) (numbering, error) {
	n := numbering{year: year}
	for _, letter := range []string{"D", "L"} {
		numbers, err := st.NumbersLike(ctx, fmt.Sprintf("%s%d-", letter, year))
		if err != nil {
			return n, err
		}
		for _, number := range numbers {
			n.note(number)
		}
	}
	return n, nil
}

// note goes past a number that is in use, in the register or in the workbook.
func (n *numbering) note(number string) {
	var year, i int
	if given(number) {
		fmt.Sscanf(number[1:], "%d-%d", &year, &i)
	}
	if year == n.year {
		n.last = max(n.last, i)
	}
}

// next gives the number for a new person. The numbering is a value, kept only
// after the commit.
func (n *numbering) next(hasID bool) string {
	letter := "L"
	if hasID {
		letter = "D"
	}
	n.last++
	return fmt.Sprintf("%s%d-%06d", letter, n.year, n.last)
}

// recognise finds whom each row is about in the register: by the id number, else
// by the 编号, else by name, village and birth where there is neither. Rows that
// contradict the register fail.
func (e *enrolment) recognise(ctx context.Context, tx *store.Store, rows []xlsx.RecipientRow, out outcomes) (map[int]models.Recipient, map[string]int, error) {
	var ids, numbers []string
	for _, r := range rows {
		if r.IDNumber != "" {
			ids = append(ids, tx.IDIndex(r.IDNumber))
		}
		if r.Number != "" {
			numbers = append(numbers, r.Number)
		}
	}
	found, err := tx.RecipientsByIndex(ctx, ids, numbers)
	if err != nil {
		return nil, nil, err
	}
	byID, byNumber := map[string]*models.Recipient{}, map[string]*models.Recipient{}
	for i, p := range found {
		byNumber[p.Number] = &found[i]
		if p.IDIdx != nil {
			byID[*p.IDIdx] = &found[i]
		}
	}
	about, mine := map[int]models.Recipient{}, map[string]int{} // row → person, person → row
	taken := func(id string) bool { return mine[id] > 0 || e.seen[id] > 0 }
	var guessed []string
	for i := range rows {
		r := &rows[i]
		if len(r.Faults) > 0 {
			out.fail(r.Row)
			continue
		}
		var a, b *models.Recipient
		if r.IDNumber != "" {
			a = byID[tx.IDIndex(r.IDNumber)]
		}
		if r.Number != "" {
			b = byNumber[r.Number]
		}
		who := a
		if a == nil {
			who = b
		}
		switch {
		case a != nil && b != nil && a.ID != b.ID:
			out.fail(r.Row, inRegister("这个身份证号在名册里是“%s”的,编号 %s 却是“%s”的,请核对。", mask(a), r.Number, mask(b)))
		case a != nil && r.Number != "" && r.Number != a.Number && !given(a.Number):
			out.fail(r.Row, inRegister("这个身份证号在名册里已有,是“%s”,编号 %s,和这里的编号不同,请核对。", mask(a), a.Number))
		case a == nil && b != nil && r.IDNumber != "" && b.IDIdx != nil:
			out.fail(r.Row, inRegister("编号 %s 在名册里是“%s”的,身份证号不同,请核对。", r.Number, mask(b)))
		case who != nil && taken(who.ID):
			out.fail(r.Row, xlsx.Fault{Code: xlsx.CodeDuplicate, Text: fmt.Sprintf("和第 %d 行在名册里是同一个人,请留一行。", max(mine[who.ID], e.seen[who.ID]))})
		case who != nil:
			about[r.Row], mine[who.ID] = *who, r.Row
		default:
			if id := e.known.unnumbered(r, taken); id != "" {
				mine[id], guessed = r.Row, append(guessed, id)
			}
		}
	}
	more, err := tx.Recipients(ctx, guessed)
	for _, p := range more {
		about[mine[p.ID]] = p
	}
	return about, mine, err
}

func inRegister(format string, args ...any) xlsx.Fault {
	return xlsx.Fault{Code: xlsx.CodeInRegister, Text: fmt.Sprintf(format, args...)}
}

func mask(r *models.Recipient) string { return models.MaskName(r.Name.Reveal()) }
