package models

import (
	"strconv"
	"strings"
)

// Label is the word for a kind of activity.
func (k Kind) Label() string {
	return map[Kind]string{KindVisit: "走访", KindContact: "联系", KindHelp: "实事", KindAid: "资助"}[k]
}

// Label is the word for a channel.
func (c Channel) Label() string {
	return map[Channel]string{ChannelPhone: "电话", ChannelSMS: "短信", ChannelWeChat: "微信", ChannelVideo: "视频"}[c]
}

// Label is the word for a sub-kind of help.
func (h Help) Label() string {
	return map[Help]string{HelpDeed: "帮办实事", HelpDifficulty: "解决困难", HelpPolicy: "落实政策"}[h]
}

// SpecialityNames are the specialities as the register workbook writes them.
var SpecialityNames = map[string]Speciality{
	"": SpecialityNone, "普通": SpecialityNone, "教师": SpecialityTeacher, "医护": SpecialityMedic,
	"心理": SpecialityCounsellor, "基层": SpecialityGrassroots,
}

// Label is the word for a role.
func (r Role) Label() string {
	return map[Role]string{RoleCadre: "干部", RoleGuardian: "监护人", RoleRecipient: "关爱对象", RoleAdmin: "管理员"}[r]
}

// Yuan writes the amount as people do: 300元, 256.5元.
func (f Fen) Yuan() string { return f.Number() + "元" }

// Number writes the amount in yuan without the unit and without trailing zeros.
func (f Fen) Number() string {
	s := strconv.FormatInt(int64(f)/100, 10)
	if cents := int64(f) % 100; cents != 0 {
		s += strings.TrimRight("."+strconv.Itoa(int(cents/10))+strconv.Itoa(int(cents%10)), "0")
	}
	return s
}

// MaskName keeps the surname: 张*, 欧阳**.
func MaskName(name string) string {
	r := []rune(name)
	keep := 1
	if len(r) > 3 || len(r) == 3 && compound[string(r[:2])] {
		keep = 2
	}
	if len(r) <= keep {
		return name
	}
	return string(r[:keep]) + strings.Repeat("*", len(r)-keep)
}

// Surname is the family name alone.
func Surname(name string) string {
	r := []rune(name)
	if len(r) >= 3 && compound[string(r[:2])] {
		return string(r[:2])
	}
	if len(r) == 0 {
		return ""
	}
	return string(r[:1])
}

var compound = map[string]bool{
	"欧阳": true, "司马": true, "上官": true, "诸葛": true, "东方": true, "尉迟": true, "皇甫": true, "令狐": true,
	"慕容": true, "夏侯": true, "公孙": true, "长孙": true, "宇文": true, "司徒": true, "轩辕": true, "完颜": true,
}
