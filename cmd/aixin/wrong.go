package main

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"

	"aixin/models/store"
)

// wrongs put what the parser says of a command line into the users' words.
var wrongs = []struct {
	said  *regexp.Regexp
	plain string
}{
	{regexp.MustCompile(`^unexpected argument (\S+), did you mean (?:one of )?(.+)\?$`), `没有“$1”这个命令,是不是 $2`},
	{regexp.MustCompile(`^unexpected argument (\S+)$`), `没有“$1”这个命令,或者多写了它`},
	{regexp.MustCompile(`^unknown flag (\S+), did you mean (?:one of )?(.+)\?$`), `没有 $1 这个选项,是不是 $2`},
	{regexp.MustCompile(`^unknown flag (\S+)$`), `没有 $1 这个选项`},
	{regexp.MustCompile(`^(--\S+) and (--\S+) can't be used together$`), `$1 和 $2 不能一起用`},
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

// remedies tell whoever runs a command what to do about the database.
var remedies = map[store.Cause]string{
	store.CauseAway:     "连不上数据库:看看它在不在运行、database.dsn 的地址对不对,再运行一次",
	store.CauseDenied:   "数据库不让进:database.dsn 里的用户名、密码不对,或这个用户没有这个库的权限",
	store.CauseNoSchema: "数据库服务器上没有 database.dsn 里写的库:先建好空库(字符集 utf8mb4),再运行 aixin migrate",
	store.CauseNoFile:   "数据库文件打不开:看看 data_dir(或 database.dsn)的目录在不在、能不能读写",
	store.CauseNoBase:   "database.dsn 指的文件不是 SQLite 数据库:换成对的文件名,或留空",
	store.CauseReadOnly: "数据库只能读不能写:看看文件和目录的权限,或是不是连到了只读的副本",
	store.CauseFull:     "磁盘满了,写不进去:腾出地方再运行一次",
}

// remedied is how a command's error is told: what to do first, the cause after it.
func remedied(err error) string {
	if remedy, ok := remedies[store.Why(err)]; ok {
		return fmt.Sprintf("%s\n原因:%v", remedy, err)
	}
	if path := (*fs.PathError)(nil); errors.As(err, &path) && errors.Is(err, fs.ErrPermission) {
		return fmt.Sprintf("没有权限用 %s:换一个目录,或让运行 aixin 的用户能写它\n原因:%v", path.Path, err)
	}
	return err.Error()
}
