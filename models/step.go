package models

// Step is one level of the way up of a need or of a danger: whose accounts are
// told, and the places of which the first that has anybody counts.
type Step struct {
	Name        string
	Roles       []AccountRole
	Departments []string // whose handlers, where the roles name them
	Places      []string
	Roster      int // so many of the duty roster are enough; 0: the roster does not count
}

// Has tells whether an account belongs to a step, as far as its office goes.
func (s Step) Has(a Account) bool {
	if a.Role != AccountDepartment {
		return true
	}
	for _, d := range s.Departments {
		if DepartmentOf(d).named(a.Department) {
			return true
		}
	}
	return false
}
