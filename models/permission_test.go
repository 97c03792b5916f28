package models

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/permissions.md anew")

func TestPermissionsPaperIsCurrent(t *testing.T) {
	const paper = "../docs/permissions.md"
	if *update {
		if err := os.WriteFile(paper, []byte(PermissionsPaper()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(paper)
	if err != nil || string(have) != PermissionsPaper() {
		t.Errorf("docs/permissions.md is not what the table says (%v): go test ./models -run Paper -update", err)
	}
}

// What nobody may overlook in a table: who sees nothing, and what is never given
// from afar.
func TestMay(t *testing.T) {
	for _, tc := range []struct {
		role AccountRole
		o    Object
		rel  Relation
		want Access
	}{
		{AccountCounty, ObjectPerson, InArea, See | Reveal | Write},
		{AccountCounty, ObjectPerson, Elsewhere, 0},
		{AccountCity, ObjectPerson, OwnOnly, See},
		{AccountDepartment, ObjectPerson, InArea, 0},
		{AccountDepartment, ObjectPerson, OnCase, See},
		{AccountEditor, ObjectPerson, OwnOnly, 0},
		{AccountEditor, ObjectPolicy, Elsewhere, See},
		{AccountEditor, ObjectPolicy, InArea, See | Write | Seconded},
		{AccountAuditor, ObjectAudit, Elsewhere, See | Reveal},
		{AccountAuditor, ObjectPhoto, OwnOnly, 0},
		{AccountCadre, ObjectPerson, OwnOnly, See | Reveal | Write},
		{AccountCadre, ObjectPerson, InArea, 0},
		{"stranger", ObjectPerson, OwnOnly, 0},
	} {
		if got := May(tc.role, tc.o, tc.rel); got != tc.want {
			t.Errorf("%s %s at %d: %b, want %b", tc.role, tc.o, tc.rel, got, tc.want)
		}
	}
	for _, p := range Permissions {
		for _, role := range PermissionRoles {
			// Nothing that names people is given to the whole city but to auditors.
			everywhere := May(role, p.Object, Elsewhere)
			if everywhere != 0 && role != AccountAuditor && p.Object != ObjectPolicy && p.Object != ObjectHealth {
				t.Errorf("%s has %s everywhere", role, p.Object)
			}
			if May(role, p.Object, Elsewhere)&^May(role, p.Object, OwnOnly) != 0 {
				t.Errorf("%s may do less with %s nearer by", role, p.Object)
			}
		}
	}
	if May(AccountCounty, ObjectPerson, InArea).Allows(0) {
		t.Error("nothing is allowed")
	}
}
