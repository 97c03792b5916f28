package models

import "strings"

// goodsWords name things that are given; money is what is left.
var goodsWords = strings.Fields(`米 面 油 衣 裤 鞋 袜 帽 被 褥 毯 床 桌 椅 柜 书 文具 笔 本子 作业本 学习用品 生活用品 日用品 用品 物资 慰问品 礼品 礼物 食品
奶 蛋 肉 菜 水果 苹果 月饼 粽子 元宵 蛋糕 糖 茶 药 煤 炭 炉 电暖 暖气片 电热 轮椅 拐杖 助行器 助听器 尿不湿 口罩 洗衣 毛巾 牙膏 肥皂 玩具 杯 壶 锅 碗
手机 平板 电视 冰箱 电扇 化肥 种子 地膜 鸡苗 羊 春联 一箱 一袋 一桶 一双 一件 一套 两箱 两袋 两桶`)

// InKind tells whether a note of aid speaks of things rather than of money: what
// it is worth is then a value, not a sum (domain.md §1.6).
func InKind(note string) bool {
	for _, w := range goodsWords {
		if strings.Contains(note, w) {
			return true
		}
	}
	return false
}
