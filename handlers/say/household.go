package say

import (
	"fmt"
	"strings"

	"aixin/models"
)

// AskHome asks who of a household was there; said once for each household.
func AskHome(person string, members []string) string {
	return fmt.Sprintf("%s家%s口(%s)都在吗?1 都在  2 只有%s", person, few(len(members)), strings.Join(members, "、"), person)
}

// HomeRemembered tells that the earlier answer was used.
func HomeRemembered(person string, members int) string {
	return fmt.Sprintf("(%s家按上回说的,%s口都在。不是就回“只有%s”。)", person, few(members), person)
}

// HomeOnly is said to 只有谷军 where no record has to change.
func HomeOnly(person string) string {
	return "好,往后去" + person + "家,没说别人就只记" + person + "。"
}

// HelpOfHome tells that a thing done counts once for a household.
func HelpOfHome(person string) string { return "实事按户记一件,记在" + person + "名下。" }

func few(n int) string {
	words := []string{"零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

// PhotosGiven tells to which record pictures went.
func PhotosGiven(n int, person string, day models.Day) string {
	return fmt.Sprintf("好,%d张照片归到%s%s那条了。", n, person, day.String())
}

// PhotosHeld is said where the person has no record to take the pictures.
func PhotosHeld(n int, person string) string {
	return fmt.Sprintf("没见到%s这天的记录,%d张照片先存着。说一句去做了啥,就一起记上。", person, n)
}

// NoPhotos is said where there are no pictures to give.
const NoPhotos = "没找到刚发的照片,请再发一遍。"

// WhosePhotos asks whose pictures are that were named unclearly.
func WhosePhotos(names []string) string {
	return "照片是谁家的?" + Choices(names) + "\n回数字或名字;不要了就回“不要”。"
}

// OldPhotos asks once about pictures that nobody said a word about.
func OldPhotos(n int, at string, names []string) string {
	return fmt.Sprintf("另外,%s发的%d张照片还没说是谁家的:%s\n回数字或名字;不要了就回“不要”。", at, n, Choices(names))
}

// PhotosDropped confirms that pictures are not wanted.
func PhotosDropped(n int) string { return fmt.Sprintf("好,%d张照片不要了。", n) }
