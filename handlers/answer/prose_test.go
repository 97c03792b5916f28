package answer

import "testing"

// TestDangerBesideCalm: what is excused in one sentence does not excuse the next,
// and a danger that ended well does.
func TestDangerBesideCalm(t *testing.T) {
	for text, want := range map[string]Level{
		"今天走访两户。老李出院了,恢复得好。第二户老人叫不醒了": Red,
		"老李出院了,恢复得好,第二户老人叫不醒了":        Red,
		"今天培训讲了防溺水知识。后来去老谷家,老谷喝农药了":   Red,
		"昨天看电视剧了。我不想活了":               Red,
		"去老谷家,他说十年前老伴死了,他也不想活了":       Red,
		"老李按时吃药血压稳,老谷昨晚喝农药了,拉到卫生院了":   Red,
		"羊走丢了两只,娃也走丢了":                Red,
		"家里着火了咋办":                     Red,
		"娃不见了咋办":                      Red,
		"昨晚看电视剧,女主角跳楼了。哭死我":           Calm,
		"奶奶昏倒送医院,现在出院了,恢复得不错":         Calm,
		"家里着了火,东西都烧没了,临时救助能申请不":       Calm,
		"今天培训讲了防溺水知识,还演练了有人落水怎么救":     Calm,
		"猪把地拱得乱七八糟,糟蹋了":               Calm,
	} {
		if got := Alarm(text, "cadre"); (got.Level == Calm) != (want == Calm) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
