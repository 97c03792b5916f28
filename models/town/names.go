package town

import (
	"math/rand/v2"
	"strings"
)

// The names: common ones many times, names of the Hui, compound surnames and
// given names of one character among them.
var (
	commonSurnames = split("王王王王李李李李张张张张马马马马刘刘陈陈杨杨赵赵黄吴吴周徐孙朱高高林何何郭郭罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文谷慕柳景温甄岳辛")
	huiSurnames    = split("马马马马马马穆哈拜海沙丁白摆者喇脱妥撒虎兰金苏")
	rareSurnames   = split("折卯樊麻苟巩牟党巨仇隗靳")
	compounds      = []string{"欧阳", "司马", "上官", "尉迟", "皇甫", "慕容", "令狐", "夏侯"}

	oldMen     = strings.Fields("有才 福生 万财 建国 满仓 存良 守义 春生 占祥 占福 金锁 栓牢 志强 德禄 生财 宝山 永祥 进财 明礼 学文 玉山 长顺 双喜 富贵 广田 来福 海清 彦云 克俭 世杰")
	oldWomen   = strings.Fields("桂兰 桂花 玉兰 玉莲 秀英 秀芳 秀莲 兰英 玉珍 改改 引弟 招弟 菊花 春梅 雪琴 凤英 金莲 巧玲 爱花 翠萍 淑芳 月娥 香兰 银花 彩霞 粉琴 喜梅 玉梅 转香 桃花")
	youngMen   = strings.Fields("海龙 小龙 小军 志远 文博 天明 子轩 浩然 小宝 博文 家豪 宇航 建军 明辉 少华 俊杰 鹏飞 嘉伟 一凡 晓东 文涛 立新 小虎 思源 天佑")
	youngWomen = strings.Fields("小燕 玲玲 思雨 小雨 兰兰 雪梅 文静 欣怡 佳怡 晓君 梦瑶 雨桐 丽娟 小娟 婷婷 诗涵 晓燕 海燕 雅琴 静怡 若兰 小梅 倩倩 艳红 甜甜")
	oneMan     = split("军伟强磊勇涛超斌峰辉鹏杰刚平明龙航洋")
	oneWoman   = split("敏静芳娟艳丽霞萍红梅燕雪玲洁兰英")
)

func split(s string) []string { return strings.Split(s, "") }

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// chance is true in p of a hundred cases.
func chance(r *rand.Rand, p int) bool { return r.IntN(100) < p }

func surname(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 14:
		return pick(r, huiSurnames)
	case n < 17:
		return pick(r, rareSurnames)
	case n < 18:
		return pick(r, compounds)
	}
	return pick(r, commonSurnames)
}

// given makes a given name of somebody of that age.
func given(r *rand.Rand, s sex, years int) string {
	one := chance(r, 14)
	switch {
	case one && s == male:
		return pick(r, oneMan)
	case one:
		return pick(r, oneWoman)
	case years >= 45 && s == male:
		return pick(r, oldMen)
	case years >= 45:
		return pick(r, oldWomen)
	case s == male:
		return pick(r, youngMen)
	}
	return pick(r, youngWomen)
}

// aliases are what a cadre would call somebody.
func aliases(r *rand.Rand, surname, given string, s sex, years int) []string {
	var out []string
	switch {
	case years < 20 && len([]rune(given)) == 2:
		out = append(out, given)
		if last := string([]rune(given)[1:]); chance(r, 40) && last+last != given {
			out = append(out, last+last)
		}
	case years >= 70 && s == male:
		out = append(out, surname+"爷")
	case years >= 70:
		out = append(out, surname+"奶奶")
	case years >= 50 && s == male:
		out = append(out, "老"+surname)
	case years >= 50 && len([]rune(given)) == 1:
		out = append(out, surname+"婶")
	case years >= 50:
		out = append(out, given+"婶")
	}
	if years >= 50 && s == male && chance(r, 30) {
		out = append(out, surname+"叔")
	}
	return out
}
