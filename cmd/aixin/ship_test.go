package main

import (
	"bytes"
	"cmp"
	"debug/elf"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v3"

	"aixin/bot/wechatsim"
	"aixin/configs"
	"aixin/models"
	"aixin/models/store/storetest"
)

// house is the root of the repository.
const house = "../.."

func read(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(house, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// mustParse fails where the arguments are no command of the program.
func mustParse(t *testing.T, where string, args []string) {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Exit(func(int) {}), kong.Writers(io.Discard, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Errorf("%s: aixin %s: %v", where, strings.Join(args, " "), err)
	}
}

// image is the last stage of the Dockerfile: an otherwise empty root.
type image struct {
	root, dir    string
	uid, gid     int
	env          []string
	entry, check []string
}

// layOut builds the static binary and makes the root that the Dockerfile
// describes. ca is trusted in it beside the roots of this machine.
func layOut(t *testing.T, ca []byte) *image {
	t.Helper()
	im := &image{root: t.TempDir(), uid: -1}
	built := filepath.Join(t.TempDir(), "aixin")
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", built, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	_, last, _ := strings.Cut(read(t, "Dockerfile"), "\nFROM scratch\n")
	for line := range strings.Lines(last) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		args := strings.Fields(rest)
		switch word {
		case "COPY":
			from, to := args[len(args)-2], filepath.Join(im.root, args[len(args)-1])
			switch {
			case from == "/out/aixin":
				im.copy(t, built, to, 0o755)
			case strings.HasPrefix(from, "/out/"): // an empty folder of the user's
				im.folder(t, to, slices.Contains(args, "--chown=65532:65532"))
			default:
				os.MkdirAll(filepath.Dir(to), 0o755)
				have, _ := os.ReadFile(from)
				if err := os.WriteFile(to, append(have, ca...), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		case "USER":
			if n, _ := fmt.Sscanf(rest, "%d:%d", &im.uid, &im.gid); n != 2 || im.uid == 0 {
				t.Fatalf("USER %s: must be numbers, and not root", rest)
			}
		case "ENV":
			im.env = append(im.env, rest)
		case "WORKDIR":
			im.dir = rest
		case "ENTRYPOINT":
			im.entry = words(t, rest)
		case "HEALTHCHECK":
			_, command, _ := strings.Cut(rest, " CMD ")
			im.check = words(t, command)
		}
	}
	return im
}

func words(t *testing.T, list string) (out []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(list), &out); err != nil || len(out) == 0 {
		t.Fatalf("Dockerfile: %q is no list of words", list)
	}
	return out
}

func (im *image) copy(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	raw, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, raw, mode)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (im *image) folder(t *testing.T, path string, users bool) {
	t.Helper()
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if users && os.Getuid() == 0 {
		if err := os.Chown(path, 65532, 65532); err != nil {
			t.Fatal(err)
		}
	}
}

// command runs words inside the root as the image's user, with nothing of this
// machine but its network. Who is not root gets a user namespace for it.
func (im *image) command(words []string, env ...string) *exec.Cmd {
	cmd := &exec.Cmd{Path: words[0], Args: words, Dir: im.dir, Env: append(slices.Clone(im.env), env...)}
	attr := &syscall.SysProcAttr{
		Chroot: im.root, Pdeathsig: syscall.SIGKILL,
		Credential: &syscall.Credential{Uid: uint32(im.uid), Gid: uint32(im.gid), NoSetGroups: os.Getuid() != 0},
	}
	if os.Getuid() != 0 {
		attr.Cloneflags = syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: im.uid, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: im.gid, HostID: os.Getgid(), Size: 1}}
	}
	cmd.SysProcAttr = attr
	return cmd
}

// run starts a command that stays and waits until its output or a request says
// that it is up.
func (im *image) run(t *testing.T, words []string, up func(said string) bool, env ...string) {
	t.Helper()
	said := &process{log: &bytes.Buffer{}}
	cmd := im.command(words, env...)
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v does not start in a root of its own (needs root, or user namespaces): %v", words, err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		said.mu.Lock()
		text := said.log.String()
		said.mu.Unlock()
		if up(text) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%v does not come up:\n%s", words, text)
		}
	}
}

func freeAddr(t *testing.T) string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(storetest.FreePort(t)))
}

func TestTheImageIsOneStaticBinary(t *testing.T) {
	im := layOut(t, nil)
	f, err := elf.Open(filepath.Join(im.root, im.entry[0]))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	libs, err := f.ImportedLibraries()
	if err != nil || len(libs) > 0 || slices.ContainsFunc(f.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Errorf("the binary needs %v %v", libs, err)
	}
	mustParse(t, "HEALTHCHECK", im.check[1:])
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "go.mod"))[1]
	if want := "FROM golang:" + version + " AS build"; !strings.Contains(read(t, "Dockerfile"), want) {
		t.Errorf("the Dockerfile has no %q, which go.mod asks for", want)
	}
}

func TestDemoInAnEmptyRoot(t *testing.T) {
	im, addr := layOut(t, nil), freeAddr(t)
	im.run(t, []string{im.entry[0], "demo", "--listen", addr, "--data", "/data"}, func(said string) bool { return strings.Contains(said, "http://"+addr+"/sim/") })
	body := `{"openid":"` + demoOpenID("C01") + `","do":"text","text":"昨天去老谷家走访,送了米面油300块","wait":true}`
	start := time.Now()
	resp, err := http.Post("http://"+addr+"/sim/act", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(resp.Body)
	// The zone comes from inside the binary: the receipt has Pingliang's yesterday.
	yesterday := models.DayOf(start, time.FixedZone("", 8*3600)).Add(-1).String()
	if err != nil || !bytes.Contains(reply, []byte("记上了:"+yesterday)) || !bytes.Contains(reply, []byte("资助300元")) {
		t.Errorf("%v %s: no receipt of %s", err, reply, yesterday)
	}
}

func TestServeInAnEmptyRoot(t *testing.T) {
	s := newSite(t, "sqlite", "", "")
	platform := httptest.NewTLSServer(s.sim.API())
	t.Cleanup(platform.Close)
	im := layOut(t, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: platform.Certificate().Raw}))
	for _, file := range []string{"keyset.json", "aixin.db"} {
		to := filepath.Join(im.root, "data", file)
		im.copy(t, filepath.Join(s.data, file), to, 0o600)
		if os.Getuid() == 0 {
			os.Chown(to, im.uid, im.gid)
		}
	}
	addr, ops := freeAddr(t), freeAddr(t)
	env := slices.DeleteFunc(slices.Clone(s.env), func(v string) bool {
		return !strings.HasPrefix(v, "AIXIN_WECHAT_")
	})
	env = append(env, "AIXIN_WECHAT_API_BASE_URL="+platform.URL, "AIXIN_SERVER_LISTEN="+addr, "AIXIN_SERVER_OPS_LISTEN="+ops)
	im.run(t, append(im.entry, "serve"), func(string) bool { return im.command(im.check, env...).Run() == nil }, env...)
	s.targets = []string{addr}
	reply, err := s.sim.Text(t.Context(), openid(0), "给老谷送了1001元慰问金")
	if err != nil || !strings.Contains(reply.Text, "资助1001元") {
		t.Fatalf("%v %+v", err, reply)
	}
	// A photo is fetched over HTTPS with the root certificates of the image.
	if _, err := s.sim.Photo(t.Context(), openid(0), wechatsim.SamplePhoto(1)); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if kept, _ := filepath.Glob(filepath.Join(im.root, "data/photos/photo/*/*.thumb")); len(kept) == 1 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the photo is not stored; the platform was called %v", s.sim.Stats().Calls)
		}
	}
	out, err := im.command(append(im.check, "--ready"), env...).Output()
	if err != nil || !bytes.Contains(out, []byte("database  ok")) {
		t.Errorf("health --ready: %v %s", err, out)
	}
}

// An upgrade stops one process after the other, while people go on writing.
func TestRollingRestartLosesNothing(t *testing.T) {
	s := newSite(t, "mysql", storetest.DSN(t, "mysql"), storetest.RedisAddr(t))
	both := []*process{s.start(), s.start()}
	var rolling sync.WaitGroup
	messages := s.rush(500, 50, map[int]func(){100: func() {
		rolling.Go(func() {
			for _, p := range both {
				if took := p.stop(); took > 10*time.Second {
					t.Errorf("a stop took %v", took)
				}
				p.launch()
			}
		})
	}})
	rolling.Wait()
	s.settle(messages, time.Minute)
	for i, m := range messages {
		if !m.receipt {
			t.Errorf("message %d got no receipt: %+v", i, m)
		}
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
