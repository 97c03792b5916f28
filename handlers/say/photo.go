package say

import "fmt"

// PhotoHeld tells who sent a picture that seems to show a paper or a screen that
// it was not kept, and how it can be.
func PhotoHeld(looks string, home bool) string {
	what := "证件或文字材料"
	if looks == "screen" {
		what = "手机或电脑屏幕"
	}
	if home {
		return fmt.Sprintf("您发的照片像是%s,为护着您家的事,我没有留、没有转。要给干部看的,当面看就行;我看错了就回“不是证件”,我接着转。", what)
	}
	return fmt.Sprintf("刚发的照片像是%s,为护着他家的隐私,没放进相册。要是看望照片,回“是看望照片”,我就放回去。", what)
}

// PutBack answers who says that it is a picture of a visit.
func PutBack(n int, home bool) string {
	if home {
		return "好,接着转给他看。"
	}
	if n > 1 {
		return fmt.Sprintf("好,%d张都放回去了。", n)
	}
	return "好,放回去了。"
}

// HeldTooOld is said where the platform no longer has it.
const HeldTooOld = "过了三天,那张拿不回来了。请再发一次,发完回“是看望照片”。"
