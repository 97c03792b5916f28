package understand

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"aixin/models"
)

// activities turns the records into activities: a visit once a person a day, a
// contact once a channel, the gifts of a day in one sum, the help of one story
// in one.
func (w *walk) activities() []Activity {
	w.dropHeadings()
	w.mergeHelp()
	var out []Activity
	find := func(a Activity) int {
		return slices.IndexFunc(out, func(b Activity) bool {
			return a.Kind == b.Kind && a.Person == b.Person && a.Date == b.Date && a.Channel == b.Channel && a.Kind != models.KindHelp
		})
	}
	for _, r := range w.records {
		for n, p := range r.who {
			a := Activity{Kind: r.kind, Date: r.day, Channel: r.channel, Help: r.help, Stage: r.stage, Clause: r.text}
			if p.who >= 0 {
				a.Person = w.m.roster[p.who].Name
			} else {
				a.Person = p.name
			}
			if r.kind == models.KindAid {
				a.AmountFen, a.Split = r.gift.share(len(r.who), n)
			}
			if k := find(a); k >= 0 {
				if a.AmountFen != nil {
					sum := *a.AmountFen
					if out[k].AmountFen != nil {
						sum += *out[k].AmountFen
					}
					out[k].AmountFen, out[k].Split = &sum, out[k].Split || a.Split
				}
				continue
			}
			out = append(out, a)
		}
	}
	return out
}

// dropHeadings leaves out a visit or contact told of nobody before the same is
// told of somebody: 10月20日开展电话随访,联系景兰芳、余鹏飞2人.
func (w *walk) dropHeadings() {
	nobody := ref{-1, ""}
	w.records = slices.DeleteFunc(slices.Clone(w.records), func(r record) bool {
		if len(r.who) != 1 || r.who[0] != nobody || len(r.could) > 0 || r.kind != models.KindVisit && r.kind != models.KindContact || slices.ContainsFunc(w.m.clauses[r.at].toks, func(t token) bool { return t.tag == 'P' && t.person.group == 0 }) {
			return false
		}
		return slices.ContainsFunc(w.records, func(s record) bool {
			return s.at > r.at && s.at <= r.at+2 && s.kind == r.kind && s.channel == r.channel && s.who[0] != nobody
		})
	})
}

// mineToo (plain): who brought about what was told before: 是我帮着找的.
var mineToo = regexp.MustCompile(`我[^,]{0,3}(牵|搭|引)(的|了|着)[^,]{0,2}(线|桥|荐)|是我(帮忙|帮着|陪着|陪|帮)?[^,]{1,6}的$|^[^,]{0,4}我(帮着|帮|给)*(跑|催|找|联系|争取)(了|着)?[^,给]{0,6}(年|月|天|趟|回|次)?(的)?$|^(这|都|也)*是我|^我[^,]{0,4}(跑前跑后|跑上跑下)|^(都|这|也)*我[^,]{0,3}(找|托|协调|联系|介绍|对接|争取|张罗)[^,]{0,10}的$`)

// mergeHelp joins help told over several clauses of one story.
func (w *walk) mergeHelp() {
	var out []record
	for _, r := range w.records {
		k := len(out) - 1
		for k >= 0 && out[k].kind != models.KindHelp {
			k--
		}
		if r.kind == models.KindHelp && k >= 0 && out[k].at >= r.at-2 && out[k].at < r.at && sameRefs(out[k].who, r.who) && (out[k].day == r.day || r.told && !out[k].told && out[k].help == r.help) {
			near := out[k].at == r.at-1
			this := w.m.clauses[r.at].plain
			switch {
			case out[k].weak && out[k].help == models.HelpDeed && r.help != models.HelpDeed:
				out[k] = r
				continue
			case out[k].help == models.HelpDifficulty && r.help == models.HelpDifficulty && !problems.has(this):
				out[k].day = r.day // 找了工程队,昨天砌好了
				continue
			case near && out[k].help == models.HelpPolicy && r.help == models.HelpDifficulty && !strings.ContainsAny(this, "我给帮联修换买送把"):
				continue // 跑了三趟民政所,今天终于发到卡上了
			case mineToo.MatchString(this):
				continue
			case near && out[k].help == models.HelpDeed && r.help == models.HelpDifficulty && utf8.RuneCountInString(this) <= 7 && !strings.ContainsAny(this, "把帮"):
				out[k].help = models.HelpDifficulty
				continue
			case out[k].help == models.HelpPolicy && r.help == models.HelpPolicy && !strings.ContainsAny(this, "讲宣介帮给申跑带陪"):
				if r.stage == models.PolicyObtained {
					out[k].stage = r.stage
				}
				continue
			}
		}
		out = append(out, r)
	}
	w.records = out
}

// byVisitDay divides a gift told once for persons visited on different days:
// 前天去程奶奶家,昨天去陈奶奶家,各带了一包红糖.
func (w *walk) byVisitDay(r record) []record {
	var out []record
	for _, p := range r.who {
		one := r
		one.who = []ref{p}
		for _, v := range w.records {
			if v.kind == models.KindVisit && v.at >= r.at-4 && slices.Contains(v.who, p) {
				one.day = v.day
			}
		}
		out = append(out, one)
	}
	if !slices.ContainsFunc(out, func(o record) bool { return o.day != r.day }) {
		return []record{r}
	}
	return out
}

// inTurn gives the days of a clause to its persons one by one where it says
// 分别 and names as many of both: 周四和周五分别去了志强家和麻婶家.
func inTurn(c *clause, days []models.Day, who []ref) bool {
	return len(days) > 1 && len(days) == len(who) && strings.Contains(c.plain, "分别")
}
