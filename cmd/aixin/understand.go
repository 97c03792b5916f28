package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"

	"aixin/handlers/understand"
)

type understandCmd struct{}

// Help is shown by aixin understand --help.
func (understandCmd) Help() string {
	return `每行一个 JSON:{"id","today":"2026-11-21","roster":[{"name","aliases"}],"text"}
输出同一行加上 intent、activities(格式见 docs 与 nlu/guideline.md),说不清时另有 missing。
例:aixin understand < in.jsonl > out.jsonl。不需要设置、密钥和数据库。`
}

// Run labels each line.
func (understandCmd) Run(e *env) error {
	return understandLines(understand.New(), e.stdin, e.stdout)
}

func understandLines(u *understand.Understander, in io.Reader, out io.Writer) error {
	return eachLine(in, out, func(line []byte, fields map[string]json.RawMessage) error {
		var input understand.Input
		if err := json.Unmarshal(line, &input); err != nil {
			return err
		}
		label := u.Understand(input).Label()
		for name, v := range map[string]any{"intent": label.Intent, "activities": label.Activities, "missing": label.Missing} {
			if name == "missing" && len(label.Missing) == 0 {
				delete(fields, name)
				continue
			}
			raw, err := json.Marshal(v)
			if err != nil {
				return err
			}
			fields[name] = raw
		}
		return nil
	})
}

// eachLine reads JSON objects, a line each, and writes each with what work put
// into its fields. A line that is no such object is left out and told with its
// number at the end; the others are worked on all the same.
func eachLine(in io.Reader, out io.Writer, work func(line []byte, fields map[string]json.RawMessage) error) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, longestLine)
	w := bufio.NewWriter(out)
	defer w.Flush()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	var faults []string
	n := 0
	for scanner.Scan() {
		n++
		line := scanner.Bytes()
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")) // Windows writes it
		}
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var fields map[string]json.RawMessage
		err := json.Unmarshal(line, &fields)
		if err == nil && fields == nil {
			err = errors.New("null")
		}
		if err != nil {
			faults = append(faults, fmt.Sprintf("第 %d 行读不懂,跳过了:不是一个完整的 JSON 对象(%v)", n, err))
			continue
		}
		err = work(line, fields)
		if kind := (*json.UnmarshalTypeError)(nil); errors.As(err, &kind) {
			err = fmt.Errorf("%s 的写法不对,不该是 %s", kind.Field, kind.Value)
		}
		if err != nil {
			faults = append(faults, fmt.Sprintf("第 %d 行读不懂,跳过了:%v", n, err))
			continue
		}
		if err := enc.Encode(fields); err != nil {
			return err
		}
	}
	switch err := scanner.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		faults = append(faults, fmt.Sprintf("第 %d 行太长(超过 %d MiB),从这里起没有读", n+1, longestLine>>20))
	case err != nil:
		return err
	}
	const told = 20
	if more := len(faults) - told; more > 0 {
		faults = append(faults[:told], fmt.Sprintf("还有 %d 行也读不懂", more))
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "\n"))
	}
	return nil
}

// longestLine is far beyond any message.
const longestLine = 4 << 20

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(e *env) error {
	fmt.Fprintln(e.stdout, "aixin", version())
	return nil
}

// release is set at link time: -ldflags "-X main.release=v1.2.3".
var release = ""

func version() string {
	if release != "" {
		return release
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return s.Value[:12]
			}
		}
	}
	return "dev"
}
