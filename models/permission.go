package models

import (
	"fmt"
	"slices"
	"strings"
)

// Access is what somebody may do with an object; the kinds add up.
type Access uint8

// The kinds of access.
const (
	See    Access = 1 << iota // masked: surnames, towns, counts
	Reveal                    // in full, for a reason that is written down
	Write
	Seconded // and what reaches furthest takes the nod of a second person
)

// Allows tells whether all of want is given.
func (a Access) Allows(want Access) bool { return want != 0 && a&want == want }

// Relation is how near somebody is to an object.
type Relation uint8

// The relations, from far to near. What is given to one is given to the nearer.
const (
	Elsewhere Relation = iota // another county's, another unit's
	InArea                    // of one's region, or of one's unit's cadres
	OnCase                    // a need passed to one's department, a danger, a draw
	OwnOnly                   // one's own pairing, one's own account
)

// Object is what pages and queries are about.
type Object string

// The objects, in the order of the table.
const (
	ObjectToday     Object = "today"
	ObjectPerson    Object = "person"
	ObjectReport    Object = "report"
	ObjectSpotCheck Object = "spotcheck"
	ObjectSetting   Object = "setting"
	ObjectRule      Object = "rule"
	ObjectList      Object = "list"
	ObjectClock     Object = "clock"
	ObjectRoster    Object = "roster"
	ObjectTemplate  Object = "template"
	ObjectInvite    Object = "invite"
	ObjectActivity  Object = "activity"
	ObjectPhoto     Object = "photo"
	ObjectIdentity  Object = "identity"
	ObjectGrant     Object = "grant"
	ObjectCadre     Object = "cadre"
	ObjectUnit      Object = "unit"
	ObjectPairing   Object = "pairing"
	ObjectChange    Object = "change"
	ObjectPlan      Object = "plan"
	ObjectNeed      Object = "need"
	ObjectQuestion  Object = "question"
	ObjectDanger    Object = "danger"
	ObjectNotice    Object = "notice"
	ObjectPolicy    Object = "policy"
	ObjectFiling    Object = "filing"
	ObjectFlag      Object = "flag"
	ObjectDonation  Object = "donation"
	ObjectImport    Object = "import"
	ObjectExport    Object = "export"
	ObjectAccount   Object = "account"
	ObjectAudit     Object = "audit"
	ObjectHealth    Object = "health"
	ObjectSelf      Object = "self"
)

// AccountCadre is the column of cadres, who hold no account: they see their own
// pairings in the chat and on their phone.
const AccountCadre AccountRole = "cadre"

// permissions is the one table of who may do what. A cell is - for nothing, or
// P (masked), U (in full with a reason), W (write), 2 (what reaches furthest takes
// a second person), then where: a in one's area,
// c on one's case, o only one's own, * anywhere; several with a comma. The second
// column is the object's name, the third its place in the navigation: 1 on the
// first line, 2 under 更多, - nowhere.
const permissions = `
today     今天             1  P/a   P/a   P/a   P/a   -     -     -     -    -    -
person    名单             1  P/a   PUW/a PUW/a P/a   P/c   PU/c  P/c   P/*  -    PUW/o
report    报表             1  PW/a  PW/a  P/a   P/a   -     -     -     P/a  -    -
spotcheck 抽查             1  PW/a  PUW/a -     -     -     -     PUW/c P/a  -    P/o
setting   设置             1  P/a   P/a   P/a   P/a   P/a   P/a   P/a   P/a  -    -
rule      任务规则           -  PW/a  P/a   P/a   P/a   P/a   -     P/a   P/a  -    -
list      类别和四必查        -  PW/a  P/a   P/a   P/a   P/a   -     P/a   P/a  -    -
clock     时限和免打扰        -  PW/a  P/a   P/a   P/a   P/a   P/a   P/a   P/a  -    -
roster    预警值班           -  PW/a  PW/a  P/a   -     -     P/a   -     P/a  -    -
template  模板消息           -  PW/a  P/a   -     -     -     -     -     P/a  -    -
activity  走访联系记录       2  P/a   P/a   P/a   P/a   -     -     P/c   P/a  -    PUW/o
photo     照片             -  P/a   P/a   P/a   P/a   -     -     PU/c  -    -    PU/o
identity  证件号、未成年人全貌  -  -     U2/a  U2/a  -     -     U2/c  -     -    -    -
grant     查看授权          2  PW/a  PW/a  P/a   -     -     P/o   -     P/a  -    -
cadre     干部             2  P/a   PUW/a PU/a  PUW/a -     -     P/c   P/a  -    PUW/o
unit      单位             2  P/a   PW/a  P/a   P/a   -     -     -     P/a  -    -
pairing   结对             2  P/a   PW/a  PW/a  PW/a  -     -     -     P/a  -    PW/o
change    调整             2  P/a   PW/a  PW/a  PW/a  -     -     -     P/a  -    W/o
plan      一人一策          2  P/a   PW/a  PW/a  P/a   PW/c  -     -     P/a  -    PW/o
need      诉求             2  P/a   PUW/a PUW/a P/a   PUW/c PU/a  -     P/a  -    PW/o
question  提问             2  P/a   PUW/a PUW/a PUW/a -     -     -     P/a  -    PUW/o
danger    预警             2  PUW/c PUW/c PUW/c -     -     PUW/a -     P/a  -    W/o
notice    通知             2  PW/a  PW/a  PW/a  PW/a  -     -     -     P/a  -    P/o
policy    政策库            2  PW2/* P/*,W2/a P/* P/*   P/*   P/*   P/*   P/*  P/*,W2/a P/*
filing    录省系统          2  P/a   PUW/a P/a   -     -     -     -     P/a  -    -
flag      提示             2  P/a   PW/a  -     -     -     -     -     P/a  -    -
donation  捐赠             2  PW/a  PW/a  -     -     -     -     -     P/a  -    -
invite    绑定码            2  PW/a  PW/a  PW/a  PW/a  -     -     -     P/a  -    -
import    导入             2  PW/a  PW/a  -     -     -     -     -     P/a  -    -
export    导出             -  PW/a  PW/a  PW/a  PW/a  -     -     -     -    -    -
account   账号             2  PW2/a PW2/a -     -     -     -     -     P/a  -    -
audit     审计             2  P/a   P/a   -     -     -     -     -     PU/* -    -
health    运行状况          2  P/*   P/*   -     -     -     -     -     P/*  -    -
self      自己的账号         -  PW/o  PW/o  PW/o  PW/o  PW/o  PW/o  PW/o  PW/o PW/o PW/o
`

// PermissionRoles are the columns of the table.
var PermissionRoles = append(append([]AccountRole(nil), AccountRoles...), AccountCadre)

// Permission is a row of the table, for pages and the document made from it.
type Permission struct {
	Object Object
	Name   string
	Nav    string   // 1, 2 or -
	Cells  []string // as in the table, in the order of PermissionRoles
}

// Permissions are the rows of the table, in its order.
var Permissions = parsePermissions(permissions)

type grantKey struct {
	role   AccountRole
	object Object
}

type grantRule struct {
	access Access
	at     Relation
}

var rulesByRole = func() map[grantKey][]grantRule {
	all := map[grantKey][]grantRule{}
	for _, row := range Permissions {
		for i, cell := range row.Cells {
			if cell != "-" {
				all[grantKey{PermissionRoles[i], row.Object}] = parseCell(cell)
			}
		}
	}
	return all
}()

func parsePermissions(text string) (rows []Permission) {
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 0 {
			continue
		}
		if len(f) != 3+len(PermissionRoles) {
			panic(fmt.Sprintf("models: the row %q of the permissions has %d cells", f[0], len(f)))
		}
		rows = append(rows, Permission{Object(f[0]), f[1], f[2], f[3:]})
	}
	return rows
}

func parseCell(cell string) (rules []grantRule) {
	for part := range strings.SplitSeq(cell, ",") {
		letters, where, _ := strings.Cut(part, "/")
		r := grantRule{}
		for _, l := range letters {
			r.access |= map[rune]Access{'P': See, 'U': Reveal, 'W': Write, '2': Seconded}[l]
		}
		at, ok := map[string]Relation{"*": Elsewhere, "a": InArea, "c": OnCase, "o": OwnOnly}[where]
		if !ok || r.access == 0 {
			panic("models: no such permission " + cell)
		}
		r.at = at
		rules = append(rules, r)
	}
	return rules
}

// May tells what a role may do with an object that it stands in a relation to.
func May(role AccountRole, o Object, rel Relation) (a Access) {
	for _, r := range rulesByRole[grantKey{role, o}] {
		if rel >= r.at {
			a |= r.access
		}
	}
	return a
}

// Ever tells what a role may do with objects of a kind at all, at the nearest:
// which pages there are. What is on them the store narrows.
func Ever(role AccountRole, o Object) Access { return May(role, o, OwnOnly) }

// Reach tells how near an object must be for the role to see it; nothing is
// seen where ok is false. The store narrows its queries by it.
func Reach(role AccountRole, o Object) (at Relation, ok bool) {
	for _, r := range rulesByRole[grantKey{role, o}] {
		if !ok || r.at < at {
			at, ok = r.at, true
		}
	}
	return at, ok
}

// Words says a cell for people: 遮住看、写(辖区内).
func (p Permission) Words(i int) string {
	cell := p.Cells[i]
	if cell == "-" {
		return "—"
	}
	var parts []string
	for part := range strings.SplitSeq(cell, ",") {
		letters, where, _ := strings.Cut(part, "/")
		var words []string
		for _, l := range letters {
			words = append(words, map[rune]string{'P': "看(遮住)", 'U': "写明理由看全", 'W': "办"}[l])
		}
		if words = slices.DeleteFunc(words, func(w string) bool { return w == "" }); strings.Contains(letters, "2") {
			words = append(words, "要紧的再由另一人批")
		}
		parts = append(parts, strings.Join(words, "、")+":"+map[string]string{"*": "全市", "a": "辖区或本单位", "c": "经手的", "o": "自己的"}[where])
	}
	return strings.Join(parts, ";")
}

// PermissionsPaper is the table as docs/permissions.md shows it.
func PermissionsPaper() string {
	var b strings.Builder
	b.WriteString("# 谁看什么、谁办什么\n\n")
	b.WriteString("由 `models/permission.go` 里的表生成,不要手改:`go test ./models -run Paper -update`。\n")
	b.WriteString("库里的每次查询按“辖区或本单位”“经手的”“自己的”收窄;看全的,先写理由,记入审计。\n\n| 看什么 |")
	for _, r := range PermissionRoles {
		b.WriteString(" " + r.Label() + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(PermissionRoles)) + "\n")
	for _, p := range Permissions {
		b.WriteString("| " + p.Name + " |")
		for i := range p.Cells {
			b.WriteString(" " + p.Words(i) + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}
