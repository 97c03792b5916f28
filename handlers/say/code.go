package say

import "time"

// CodeFor hands a code of a day to who passes it on.
func CodeFor(name, code string, until time.Time, bound bool) string {
	s := name + "的绑定码:" + code + "\n" + until.Format("1月2日15:04") + "前有效,只能用一次。让他关注公众号后发“绑定 " + code + "”,或扫接着发来的码。"
	if bound {
		s += "\n他绑着一部手机:新码一用,旧的那部就解开。"
	}
	return s
}

// CodeForWhom asks for whom a code is wanted.
func CodeForWhom(names []string) string {
	if len(names) == 0 {
		return NobodyPaired
	}
	return "给哪家发码?说“给" + names[0] + "家发码”这样。您名下有" + join(names) + "。"
}

// NobodyForCode is said where nobody who looks after a child is in the register.
func NobodyForCode(person string) string {
	return "名册里还没有" + person + "的监护人,发不了码。请告诉乡镇补上姓名和电话,就能发。"
}

// CodeNotYours is said to an account that hands out no codes.
const CodeNotYours = "补码找单位联络员或乡镇,这个账号补不了。"

// CodeNobody is said where nobody of that name is there.
func CodeNobody(whose string) string {
	return "您这里没有找到“" + whose + "”。写全名或编号,比如“补码 D2026-000123”。"
}

// CodeSeveral is said where several have the name.
func CodeSeveral(whose string) string {
	return "叫“" + whose + "”的不止一位。请写编号,比如“补码 D2026-000123”;干部请写全名和单位联络员说。"
}
