package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

type serveCmd struct {
	Migrate bool `help:"启动时先升级数据库结构。"`
}

// Help is shown by aixin serve --help.
func (serveCmd) Help() string {
	return `设置来自文件(--config)和环境变量(AIXIN_…,优先)。最少要有:
  AIXIN_SERVER_PUBLIC_URL  AIXIN_WECHAT_APP_ID  AIXIN_WECHAT_APP_SECRET
  AIXIN_WECHAT_TOKEN  AIXIN_WECHAT_ENCODING_AES_KEY
多个进程共用一个数据库和一个 Redis:
  AIXIN_DATABASE_DRIVER=mysql  AIXIN_DATABASE_DSN='user:password@tcp(host:3306)/aixin'
  AIXIN_REDIS_ADDRS=host:6379
只跑一个进程时,AIXIN_REDIS_ADDRS 可以不写,用进程里自带的。
先运行 aixin keys init 和 aixin migrate。收到 SIGTERM 后 10 秒内收尾退出。`
}

// Run serves until a signal.
func (c *serveCmd) Run(e *env) error {
	if err := e.load(true); err != nil {
		return err
	}
	for _, w := range e.cfg.Warnings() {
		e.log.Warn(w)
	}
	public, err := listen("server.listen", e.cfg.Server.Listen)
	if err != nil {
		return err
	}
	defer public.Close()
	var ops net.Listener
	if e.cfg.Server.OpsListen != "" {
		if ops, err = listen("server.ops_listen", e.cfg.Server.OpsListen); err != nil {
			return err
		}
		defer ops.Close()
	}
	app, err := newApp(e.ctx, e.cfg, e.clock, e.log, appOptions{migrate: c.Migrate})
	if err != nil {
		return err
	}
	e.log.Info("serving", "listen", public.Addr().String(), "ops", e.cfg.Server.OpsListen, "database", e.cfg.Database.Driver, "version", version())
	return app.Run(e.ctx, public, ops)
}

type migrateCmd struct{}

// Run brings the schema up.
func (migrateCmd) Run(e *env) error {
	db, stop, err := e.open()
	if err != nil {
		return err
	}
	defer stop()
	n, err := db.Migrate(e.ctx)
	if err != nil {
		return err
	}
	if n == 0 {
		fmt.Fprintln(e.stdout, "数据库结构已是最新。")
		return nil
	}
	fmt.Fprintf(e.stdout, "数据库结构升级好了,执行了 %d 步。\n", n)
	return nil
}

type settingsCmd struct{}

// Run prints the settings with secrets masked.
func (settingsCmd) Run(e *env) error {
	if err := e.load(false); err != nil {
		return err
	}
	fmt.Fprint(e.stdout, e.cfg.Masked())
	return nil
}

// listen opens an address; a fault names the setting and what to do.
func listen(setting, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s 的 %s 已被别的程序占着(也许是另一个 aixin):先停掉它,或换一个端口", setting, address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s 的 %s 没有权限用:1024 以下的端口要特权,换一个端口,由前面的代理转过来", setting, address)
	case err != nil:
		return nil, fmt.Errorf("%s 的 %s 不能用,换一个地址:%w", setting, address, err)
	}
	return l, nil
}
