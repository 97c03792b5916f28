package handlers

import (
	"context"
	"regexp"
	"strings"

	"aixin/handlers/answer"
	"aixin/handlers/say"
	"aixin/models"
)

// askHeavy is the question back to words that weigh much and speak of no danger.
const askHeavy = "heavy"

var (
	// heavy are words of who sees no way on, or thinks of the own end: nobody is
	// alarmed by them alone, and nobody is left alone with them.
	heavy = regexp.MustCompile(`(我|俺|老汉|奶奶|爷爷)们?(要是|如果|万一|哪天|以后|将来)?.{0,3}(走了|死了|没了|不在了|闭眼了?|闭了眼|老了走了|倒下了?)[,。 ]?(以后|之后)?(这|那)?(个|俩|几个)?(娃|娃娃|孙子|孙女|孙娃|孩子|他|她|他们|老婆子?|老汉)们?.{0,4}(咋办|怎么办|咋弄|靠谁|谁管|谁要|咋活)|(日子|光阴).{0,4}(没法|不想|没办法|难得?|还?咋).{0,2}(过|往下过)|(活|过)(着|得|的).{0,3}(没|有啥|有什么|还有啥|真没|好没)(意思|意义|劲|盼头|奔头|指望)|(没|没有|看不到|看不见)(一点|啥|个)?(盼头|奔头|指望|活路)|我(就)?是个?(累赘|拖累|废人|没用的人)|(拖累|连累)(了)?(娃|家里|你们|他们|孩子|儿女)|活(得|着)(太|真|好|实在)?(累|苦|难|够了|熬煎)|(撑|熬|扛|坚持)不(住|下去|动|过去)了?$|心(都)?(死|凉|灰)(透)?了|哭都哭不出来|(太|真|实在)(苦|难|累)了?(啊|呀|哩)?$`)
	// lonely are words of who has nobody to talk to, a child most of all.
	lonely = regexp.MustCompile(`(有没有|想有|想找|找个|能不能找)(个)?人.{0,3}(说说?话|聊聊?天?|唠)|没(有)?人(跟|和|陪)我|(陪|跟|和)我(说说?话|聊聊)|没(有)?人(喜欢|理|要|管|疼)我|(一个人|没人).{0,6}(害怕|孤单|怕得很|没意思)|^(我)?(好|很|太)?(想|想念)(我)?(妈|爸|爹|娘)(妈|爸)?[了啊呀]?$|孤单|孤独`)
	// onHand are what the base or an office has an answer to, whatever it weighs.
	onHand = regexp.MustCompile(`补|钱|低保|证|政策|申请|房|电|水|路|学费|看病|药`)
	// worseNow, onlyWorry and ringMe answer the question back.
	worseNow  = regexp.MustCompile(`^(2|有过?|有时候?(是|有|会|就)?(想|会)?过?|想过?|真(的)?不想.{0,3}|有(过)?这(个|种)?(想法|念头)|第二个|后(面|一)(个|样)|.{0,4}不想活.{0,4})(了|的|啊|哩|呢)*$`)
	onlyWorry = regexp.MustCompile(`^(1|没|没有|不是|不会|没那么想|就是?(愁|发愁|难|心里难受|说说|问问).{0,6}|愁.{0,6}|第一个|前(面|一)(个|样)|没事(,.{0,4}说说)?|还没到那.{0,4}|放心.{0,4}|胡说哩|随便说说.{0,3})(了|的|啊|哩|呢)*$`)
	ringMe    = regexp.MustCompile(`^(3|第三个|要|打吧?|打个?电话.{0,3}|让他打.{0,4}|要他打.{0,4})$`)
)

// heavyWords asks back gently; "" where words do not weigh so much, or there is
// something to do about them here.
func (t *talk) heavyWords(ctx context.Context, text string, families []family) (string, error) {
	s := strings.Trim(text, "。.!?~ ")
	long, since := len([]rune(s)), t.Tx.Now().Add(-joinDanger)
	alone := lonely.MatchString(s) && long <= 16 && t.session.Alarm.At < since
	if !alone && (!heavy.MatchString(s) || onHand.MatchString(s) || long > 24 || t.session.Alarm.At > since) {
		return "", nil
	}
	officer, err := t.helper(ctx, families, models.LineCounsel)
	if err != nil {
		return "", err
	}
	if alone {
		if officer != "" {
			t.session.Ask = &question{Kind: askForward, Asked: 1, At: t.Tx.Now(), Typed: string(models.LineCounsel), Draft: draft{Words: say.RingAfter(text)}}
		}
		return say.Lonely(officer), nil
	}
	t.session.Ask = &question{Kind: askHeavy, Asked: 1, At: t.Tx.Now(), Record: families[0].asker, Draft: draft{Words: text}}
	return say.Heavy(officer), nil
}

// heavyAnswered takes the answer: a yes to the worse of the two is danger.
func (t *talk) heavyAnswered(ctx context.Context, q *question, plain string, families []family) (string, bool, error) {
	plain = narrowDigits(plain)
	officer, err := t.helper(ctx, families, models.LineCounsel)
	if err != nil {
		return "", false, err
	}
	switch {
	case ringMe.MatchString(plain) && officer != "":
		t.session.Ask = nil
		reply, err := t.about(ctx, aboutQuestion, say.RingAfter(q.Draft.Words), onLine(families, models.LineCounsel))
		return reply, true, err
	case worseNow.MatchString(plain):
		t.text = say.SaidBack(q.Draft.Words, plain)
		reply, err := t.danger(ctx, answer.Danger{Level: answer.Red, Kind: "selfharm"}, plain)
		return reply, true, err
	case onlyWorry.MatchString(plain):
		t.session.Ask = nil
		if officer != "" {
			t.session.Ask = &question{Kind: askForward, Asked: 1, At: t.Tx.Now(), Typed: string(models.LineCounsel), Draft: draft{Words: say.RingAfter(q.Draft.Words)}}
		}
		return say.HeavyCalm(officer), true, nil
	}
	return "", false, nil
}
