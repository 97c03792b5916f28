package understand

import (
	"regexp"
	"strings"
)

// visits reports whether a clause tells a meeting in person.
func visits(c *clause, contact bool) bool {
	if !visitRules.has(c.tagged) || noVisit.spoils(c.tagged, visitRules) {
		return false
	}
	if contact && strings.ContainsAny(c.tagged, "看") && !strings.ContainsAny(c.tagged, "去到访") {
		return false
	}
	if medical.MatchString(c.plain) && !strings.ContainsAny(c.tagged, "H访探") && !strings.Contains(c.tagged, "看望") && !visitBefore(c) {
		return false
	}
	return !absent.has(c.plain)
}

// medical (plain): 看 here is what a doctor does.
var medical = regexp.MustCompile(`(带|陪|领|送|拉|背|扶|接)(着|了|上)?(P|我|娃)[^,]{0,14}看|看(了)?(病|牙|眼|腿|腰|医|大夫|电视|书|手机)`)

// visitBefore reports whether the visit is told before the way to the doctor:
// 去学校看了海龙带他去看牙.
func visitBefore(c *clause) bool {
	loc := medical.FindStringIndex(c.plain)
	return loc != nil && strings.Contains(c.plain[:loc[0]], "看了")
}
