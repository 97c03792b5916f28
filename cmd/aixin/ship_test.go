package main

import (
	"bytes"
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

	"aixin/bot/wechatsim"
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
			case from == "/sound": // what the Dockerfile lets the same script lay out
				if out, err := exec.Command("../../scripts/sound.sh", im.root).CombinedOutput(); err != nil {
					t.Fatalf("sound.sh: %v\n%s", err, out)
				}
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
	s.answered(messages)
}

// serve refuses each half-made installation in words that name the next step.
func TestFirstStepsAreNamed(t *testing.T) {
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, data: t.TempDir(), bin: bin, env: []string{
		"AIXIN_WECHAT_APP_ID=" + demoAppID, "AIXIN_WECHAT_APP_SECRET=" + demoSecret, "AIXIN_WECHAT_TOKEN=" + demoToken,
		"AIXIN_SERVER_LISTEN=127.0.0.1:0", "AIXIN_SERVER_OPS_LISTEN=127.0.0.1:0",
	}}
	step := func(want string, args ...string) {
		t.Helper()
		if out, _ := s.run(args...); !strings.Contains(out, want) || strings.Contains(out, "goroutine") {
			t.Errorf("aixin %s does not say %q:\n%s", strings.Join(args, " "), want, out)
		}
	}
	step("aixin keys init", "serve")
	step("另存一份", "keys", "init")
	step("没有动它", "keys", "init")
	step("aixin migrate", "serve")
	step("升级好了", "migrate")
	step("已是最新", "migrate")
	step("另存一份", "keys", "init", "--file", "other.json")
	s.env = append(s.env, "AIXIN_SECURITY_KEYSET_FILE=other.json")
	step("密钥集与数据库不符", "serve")
}
