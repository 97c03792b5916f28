package models

// Plus adds numbers kind by kind.
func (t Target) Plus(u Target) Target {
	return Target{t.Contacts + u.Contacts, t.Visits + u.Visits, t.Helps + u.Helps}
}

// YearlyOwed is 1 for each kind of duty that the year holds, YearlyMet 1 for each
// that is done: for counting pairings.
func (t Tally) YearlyOwed() (owed Target) {
	for _, k := range []Kind{KindContact, KindVisit, KindHelp} {
		if o, ok := t.Duty(k); ok && o.State != ObligationCancelled {
			owed.add(k, 1)
		}
	}
	return owed
}

// YearlyMet is told with YearlyOwed.
func (t Tally) YearlyMet() (met Target) {
	for _, k := range []Kind{KindContact, KindVisit, KindHelp} {
		if o, ok := t.Duty(k); ok && o.State != ObligationCancelled && o.Met() {
			met.add(k, 1)
		}
	}
	return met
}
