package models

// Actor is who asks the store for rows; it decides which rows there are. The
// zero Actor sees nothing.
type Actor struct {
	System  string // a reason: no narrowing at all
	Cadre   string // id of a cadre: own pairings and records
	Contact string // id of a guardian or other contact: own recipients
	Account string // id of an administrator
	Region  string // an administrator's region code: that subtree
	Unit    string // an administrator's unit: its cadres
	// Role narrows an administrator to what the table of permissions says; a
	// Department is the id of the one whose needs somebody handles.
	Role       AccountRole
	Department string
}

// String names the actor for an audit row: a role and an id, no name.
func (a Actor) String() string {
	switch {
	case a.System != "":
		return "system:" + a.System
	case a.Account != "":
		return "account:" + a.Account
	case a.Cadre != "":
		return "cadre:" + a.Cadre
	case a.Contact != "":
		return "contact:" + a.Contact
	}
	return "nobody"
}
