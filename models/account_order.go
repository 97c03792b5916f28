package models

import "slices"

// OrderKind is what is to become of an account.
type OrderKind string

// The orders that a second person nods to: those that let somebody in, or
// further in. Shutting somebody out is done at once, by one.
const (
	OrderCreate OrderKind = "create"
	OrderChange OrderKind = "change" // another role, place, unit or department
	OrderFactor OrderKind = "factor" // the phone of the second factor is lost
	OrderEnable OrderKind = "enable"
)

// Label is the word for an order.
func (k OrderKind) Label() string {
	return map[OrderKind]string{OrderCreate: "新建账号", OrderChange: "换岗位或范围", OrderFactor: "重设两步验证", OrderEnable: "重新启用"}[k]
}

// AccountOrder is a change of an account that one administrator asks for and
// another one nods to. Role to Department are what the account is to be.
type AccountOrder struct {
	ID         string `gorm:"primaryKey"`
	AccountID  string
	Kind       OrderKind
	Role       AccountRole
	Region     string
	UnitID     string
	Department string
	Reason     Secret
	AskedBy    string
	AskedAt    Instant
	DecidedBy  string
	DecidedAt  Instant
	Given      bool
	Alone      bool // by who asked, being alone on duty
}

// Appoints tells whether a role makes and changes accounts of another.
func (r AccountRole) Appoints(other AccountRole) bool {
	switch r {
	case AccountCity:
		return slices.Contains(AccountRoles, other)
	case AccountCounty:
		return slices.Contains([]AccountRole{AccountTownship, AccountUnit, AccountDepartment, AccountDuty, AccountChecker}, other)
	}
	return false
}

// roleLevels say how long the codes are of the regions that a role is for.
var roleLevels = map[AccountRole]struct {
	digits int
	hint   string
}{
	AccountCity:     {4, "市级账号管全市,地方选平凉市"},
	AccountCounty:   {6, "县级账号管一个县区,如崆峒区"},
	AccountTownship: {9, "乡镇账号管一个乡镇,如崆峒区/峡门乡"},
}

// RegionHint says what a role's region has to be where it is not; "" where it is
// right.
func (r AccountRole) RegionHint(region string) string {
	if l, ok := roleLevels[r]; ok && len(region) != l.digits {
		return l.hint
	}
	return ""
}
