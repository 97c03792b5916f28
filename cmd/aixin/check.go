package main

import (
	"errors"
	"fmt"

	"aixin/models"
	"aixin/models/store"
)

type checkCmd struct {
	Commit checkCommitCmd `cmd:"" help:"公布本月种子的校验码:月底前做,抽样就没人能挑。aixin serve 会自己做。"`
	Draw   checkDrawCmd   `cmd:"" help:"抽一个月的走访,写进电话名单。"`
}

type checkCommitCmd struct {
	Month string `help:"哪个月;不写是本月。" placeholder:"2026-11"`
}

// Run commits the seed and prints its hash.
func (c *checkCommitCmd) Run(e *env) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	month := models.MonthOf(models.DayOf(e.clock.Now(), e.cfg.Zone()))
	if c.Month != "" {
		if month, err = models.ParseMonth(c.Month); err != nil {
			return fmt.Errorf("--month %w", err)
		}
	}
	st := db.System("check")
	if err := st.CommitCheckSeed(e.ctx, month); err != nil {
		return err
	}
	seed, err := st.CheckSeed(e.ctx, month)
	if err == nil {
		fmt.Fprintf(e.stdout, "%s种子的校验码(SHA-256):%s\n", month, seed.Hash)
	}
	return err
}

type checkDrawCmd struct {
	Month  string  `required:"" help:"哪个月的走访。" placeholder:"2026-10"`
	Region string  `default:"6208" help:"哪里:区划代码或名称。" placeholder:"CODE"`
	Half   float64 `default:"0.05" help:"区间要多窄:0.05 是上下5个百分点。"`
}

// Help is shown by aixin check draw --help.
func (checkDrawCmd) Help() string {
	return `按县、类别、是否每周看望分层,抽出要打电话核的户;每县至少20户。种子要在那个月结束前公布过校验码,抽完种子公开,谁都能验。
抽过的月再抽,还是原来那一批。打电话、记结果在管理台“抽查”里。`
}

// Run draws a month.
func (c *checkDrawCmd) Run(e *env) error {
	month, err := models.ParseMonth(c.Month)
	if err != nil {
		return fmt.Errorf("--month %w", err)
	}
	if c.Half <= 0 || c.Half > 0.5 {
		return errors.New("--half 要在 0 到 0.5 之间")
	}
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	if month >= models.MonthOf(models.DayOf(e.clock.Now(), e.cfg.Zone())) {
		return fmt.Errorf("%s还没过完,下月再抽", month)
	}
	st := db.System("check")
	region, err := st.FindRegion(e.ctx, c.Region)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("没有这个地区:%q", c.Region)
	}
	if err != nil {
		return err
	}
	n, err := st.DrawChecks(e.ctx, region.Code, month, c.Half, e.cfg.Zone())
	if errors.Is(err, store.ErrNoSeed) {
		return fmt.Errorf("%s的种子没在月底前公布校验码,抽了也没人信;从本月起会按时公布", month)
	}
	if err != nil {
		return err
	}
	seed, err := st.CheckSeed(e.ctx, month)
	if err == nil {
		fmt.Fprintf(e.stdout, "%s%s抽了 %d 户。\n种子:%s\n校验码:%s\n", region.Name, month, n, seed.Seed.Reveal(), seed.Hash)
	}
	return err
}
