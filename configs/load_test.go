package configs

import (
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"
)

func TestExampleSaysTheDefaults(t *testing.T) {
	c := mustLoad(t, Example)
	if !reflect.DeepEqual(normal(c), normal(Default())) {
		t.Errorf("example.yaml says\n%s\nthe defaults are\n%s", c.Masked(), Default().Masked())
	}
	// Every key stands in it, so that nobody has to read the code.
	example, err := yaml.Parser().Unmarshal([]byte(Example))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keysOf(t, Default()) {
		var at any = example
		for part := range strings.SplitSeq(key, ".") {
			m, _ := at.(map[string]any)
			if at = m[part]; at == nil {
				t.Errorf("example.yaml has no %s", key)
				break
			}
		}
	}
}

func TestContractNames(t *testing.T) {
	want := []string{
		"server.listen", "server.public_url", "server.ops_listen", "wechat.app_id", "wechat.app_secret", "wechat.token",
		"wechat.encoding_aes_key", "wechat.api_base_url", "wechat.templates.duty_reminder", "wechat.templates.monthly_summary",
		"wechat.templates.notice", "wechat.templates.question_reply", "wechat.templates.need_update", "wechat.templates.alert",
		"database.driver", "database.dsn", "redis.addrs", "redis.password", "storage.url", "data_dir", "security.keyset_file",
		"time_zone", "push.quiet_hours", "push.quiet_hours_guardian", "binding.erase_after_unfollow",
	}
	keys := keysOf(t, Default())
	for _, key := range want {
		if !slices.Contains(keys, key) {
			t.Errorf("no setting %s", key)
		}
	}
	// No two keys may share a variable.
	names := map[string]string{}
	for _, key := range keys {
		if other := names[EnvName(key)]; other != "" {
			t.Errorf("%s and %s are both %s", key, other, EnvName(key))
		}
		names[EnvName(key)] = key
	}
}

func TestLoadOrder(t *testing.T) {
	file := `
server: {public_url: "https://file.example/", listen: ":1"}
wechat:
  app_id: wxfile
  templates: {duty_reminder: from-file, alert: kept}
  template_fields: {duty_reminder: {item: thing3, when: time2}}
redis: {addrs: ["a:1", "b:2", "c:3"]}
push:
database:
  max_open: 7
  dsn:
binding: {erase_after_unfollow: 7d}
`
	c := mustLoad(t, file,
		"AIXIN_SERVER_PUBLIC_URL=https://env.example",
		"AIXIN_WECHAT_ENCODING_AES_KEY="+aesKey.Reveal(),
		"AIXIN_WECHAT_TEMPLATES_DUTY_REMINDER=from-env",
		"AIXIN_REDIS_ADDRS=x:1, y:2",
		"AIXIN_PUSH_QUIET_HOURS=",
		"AIXIN_PUSH_RATE_PER_SECOND=5",
		"AIXIN_RECORD_UNDO_WITHIN=90m",
		"AIXIN_DATA_DIR=/var/lib/aixin",
		"AIXIN_TEST_MYSQL_DSN=whatever",
		"PATH=/bin", "AIXINOTHER=1")
	want := Default()
	want.Server.PublicURL, want.Server.Listen = "https://env.example", ":1"
	want.WeChat.AppID, want.WeChat.EncodingAESKey = "wxfile", aesKey
	want.WeChat.Templates = Templates{DutyReminder: "from-env", Alert: "kept"}
	want.WeChat.TemplateFields = map[string]map[string]string{"duty_reminder": {"item": "thing3", "when": "time2"}}
	want.Redis.Addrs = []string{"x:1", "y:2"}
	want.Push.QuietHours, want.Push.RatePerSecond = "", 5
	want.Database.MaxOpen = 7
	want.Binding.EraseAfterUnfollow = Span(7 * day)
	want.Record.UndoWithin = Span(90 * time.Minute)
	want.DataDir = "/var/lib/aixin"
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got\n%swant\n%s", c.Masked(), want.Masked())
	}

	// A variable that is set empty empties what the file says.
	c = mustLoad(t, file, "AIXIN_REDIS_ADDRS=", "AIXIN_DATABASE_MAX_OPEN=", "AIXIN_WECHAT_APP_ID=", "AIXIN_BINDING_ERASE_AFTER_UNFOLLOW=")
	if len(c.Redis.Addrs) != 0 || c.Database.MaxOpen != 0 || c.WeChat.AppID != "" || c.Binding.EraseAfterUnfollow != 0 {
		t.Errorf("not emptied:\n%s", c.Masked())
	}
	if c := mustLoad(t, "binding: {erase_after_unfollow: 0}\nserver: {}\n"); !reflect.DeepEqual(normal(c), normal(Default())) {
		t.Errorf("an empty section changed something:\n%s", c.Masked())
	}
}

func TestLoadFaults(t *testing.T) {
	file := write(t, `
wechat: {app_id: 123, token: 0123, app_secrett: hush, templates: {birthday: x}, template_fields: {duty_reminder: thing1}}
redis: {addrs: "a:1"}
push: 5
database: {max_open: many}
record: {late_after: 31}
colour: red
`)
	c, err := Load(file, []string{"AIXIN_WECHAT_APPID=hush", "AIXIN_DATABASE_MAX_OPEN=hush", "AIXIN_TIME_ZONE=UTC", "AIXIN_WECHAT_TEMPLATE_FIELDS=hush", "AIXIN_RECORD_UNDO_WITHIN=hush"})
	faults, ok := err.(Faults)
	if !ok {
		t.Fatalf("got %T: %v", err, err)
	}
	for _, name := range []string{
		"wechat.app_id ", "wechat.token ", "wechat.app_secrett ", "wechat.templates.birthday ", "wechat.template_fields.duty_reminder ",
		"redis.addrs ", "文件的 push ", "文件的 database.max_open ", "record.late_after ", "colour ",
		"AIXIN_WECHAT_APPID ", "AIXIN_DATABASE_MAX_OPEN ", "AIXIN_WECHAT_TEMPLATE_FIELDS ", "AIXIN_RECORD_UNDO_WITHIN ",
	} {
		if n := strings.Count(faults.Error(), name); n != 1 {
			t.Errorf("%s is named %d times", name, n)
		}
	}
	if len(faults) != 14 {
		t.Errorf("%d faults", len(faults))
	}
	if strings.Contains(faults.Error(), "hush") {
		t.Error("a fault shows a value")
	}
	if c.TimeZone != "UTC" || c.Push != Default().Push {
		t.Error("what could be read is not there")
	}
	for name, text := range map[string]string{"not YAML": "server: [", "a key twice": "data_dir: a\ndata_dir: b\n", "a list": "- a\n"} {
		if _, err := Load(write(t, text), nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil); err == nil || !strings.Contains(err.Error(), "不存在") {
		t.Errorf("missing file: %v", err)
	}
}

func TestReadNamesAllAtOnce(t *testing.T) {
	_, err := Read(write(t, "time_zone: Mars\ncolour: red\n"), []string{"AIXIN_WECHAT_APPID=wx1"}, true)
	for _, name := range []string{"colour", "time_zone", "AIXIN_WECHAT_APPID", "wechat.app_id", "wechat.app_secret", "wechat.token"} {
		if err == nil || strings.Count(err.Error(), " "+name+" ") != 1 {
			t.Errorf("%s is not named once in %v", name, err)
		}
	}
	if _, err := Read("", nil, false); err != nil {
		t.Errorf("the defaults: %v", err)
	}
}

func mustLoad(t *testing.T, file string, environ ...string) Config {
	t.Helper()
	c, err := Load(write(t, file), environ)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "aixin.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// normal makes nothing and an empty list the same.
func normal(c Config) Config {
	if len(c.Redis.Addrs) == 0 {
		c.Redis.Addrs = nil
	}
	if len(c.WeChat.TemplateFields) == 0 {
		c.WeChat.TemplateFields = nil
	}
	return c
}

func keysOf(t *testing.T, c Config) []string {
	t.Helper()
	k := koanf.New(".")
	if err := k.Load(structs.Provider(c, "koanf"), nil); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(k.All()))
}
