package handlers

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"aixin/bot"
	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// ReportPicture is the job that draws a month's report of an account's place and
// sends it into the window that its words have opened. Its subject is the account
// and the month.
const ReportPicture = "report_picture"

// monthReport is how an office asks for it: 月报图, 看10月月报, 上月月报发个图.
var monthReport = regexp.MustCompile(`^(?:看|发|发个|来个|来张)?(?:(\d{1,2})月份?的?|上个?月的?)?月报(?:告|表)?的?(?:发?个?图片?)?$`)

// reportPicture answers an office that wants the month's report as a picture; ok
// is false where the words want something else.
func (t *talk) reportPicture(ctx context.Context, account models.Account, plain string) (reply string, ok bool, err error) {
	m := monthReport.FindStringSubmatch(strings.ReplaceAll(plain, " ", ""))
	if m == nil || !models.Ever(account.Role, models.ObjectReport).Allows(models.See) {
		return "", false, nil
	}
	today := models.DayOf(t.Now, t.Zone)
	month := models.MonthOf(today).Add(-1)
	if n, err := strconv.Atoi(m[1]); err == nil {
		if n < 1 || n > 12 {
			return "", false, nil
		}
		if month = models.NewMonth(today.Year(), n); month.First() > today {
			month = models.NewMonth(today.Year()-1, n)
		}
	}
	if !t.Pictures {
		return say.NoPictures, true, nil
	}
	err = t.Tx.RenewJob(ctx, ReportPicture, account.ID+"/"+string(month), t.Tx.Now())
	return say.ReportPictureComes(month), true, err
}

// DrawReport is the job ReportPicture.
func (a *Artist) DrawReport(ctx context.Context, st *store.Store, subject string, _ int) error {
	accountID, key, _ := strings.Cut(subject, "/")
	account, to, err := asker(ctx, st, accountID)
	if err != nil || to == "" {
		return err
	}
	ask := models.ReportAsk{Zone: a.Zone, Now: models.InstantOf(a.Now())}
	if ask.Period, err = models.ParsePeriod(models.ReportMonthly, key); err != nil {
		return bot.ErrGiveUp{Err: err}
	}
	if ask.Calendar, err = st.Calendar(ctx); err != nil {
		return err
	}
	if ask.Region, err = st.Region(ctx, account.Region); err != nil {
		return err
	}
	if account.UnitID != "" {
		if ask.Unit, err = st.Unit(ctx, account.UnitID); err != nil {
			return err
		}
	}
	signed, err := st.Report(ctx, ask)
	var unbalanced models.Unbalanced
	if errors.As(err, &unbalanced) {
		return bot.ErrGiveUp{Err: err}
	}
	if err != nil {
		return err
	}
	if err := st.Note(ctx, "report.picture", "account:"+accountID, key+" region="+account.Region+" unit="+account.UnitID); err != nil {
		return err
	}
	raw, err := a.Painter.PNG(desk.ReportSheet(signed, a.Zone))
	if err != nil {
		return bot.ErrGiveUp{Err: err}
	}
	return pass(ctx, a.Media, to, "image", "report.png", raw)
}
