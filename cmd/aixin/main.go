// Command aixin is the WeChat official-account service of 结对帮扶·爱心甘肃 in
// Pingliang.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/lmittmann/tint"

	_ "time/tzdata" // an empty container has no zones of its own

	"aixin/configs"
	"aixin/models/store"
)

type cli struct {
	Config string `help:"设置文件(YAML);环境变量 AIXIN_… 优先于它。" placeholder:"FILE" type:"path"`

	Demo        demoCmd        `cmd:"" help:"一条命令看全貌:内置数据库、微信模拟器和一个虚构小镇。"`
	Serve       serveCmd       `cmd:"" help:"正式运行。设置不全或不安全就不启动,并逐条说明。"`
	Migrate     migrateCmd     `cmd:"" help:"把数据库结构升到本程序的版本。"`
	Keys        keysCmd        `cmd:"" help:"密钥集:新建、轮换、查看指纹。"`
	Import      importGroup    `cmd:"" help:"导入名册、以前的记录,或整批撤回。"`
	Template    templateCmd    `cmd:"" help:"写一份空的名册工作簿,照着填了再导入。"`
	Invitations invitationsCmd `cmd:"" help:"生成一次性绑定码,一人一行。"`
	Admin       adminCmd       `cmd:"" help:"管理员账号:新建、列出、停用、换密码。"`
	Audit       auditCmd       `cmd:"" help:"审计:核对谁看过、谁改过的链。"`
	Export      exportGroup    `cmd:"" help:"导出记录。"`
	Notice      noticeCmd      `cmd:"" help:"通知:预览、发、批、停、看进度、补发。"`
	Remind      remindCmd      `cmd:"" help:"列出或发出某个时刻该发的提醒。"`
	Calendar    calendarCmd    `cmd:"" help:"看或改月历:每月哪天预出、定稿、关账、签发。"`
	Report      reportCmd      `cmd:"" help:"月报告、季调度、年总结,录省系统的表。"`
	Check       checkCmd       `cmd:"" help:"抽查:公布种子的校验码、抽样。"`
	Rules       rulesGroup     `cmd:"" help:"任务规则:列出、修改。"`
	Lists       listsGroup     `cmd:"" help:"类别、供养方式、条线、四必查:看、加、改名、停用。"`
	Seed        seedCmd        `cmd:"" help:"往空库里搬进一座编的城,试性能用。"`
	Wechat      wechatCmd      `cmd:"" help:"公众号:核对、菜单、模板。"`
	Bench       benchCmd       `cmd:"" help:"量一量:收消息、群发、导入、网页、提醒各要多久。"`
	Understand  understandCmd  `cmd:"" help:"逐行理解干部的话:JSONL 进,JSONL 出。"`
	Answer      answerCmd      `cmd:"" help:"逐行回答家长的问题:JSONL 进,JSONL 出。"`
	Faq         faqCmd         `cmd:"" help:"政策库:检查、导入、导出、看答不上来的问题。"`
	Health      healthCmd      `cmd:"" help:"问本机的 aixin serve 是否活着。"`
	Settings    settingsCmd    `cmd:"" help:"打印生效的设置(密钥已遮住)。"`
	Version     versionCmd     `cmd:"" help:"版本。"`
}

// exportGroup holds what can be exported.
type exportGroup struct {
	Activities exportCmd         `cmd:"" help:"走访、联系、实事、资助记录。"`
	Pairings   exportPairingsCmd `cmd:"" help:"结对台账:谁和谁、起止、原因,可按过去某一天。"`
	Register   exportRegisterCmd `cmd:"" help:"在册的名册,写成能再导入的工作簿。"`
}

// env is what a command runs in.
type env struct {
	ctx            context.Context
	cfg            configs.Config
	clock          *clock
	log            *slog.Logger
	stdin          io.Reader
	stdout, stderr io.Writer
	configFile     string
}

// exitCode is an outcome that the command has told already.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	code := -1
	parser, err := kong.New(&c,
		kong.Name("aixin"),
		kong.Description("结对帮扶·爱心甘肃(平凉)微信公众号服务。先看看:aixin demo"),
		kong.Writers(stdout, stderr),
		kong.Exit(func(n int) { code = n; panic(exitCode(n)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	var parsed *kong.Context
	func() {
		defer func() {
			if p := recover(); p != nil {
				if _, ours := p.(exitCode); !ours {
					panic(p)
				}
			}
		}()
		parsed, err = parser.Parse(args)
	}()
	if code >= 0 {
		return code
	}
	if err != nil {
		fmt.Fprintf(stderr, "命令写得不对:%s。\n运行 aixin --help 看用法。\n", wrong(err))
		return 2
	}
	e := &env{ctx: ctx, clock: &clock{}, stdin: stdin, stdout: stdout, stderr: stderr, configFile: c.Config}
	e.log = slog.New(logHandler(stderr))
	err = parsed.Run(e)
	var ended exitCode
	switch {
	case errors.As(err, &ended):
		return int(ended)
	case err != nil:
		fmt.Fprintln(stderr, remedied(err))
		return 1
	}
	return 0
}

// logHandler writes JSON lines, or coloured ones for a person at a terminal.
func logHandler(w io.Writer) slog.Handler {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return tint.NewTextHandler(w, nil)
		}
	}
	return slog.NewJSONHandler(w, nil)
}

// load reads and checks the settings; all faults are named at once.
func (e *env) load(serving bool) error {
	cfg, err := configs.Read(e.configFile, os.Environ(), serving)
	e.cfg = cfg
	return err
}

// store opens the configured database with its keyset and checks its schema.
func (e *env) store() (*store.DB, func(), error) {
	db, stop, err := e.open()
	if err != nil {
		return nil, nil, err
	}
	if err = db.CheckSchema(e.ctx); err == nil {
		err = db.CheckKeys(e.ctx)
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return db, stop, nil
}

func (e *env) open() (*store.DB, func(), error) {
	if e.cfg.DataDir == "" {
		if err := e.load(false); err != nil {
			return nil, nil, err
		}
	}
	if err := os.MkdirAll(e.cfg.DataDir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("data_dir 不能写:%w", err)
	}
	keys, err := loadKeys(e.cfg, false)
	if err != nil {
		return nil, nil, err
	}
	db, err := openDB(e.cfg, keys, e.clock, e.log)
	if err != nil {
		return nil, nil, err
	}
	return db, func() { db.Close() }, nil
}
