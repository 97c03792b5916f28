package xlsx

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/xuri/excelize/v2"

	"aixin/models"
)

// clean trims a cell and folds full-width digits, letters and punctuation to
// the usual ones; widened tells whether a digit or letter was folded.
func clean(s string) (out string, widened bool) {
	out = strings.Map(func(r rune) rune {
		switch {
		case r >= '!'+0xFEE0 && r <= '~'+0xFEE0:
			r -= 0xFEE0
			widened = widened || unicode.IsLetter(r) || unicode.IsDigit(r)
			return r
		case r == 0xFEFF || r == 0x200B || r == 0x200C || r == 0x200D || r == 0x2060:
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, s)
	return strings.Trim(strings.TrimSpace(out), "'"), widened
}

// packed is a cell without any space, for names, numbers and headings.
func packed(s string) string { return strings.ReplaceAll(s, " ", "") }

var listSeparators = regexp.MustCompile(`[、;,]`)

// list splits a cell of several values; empty ones are left out.
func list(s string) []string {
	var out []string
	for _, part := range listSeparators.Split(s, -1) {
		if part = packed(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// digits undoes what spreadsheets do to long numbers: 1.39E+10, 13900000000.0.
func digits(s string) string {
	if !strings.ContainsAny(s, ".Ee") {
		return s
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || f < 0 || f >= 1e15 {
		return s
	}
	return strconv.FormatFloat(f, 'f', 0, 64)
}

var mobile = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// phone reads a mobile number.
func phone(s string) (number string, ok bool) {
	number = strings.NewReplacer(" ", "", "-", "", "+", "", "(", "", ")", "").Replace(digits(s))
	if len(number) == 13 {
		number = strings.TrimPrefix(number, "86")
	}
	return number, mobile.MatchString(number)
}

// idNumber reads an id number of 18 characters and says what is wrong with it.
func idNumber(s string) (number, problem string) {
	number = strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(s))
	if strings.Contains(number, "E+") {
		return "", "身份证号存成了数字,后几位已经丢了;请把这一列设成文本,照证件重填"
	}
	if len(number) == 15 && allDigits(number) {
		return "", "这是 15 位的老身份证号,请填现在的 18 位"
	}
	if len(number) != 18 || !allDigits(number[:17]) || (number[17] != 'X' && !allDigits(number[17:])) {
		return "", "身份证号要 18 位数字(末位可以是 X),请照证件重填"
	}
	if checkDigit(number) != number[17] {
		return "", "身份证号有一位写错了,请照证件逐位核对"
	}
	return number, ""
}

// checkDigit computes the last character by GB 11643.
func checkDigit(number string) byte {
	weight, sum := 1, 0
	for i := 16; i >= 0; i-- {
		weight = weight * 2 % 11
		sum += int(number[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

// birthOf is the day of birth in an id number.
func birthOf(number string) (models.Day, bool) {
	d, err := models.ParseDay(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	return d, err == nil
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// count reads a small whole number.
func count(s string) (n int, ok bool) {
	n, err := strconv.Atoi(digits(strings.TrimRight(s, " 次件个")))
	return n, err == nil && n >= 0 && n <= 9999
}

var (
	plainDate = regexp.MustCompile(`^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[ T].*)?$`)
	looseDate = regexp.MustCompile(`^([0-9]{4}) ?[.年、] ?([0-9]{1,2}) ?[.月、] ?([0-9]{1,2}) ?日?$`)
	solidDate = regexp.MustCompile(`^([0-9]{4})([0-9]{2})([0-9]{2})$`)
	lunarDate = regexp.MustCompile(`农历|阴历|旧历|正月|腊月|冬月|闰|初[一二三四五六七八九十]|廿`)
)

// day reads a date in a cell: a serial number or text. repaired tells that the
// text was not a plain date, so that a person may look at it again.
func (wb *workbook) day(s string) (d models.Day, repaired, ok bool) {
	if m := plainDate.FindStringSubmatch(s); m != nil {
		d, ok = calendar(m[1:])
		return d, false, ok
	}
	for _, form := range []*regexp.Regexp{looseDate, solidDate} {
		if m := form.FindStringSubmatch(s); m != nil {
			d, ok = calendar(m[1:])
			return d, true, ok
		}
	}
	if m := hanDate.FindStringSubmatch(s); m != nil {
		d, ok = calendar([]string{hanDigits.Replace(m[1]), hanNumber(m[2]), hanNumber(m[3])})
		return d, true, ok
	}
	// From 1900 to 2100; below lie the years that people type by themselves.
	if serial, err := strconv.ParseFloat(s, 64); err == nil && serial > 3000 && serial < 73051 {
		t, err := excelize.ExcelDateToTime(math.Floor(serial), wb.date1904)
		return models.Day(t.Format(time.DateOnly)), false, err == nil
	}
	return "", false, false
}

// hanDate is a date in Chinese numerals: 二〇二三年五月二十五日.
var (
	hanDate   = regexp.MustCompile(`^([〇零○Oo一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?$`)
	hanDigits = strings.NewReplacer("〇", "0", "零", "0", "○", "0", "O", "0", "o", "0", "一", "1", "二", "2", "三", "3", "四", "4", "五", "5", "六", "6", "七", "7", "八", "8", "九", "9")
)

// hanNumber reads a number below a hundred: 五, 十二, 二十五.
func hanNumber(s string) string {
	tens, ones, ten := strings.Cut(s, "十")
	switch {
	case !ten:
		return hanDigits.Replace(s)
	case tens == "":
		tens = "一"
	}
	return hanDigits.Replace(tens + cmp.Or(ones, "〇"))
}

func calendar(ymd []string) (models.Day, bool) {
	pad := func(s string) string { return strings.Repeat("0", max(0, 2-len(s))) + s }
	d, err := models.ParseDay(ymd[0] + "-" + pad(ymd[1]) + "-" + pad(ymd[2]))
	return d, err == nil
}

// age is the number of full years from birth to day.
func age(birth, day models.Day) int {
	years := day.Year() - birth.Year()
	if string(day[5:]) < string(birth[5:]) {
		years--
	}
	return years
}

// CheckID says what is wrong with an id number of 18 characters as the register
// wants it, or gives the day of birth in it.
func CheckID(s string) (birth models.Day, problem string) {
	number, problem := idNumber(s)
	if problem != "" {
		return "", problem
	}
	birth, ok := birthOf(number)
	if !ok {
		return "", "身份证号里的出生日期不对,请照证件核对"
	}
	return birth, ""
}
