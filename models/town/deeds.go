package town

import (
	"fmt"
	"math/rand/v2"

	"aixin/models"
)

// The notes of activities, as cadres write them.
var (
	visitNotes = []string{
		"去家里坐了坐,人都好着呢", "入户看望,炕烧得热,米面够", "上门看了看,腿疼好些了", "到家里拉了会家常",
		"入户查看取暖和用电,都安全", "去看望,院子收拾得干净", "到学校看了孩子,学习跟得上", "下村路过看了一下,精神不错",
	}
	contactNotes = map[models.Channel][]string{
		models.ChannelPhone:  {"打电话问了身体", "电话问了近况,一切都好", "打电话提醒天冷加衣", "电话问了药还够不够"},
		models.ChannelWeChat: {"微信上聊了聊,让按时吃药", "微信问了孩子的作业", "微信发了补贴的办法"},
		models.ChannelSMS:    {"发短信提醒防滑防火", "发短信问了平安"},
		models.ChannelVideo:  {"视频看了看,气色不错", "跟孩子视频聊了会"},
	}
	weekNotes  = []string{"本周看望,都好", "上门看了,吃住都好", "本周看过了", "看望,烧炕有人管", "看了一趟,药够吃"}
	helpNotes  = []string{"帮着打扫了院子,拉了煤", "代买了降压药", "陪着去县医院看了病", "给孩子补了两小时数学", "帮忙收了洋芋", "带去理了发"}
	solveNotes = []string{"房顶漏雨修好了", "学费凑齐了", "帮着把苹果卖了", "水管冻裂,找人修好了"}
	policyNote = []string{"护理补贴办下来了", "低保办成了", "临时救助批下来了", "残疾证换好了"}
	aidNotes   = []string{"送了米面油", "送了棉衣", "给孩子买了书包和文具", "送了一袋面一桶油", "带了牛奶和鸡蛋"}
)

// channels: most contacts are calls.
var channels = []models.Channel{models.ChannelPhone, models.ChannelPhone, models.ChannelPhone, models.ChannelPhone, models.ChannelWeChat, models.ChannelWeChat, models.ChannelSMS, models.ChannelVideo}

// diary writes the activities of one pairing.
type diary struct {
	*rand.Rand
	Pairing
	key    string
	record int
}

// newRecord begins a message.
func (d *diary) newRecord() { d.record++ }

func (d *diary) activity(kind models.Kind, day, recorded models.Day, note string) Activity {
	return Activity{
		Record: fmt.Sprintf("%s-%d", d.key, d.record), Cadre: d.Cadre, Recipient: d.Recipient, Line: d.Line,
		Kind: kind, Day: day, RecordedOn: recorded, Note: note,
	}
}

func (d *diary) visit(day, recorded models.Day) Activity {
	return d.activity(models.KindVisit, day, recorded, pick(d.Rand, visitNotes))
}

func (d *diary) contact(day, recorded models.Day) Activity {
	channel := pick(d.Rand, channels)
	a := d.activity(models.KindContact, day, recorded, pick(d.Rand, contactNotes[channel]))
	a.Channel = channel
	return a
}

func (d *diary) help(day, recorded models.Day) Activity {
	a := d.activity(models.KindHelp, day, recorded, "")
	switch n := d.IntN(10); {
	case n < 6:
		a.Help, a.Note = models.HelpDeed, pick(d.Rand, helpNotes)
	case n < 8:
		a.Help, a.Note = models.HelpDifficulty, pick(d.Rand, solveNotes)
	default:
		a.Help, a.Stage, a.Note = models.HelpPolicy, models.PolicyObtained, pick(d.Rand, policyNote)
	}
	return a
}

// aid is worth 50 to 500 yuan; now and then nobody wrote down how much.
func (d *diary) aid(day, recorded models.Day) Activity {
	a := d.activity(models.KindAid, day, recorded, pick(d.Rand, aidNotes))
	if d.IntN(10) > 0 {
		fen := int64(d.IntN(46)+5) * 1000
		a.AmountFen = &fen
	}
	return a
}
