package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"aixin/configs"
)

type healthCmd struct {
	Ready bool `help:"问得更细:数据库、Redis、暂存的消息、令牌各怎么样;有一样不行,退出码是 1。"`
}

// Help is shown by aixin health --help.
func (healthCmd) Help() string {
	return `问本机正在运行的 aixin serve 是否活着(server.ops_listen 上的 /healthz);活着退出码是 0。容器的健康检查用它,因为镜像里没有别的程序。`
}

// Run asks the process on this machine how it is.
func (c *healthCmd) Run(e *env) error {
	// Settings with faults elsewhere still say where the process listens.
	cfg, _ := configs.Load(e.configFile, os.Environ())
	addr, err := here(cfg.Server.OpsListen)
	if err != nil {
		return fmt.Errorf("server.ops_listen 不是地址:%w", err)
	}
	path := "/healthz"
	if c.Ready {
		path = "/readyz"
	}
	client := &http.Client{Timeout: 3 * time.Second}
	resp, err := client.Get("http://" + addr + path)
	if err != nil {
		return fmt.Errorf("%s 没有回应:%w", addr, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return fmt.Errorf("%s 的回应读不完:%w", addr, err)
	}
	if c.Ready {
		tellParts(e.stdout, body)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s%s 回了 %s", addr, path, resp.Status)
	}
	return nil
}

// here is where a process that listens on an address is reached from its own
// machine.
func here(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), err
}

// tellParts writes the answer of /readyz, a part a line.
func tellParts(w io.Writer, body []byte) {
	var answer struct {
		Parts map[string]string `json:"parts"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(answer.Parts)) {
		fmt.Fprintf(w, "%-9s %s\n", name, answer.Parts[name])
	}
}
