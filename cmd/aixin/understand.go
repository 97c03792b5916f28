package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"

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
// into its fields. A line that is no such object ends the run with its number.
func eachLine(in io.Reader, out io.Writer, work func(line []byte, fields map[string]json.RawMessage) error) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(nil, 1<<22)
	w := bufio.NewWriter(out)
	defer w.Flush()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for n := 1; scanner.Scan(); n++ {
		line := scanner.Bytes()
		if len(line) == 0 {
			continue
		}
		fields := map[string]json.RawMessage{}
		err := json.Unmarshal(line, &fields)
		if err == nil {
			err = work(line, fields)
		}
		if err == nil {
			err = enc.Encode(fields)
		}
		if err != nil {
			return fmt.Errorf("第 %d 行读不懂:%w", n, err)
		}
	}
	return scanner.Err()
}

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
