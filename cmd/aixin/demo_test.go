package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"aixin/bot/wechatsim"
	"aixin/models/store/storetest"
	"aixin/web/webtest"
)

// demo runs "aixin demo" as a newcomer does and gives its address and process.
func demo(t testing.TB) (base string, cmd *exec.Cmd) {
	t.Helper()
	bin, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	addr := "127.0.0.1:" + strconv.Itoa(storetest.FreePort(t))
	cmd = exec.Command(bin, "demo", "--listen", addr, "--data", t.TempDir())
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
		if t.Failed() {
			t.Logf("demo's log:\n%s", stderr.String())
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ctrl-C") {
			return "http://" + addr, cmd
		}
	}
	t.Fatalf("demo did not come up:\n%s", stderr.String())
	return "", nil
}

func TestDemoInTheBrowser(t *testing.T) {
	base, _ := demo(t)
	tab := webtest.Open(t)
	tab.Goto(base + "/")
	tab.Click("person-oDemo_C01")
	tab.Type("chat-input", "昨天去老谷家走访,送了米面油300块")
	tab.Click("chat-send")
	tab.Says("记上了")
	tab.Says("谷军 联系 1/4 走访 2/2 实事 0/1")
	tab.Click("photo-sample-1")
	tab.Says("照片存上了")
	tab.Type("chat-input", "进度\r")
	tab.Says("马海龙 联系 3/4")
	tab.Shot("demo-cadre")
	tab.Type("chat-input", "撤销\r")
	tab.Says("撤掉了")
	tab.Says("谷军 联系 1/4 走访 1/2 实事 0/1")
	tab.Size(360, 740)
	tab.Shot("demo-cadre-360")
	tab.Fits()
	if errs := tab.Errors(); len(errs) > 0 {
		t.Errorf("the page complained: %v", errs)
	}
}

func TestNinePhotosAndOneTextAreOneRecord(t *testing.T) {
	s := newSite(t, "sqlite", "", "")
	s.start()
	ctx := context.Background()
	var mu sync.Mutex
	replies := 0
	var group sync.WaitGroup
	say := func(send func() (wechatsim.Reply, error)) {
		group.Go(func() {
			r, err := send()
			if err != nil || r.Fault != "" {
				t.Errorf("%v %s", err, r.Fault)
			}
			mu.Lock()
			defer mu.Unlock()
			if r.Text != "" {
				replies++
			}
		})
	}
	for i := range 9 {
		if i == 5 {
			say(func() (wechatsim.Reply, error) {
				return s.sim.Text(ctx, openid(0), "今天去看了老谷,送了777元慰问金")
			})
		}
		say(func() (wechatsim.Reply, error) { return s.sim.Photo(ctx, openid(0), wechatsim.SamplePhoto(1+i%2)) })
		time.Sleep(100 * time.Millisecond)
	}
	group.Wait()
	if replies > 3 {
		t.Errorf("%d replies to one visit", replies)
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		out, err := s.run("export", "activities", "--from", "2020-01-01", "--to", "2099-12-31", "--format", "jsonl")
		if err != nil {
			t.Fatal(out)
		}
		if n := strings.Count(out, `"photos":9`); n == 2 && strings.Count(out, "\n") == 2 {
			break // the visit and the gift of one record
		}
		if time.Now().After(deadline) {
			t.Fatalf("not one record with nine photos:\n%s", out)
		}
		time.Sleep(300 * time.Millisecond)
	}
	// The picture on disk is sealed and bears nothing of the original.
	if out, err := exec.Command("grep", "-rlE", "JFIF|Exif|PNG", s.data+"/photos").CombinedOutput(); err == nil {
		t.Errorf("a picture lies open: %s", out)
	}
}

func TestAPhotoThatThePlatformLostIsNoPicture(t *testing.T) {
	s := newSite(t, "sqlite", "", "")
	s.sim.Faults().Add(wechatsim.Fault{Path: "/cgi-bin/media/get", ErrCode: 40007})
	s.start()
	ctx := context.Background()
	if _, err := s.sim.Text(ctx, openid(0), "今天去看了老谷"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.sim.Photo(ctx, openid(0), wechatsim.SamplePhoto(1)); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for s.sim.Stats().Calls["/cgi-bin/media/get"] < 3 {
		if time.Now().After(deadline) {
			t.Fatalf("asked %d times", s.sim.Stats().Calls["/cgi-bin/media/get"])
		}
		time.Sleep(200 * time.Millisecond)
	}
	out, err := s.run("export", "activities", "--from", "2020-01-01", "--to", "2099-12-31")
	if err != nil || !strings.Contains(out, `"photos":0`) {
		t.Fatalf("%v\n%s", err, out)
	}
}

// BenchmarkStart prints how long the built program takes to be ready on SQLite
// with an empty database, and what the idle demo holds in memory.
func BenchmarkStart(b *testing.B) {
	if _, err := binary(); err != nil {
		b.Fatal(err)
	}
	var ready time.Duration
	var resident float64
	for b.Loop() {
		start := time.Now()
		base, cmd := demo(b)
		for {
			resp, err := http.Get(base + "/readyz")
			if err == nil {
				resp.Body.Close()
				if resp.StatusCode == http.StatusOK {
					break
				}
			}
			time.Sleep(5 * time.Millisecond)
		}
		ready += time.Since(start)
		time.Sleep(2 * time.Second)
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if err != nil {
			b.Fatal(err)
		}
		for line := range strings.Lines(string(raw)) {
			var kb float64
			if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
				resident = max(resident, kb/1024)
			}
		}
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	}
	b.ReportMetric(float64(ready.Milliseconds())/float64(b.N), "ms-to-ready")
	b.ReportMetric(resident, "MB-resident")
}
