package understand

import "strings"

// surnames are the single-character surnames a stranger's name may begin with.
const surnames = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由脱折拓缑卯撒者妥虎锁摆"

// afterStranger are the letters that may follow a stranger's name.
const afterStranger = "家那屋打送发买通说和与跟聊量办申讲代也都今昨在住给一两三各,。、? \x00"

// strangerAfter are words before a stranger's name that make what follows one,
// and what must come after it.
// 去李建国家走访 · 看望了赵小燕, · 给刘玉兰打电话
var strangerAfter = []struct {
	before, after string
	afterDe       bool // 的 before it will do as well: 西沟的郑大山
}{
	{"去 去趟 去了趟 去了一趟 到了趟 跑了趟 邻村 隔壁村 外村 去 到 来到 前往 去了 到了 走访 家访 入户 看望 探望 慰问 看望了 走访了 慰问了 探视 帮扶户 帮扶对象 低保户 困难户 特困户 五保户 脱贫户 监测户 残疾人 留守儿童 孤儿 群众 村民 老党员 贫困户 结对户", "家 屋 老人 老汉 大爷 大妈 大叔 大婶 大娘 老太太 老两口 夫妇 同学 同志 一户 两户", true},
	{"看望 探望 探视 走访 慰问 看望了 走访了 慰问了 探视了 探望了 看了 看了看 看看 看了一下 瞧了瞧 去看 去看了 看望慰问 走访慰问 走访慰问了 帮扶户 帮扶对象 困难户 低保户 特困户 五保户 脱贫户 监测户 残疾人 留守儿童 孤儿 群众 村民 老党员 贫困户 结对户", ", 。 、 \x00 和 与 送 给 同学 老人 老汉 老太太 大爷 大娘 的 两", true},
	{"给 跟 和 与 帮 替 为 同 、", "转 捐 捎 留 打 发 送 买 通 视频 微信 聊 办 申请 代 理发 打扫 各 、 , 。 \x00 讲 家", true},
	{"联系了 联系 电话联系 视频 打给", ", 。 \x00 、 了解 问", true},
	{"看望 探望 探视 走访 慰问 看望了 走访了 慰问了 看了 去看 去看了", "了 帮 跟 也", false},
	{"陪 带 领 送 接 拉 扶 带着 陪着 拉着", "去 到 看病 办 做 在 回 上", false},
}

// stranger reads a name that is not in the roster, only where a name must stand.
func (x *nameIndex) stranger(r []rune, i int) (mention, int) {
	if !strings.ContainsRune(surnames, at(r, i)) {
		return mention{}, i
	}
	if x.wordEnd(r, i) >= i+2 {
		return mention{}, i
	}
	for k, slot := range strangerAfter {
		ok := false
		for b := range strings.FieldsSeq(slot.before) {
			if n := len([]rune(b)); i >= n && hasAt(r, i-n, b) || i > n && slot.afterDe && at(r, i-1) == '的' && strings.ContainsRune("村沟社庄组镇乡湾坪川塬岭队户壁巷楼区里上头边", at(r, i-2)) {
				ok = true
				break
			}
		}
		if !ok && !(k == 0 && opensNote(r, i)) {
			continue
		}
		for _, n := range []int{3, 2} {
			if i+n > len(r) || !allHan(r[i:i+n]) || x.wordEnd(r, i+1) >= i+3 || n == 3 && x.wordEnd(r, i+2) >= i+4 && at(r, i+3) != '家' {
				continue
			}
			if strings.ContainsAny(string(r[i:i+n]), notInNames) || counts(r, i+1, i+n) {
				continue
			}
			for a := range strings.SplitSeq(slot.after, " ") {
				if a == "\x00" && i+n == len(r) || a != "\x00" && hasAt(r, i+n, a) {
					return mention{name: string(r[i : i+n])}, i + n
				}
			}
		}
	}
	return mention{}, i
}

// opensNote reports whether a note may begin at i with whose home it is about:
// 郭建平家走访了 · 昨天郭建平家去了
func opensNote(r []rune, i int) bool {
	return i == 0 || isStop(r[i-1]) || strings.ContainsRune("天日早晚午号儿", r[i-1])
}

// notInNames are letters no given name has but sentences do.
const notInNames = "谁啥吗呢么都的了我他她你们个两十几去到给送打电话家院看走访问说这那没不是在和与跟把吃买卖下里户村镇校医残低保钱元块老奶爷叔婶姨费事病药"

// counts reports whether a figure of two letters or more, or one that counts
// something, begins between i and end: 给李|四百块, but 李四 and 张三丰 are names.
func counts(r []rune, i, end int) bool {
	for ; i < end; i++ {
		if !strings.ContainsRune("一二三四五六七八九", r[i]) {
			continue
		}
		_, n := readNumber(r, i)
		_, m := readMoney(r, i)
		_, q := readQuantity(r, i)
		if n > i+1 || m > i || q > i || strings.ContainsRune("户次趟个遍回套双天斤家人", at(r, i+1)) && i+1 < len(r) {
			return true
		}
	}
	return false
}

func allHan(r []rune) bool {
	for _, c := range r {
		if !isHan(c) {
			return false
		}
	}
	return true
}
