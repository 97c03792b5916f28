package models

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// The limits are those of the formula worked out by hand for 57 of 60.
func TestWilson(t *testing.T) {
	got := Wilson(57, 60)
	if math.Abs(got.Share-0.95) > 1e-9 || math.Abs(got.Low-0.8630) > 5e-4 || math.Abs(got.High-0.9829) > 5e-4 {
		t.Errorf("%+v", got)
	}
	if all := Wilson(20, 20); all.High != 1 || all.Low < 0.83 || all.Low > 0.84 {
		t.Errorf("%+v", all)
	}
	if none := Wilson(0, 0); none.Low != 0 || none.High != 1 {
		t.Errorf("%+v", none)
	}
}

func TestSampleSize(t *testing.T) {
	for _, tc := range []struct {
		n    int
		half float64
		want int
	}{{6100, 0.05, 362}, {6100, 0.03, 909}, {50, 0.05, 45}, {0, 0.05, 0}} {
		if got := SampleSize(tc.n, tc.half); got != tc.want {
			t.Errorf("%d of ±%g: %d, not %d", tc.n, tc.half, got, tc.want)
		}
	}
}

func frame(n int) (rows []Candidate) {
	for i := range n {
		c := Candidate{
			RecipientID: fmt.Sprint("r", i), CadreID: fmt.Sprint("c", i%97), Region: Counties[i%7].Code + "101", Day: "2026-10-08",
			Category: []Category{CategoryExtremePoverty, CategorySevereDisability, CategoryOrphan}[i%3], Weekly: i%5 == 0,
		}
		if i%50 != 0 && c.Region[:6] == "620881" {
			c.Region = "620802101" // one county has few
		}
		rows = append(rows, c)
	}
	return rows
}

func TestDraw(t *testing.T) {
	rows := frame(3000)
	drawn := Draw(rows, 350, "seed one")
	if len(drawn) < 350 || len(drawn) > 370 {
		t.Errorf("%d drawn", len(drawn))
	}
	again := slices.Clone(rows)
	slices.Reverse(again)
	if !slices.Equal(drawn, Draw(again, 350, "seed one")) {
		t.Error("the same seed draws others when the rows come in another order")
	}
	if slices.Equal(drawn, Draw(rows, 350, "seed two")) {
		t.Error("another seed draws the same")
	}
	counties, seen := map[string]int{}, map[string]bool{}
	for _, c := range drawn {
		counties[c.Region[:6]]++
		if seen[c.RecipientID] {
			t.Error("drawn twice:", c.RecipientID)
		}
		seen[c.RecipientID] = true
	}
	few := 0
	for _, c := range rows {
		if c.Region[:6] == "620881" {
			few++
		}
	}
	if counties["620881"] < min(few, CountyFloor)-3 {
		t.Errorf("of %d in the small county only %d drawn", few, counties["620881"])
	}
	for _, c := range Counties {
		if counties[c.Code] == 0 {
			t.Error("nobody drawn in", c.Name)
		}
	}
}

func TestWhoMayCheck(t *testing.T) {
	c := SpotCheck{UnitID: "U1", Region: "620802101", Outcome: OutcomeFalse, AccountID: "A"}
	for _, tc := range []struct {
		a      Account
		second bool
		may    bool
	}{
		{Account{ID: "A", Region: "620802"}, false, true},
		{Account{ID: "A", Region: "620802"}, true, false},
		{Account{ID: "B", Region: "6208"}, true, true},
		{Account{ID: "B", Region: "620802", UnitID: "U1"}, false, false},
		{Account{ID: "B", Region: "620821"}, false, false},
	} {
		if c.MayCheck(tc.a, tc.second) != tc.may {
			t.Errorf("%+v second %t: not %t", tc.a, tc.second, tc.may)
		}
	}
	if c.Final() != "" || !c.NeedsSecond() {
		t.Error("a false outcome counts before a second person looked")
	}
	if c.SecondOutcome = OutcomeAgrees; c.Final() != OutcomeAgrees {
		t.Error(c.Final())
	}
}
