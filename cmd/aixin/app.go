package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/redis/go-redis/v9"

	"aixin/bot"
	"aixin/bot/wechat"
	"aixin/configs"
	"aixin/handlers"
	"aixin/handlers/answer"
	"aixin/handlers/desk"
	"aixin/handlers/picture"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/album"
	"aixin/models/store"
	"aixin/web"
)

// App is the service with all its parts. newApp builds them, Run starts them in
// order and stops them in mirror order.
type App struct {
	cfg   configs.Config
	clock *clock
	log   *slog.Logger

	keys     *store.Keys
	db       *store.DB
	redis    redis.UniversalClient
	journal  *bot.Journal
	client   *wechat.Client
	bot      *bot.Bot
	worker   *bot.Worker
	privacy  *models.Privacy
	meter    *meter
	mux      *http.ServeMux
	stoppers []func()        // run last first
	onDrain  []func()        // ends streams that would hold up a shutdown
	warmed   <-chan struct{} // closed when the answers are read
}

// appOptions differ between serve, demo and tests.
type appOptions struct {
	migrate   bool   // bring the schema up at start
	makeKeys  bool   // make a keyset where there is none: demo only
	authorize string // OAuth page of the simulator
	tell      bool   // pages tell how long they took: bench only
}

// warm reads the policy base and the words of danger before the first message
// needs them, and gives back the memory that the reading took.
func warm() {
	debug.SetGCPercent(50) // the live heap is small; an idle demo should be too
	answer.Default()
	answer.Alarm("您好", "")
	debug.FreeOSMemory()
}

func newApp(ctx context.Context, cfg configs.Config, clk *clock, log *slog.Logger, o appOptions) (_ *App, err error) {
	a := &App{cfg: cfg, clock: clk, log: log, meter: newMeter()}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("data_dir 不能写:%w", err)
	}
	warmed := make(chan struct{})
	a.warmed = warmed
	go func() { defer close(warmed); warm() }()
	if a.keys, err = loadKeys(cfg, o.makeKeys); err != nil {
		return nil, err
	}
	var stopRedis func()
	a.redis, stopRedis = openRedis(cfg, clk)
	a.onStop(stopRedis)
	if a.db, err = openDB(cfg, a.keys, clk, log); err != nil {
		return nil, err
	}
	a.onStop(func() { a.db.Close() })
	if err := a.checkDatabase(ctx, o.migrate); err != nil {
		return nil, err
	}
	storage, err := cfg.StorageURL()
	if err != nil {
		return nil, err
	}
	photos, err := album.Open(ctx, storage, album.Credentials(cfg.Storage.AccessKey, cfg.Storage.SecretKey.Reveal()))
	if err != nil {
		return nil, err
	}
	a.journal, err = bot.OpenJournal(filepath.Join(cfg.DataDir, "journal"), models.NewID(clk.Real()), a.keys, log)
	if err != nil {
		return nil, err
	}
	a.onStop(func() { a.journal.Close() })
	a.client = wechat.NewClient(wechat.Options{
		AppID: cfg.WeChat.AppID, AppSecret: cfg.WeChat.AppSecret.Reveal(), BaseURL: cfg.WeChat.APIBaseURL,
		AuthorizeURL: o.authorize, Redis: a.redis, Now: clk.Real, Log: log,
	})
	outbox := newOutbox(cfg, clk)
	painter := openPainter(cfg.Push.Font, log)
	duty, err := handlers.OpenDuty(filepath.Join(cfg.DataDir, "duty"), a.keys, cfg.Zone(), clk.Now)
	if err != nil {
		return nil, err
	}
	if a.privacy, err = handlers.ReadPrivacy(cfg.Binding.PrivacyFile); err != nil {
		return nil, err
	}
	shelf := &handlers.Shelf{}
	chat := &handlers.Chat{
		Zone: cfg.Zone(), Rules: rulesOf(cfg), Notices: noticesOf(cfg), Understand: understand.New(), Duty: duty,
		EraseAfter: cfg.Binding.EraseAfterUnfollow.Duration(), Shelf: shelf, Pictures: painter != nil, Privacy: a.privacy,
	}
	a.bot = bot.New(bot.Options{
		DB: a.db, Redis: a.redis, Journal: a.journal, Handle: chat.Handle, Scrub: scrub,
		Words: bot.Words{Journalled: say.Journalled, Failed: say.Failed},
		Now:   clk.Now, Log: log, Observer: a.meter, Emergency: a.emergency(duty, outbox),
	})
	courier := &handlers.Courier{Media: a.client, Album: photos, Codes: a.client}
	eraser := handlers.Eraser{Album: photos}
	fetcher := &handlers.Fetcher{Platform: a.client, Album: photos}
	a.worker = &bot.Worker{
		DB: a.db, Platform: a.client, Now: clk.Now, Log: log, Observer: a.meter, Owner: models.NewID(clk.Real()),
		Jobs: map[string]bot.Job{handlers.FetchPhoto: fetcher.Fetch, handlers.PassVoice: courier.Pass, handlers.PassAnswer: courier.PassAnswer, handlers.PassAlarm: courier.PassAlarm, handlers.PassCode: courier.PassCode, handlers.EraseSender: handlers.Erase, handlers.ForgetPerson: eraser.Forget, desk.AdjustJob: desk.CarryOut}, Redis: a.redis, Urgent: handlers.KindAlert, Prepare: outbox.Prepare, Look: outbox.Look,
		Rate: cfg.Push.RatePerSecond, Real: clk.Real, Zone: cfg.Zone(),
		Tick: a.tick(outbox, duty, shelf, eraser), Sweep: (&handlers.Tagger{Platform: a.client, Now: clk.Real, Log: log}).Sweep,
	}
	if painter != nil {
		artist := &handlers.Artist{Media: a.client, Painter: painter, Zone: cfg.Zone(), Now: clk.Now}
		a.worker.Jobs[handlers.OfficePicture] = artist.Draw
		a.worker.Jobs[handlers.ReportPicture] = artist.DrawReport
	}
	return a, a.routes(photos, painter, o.tell, orders{a.db, chat, clk})
}

func (a *App) onStop(f func()) { a.stoppers = append(a.stoppers, f) }

func (a *App) close() {
	for i := len(a.stoppers) - 1; i >= 0; i-- {
		a.stoppers[i]()
	}
	a.stoppers = nil
}

// tick is what the service does about every two seconds: alerts that nobody took
// climb, what is due is planned, and the roster for an outage is kept fresh.
func (a *App) tick(outbox *handlers.Outbox, duty *handlers.Duty, shelf *handlers.Shelf, eraser handlers.Eraser) func(context.Context) {
	var refreshed, optimized time.Time
	return func(ctx context.Context) {
		st := a.db.System("planning")
		err := st.RefreshSettings(ctx)
		if err == nil {
			err = handlers.Escalate(ctx, st, a.clock.Now())
		}
		if err == nil {
			err = handlers.ClimbNeeds(ctx, st, a.clock.Now(), a.cfg.Zone())
		}
		if err == nil {
			err = handlers.ClimbQuestions(ctx, st, a.clock.Now(), a.cfg.Zone())
		}
		if err == nil {
			err = handlers.DrawConfirmations(ctx, st, a.privacy, a.cfg.Question.ConfirmPercent, a.clock.Now(), a.cfg.Zone())
		}
		if now := a.clock.Real(); err == nil && now.Sub(refreshed) > time.Minute {
			if err = errors.Join(duty.Refresh(ctx, st), shelf.Refresh(ctx, st), a.db.WarmDirectory(ctx)); err == nil {
				refreshed = now
			}
		}
		if now := a.clock.Real(); err == nil && now.Sub(optimized) > time.Hour {
			optimized = now
			err = a.db.Optimize(ctx)
		}
		if err == nil {
			err = atNight(ctx, st, eraser, a.clock.Now().In(a.cfg.Zone()), time.Duration(a.cfg.Record.KeepWords))
		}
		if err == nil {
			_, err = st.SealAudit(ctx, 500)
		}
		if err == nil {
			err = desk.KeepChecks(ctx, st, a.clock.Now(), a.cfg.Zone())
		}
		if err == nil {
			err = st.SweepNotices(ctx)
		}
		if err == nil {
			err = outbox.Tick(ctx, st)
		}
		if err != nil && !store.Away(err) && ctx.Err() == nil {
			a.log.Warn("planning failed", "err", err)
		}
	}
}

// emergency tells those on duty of danger while the database is away, straight
// to their phones.
func (a *App) emergency(duty *handlers.Duty, outbox *handlers.Outbox) func(context.Context, bot.Message) string {
	return func(ctx context.Context, m bot.Message) string {
		words, people, text := duty.Emergency(ctx, m)
		for _, to := range people {
			go func() {
				ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
				defer cancel()
				err := a.client.SendText(ctx, to, text)
				if card := outbox.EmergencyCard(); err != nil && card != nil {
					_, err = a.client.SendCard(ctx, to, *card)
				}
				if err != nil {
					a.log.Error("somebody on duty could not be told of danger", "err", err)
					return
				}
				duty.Told(m, to)
			}()
		}
		return words
	}
}

func newOutbox(cfg configs.Config, clk *clock) *handlers.Outbox {
	return &handlers.Outbox{
		Templates: cfg.WeChat.Templates.ByName(), Fields: cfg.WeChat.TemplateFields, Kinds: templateKinds(cfg),
		Zone: cfg.Zone(), PublicURL: cfg.Server.PublicURL, Notices: noticesOf(cfg), Now: clk.Now,
	}
}

func noticesOf(cfg configs.Config) desk.Notices {
	return desk.Notices{ApproveAbove: cfg.Push.ApproveAbove, Card: cfg.WeChat.Templates.ByName()["notice"] != "", Zone: cfg.Zone()}
}

func rulesOf(cfg configs.Config) desk.Rules {
	return desk.Rules{
		LateAfter:    cfg.Record.LateAfter.Duration(),
		RepeatWithin: cfg.Record.RepeatWithin.Duration(), UndoWithin: cfg.Record.UndoWithin.Duration(),
	}
}

// scrub takes out what is never stored, before a message goes any further.
func scrub(text string) string {
	clean, _ := understand.Scrub(text)
	return clean
}

func openDB(cfg configs.Config, keys *store.Keys, clk *clock, log *slog.Logger) (*store.DB, error) {
	hours := cfg.Hours()
	return store.Open(store.Options{
		Driver: cfg.Database.Driver, DSN: cfg.DSN(), MaxOpen: cfg.Database.MaxOpen, Keys: keys, Now: clk.Now, Log: log, Hours: &hours,
	})
}

func loadKeys(cfg configs.Config, makeNew bool) (*store.Keys, error) {
	path := cfg.KeysetFile()
	keys, err := store.LoadKeys(path)
	switch {
	case err == nil:
		return keys, nil
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("密钥集文件 %s 读不出,换上另存的那一份,不要新建:%w", path, err)
	}
	if !makeNew {
		return nil, errors.New("没有密钥集文件:先运行 aixin keys init,并把它另存一份(security.keyset_file)")
	}
	if keys, err = store.NewKeys(); err != nil {
		return nil, err
	}
	return keys, keys.Save(path)
}

// checkDatabase refuses an old schema or a strange keyset. A database that is
// away does not keep the service from starting: messages go to the journal, and
// the check is made once it is back.
func (a *App) checkDatabase(ctx context.Context, migrate bool) error {
	check := func(ctx context.Context) error {
		if migrate {
			_, err := a.db.Migrate(ctx)
			return err
		}
		if err := a.db.CheckSchema(ctx); err != nil {
			return err
		}
		return a.db.CheckKeys(ctx)
	}
	err := check(ctx)
	if err == nil || !store.Away(err) {
		return err
	}
	a.log.Error("database is away at start; messages go to the journal until it is back", "err", err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	a.onStop(cancel)
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(2 * time.Second):
			}
			if err := check(ctx); err == nil {
				return
			} else if !store.Away(err) && ctx.Err() == nil {
				a.log.Error("database cannot be used", "err", err)
				os.Exit(1)
			}
		}
	}()
	return nil
}

// oauth answers the web's questions to the platform about whose phone it is.
type oauth struct{ *wechat.Client }

func (p oauth) OAuthOpenID(ctx context.Context, code string) (string, error) {
	id, err := p.Client.OAuthOpenID(ctx, code)
	return string(id), err
}

func (a *App) routes(photos album.Store, painter *picture.Painter, tell bool, office orders) error {
	callback, err := wechat.NewCallback(wechat.Settings{
		AppID: a.cfg.WeChat.AppID, Token: a.cfg.WeChat.Token.Reveal(), AESKey: a.cfg.WeChat.EncodingAESKey.Reveal(),
		PreviousAESKey: a.cfg.WeChat.PreviousAESKey.Reveal(),
	}, a.bot.Receive, a.clock.Now, a.log)
	if err != nil {
		return err
	}
	a.mux = http.NewServeMux()
	a.mux.Handle("/wechat/callback", callback)
	pages, err := web.New(web.Options{
		DB: a.db, Redis: a.redis, OAuth: oauth{a.client}, Album: photos, Zone: a.cfg.Zone(), Now: a.clock.Now, Log: a.log,
		PublicURL: a.cfg.Server.PublicURL, MP3: mp3With(a.cfg.Question.MP3Command, a.log), Clean: scrub, Notices: noticesOf(a.cfg),
		Painter: painter, Orders: office, Codes: a.client, Templates: a.cfg.WeChat.Templates.ByName(),
		LookFor: func(ctx context.Context, acct models.Account) (desk.Office, error) {
			return desk.LookFor(ctx, a.db.System("office page"), acct, a.clock.Now(), a.cfg.Zone())
		},
		RequireTOTP: a.cfg.Web.RequireTOTP, Tell: tell, Networks: a.cfg.Web.Networks(),
	})
	if err != nil {
		return err
	}
	a.mux.Handle("/admin/", pages)
	a.mux.Handle("/h/", pages)
	a.mux.HandleFunc("GET /healthz", a.healthz)
	a.mux.HandleFunc("GET /readyz", a.readyz)
	return nil
}

// drainLimit is how long a stop waits for requests and loops.
const drainLimit = 10 * time.Second

// Run serves on the given listeners until ctx ends, then drains.
func (a *App) Run(ctx context.Context, public, ops net.Listener) error {
	defer a.close()
	select { // who is let in before the answers are read waits, and holds others up
	case <-a.warmed:
	case <-ctx.Done():
		return nil
	}
	failed := make(chan error, 2)
	main := &http.Server{
		Handler: a.mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	for _, f := range a.onDrain {
		main.RegisterOnShutdown(f)
	}
	go func() { failed <- main.Serve(public) }()
	var opsServer *http.Server
	if ops != nil {
		opsServer = &http.Server{Handler: a.opsMux(), ReadHeaderTimeout: 5 * time.Second}
		go func() { failed <- opsServer.Serve(ops) }()
	}
	loopCtx, stopLoops := context.WithCancel(context.WithoutCancel(ctx))
	loops := make(chan struct{})
	go func() { bot.Run(loopCtx, a.bot, a.worker); close(loops) }()

	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	a.log.Info("stopping")
	drainCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainLimit)
	defer cancel()
	main.Shutdown(drainCtx)
	a.bot.Drain(drainCtx)
	stopLoops()
	select {
	case <-loops:
	case <-drainCtx.Done():
		a.log.Warn("loops did not stop in time; their leases will end")
	}
	if opsServer != nil {
		opsServer.Shutdown(drainCtx)
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return err
}
