package models

import "testing"

func TestAccountActor(t *testing.T) {
	for _, tc := range []struct {
		a    Account
		want Actor
	}{
		{Account{ID: "a", Role: AccountCounty, Region: "620802"}, Actor{Account: "a", Region: "620802", Role: AccountCounty}},
		{Account{ID: "a", Role: AccountUnit, Region: "620802", UnitID: "u"}, Actor{Account: "a", Unit: "u", Role: AccountUnit}},
		// A liaison without a unit sees nothing, not the region.
		{Account{ID: "a", Role: AccountUnit, Region: "620802"}, Actor{Account: "a", Role: AccountUnit}},
		{Account{ID: "a", Role: AccountDepartment, Region: "620802", Department: "崆峒区住建局"}, Actor{Account: "a", Region: "620802", Role: AccountDepartment, Department: "housing"}},
		{Account{ID: "a", Role: AccountCity, Region: CityCode, DisabledAt: 1}, Actor{}},
	} {
		if got := tc.a.Actor(); got != tc.want {
			t.Errorf("%+v: %+v, want %+v", tc.a, got, tc.want)
		}
	}
}

func TestLogins(t *testing.T) {
	for login, want := range map[string]bool{
		"kongtong1": true, "jiaoyu.01": true, "0-x": true, "ab": false, "-abc": false, "Kongtong1": false, "王敏": false, "a b": false,
		"abcdefghijklmnopqrstuvwxyz0123456": false,
	} {
		if ValidLogin(login) != want {
			t.Errorf("%q: %v", login, !want)
		}
	}
	for region, want := range map[string]string{"620881001": "huating", "620821": "jingchuan", CityCode: "pingliang", "": "pingliang"} {
		if got := LoginStem(region); got != want {
			t.Errorf("%q: %s, want %s", region, got, want)
		}
	}
	for _, c := range Counties {
		if LoginStem(c.Code) == "pingliang" {
			t.Errorf("%s has no stem of its own", c.Name)
		}
	}
	for _, r := range AccountRoles {
		if r.Label() == "" {
			t.Errorf("%s has no word", r)
		}
	}
}
