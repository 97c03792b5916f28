package wechatsim

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
)

// Template is a message template of the account. Content is what
// get_all_private_template shows: lines as 事项:{{thing1.DATA}}.
type Template struct {
	ID, Name, Title, Content string
}

// DefaultTemplates are those of the demo: Name is the setting that wants the id.
func DefaultTemplates() []Template {
	t := func(name, title, content string) Template {
		return Template{ID: templateID(name), Name: name, Title: title, Content: content}
	}
	return []Template{
		t("duty_reminder", "待办事项提醒", "事项:{{thing1.DATA}}\n建议:{{thing2.DATA}}\n说明:{{thing3.DATA}}"),
		t("monthly_summary", "月度小结通知", "月份:{{thing1.DATA}}\n内容:{{thing2.DATA}}\n说明:{{thing3.DATA}}"),
		t("notice", "工作通知", "标题:{{thing1.DATA}}\n时间:{{time2.DATA}}\n说明:{{thing3.DATA}}"),
		t("question_reply", "咨询回复通知", "编号:{{character_string1.DATA}}\n内容:{{thing2.DATA}}\n时间:{{time3.DATA}}"),
		t("need_update", "诉求进展通知", "编号:{{character_string1.DATA}}\n进展:{{thing2.DATA}}\n时间:{{time3.DATA}}"),
		t("alert", "紧急事项通知", "事项:{{thing1.DATA}}\n时间:{{time2.DATA}}\n说明:{{thing3.DATA}}"),
	}
}

// templateID makes up an id of the platform's length that still can be read.
func templateID(name string) string {
	id := "sim-" + strings.ReplaceAll(name, "_", "-") + "-"
	return id + strings.Repeat("x", 43-len(id))
}

var templateField = regexp.MustCompile(`(?m)^[ \t]*([^:\n{]*?)[::]?[ \t]*\{\{(\w+)\.DATA\}\}`)

// Keys returns the data keys of the template in order.
func (t Template) Keys() []string {
	var keys []string
	for _, m := range templateField.FindAllStringSubmatch(t.Content, -1) {
		keys = append(keys, m[2])
	}
	return keys
}

// fill makes the card's lines, or refuses with 47003. A key that the template
// does not have is refused too: whether the platform ignores it is not
// documented, and it is a fault of the bot either way. first and remark are
// dropped in silence, as the platform does since 2023.
func (t Template) fill(values map[string]string) ([]Field, error) {
	var fields []Field
	known := map[string]bool{"first": true, "remark": true}
	for _, m := range templateField.FindAllStringSubmatch(t.Content, -1) {
		label, key := m[1], m[2]
		known[key] = true
		if key == "first" || key == "remark" {
			continue
		}
		if !ValidField(key, values[key]) {
			return nil, invalidField(key)
		}
		fields = append(fields, Field{key, label, Shown(key, values[key])})
	}
	extra := make([]string, 0)
	for key := range values {
		if !known[key] {
			extra = append(extra, key)
		}
	}
	if len(extra) > 0 {
		return nil, invalidField(slices.MinFunc(extra, cmp.Compare[string]))
	}
	return fields, nil
}

// Shown is what people see of a field's value: of the old kind, keyword1, no more
// than twenty characters of the first line.
func Shown(key, value string) string {
	if !strings.HasPrefix(key, "keyword") {
		return value
	}
	value, _, _ = strings.Cut(value, "\n")
	if r := []rune(value); len(r) > 20 {
		value = string(r[:20]) + "…"
	}
	return value
}

func invalidField(key string) error {
	return refuse(47003, "argument invalid! data."+key+".value invalid")
}

const (
	timeForm = `\d{1,2}:\d{2}(:\d{2})?`
	dateForm = `(\d{4}年\d{1,2}月\d{1,2}日|\d{4}([-/.])\d{1,2}[-/.]\d{1,2})`
	dateTime = `(` + dateForm + `( ?` + timeForm + `)?|` + timeForm + `)`
)

// fieldForms are the types whose form is a pattern.
var fieldForms = map[string]*regexp.Regexp{
	"character_string": regexp.MustCompile(`^[!-~ ]{1,32}$`),
	"number":           regexp.MustCompile(`^-?\d+(\.\d+)?$`),
	"letter":           regexp.MustCompile(`^[A-Za-z]{1,32}$`),
	"symbol":           regexp.MustCompile(`^[\p{P}\p{S}]{1,5}$`),
	"time":             regexp.MustCompile(`^` + dateTime + `( ?~ ?` + dateTime + `)?$`),
	"date":             regexp.MustCompile(`^` + dateForm + `( ?` + timeForm + `)?$`),
	"amount":           regexp.MustCompile(`^[¥¥$€£]?-?\d{1,12}(\.\d+)?元?$`),
	"phone_number":     regexp.MustCompile(`^[\d+\-() ]{1,17}$`),
	"car_number":       regexp.MustCompile(`^[\p{Han}A-Za-z0-9·]{1,8}$`),
	"phrase":           regexp.MustCompile(`^\p{Han}{1,5}$`),
}

// ValidField tells whether a value keeps the limit of its key's type (thing1 is
// of type thing). Characters count as UTF-16 units, the stricter reading.
func ValidField(key, value string) bool {
	kind := strings.TrimRight(key, "0123456789")
	for _, r := range value {
		if unicode.IsControl(r) {
			return false
		}
	}
	n := len(utf16.Encode([]rune(value)))
	if f, ok := fieldForms[kind]; ok {
		return f.MatchString(value) && (kind != "number" || n <= 32)
	}
	switch kind {
	case "const":
		return n <= 20
	case "name":
		han := strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		return n > 0 && (n <= 10 || !han && n <= 20)
	case "thing", "short_thing", "enum_string":
		return n > 0 && n <= 20
	}
	return n > 0 // the old kind, keyword1: folded on the phone, never refused
}

func (s *Sim) listTemplates(*call) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := []object{}
	for _, t := range s.templates {
		list = append(list, object{
			"template_id": t.ID, "title": t.Title, "content": t.Content,
			"primary_industry": "", "deputy_industry": "", "example": "",
		})
	}
	slices.SortFunc(list, func(a, b object) int {
		return cmp.Compare(a["template_id"].(string), b["template_id"].(string))
	})
	return object{"template_list": list}, nil
}
