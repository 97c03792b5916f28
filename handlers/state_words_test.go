package handlers

import (
	"strings"
	"testing"

	"aixin/models"
	"aixin/models/store"
)

// Each misunderstanding found becomes a line here: a message, and name=state of
// what it tells; "!" where it is denied.
func TestStatesSaid(t *testing.T) {
	paired := func(id, name, aliases string) store.Paired {
		return store.Paired{Pairing: models.Pairing{ID: id}, Recipient: models.Recipient{Name: models.Conceal(name), Aliases: models.Conceal(aliases)}}
	}
	roster := []store.Paired{paired("谷军", "谷军", "老谷、谷叔"), paired("马海龙", "马海龙", "海龙"), paired("王桂花", "王桂花", "王奶奶")}
	for _, c := range []struct{ text, want string }{
		{"老谷住院了", "谷军=hospital"},
		{"谷叔病得厉害,昨天送到县医院住院了", "谷军=hospital"},
		{"王奶奶住进市二院医院了", "王桂花=hospital"},
		{"听说老谷又住院了", "谷军=hospital"},
		{"去医院看了住院的老谷", "谷军=hospital"},
		{"去看了老谷,他住院了", "谷军=hospital"},
		{"老谷和海龙我都看了,老谷在住院", "谷军=hospital"},
		{"老谷没住院", "谷军=!hospital"},
		{"海龙去新疆打工了", "马海龙=away"},
		{"海龙外出务工了", "马海龙=away"},
		{"海龙在学校寄宿", "马海龙=boarding"},
		{"老谷被公安抓了", "谷军=detained"},
		{"老谷住院了,海龙打工回来了", "马海龙=back 谷军=hospital"},
		{"老谷住了半个月院,昨天出院了", "谷军=back"},
		{"老谷昨晚病故", "谷军=deceased"},
		{"王奶奶今早走了", "王桂花=gone"},
		{"老谷没了", "谷军=gone"},
		{"王奶奶从外地回来了", "王桂花=back"},
		{"老谷昨天死了", "谷军=deceased"},
		{"老谷高兴死了", ""},
		{"老谷家办丧事", ""},
		{"老谷家的猫死了", ""},
		{"老谷家米没了", ""},
		{"海龙手机没了", ""},
		{"老谷的药买了没", ""},
		{"老谷的药买回来了", ""},
		{"把海龙从学校接回来了", ""},
		{"带老谷办了住院", ""},
		{"老谷的院子老了", ""},
		{"海龙他爸出去打工了", ""},
		{"王奶奶的老伴去世了", ""},
		{"老谷家的羊死了", ""},
		{"海龙家里人都出去打工了", ""},
		{"给老谷报了住院费", ""},
		{"老谷住院费报了3000", ""},
		{"老谷想住院", ""},
		{"老谷下周要住院", ""},
		{"海龙准备出去打工", ""},
		{"老谷住院能报多少", ""},
		{"海龙去年住校", ""},
		{"看完老谷我就回来了", ""},
		{"从老谷家回来了", ""},
		{"把东西送到老谷手里就走了", ""},
		{"去老谷家送了面,老谷高兴得很", ""},
		{"老谷电话没打通", ""},
		{"今天雪大,谁也没去", ""},
	} {
		var got []string
		for _, s := range statesSaid(c.text, roster) {
			not := ""
			if s.denied {
				not = "!"
			}
			got = append(got, strings.Join(s.ids, "/")+"="+not+string(s.state))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.text, strings.Join(got, " "), c.want)
		}
	}
}
