package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"

	"aixin/handlers/answer"
)

type answerCmd struct {
	Base string `help:"另用一份政策库(YAML);默认用程序自带的。" type:"existingfile" placeholder:"FILE"`
}

// Help is shown by aixin answer --help.
func (answerCmd) Help() string {
	return `每行一个 JSON:{"id","text","role"?},role 是 guardian(默认)、child 或 cadre。
输出 {"id","answer","score"}:answer 是政策库的条目编号,答不上是 none,有人身危险是 crisis。
例:aixin answer < in.jsonl > out.jsonl。不需要设置、密钥和数据库。`
}

// Run answers each line.
func (c *answerCmd) Run(e *env) error {
	base := answer.Default()
	if c.Base != "" {
		raw, err := os.ReadFile(c.Base)
		if err != nil {
			return err
		}
		if base, err = answer.Load(raw); err != nil {
			return fmt.Errorf("政策库 %s 有错:%w", c.Base, err)
		}
	}
	return answerLines(base, e.stdin, e.stdout)
}

func answerLines(base *answer.Base, in io.Reader, out io.Writer) error {
	return eachLine(in, out, func(line []byte, fields map[string]json.RawMessage) error {
		var q struct {
			ID   json.RawMessage `json:"id"`
			Text string          `json:"text"`
			Role string          `json:"role"`
		}
		if err := json.Unmarshal(line, &q); err != nil {
			return err
		}
		switch q.Role {
		case "":
			q.Role = "guardian"
		case "guardian", "child", "cadre":
		default:
			return fmt.Errorf("role %q 不认识,用 guardian、child 或 cadre", q.Role)
		}
		found := base.Ask(q.Text, q.Role)
		clear(fields)
		if q.ID != nil {
			fields["id"] = q.ID
		}
		var err error
		if fields["answer"], err = json.Marshal(found.ID); err != nil {
			return err
		}
		fields["score"], err = json.Marshal(math.Round(found.Score*1e4) / 1e4)
		return err
	})
}
