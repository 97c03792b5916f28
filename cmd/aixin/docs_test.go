package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"aixin/configs"
)

var papers = []string{
	"README.md", "README.zh-CN.md", "CHANGELOG.md", "docs/architecture.md", "docs/decisions.md", "docs/glossary.md",
	"docs/operations.md", "docs/manual.zh-CN.md",
}

var (
	paperLink    = regexp.MustCompile(`\]\(([^)#:]+)\)`)
	paperSetting = regexp.MustCompile(`AIXIN_[A-Z]+(?:_[A-Z]+)+`)
	paperMetric  = regexp.MustCompile("`(aixin_[a-z_]+)`")
	paperCommand = regexp.MustCompile(`(?m)^(?:ExecStart=\S*/|\s*(?:go run \./cmd/|bin/)?)aixin (.*)$`)
	paperCompose = regexp.MustCompile(`(?m)^docker compose (?:run|exec) .*\bbot1 (?:/aixin )?(.*)$`)
	paperLine    = regexp.MustCompile("(?m)^\\| `([^`]+)` (?:or `([^`]+)` )?\\|")
	paperWord    = regexp.MustCompile("`(?:models|store|bot|handlers|say|understand|desk|xlsx)\\.([A-Z]\\w+)")
)

// The documents are true: their links lead somewhere, and the commands,
// settings, metrics, log lines and names in them exist.
func TestDocumentsAreTrue(t *testing.T) {
	var source strings.Builder
	err := filepath.WalkDir(house, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		source.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	code := source.String()
	for _, paper := range papers {
		text := read(t, paper)
		for _, m := range paperLink.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(house, filepath.Dir(paper), m[1])); err != nil {
				t.Errorf("%s: link: %v", paper, err)
			}
		}
		for _, name := range paperSetting.FindAllString(text, -1) {
			var faults configs.Faults
			if _, err := configs.Load("", []string{name + "="}); errors.As(err, &faults) {
				t.Errorf("%s: %v", paper, faults)
			}
		}
		for _, m := range append(paperCommand.FindAllStringSubmatch(text, -1), paperCompose.FindAllStringSubmatch(text, -1)...) {
			command, _, _ := strings.Cut(m[1], " #")
			mustParse(t, paper, strings.Fields(command))
		}
		for _, m := range paperMetric.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(code, `"`+m[1]+`"`) {
				t.Errorf("%s: there is no metric %s", paper, m[1])
			}
		}
		for _, m := range paperWord.FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`\b` + m[1] + `\b`).MatchString(code) {
				t.Errorf("%s: the code has no %s", paper, m[1])
			}
		}
	}
	_, lines, _ := strings.Cut(read(t, "docs/operations.md"), "### What a log line means")
	found := paperLine.FindAllStringSubmatch(lines, -1)
	for _, m := range found {
		for _, line := range m[1:] {
			if line != "SQL executed" && !strings.Contains(code, `"`+line+`"`) { // that one is gorm's
				t.Errorf("docs/operations.md: nothing logs %q", line)
			}
		}
	}
	if len(found) < 10 {
		t.Errorf("only %d log lines are explained", len(found))
	}
}

// composeFile is what we rely on in compose.yaml.
type composeFile struct {
	Services map[string]struct {
		Command     []string
		EnvFile     string `yaml:"env_file"`
		Environment map[string]string
		Volumes     []string
		Networks    []string
		DependsOn   any `yaml:"depends_on"`
		Healthcheck struct{ Test []string }
	}
	Networks, Volumes map[string]any
}

func TestComposeFitsTheProgram(t *testing.T) {
	answers := map[string]string{"$": "$"}
	given := map[string]string{}
	for line := range strings.Lines(read(t, "deploy/example.env")) {
		if name, _, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			answers[name] = "made-up"
			given[name] = "made-up"
		}
	}
	given["AIXIN_WECHAT_ENCODING_AES_KEY"] = demoAESKey
	answers["SITE_HOST"] = "ax.example.org"
	text := os.Expand(read(t, "compose.yaml"), func(v string) string {
		name, rest, _ := strings.Cut(v, ":")
		if _, ok := answers[name]; !ok && !strings.HasPrefix(rest, "-") {
			t.Errorf("deploy/example.env has no %s, which compose.yaml needs", name)
		}
		return cmp.Or(answers[name], strings.TrimPrefix(rest, "-"))
	})
	var c composeFile
	dec := yaml.NewDecoder(strings.NewReader(text))
	if err := dec.Decode(&c); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bot1", "bot2"} {
		bot, ok := c.Services[name]
		if !ok || bot.EnvFile != ".env" {
			t.Fatalf("no service %s with the settings of .env", name)
		}
		mustParse(t, name, bot.Command)
		mustParse(t, name, bot.Healthcheck.Test[2:])
		var environ []string
		for _, from := range []map[string]string{given, bot.Environment} {
			for k, v := range from {
				environ = append(environ, k+"="+v)
			}
		}
		if _, err := configs.Read("", environ, true); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, s := range c.Services {
		if len(s.Healthcheck.Test) < 2 {
			t.Errorf("%s has no health check", name)
		}
		for _, v := range s.Volumes {
			from, _, _ := strings.Cut(v, ":")
			if _, known := c.Volumes[from]; strings.HasPrefix(from, "./") {
				if _, err := os.Stat(filepath.Join(house, from)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			} else if !known {
				t.Errorf("%s: no volume %s", name, from)
			}
		}
		for _, n := range s.Networks {
			if _, known := c.Networks[n]; !known {
				t.Errorf("%s: no network %s", name, n)
			}
		}
	}
	proxy := read(t, "deploy/Caddyfile")
	for _, want := range []string{"bot1:8080 bot2:8080", "health_uri /healthz"} {
		if !strings.Contains(proxy, want) {
			t.Errorf("the proxy does not know %q", want)
		}
	}
}
