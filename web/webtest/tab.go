// Package webtest drives pages in a real Chromium, for tests of every room that
// shows pages. A missing browser fails the test: "make test" installs it.
package webtest

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is a page in a real Chromium.
type Tab struct {
	t    *testing.T
	ctx  context.Context
	dir  string // of the screenshots
	mu   sync.Mutex
	size string   // of a journey: -1280 or -390
	errs []string // what the page's scripts complained about
}

// Open starts a browser for one test.
func Open(t *testing.T) *Tab {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("no Chromium: install Debian's package chromium (and fonts-wqy-microhei)")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("lang", "zh-CN"), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(stop)
	dir := os.Getenv("AIXIN_TEST_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	b := &Tab{t: t, dir: dir}
	ctx, cancel := chromedp.NewContext(alloc, chromedp.WithListener(func(ev any) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			b.errs = append(b.errs, e.ExceptionDetails.Text)
		case *log.EventEntryAdded: // a blocked style, a missing file
			if e.Entry.Level == "error" {
				b.errs = append(b.errs, e.Entry.Text+" "+e.Entry.URL)
			}
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" {
				b.errs = append(b.errs, fmt.Sprint(e.Args))
			}
		}
	}))
	t.Cleanup(cancel)
	b.ctx = ctx
	// The first run starts the browser and must have no deadline of its own.
	focused := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), focused); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return b
}

// Do runs steps within half a minute. A step whose element was drawn anew in that
// very moment is tried again.
func (b *Tab) Do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	for _, step := range steps {
		err := chromedp.Do(ctx, step)
		for try := 0; err != nil && try < 5 && strings.Contains(err.Error(), "-32000"); try++ {
			time.Sleep(100 * time.Millisecond)
			err = chromedp.Do(ctx, step)
		}
		if err != nil {
			b.Shot("failed")
			b.t.Fatal(err)
		}
	}
}

// ID finds an element by its data-testid.
func ID(testid string) chromedp.CSS { return chromedp.CSS(`[data-testid="` + testid + `"]`) }

// Click clicks on an element.
func (b *Tab) Click(testid string) { b.t.Helper(); b.Do(chromedp.Click(ID(testid))) }

// See waits until the expression holds in the page.
func (b *Tab) See(expr string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("!!("+expr+")", chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		b.Shot("failed")
		b.t.Fatalf("never saw %s: %v", expr, err)
	}
}

// Says waits for words in the chat.
func (b *Tab) Says(words string) {
	b.t.Helper()
	b.See(fmt.Sprintf(`document.querySelector('[data-testid="chat-log"]').textContent.includes(%q)`, words))
}

// Eval runs an expression in the page.
func (b *Tab) Eval(expr string) any {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second) // a page that goes away never answers
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[any](expr))
	if err != nil {
		b.t.Fatalf("%s: %v", expr, err)
	}
	return v
}

// Shot keeps a screenshot of the whole page, in AIXIN_TEST_SCREENSHOTS where that
// is set.
func (b *Tab) Shot(name string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Logf("screenshot: %v", err)
		return
	}
	if err := os.WriteFile(filepath.Join(b.dir, name+".png"), png, 0o600); err != nil {
		b.t.Error(err)
	}
}

// Fits checks that nothing sticks out sideways.
func (b *Tab) Fits() {
	b.t.Helper()
	if v := b.Eval(`document.documentElement.scrollWidth <= innerWidth`); v != true {
		b.t.Errorf("the page is wider than the window: %v", b.Eval(`document.documentElement.scrollWidth + ' > ' + innerWidth`))
	}
}

// Errors are what the page's scripts complained about.
func (b *Tab) Errors() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string(nil), b.errs...)
}

// Goto opens an address and waits for the page.
func (b *Tab) Goto(url string) {
	b.t.Helper()
	b.Do(chromedp.Navigate(url))
}

// Type writes into a field.
func (b *Tab) Type(testid, text string) {
	b.t.Helper()
	b.Do(chromedp.SendKeys(ID(testid), text))
}

// Size sets the window.
func (b *Tab) Size(width, height int) {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(int64(width), int64(height)))
}

// At waits until the address holds part and the page is there.
func (b *Tab) At(part string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.readyState === 'complete' && location.href.includes(%q)`, part), "the address "+part)
}

// Sees waits until a page shows the words.
func (b *Tab) Sees(words string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.readyState === 'complete' && document.body.innerText.includes(%q)`, words), words)
}

func (b *Tab) until(expr, what string) {
	b.t.Helper()
	var err error
	for range 300 {
		var there bool
		// Between two pages there is nothing to ask.
		if there, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](expr)); err == nil && there {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Shot("failed")
	b.t.Fatalf("never saw %s: %v", what, err)
}

// Download clicks and waits for the file that comes.
func (b *Tab) Download(dir string, click chromedp.CSS) string {
	b.t.Helper()
	yes := true
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, EventsEnabled: &yes,
		})
		return err
	}), chromedp.Click(click))
	for range 200 {
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		if len(files) == 1 && !strings.HasSuffix(files[0], ".crdownload") {
			if data, err := os.ReadFile(files[0]); err == nil && len(data) > 0 {
				return string(data)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Fatal("no file came")
	return ""
}
