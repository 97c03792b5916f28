package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayImport says which rooms of the house a room may look into (design.md §2).
// A room that is not here may not exist.
var mayImport = map[string][]string{
	"models":                  {},
	"models/store":            {"models"},
	"models/store/storetest":  {"models", "models/store"},
	"models/album":            {},
	"models/town":             {"models"},
	"configs":                 {"models"},
	"bot":                     {"models", "models/store"},
	"bot/wechat":              {"models", "bot"},
	"bot/wechatsim":           {"models", "bot/wechat"},
	"handlers/understand":     {"models"},
	"handlers/understand/gen": {},
	"handlers/answer":         {"models"},
	"handlers/say":            {"models"},
	"handlers/picture":        {},
	"web":                     {"handlers/picture", "models", "models/store", "models/album", "handlers/say", "handlers/desk", "web/xlsx"},
	"web/webtest":             {},
	"web/xlsx":                {"models"},
	"handlers/desk":           {"handlers/picture", "models", "models/store", "handlers/say", "handlers/answer", "web/xlsx"},
	"handlers":                {"handlers/picture", "models", "models/store", "models/album", "bot", "handlers/say", "handlers/desk", "handlers/understand", "handlers/answer"},
	"cmd/aixin":               {"*"},
}

// only says who alone may import a library.
var only = map[string]string{
	"github.com/silenceper/wechat":      "bot/wechat",
	"gorm.io/":                          "models/store",
	"github.com/glebarez/":              "models/store",
	"github.com/go-sql-driver/mysql":    "models/store",
	"github.com/pressly/goose":          "models/store",
	"github.com/tink-crypto":            "models/store",
	"github.com/xuri/excelize":          "web/xlsx",
	"github.com/minio/minio-go":         "models/album",
	"github.com/knadh/koanf":            "configs",
	"github.com/alecthomas/kong":        "cmd/aixin",
	"github.com/alicebob/miniredis":     "cmd/aixin",
	"github.com/prometheus/":            "cmd/aixin",
	"github.com/mozillazg/go-pinyin":    "handlers/understand handlers/answer web/xlsx models/store",
	"github.com/chromedp/":              "web/webtest",
	"github.com/alexedwards/":           "web",
	"github.com/pquerna/otp":            "web",
	"github.com/johannesboyne/gofakes3": "",
	"github.com/golang/freetype":        "handlers/picture",
}

// pure rooms do no I/O at all.
var pure = []string{"models", "handlers/understand", "handlers/answer", "handlers/say", "models/town"}

var noIO = []string{"net/http", "os/exec", "database/sql", "net"}

// systemCallers may look at the database without a person in front of them.
var systemCallers = []string{"bot/bot.go", "bot/work.go", "bot/deliver.go", "cmd/aixin/"}

type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "aixin/...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func room(importPath string) string { return strings.TrimPrefix(importPath, "aixin/") }

func TestArchImports(t *testing.T) {
	for _, p := range packages(t) {
		for _, fault := range importFaults(p) {
			t.Error(fault)
		}
	}
}

func importFaults(p pkg) (faults []string) {
	name := room(p.ImportPath)
	allowed, known := mayImport[name]
	if !known {
		return []string{name + " is no room of the house: add it to mayImport with what it may import"}
	}
	for _, imp := range p.Imports {
		if strings.HasPrefix(imp, "aixin/") {
			if r := room(imp); r == "cmd/aixin" || !slices.Contains(allowed, r) && !slices.Contains(allowed, "*") {
				faults = append(faults, name+" must not import "+r)
			}
			continue
		}
		if name == "models" && strings.Contains(strings.Split(imp, "/")[0], ".") {
			faults = append(faults, "models imports the standard library only, not "+imp)
		}
		for lib, who := range only {
			if strings.HasPrefix(imp, lib) && !slices.Contains(strings.Fields(who), name) && name != "models/store/storetest" {
				faults = append(faults, name+" must not import "+imp)
			}
		}
		if slices.Contains(pure, name) && slices.Contains(noIO, imp) {
			faults = append(faults, name+" is pure and must not import "+imp)
		}
	}
	return faults
}

func TestArchClockAndSystem(t *testing.T) {
	for _, p := range packages(t) {
		for _, file := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range sourceFaults(t, room(p.ImportPath), file, src) {
				t.Error(fault)
			}
		}
	}
}

// sourceFaults finds clock reads outside cmd and callers of System that are not
// on the list.
func sourceFaults(t *testing.T, name, file string, src []byte) (faults []string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, src, 0)
	if err != nil {
		t.Fatal(err)
	}
	where := name + "/" + file
	ast.Inspect(parsed, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		base, _ := sel.X.(*ast.Ident)
		clock := base != nil && base.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name)
		if clock && !strings.HasPrefix(name, "cmd/") {
			faults = append(faults, where+" reads the clock: take the time as an argument or a Now field")
		}
		if sel.Sel.Name == "System" && !slices.ContainsFunc(systemCallers, func(c string) bool { return strings.HasPrefix(where, c) }) && name != "models/store" {
			if _, isField := n.(*ast.SelectorExpr); isField && !strings.HasPrefix(name, "models") {
				faults = append(faults, where+" uses the store without an actor: use As, or add it to systemCallers")
			}
		}
		return true
	})
	return faults
}

func TestArchFindsFaults(t *testing.T) {
	for _, tc := range []struct{ room, imports, src string }{
		{"models", "github.com/google/uuid", ""},
		{"handlers", "gorm.io/gorm", ""},
		{"bot", "aixin/handlers", ""},
		{"configs", "aixin/cmd/aixin", ""},
		{"handlers/say", "net/http", ""},
		{"kitchen", "fmt", ""},
	} {
		if len(importFaults(pkg{ImportPath: "aixin/" + tc.room, Imports: []string{tc.imports}})) == 0 {
			t.Errorf("%s importing %s was not found", tc.room, tc.imports)
		}
	}
	for _, src := range []string{
		"package x\nimport \"time\"\nvar t = time.Now()",
		"package x\nimport \"time\"\nvar t = time.Since(time.Time{})",
		"package x\nvar db interface{ System(string) }\nfunc f() { db.System(\"why\") }",
	} {
		if len(sourceFaults(t, "handlers", "x.go", []byte(src))) == 0 {
			t.Errorf("not found:\n%s", src)
		}
	}
}

// Long files hide two stories. The limit is a guide (design.md §2); beyond this
// a file must be divided.
func TestArchFilesStayShort(t *testing.T) {
	for _, p := range packages(t) {
		for _, file := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(src), "\n"); n > 420 {
				t.Errorf("%s/%s has %d lines", room(p.ImportPath), file, n)
			}
		}
	}
}
