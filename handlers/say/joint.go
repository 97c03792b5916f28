package say

import (
	"strconv"
	"strings"

	"aixin/models"
)

// JointHow tells a liaison how to record what several did together.
const JointHow = "没记:没看出去看了谁。像这样写:王敏、张三今天去看了老谷、李婶,每户送了200元,单位的钱。"

// JointAmend is said to a correction of what was recorded for several.
const JointAmend = "那条是给几个人一起记的,没有改。先回“撤销”,再写一遍对的。"

// JointLeft says that something was recorded for nobody.
func JointLeft(person string) string {
	return "去的人里没有" + person + "的结对干部,走访没记;谁去过谁发一句就行。"
}

// JointKnown says that a cadre had told all of it before.
func JointKnown(cadre string) string { return cadre + "自己记过了,没有再记。" }

// JointSameName is said where a name is two people's.
func JointSameName(cadre, person string) string {
	return "没记:" + cadre + "名下有两位" + person + ",请他自己发一句。"
}

// GiftKnown says that a unit's gift stands already, told by somebody else.
func GiftKnown(person string, fen int64, cadre string) string {
	return "给" + person + "的" + models.Fen(fen).Yuan() + "单位出的," + cadre + "记过了,钱没有再记一次。"
}

// DeputyHow tells how one lets a colleague look after one's people.
const DeputyHow = "代管这样说:“我的户让张三代管到12月31日”,只管一户就写名字。到期自动还给您。"

// DeputyUntil asks for the end.
const DeputyUntil = "没设:代管到哪天?连人带日子再说一遍,比如“老谷让张三代管到12月31日”“代管一个月”。"

// DeputyNobody is said where the unit has no such cadre.
const DeputyNobody = "没设:没认出让谁代管。只能是本单位的结对干部,请写全名。"

// DeputyNeedsOwner is said to who would take over a colleague's people.
func DeputyNeedsOwner(owner string) string {
	return "这要" + owner + "自己说一句才行:“我的户让您的名字代管到某月某日”。他发不了,就请单位联络员发。急的先发“替" + owner + "记:…”。"
}

// DeputySet confirms it to who arranged it.
func DeputySet(owner, deputy string, people []string, from, to models.Day, told bool) string {
	s := "设好了:" + between(from, to) + "由" + deputy + "代管" + count(people) + ",去了都算" + owner + "的。到期自动还原,不换结对。"
	if !told {
		s += "\n" + deputy + "没绑微信收不到,您跟他说一声。"
	}
	return s
}

// DeputyTold tells the deputy.
func DeputyTold(owner string, people []string, from, to models.Day) string {
	return owner + "请您代管" + count(people) + "," + between(from, to) + ":" + strings.Join(people, "、") + "。去了、打了电话照常发一句就记上。"
}

// DeputyOwner tells the cadre whose people a liaison gave to a deputy.
func DeputyOwner(deputy string, people []string, from, to models.Day) string {
	return "联络员请" + deputy + "替您代管" + count(people) + "," + between(from, to) + "。结对还是您的,到期自动还原。"
}

// DeputyOver says that it ended.
func DeputyOver(n int) string {
	if n == 0 {
		return "现在没有在代管的。"
	}
	return "好,代管停了" + strconv.Itoa(n) + "户,从今天起还是您自己管。"
}

// DeputyLine marks a person in the roster of the deputy.
func DeputyLine(until models.Day) string { return " 代管到" + until.String() }

func between(from, to models.Day) string { return from.String() + "到" + to.String() }

func count(people []string) string { return strconv.Itoa(len(people)) + "户" }
