package storetest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Server is a private MariaDB or Redis that a test may stop, start and kill.
type Server struct {
	t     testing.TB
	name  string
	args  []string
	port  int
	ready func() bool
	cmd   *exec.Cmd
}

// StartMariaDB starts a throw-away MariaDB and gives its base DSN.
func StartMariaDB(t testing.TB) (*Server, string) {
	t.Helper()
	dir := shortDir(t)
	// The path of the tools may lack the sbin that servers live in.
	os.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin:/sbin")
	install := exec.Command("mariadb-install-db", "--no-defaults", asRoot(), "--datadir="+dir+"/data", "--auth-root-authentication-method=normal", "--skip-test-db")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("mariadb-install-db (\"make test\" installs it): %v\n%s", err, out)
	}
	s := &Server{t: t, name: "mariadbd", port: FreePort(t)}
	s.args = []string{
		"--no-defaults", asRoot(), "--datadir=" + dir + "/data", "--socket=" + dir + "/s", "--pid-file=" + dir + "/pid",
		"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(s.port), "--character-set-server=utf8mb4", "--default-time-zone=+00:00",
		"--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=2", "--skip-log-bin", "--performance-schema=off",
	}
	s.ready = func() bool {
		return exec.Command("mariadb-admin", "--no-defaults", "-uroot", "-S", dir+"/s", "ping").Run() == nil
	}
	s.Start()
	return s, fmt.Sprintf("root@tcp(127.0.0.1:%d)/", s.port)
}

// StartRedis starts a throw-away Redis and gives its address.
func StartRedis(t testing.TB) (*Server, string) {
	t.Helper()
	s := &Server{t: t, name: "redis-server", port: FreePort(t)}
	s.args = []string{"--port", strconv.Itoa(s.port), "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "", "--appendonly", "no"}
	addr := "127.0.0.1:" + strconv.Itoa(s.port)
	s.ready = func() bool {
		c, err := net.DialTimeout("tcp", addr, time.Second)
		if err != nil {
			return false
		}
		c.Close()
		return true
	}
	s.Start()
	return s, addr
}

// Start starts the server and waits until it answers.
func (s *Server) Start() {
	s.t.Helper()
	s.cmd = exec.Command(s.name, s.args...)
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("%s (\"make test\" installs it): %v", s.name, err)
	}
	s.t.Cleanup(s.Kill)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for !s.ready() {
		if ctx.Err() != nil {
			s.t.Fatalf("%s does not answer", s.name)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Stop ends the server in good order and waits for it.
func (s *Server) Stop() { s.end(syscall.SIGTERM) }

// Kill ends it at once.
func (s *Server) Kill() { s.end(syscall.SIGKILL) }

func (s *Server) end(sig syscall.Signal) {
	if s.cmd == nil || s.cmd.Process == nil || s.cmd.ProcessState != nil {
		return
	}
	s.cmd.Process.Signal(sig)
	s.cmd.Wait()
}

// FreePort finds a port of the loopback that nobody listens on.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// shortDir is a temporary directory whose path leaves room for a socket's name.
func shortDir(t testing.TB) string {
	dir, err := os.MkdirTemp("", "aixin")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Clean(dir)
}

func asRoot() string {
	if os.Getuid() == 0 {
		return "--user=root"
	}
	return "--skip-name-resolve"
}
