package main

import "regexp"

// wrongs put what the parser says of a command line into the users' words.
var wrongs = []struct {
	said  *regexp.Regexp
	plain string
}{
	{regexp.MustCompile(`^unexpected argument (\S+), did you mean (?:one of )?(.+)\?$`), `没有“$1”这个命令,是不是 $2`},
	{regexp.MustCompile(`^unexpected argument (\S+)$`), `没有“$1”这个命令,或者多写了它`},
	{regexp.MustCompile(`^unknown flag (\S+), did you mean (?:one of )?(.+)\?$`), `没有 $1 这个选项,是不是 $2`},
	{regexp.MustCompile(`^unknown flag (\S+)$`), `没有 $1 这个选项`},
	{regexp.MustCompile(`^missing flags?: (.+)$`), `还要写 $1`},
	{regexp.MustCompile(`^expected one of .*$`), `没写要做什么`},
	{regexp.MustCompile(`^(missing positional arguments|expected) "?(<[^"]+>)"?.*$`), `还要写 $2`},
	{regexp.MustCompile(`^(--?\S+) must be one of (.+) but got (.+)$`), `$1 只能是 $2,不能是 $3`},
	{regexp.MustCompile(`^(\S+): expected .* but got "EOL".*$`), `$1 后面要写值`},
	{regexp.MustCompile(`^(\S+): expected .* but got ("[^"]*").*$`), `$1 的值 $2 不对`},
	{regexp.MustCompile(`^(\S+): (?:stat|open) (.+): no such file or directory$`), `$1:没有 $2 这个文件`},
}

// wrong says in Chinese what is wrong with a command line; what it does not know
// stays as it is.
func wrong(err error) string {
	for _, w := range wrongs {
		if w.said.MatchString(err.Error()) {
			return w.said.ReplaceAllString(err.Error(), w.plain)
		}
	}
	return err.Error()
}
