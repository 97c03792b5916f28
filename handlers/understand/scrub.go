package understand

import "regexp"

// Marks put in place of what is never stored.
const (
	scrubbedID       = "〔身份证号〕"
	scrubbedCard     = "〔银行卡号〕"
	scrubbedPassword = "〔密码〕"
)

var (
	longDigits = regexp.MustCompile(`[0-9][0-9 -]{13,27}[0-9xX]`)
	passwords  = regexp.MustCompile(`(密码|验证码|口令码|动态码|校验码)(是|为|:|:|改成|设成|设的是|叫|就是|,|\s)*([A-Za-z0-9@#$%!_*.]{4,20})`)
)

// Scrub takes id numbers (18 digits or 15), bank card numbers (16 to 19) and the
// values of passwords and codes out of a text, and says which of the three it
// found. Digits that are run together count without a right check digit too: a
// slip of the thumb gives away as much. Phone numbers, sums and dates stay.
func Scrub(text string) (clean string, found []string) {
	note := func(mark string) {
		if !hasString(found, mark) {
			found = append(found, mark)
		}
	}
	clean = longDigits.ReplaceAllStringFunc(text, func(s string) string {
		digits := make([]byte, 0, len(s))
		for _, r := range s {
			switch {
			case r >= '0' && r <= '9':
				digits = append(digits, byte(r))
			case r == 'x' || r == 'X':
				digits = append(digits, 'X')
			}
		}
		together := len(digits) == len(s)
		switch {
		case isID(digits), together && likeID(digits):
			note(scrubbedID)
			return scrubbedID
		case isCard(digits), (together || grouped.MatchString(s)) && len(digits) >= 16 && len(digits) <= 19 && digits[0] != '0':
			note(scrubbedCard)
			return scrubbedCard
		}
		return s
	})
	clean = passwords.ReplaceAllStringFunc(clean, func(s string) string {
		note(scrubbedPassword)
		loc := passwords.FindStringSubmatchIndex(s)
		return s[:loc[6]] + scrubbedPassword
	})
	return clean, found
}

// grouped are the digits of a card as they are printed on it.
var grouped = regexp.MustCompile(`^[0-9]{4}([ -])[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}([ -][0-9]{1,3})?$`)

// likeID tells 18 digits that hold a birthday where an id number has it.
func likeID(d []byte) bool {
	return len(d) == 18 && d[0] >= '1' && d[0] <= '8' && validBirth(string(d[6:14])) && string(d[6:10]) < "2100"
}

// isID checks an 18-digit citizen number (GB 11643) or an old 15-digit one.
func isID(d []byte) bool {
	switch len(d) {
	case 15:
		return d[14] != 'X' && validBirth("19"+string(d[6:12])) && d[0] != '0'
	case 18:
		if !validBirth(string(d[6:14])) {
			return false
		}
		weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
		sum := 0
		for i, w := range weights {
			if d[i] == 'X' {
				return false
			}
			sum += int(d[i]-'0') * w
		}
		return "10X98765432"[sum%11] == d[17]
	}
	return false
}

// validBirth checks that the eight digits can be a birthday.
func validBirth(s string) bool {
	month, day := s[4:6], s[6:8]
	return s[:4] >= "1900" && s[:4] <= "2100" && month >= "01" && month <= "12" && day >= "01" && day <= "31"
}

// isCard checks a bank card number by the Luhn sum.
func isCard(d []byte) bool {
	if len(d) < 16 || len(d) > 19 {
		return false
	}
	sum := 0
	for i := range d {
		c := d[len(d)-1-i]
		if c == 'X' {
			return false
		}
		n := int(c - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
