package handlers

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// requests are what a cadre asks for that somebody else settles, or that the
// chat does not give. The first that fits answers.
//
//	我下月调走,这几户咋办  我要退休了,这几户交给谁     → handover
//	能不能把老谷换给别人  老谷能不能换个人包            → swap
//	把谷军身份证号发我  老谷的电话是多少               → numbers
//	老谷家住哪  海龙在哪个村                        → lives
//	这个月15号要录的给我导一份  把这个月的清单发我        → month
//	下一户去谁家好  这周该去看谁                     → next
//	单位换成住建局了  我换手机了  恢复                → a fixed answer
//	日期不对  金额错了  人不对                       → wrong
var requests = []struct {
	words  *regexp.Regexp
	answer func(*talk, context.Context, []store.Paired) (string, bool, error)
	sure   bool // whatever else the sentence could mean
}{
	{regexp.MustCompile(`^.{0,6}(我|本人).{0,6}(调走|调动|调到|调离|退休|离职|换单位|要走了?[,,]).*`), (*talk).handover, false},
	{regexp.MustCompile(`换给|换个(人|干部)|换一户|换一家|换人|(不想|不愿).{0,4}(包|帮|结)`), (*talk).swap, false},
	{regexp.MustCompile(`(身份证|证件|银行卡|卡号|电话|手机|号码).{0,6}(发(给)?我|给我|告诉我|是多少|多少|是啥|查一下)`), (*talk).numbers, false},
	{regexp.MustCompile(`(住|家)在?(哪|什么地方|啥地方)|在?(哪个|啥|什么)村`), (*talk).lives, false},
	{regexp.MustCompile(`((这个|本)月|(1[0-9]|十五)号).{0,10}(要录|录入|清单|记录|台账|名细|明细).{0,10}(导|发|列|打|给)|(导|发|列|打|给).{0,8}(这个|本)月.{0,8}(要录|清单|记录|台账|明细)|^(这个?|本|上个?)月.{0,5}(记|做|干)(了|过|上|的)?.{0,4}(几|多少|啥|哪|什么)`), (*talk).month, false},
	{regexp.MustCompile(`^(下一?户|下次|接下来|现在|这周|该).{0,4}(去|看|走访).{0,4}(谁|哪)`), (*talk).next, true},
	{regexp.MustCompile(`(换|改|变).{0,3}(单位|部门|科室)|(单位|部门|科室|职务).{0,4}(换|改|变)(了|成|为|到)`), settled(say.UnitChanged), true},
	{regexp.MustCompile(`换(了)?(个)?(手机|电话|号码|微信|号)`), settled(say.PhoneChanged), true},
	{regexp.MustCompile(`^(恢复|还原|撤错了|撤销错了|不该撤|刚才撤错了?|取消撤销|恢复一下)$`), settled(say.UndoIsFinal), true},
	{regexp.MustCompile(`照片.{0,6}(发|传|拍)错|(发|传)错.{0,3}照片|照片.{0,4}(删|撤|不要|去掉)`), settled(say.WrongPhoto), true},
	{regexp.MustCompile(`(名下|名单).{0,6}(少|多|不对|错|漏)`), settled(say.WrongRoster), true},
	{regexp.MustCompile(`搬(到|去|走|了家|家)|迁(到|走|出|往)|(户口|学籍).{0,4}(转|迁)`), (*talk).moved, false},
	{regexp.MustCompile(`^(日期|时间|日子|金额|钱数?|数|人|名字)(不对|错了|记错了|有误|搞错了)$`), (*talk).wrong, false},
}

func (t *talk) requested(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	if t.guardian != "" && slices.Contains([]string{"我的信息", "我的资料", "谁来过", "不同意", "撤回同意"}, plain) {
		reply, err := t.guardianWords(ctx, plain)
		return reply, true, err
	}
	for _, r := range requests {
		if len([]rune(plain)) > 60 || !r.words.MatchString(plain) {
			continue
		}
		if !r.sure && t.Understand.Understand(understand.Input{Text: t.text, Today: t.today, Roster: persons(roster)}).Intent == understand.IntentLog {
			return "", false, nil // 打电话问了低保多少钱 is a call
		}
		return r.answer(t, ctx, roster)
	}
	return "", false, nil
}

// handover tells the unit's liaison that somebody else must take over.
func (t *talk) handover(ctx context.Context, roster []store.Paired) (string, bool, error) {
	if len(roster) == 0 {
		return "", false, nil
	}
	people, err := t.labels(ctx, pairingIDs(roster), roster)
	if err != nil {
		return "", true, err
	}
	open, err := t.as().OpenQuestions(ctx, t.cadre)
	if err != nil {
		return "", true, err
	}
	told, err := t.tellLiaison(ctx, people)
	return say.Handover(people, len(open), told), true, err
}

func (t *talk) swap(ctx context.Context, roster []store.Paired) (string, bool, error) {
	who := named(roster, t.text)
	if len(who) != 1 {
		return "", false, nil
	}
	people, err := t.labels(ctx, pairingIDs(who), roster)
	if err != nil {
		return "", true, err
	}
	told, err := t.tellLiaison(ctx, people)
	return say.Swap(people[0], told), true, err
}

// tellLiaison passes the words to those liaisons of the cadre's unit who can be
// written to now.
func (t *talk) tellLiaison(ctx context.Context, people []string) (told bool, err error) {
	me, err := t.as().Cadre(ctx, t.cadre)
	if err != nil {
		return false, err
	}
	accounts, err := t.Tx.UnitAccounts(ctx, me.UnitID)
	if err != nil {
		return false, err
	}
	bound, err := boundOf(ctx, t.Tx, accounts)
	if err != nil {
		return false, err
	}
	for _, b := range bound {
		heard, err := t.Tx.LastHeard(ctx, t.Tx.OpenIDIndex(b.openid), store.Wrote)
		if err != nil {
			return false, err
		}
		if heard == 0 || t.Tx.Now() > heard.Add(windowOpen) {
			continue
		}
		told = true
		err = t.Tx.AddDelivery(ctx, "liaison/"+t.Key+"/"+b.account, store.Delivery{
			Kind: KindCarry, Role: models.RoleAdmin, SubjectID: t.cadre, OpenID: models.Conceal(b.openid),
			Payload: models.Conceal(say.HandoverFor(me.Name.Reveal(), t.text, people)),
		})
		if err != nil {
			return false, err
		}
	}
	return told, t.as().Note(ctx, "handover_asked", "cadre:"+t.cadre, "")
}

func (t *talk) numbers(_ context.Context, _ []store.Paired) (string, bool, error) {
	if strings.Contains(t.text, "12345") || strings.Contains(t.text, "补") {
		return "", false, nil
	}
	return say.NoNumbersHere, true, nil
}

// moved tells the liaison that somebody lives elsewhere now.
func (t *talk) moved(ctx context.Context, roster []store.Paired) (string, bool, error) {
	who := named(roster, t.text)
	if len(who) != 1 || !t.idle() {
		return "", false, nil
	}
	people, err := t.labels(ctx, pairingIDs(who), roster)
	if err != nil {
		return "", true, err
	}
	told, err := t.tellLiaison(ctx, people)
	return say.Moved(people[0], told), true, err
}

// next names whom the year lacks most of.
func (t *talk) next(ctx context.Context, roster []store.Paired) (string, bool, error) {
	reply, err := t.progress(ctx, roster, nil)
	return reply, true, err
}

func (t *talk) lives(ctx context.Context, roster []store.Paired) (string, bool, error) {
	var lines []string
	for _, p := range named(roster, t.text) {
		place, err := t.Tx.Region(ctx, p.Recipient.Region)
		if err != nil {
			return "", true, err
		}
		lines = append(lines, say.Lives(p.Recipient.Name.Reveal(), place.Path))
	}
	return strings.Join(lines, "\n"), len(lines) > 0, nil
}

// month lists what the cadre recorded for days of this month, or of the last.
func (t *talk) month(ctx context.Context, roster []store.Paired) (string, bool, error) {
	first, last := models.NewDay(t.today.Year(), t.today.Time().Month(), 1), t.today
	if strings.Contains(t.text, "上") {
		last = first.Add(-1)
		first = models.NewDay(last.Year(), last.Time().Month(), 1)
	}
	rows, err := t.as().ActivitiesOn(ctx, t.cadre, recipientIDs(roster), first, last)
	if err != nil {
		return "", true, err
	}
	name := map[string]string{}
	for _, p := range roster {
		name[p.RecipientID] = p.Recipient.Name.Reveal()
	}
	slices.SortStableFunc(rows, func(a, b models.Activity) int {
		if a.Day != b.Day {
			return strings.Compare(string(a.Day), string(b.Day))
		}
		return strings.Compare(a.RecipientID, b.RecipientID)
	})
	var done []say.Done
	for _, a := range rows {
		done = append(done, say.Done{Person: name[a.RecipientID], Kind: a.Kind, Channel: a.Channel, Help: a.Help, Stage: a.Stage, Day: a.Day, AmountFen: a.AmountFen, Late: a.Late})
	}
	var lines []string
	if len(done) > 0 {
		lines = strings.Split(say.Things(done), "\n")
	}
	return say.MonthList(first, lines), true, nil
}

// wrong asks what is to stand instead.
func (t *talk) wrong(ctx context.Context, roster []store.Paired) (string, bool, error) {
	reply, err := t.amend(ctx, understand.Amendment{Whole: true}, roster)
	return reply, true, err
}

// unwell is what a record may say of somebody's health.
var unwell = regexp.MustCompile(`咳嗽|咳得|发烧|发热|头晕|晕倒|摔(了|伤|倒)|疼得|疼的?厉害|不舒服|身体不好|病(得|的)?(重|厉害)|气喘|喘得|瘦了|吃不下|下不了床`)

// asksHelp are words that ask for help themselves; those are a need's.
var asksHelp = regexp.MustCompile(`需要|协调|请|解决|麻烦|反映`)

// noticed offers to pass on what a record says of somebody's health; the record
// is made as usual.
func (t *talk) noticed(_ context.Context, _ string, roster []store.Paired) (string, bool, error) {
	at := unwell.FindStringIndex(t.text)
	if at == nil || asksHelp.MatchString(t.text) {
		return "", false, nil
	}
	// The name before the words is whose health it is.
	if ids, _, ok := stateOf(t.text, [2]int{at[0], at[1]}, roster); ok && len(ids) == 1 {
		m := t.Understand.Understand(understand.Input{Text: t.text, Today: t.today, Roster: persons(roster)})
		if m.Intent == understand.IntentLog {
			t.also = append(t.also, say.Unwell(roster[rosterIndex(roster, ids[0])].Recipient.Name.Reveal()))
		}
	}
	return "", false, nil
}

// settled are requests with one fixed answer.
func settled(sentence string) func(*talk, context.Context, []store.Paired) (string, bool, error) {
	return func(*talk, context.Context, []store.Paired) (string, bool, error) { return sentence, true, nil }
}

func pairingIDs(roster []store.Paired) (ids []string) {
	for _, p := range roster {
		ids = append(ids, p.ID)
	}
	return ids
}
