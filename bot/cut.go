package bot

import (
	"strings"
	"unicode/utf8"
)

// MaxReply is the most bytes of a text reply (wechat-platform.md §3).
const MaxReply = 2048

// Cut splits a text so that the head has at most limit bytes: at a blank line
// (between people), else at a line, else after a sentence, else between
// characters; never inside one.
func Cut(text string, limit int) (head, rest string) {
	if len(text) <= limit {
		return text, ""
	}
	window := text[:limit]
	for !utf8.RuneStart(text[len(window)]) {
		window = window[:len(window)-1]
	}
	for _, sep := range []string{"\n\n", "\n"} {
		if i := strings.LastIndex(window, sep); i > 0 {
			return text[:i], strings.TrimLeft(text[i:], "\n")
		}
	}
	end := 0
	for _, stop := range []string{"。", "!", "!", "?", "?", ";", ";"} {
		if i := strings.LastIndex(window, stop); i >= 0 {
			end = max(end, i+len(stop))
		}
	}
	if end == 0 {
		end = len(window)
	}
	return text[:end], text[end:]
}
