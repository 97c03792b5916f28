package models

import (
	"regexp"
	"slices"
	"strconv"
)

// AccountRole is what an administrator's account is for (design.md §6). The
// role Role says only that its holder is an administrator.
type AccountRole string

// The roles of accounts.
const (
	AccountCity       AccountRole = "city"       // 市级
	AccountCounty     AccountRole = "county"     // 县级
	AccountTownship   AccountRole = "township"   // 乡镇
	AccountUnit       AccountRole = "unit"       // 单位联络员
	AccountDepartment AccountRole = "department" // 部门经办
	AccountDuty       AccountRole = "duty"       // 值班
	AccountChecker    AccountRole = "checker"    // 核查员
	AccountAuditor    AccountRole = "auditor"    // 审计
	AccountEditor     AccountRole = "editor"     // 政策编辑
)

// AccountRoles lists the roles in the order in which people think of them.
var AccountRoles = []AccountRole{
	AccountCity, AccountCounty, AccountTownship, AccountUnit, AccountDepartment, AccountDuty, AccountChecker, AccountAuditor, AccountEditor,
}

// Label is the word for a role of an account.
func (r AccountRole) Label() string {
	return map[AccountRole]string{
		AccountCity: "市级", AccountCounty: "县级", AccountTownship: "乡镇", AccountUnit: "单位联络员", AccountDepartment: "部门经办",
		AccountDuty: "值班员", AccountChecker: "核查员", AccountAuditor: "审计员", AccountEditor: "政策编辑", AccountCadre: "结对干部",
	}[r]
}

// Account is an administrator's: an office worker, a liaison, somebody on duty.
type Account struct {
	ID         string `gorm:"primaryKey"`
	Name       Secret
	Login      string // lower case, unique
	Password   string // an argon2id hash
	Role       AccountRole
	Region     string // the subtree that the account is for
	UnitID     string // of a unit's liaison
	Department string
	CreatedAt  Instant `gorm:"autoCreateTime:false"`
	// PasswordAt is when the holder chose the password; zero while it is the
	// first one, which somebody else has seen.
	PasswordAt Instant
	SeenAt     Instant // the last sign-in
	DisabledAt Instant
}

// Actor is the account before the store. A unit's liaison sees the unit's own
// cadres, wherever the people they look after live, and not its region.
func (a Account) Actor() Actor {
	switch {
	case a.DisabledAt != 0:
		return Actor{}
	case a.Role == AccountUnit && a.UnitID == "":
		return Actor{Account: a.ID, Role: a.Role}
	case a.Role == AccountUnit:
		return Actor{Account: a.ID, Role: a.Role, Unit: a.UnitID}
	}
	actor := Actor{Account: a.ID, Role: a.Role, Region: a.Region}
	if d, ok := DepartmentNamed(a.Department); ok && a.Role == AccountDepartment {
		actor.Department = d.ID
	}
	return actor
}

var loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{2,31}$`)

// ValidLogin tells whether a name can be signed in with: what is typed on any
// keyboard without changing the input method.
func ValidLogin(login string) bool { return loginForm.MatchString(login) }

// loginStems are what generated login names begin with, by county.
var loginStems = map[string]string{
	"620802": "kongtong", "620821": "jingchuan", "620822": "lingtai", "620823": "chongxin",
	"620825": "zhuanglang", "620826": "jingning", "620881": "huating",
}

// LoginStem is what login names of a region begin with: the county's name as
// one types it, or the city's.
func LoginStem(region string) string {
	if len(region) >= 6 && loginStems[region[:6]] != "" {
		return loginStems[region[:6]]
	}
	return "pingliang"
}

// NextLogin is the stem with the first number that is not taken.
func NextLogin(stem string, taken []string) string {
	for n := 1; ; n++ {
		if login := stem + strconv.Itoa(n); !slices.Contains(taken, login) {
			return login
		}
	}
}
