package configs

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/structs"
	"github.com/knadh/koanf/v2"
)

const (
	envPrefix     = "AIXIN_"
	envTestPrefix = "AIXIN_TEST_"
	fieldsKey     = "wechat.template_fields"
)

// Faults is all that is wrong with the settings, one sentence each.
type Faults []string

// Error joins the sentences, a line each.
func (f Faults) Error() string {
	return fmt.Sprintf("配置有 %d 处要改:\n  - %s", len(f), strings.Join(f, "\n  - "))
}

// Load reads the defaults, over them the file (none if the name is empty), over
// that the environment. Unknown keys and values of a wrong kind are refused by
// name, all at once, never showing a value; the settings that could be read are
// returned beside the Faults, so that Validate can name the rest.
func Load(name string, environ []string) (Config, error) {
	var faults Faults
	k := koanf.New(".")
	if err := k.Load(structs.Provider(Default(), "koanf"), nil); err != nil {
		return Default(), fmt.Errorf("configs: defaults: %w", err)
	}
	defaults := k.All()

	if name != "" {
		f := koanf.New(".")
		if err := f.Load(file.Provider(name), yaml.Parser()); errors.Is(err, os.ErrNotExist) {
			faults = append(faults, fmt.Sprintf("配置文件 %s 不存在", name))
		} else if err != nil {
			faults = append(faults, fmt.Sprintf("配置文件 %s 读不出:%v", name, err))
		}
		values := f.All()
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if err := set(k, defaults, key, values[key]); err != nil {
				faults = append(faults, fmt.Sprintf("配置文件的 %s %v", key, err))
			}
		}
	}

	keys := make(map[string]string, len(defaults))
	for key := range defaults {
		keys[EnvName(key)] = key
	}
	provider := env.Provider("", env.Opt{
		Prefix:      envPrefix,
		EnvironFunc: func() []string { return environ },
		TransformFunc: func(name, value string) (string, any) {
			if strings.HasPrefix(name, envTestPrefix) {
				return "", nil
			}
			key, known := keys[name]
			err := errUnknown
			if known {
				err = set(k, defaults, key, fromEnv(value, defaults[key]))
			}
			if err != nil {
				faults = append(faults, fmt.Sprintf("环境变量 %s %v", name, err))
			}
			return "", nil
		},
	})
	if err := k.Load(provider, nil); err != nil {
		return Default(), fmt.Errorf("configs: environment: %w", err)
	}

	var c Config
	if err := k.Unmarshal("", &c); err != nil {
		return Default(), fmt.Errorf("configs: %w", err)
	}
	c.Server.PublicURL = strings.TrimRight(c.Server.PublicURL, "/")
	c.WeChat.APIBaseURL = strings.TrimRight(c.WeChat.APIBaseURL, "/")
	if len(faults) > 0 {
		return c, faults
	}
	return c, nil
}

// Read is Load and Validate in one, so that all faults of both are named at once.
func Read(name string, environ []string, serve bool) (Config, error) {
	c, err := Load(name, environ)
	faults, readable := err.(Faults)
	if err != nil && !readable {
		return c, err
	}
	if more, bad := c.Validate(serve).(Faults); bad {
		faults = append(faults, more...)
	}
	if len(faults) > 0 {
		return c, faults
	}
	return c, nil
}

// EnvName returns the environment variable of a key.
func EnvName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

var (
	errUnknown = errors.New("不认识,请删掉或改正名字(可用的名字见 example.yaml)")
	errText    = errors.New("要写成文字(数字也请加引号)")
	errNumber  = errors.New("要写成整数")
	errSwitch  = errors.New("要写成 true 或 false")
	errList    = errors.New("要写成列表,每项是文字")
	errFields  = errors.New("要写成 模板名 → 栏目 → 平台栏目名(如 thing1),只能写在文件里")
)

// set puts one value in its place if there is such a place and it fits.
func set(k *koanf.Koanf, defaults map[string]any, key string, value any) error {
	if path, ok := strings.CutPrefix(key, fieldsKey+"."); ok {
		if _, isText := value.(string); !isText || strings.Count(path, ".") != 1 {
			return errFields
		}
		return k.Set(key, value)
	}
	def, known := defaults[key]
	if !known {
		section := slices.ContainsFunc(slices.Collect(maps.Keys(defaults)), func(k string) bool {
			return strings.HasPrefix(k, key+".")
		})
		if section && empty(value) {
			return nil // a heading with nothing below it
		}
		return errUnknown
	}
	if value == nil {
		return nil // a key with nothing behind it says nothing
	}
	fitted, err := fit(value, def)
	if err != nil {
		return err
	}
	return k.Set(key, fitted)
}

// fit checks that a value is of the kind that its default is. Numbers are not
// taken for texts: YAML has already lost the zeros of a token like 0123.
func fit(value, def any) (any, error) {
	text, isText := value.(string)
	number, isNumber := value.(int)
	switch def.(type) {
	case Span:
		if isNumber && number == 0 {
			return Span(0), nil
		}
		if !isText {
			return nil, errSpan
		}
		return parseSpan(text)
	case bool:
		on, isBool := value.(bool)
		if !isBool {
			return nil, errSwitch
		}
		return on, nil
	case int:
		if !isNumber {
			return nil, errNumber
		}
		return number, nil
	case []string:
		items, isList := value.([]any)
		if !isList {
			return nil, errList
		}
		list := make([]string, 0, len(items))
		for _, item := range items {
			s, isText := item.(string)
			if !isText {
				return nil, errList
			}
			if s = strings.TrimSpace(s); s != "" {
				list = append(list, s)
			}
		}
		return list, nil
	case map[string]map[string]string:
		if !empty(value) {
			return nil, errFields
		}
		return def, nil
	}
	if !isText {
		return nil, errText
	}
	return strings.TrimSpace(text), nil
}

// fromEnv brings the text of a variable into the form that the file would have.
func fromEnv(text string, def any) any {
	switch def.(type) {
	case bool:
		if on, err := strconv.ParseBool(strings.TrimSpace(text)); err == nil {
			return on
		}
	case int:
		if strings.TrimSpace(text) == "" {
			return 0
		}
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			return n
		}
	case []string:
		var list []any
		for item := range strings.SplitSeq(text, ",") {
			list = append(list, item)
		}
		return list
	}
	return text
}

func empty(value any) bool {
	m, isMap := value.(map[string]any)
	return value == nil || isMap && len(m) == 0
}
