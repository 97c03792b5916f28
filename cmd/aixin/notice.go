package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

type noticeCmd struct {
	Preview noticePreviewCmd `cmd:"" help:"看一条通知会发给谁、发成什么样,不发。"`
	Send    noticeSendCmd    `cmd:"" help:"发通知;人多的先存着,等另一位管理员批。"`
	Approve noticeApproveCmd `cmd:"" help:"批一条等批的通知。"`
	Pause   noticePauseCmd   `cmd:"" help:"暂停:没发的先不发。"`
	Resume  noticeResumeCmd  `cmd:"" help:"接着发暂停的通知。"`
	Cancel  noticeCancelCmd  `cmd:"" help:"取消:没发的不再发。"`
	Status  noticeStatusCmd  `cmd:"" help:"发到哪一步;不写编号列最近的。"`
	People  noticePeopleCmd  `cmd:"" help:"逐人的结果。"`
	Resend  noticeResendCmd  `cmd:"" help:"给没收到的再发一次。"`
}

// noticeAs is the account in whose name a command acts.
type noticeAs struct {
	As string `help:"用哪个管理账号,写登录名;只够得着这个账号管的人。" required:"" placeholder:"LOGIN"`
}

// act runs fn in one transaction with the account, and says a refusal plainly.
func (n noticeAs) act(e *env, fn func(tx *store.Store, a models.Account, desk desk.Notices) error) error {
	db, stop, err := e.store()
	if err != nil {
		return err
	}
	defer stop()
	return db.System("notice command").InTx(e.ctx, func(tx *store.Store) error {
		a, err := tx.AccountByLogin(e.ctx, strings.ToLower(strings.TrimSpace(n.As)))
		if errors.Is(err, store.ErrNotFound) || err == nil && a.DisabledAt != 0 {
			return fmt.Errorf("没有账号 %s,或者它停用了", n.As)
		}
		if err != nil {
			return err
		}
		return fn(tx, a, noticesOf(e.cfg))
	})
}

// noticeWords are what to send to whom.
type noticeWords struct {
	noticeAs
	To         string `help:"发给谁:cadre 干部,guardian 家长。" enum:"cadre,guardian" default:"cadre"`
	Text       string `help:"通知内容;占位符 {称呼} {还差} {户数} {单位} {地区}。" placeholder:"TEXT" xor:"text"`
	File       string `help:"内容在这个文件里,- 是标准输入。" placeholder:"FILE" xor:"text"`
	Region     string `help:"只发这个地区和它下面的,如 崆峒区/峡门乡。" placeholder:"PATH"`
	Unit       string `help:"只发这个单位的干部,或这个单位结对的家。" placeholder:"NAME"`
	Speciality string `help:"只发这种专业的干部:普通、教师、医护、心理、基层。" placeholder:"WORD"`
	Contact    string `help:"家长里只发:guardian 监护人、institution 照护机构、self 本人。" enum:",guardian,institution,self" default:""`
	Category   string `help:"只发和这类对象有关的,如 孤儿。" placeholder:"WORD"`
	Line       string `help:"只发这条线的:结对、帮学助教、医疗康复、心理抚慰、亲情关怀。" placeholder:"WORD"`
	Duty       string `help:"short 今年还差的,met 今年够了的。" enum:",short,met" default:""`
	List       string `help:"只发名单上的:文件一行一个,手机号、姓名或对象编号。" placeholder:"FILE"`
	At         string `help:"什么时候发,如 2026-12-01T09:00:00+08:00;不写就现在。" placeholder:"TIME"`
	Urgent     bool   `help:"急件:越过免打扰和每周两条,只能配 --list。"`
}

func (n noticeWords) draft(e *env, tx *store.Store, a models.Account) (d desk.NoticeDraft, missing []string, err error) {
	d = desk.NoticeDraft{Body: n.Text, Urgent: n.Urgent, Audience: models.Audience{
		Role: models.Role(n.To), Contact: models.ContactKind(n.Contact), Duty: models.DutyState(n.Duty),
	}}
	if n.File != "" {
		if d.Body, err = readAll(e, n.File); err != nil {
			return d, nil, err
		}
	}
	if n.At != "" {
		at, err := time.Parse(time.RFC3339, n.At)
		if err != nil {
			return d, nil, errors.New("--at 要写成 2026-12-01T09:00:00+08:00 这样")
		}
		d.At = models.InstantOf(at)
	}
	lists, err := tx.Lists(e.ctx)
	if err != nil {
		return d, nil, err
	}
	for list, said := range map[models.ListName]struct {
		word string
		into *string
	}{models.ListCategory: {n.Category, (*string)(&d.Audience.Category)}, models.ListLine: {n.Line, (*string)(&d.Audience.Line)}} {
		code, ok := lists.Code(list, said.word, models.DayOf(e.clock.Now(), e.cfg.Zone()))
		if !ok && said.word != "" {
			return d, nil, fmt.Errorf("%s里没有“%s”", list.Label(), said.word)
		}
		*said.into = code
	}
	if n.Speciality != "" {
		s, ok := models.SpecialityNames[n.Speciality]
		if !ok {
			return d, nil, fmt.Errorf("没有“%s”这种专业", n.Speciality)
		}
		d.Audience.Speciality = &s
	}
	if d.Audience.Region, d.Audience.UnitID, err = placeAndUnit(e, tx, n.Region, n.Unit); err != nil {
		return d, nil, err
	}
	if n.List != "" {
		text, err := readAll(e, n.List)
		if err != nil {
			return d, nil, err
		}
		if d.Audience.List, missing, err = desk.FindList(e.ctx, tx, a, d.Audience.Role, text); err != nil {
			return d, nil, err
		}
		if len(d.Audience.List) == 0 {
			return d, missing, errors.New("名单上的人在您管的范围里一个也没找到")
		}
	}
	return d, missing, nil
}

func placeAndUnit(e *env, tx *store.Store, path, unit string) (region, unitID string, err error) {
	if path = strings.Trim(strings.TrimSpace(path), "/"); path != "" {
		rows, err := tx.Regions(e.ctx)
		if err != nil {
			return "", "", err
		}
		for _, r := range rows {
			if r.Path == path {
				region = r.Code
			}
		}
		if region == "" {
			return "", "", fmt.Errorf("名册里没有“%s”", path)
		}
	}
	if unit == "" {
		return region, "", nil
	}
	rows, err := tx.Units(e.ctx)
	for _, u := range rows {
		if u.Name == strings.TrimSpace(unit) {
			return region, u.ID, err
		}
	}
	if err == nil {
		err = fmt.Errorf("名册里没有单位“%s”,请照名册里的全名写", unit)
	}
	return region, "", err
}

func readAll(e *env, name string) (string, error) {
	in := e.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", fmt.Errorf("打不开 %s", name)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, 1<<20))
	return strings.TrimSpace(string(raw)), err
}

func printPreview(e *env, p desk.NoticePreview, missing []string) {
	fmt.Fprintf(e.stdout, "发给%s,共 %d 人\n", p.Whom, p.All)
	out := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
	for _, row := range []struct {
		word string
		n    int
	}{
		{"能收到", p.Reach},
		{"  其中直接看到全文(48 小时内说过话)", p.ByText},
		{"  其中本周已收过一条", p.HadOne},
		{"没绑定微信,要打电话", p.Unbound},
		{"拒收,要打电话", p.Refusing},
		{"没设模板又没说过话,要打电话", p.NoWay},
		{"本周已收过两条,这次不发", p.HadTwo},
	} {
		fmt.Fprintf(out, "%s\t%d 人\n", row.word, row.n)
	}
	out.Flush()
	for _, w := range missing {
		fmt.Fprintf(e.stdout, "名单上没找到,或不止一个:%s\n", w)
	}
	if p.Urgent {
		fmt.Fprintln(e.stdout, "急件:不管免打扰和每周两条,马上发。")
	} else if p.Starts.After(e.clock.Now().Add(time.Minute)) {
		fmt.Fprintf(e.stdout, "%s开始发。\n", say.Moment(p.Starts))
	}
	if p.Approval {
		fmt.Fprintln(e.stdout, "人多,要另一位管理员批了才发。")
	}
	for _, s := range p.Samples {
		how := "直接看到"
		if s.Card {
			how = "先收卡片,回“看通知”看到"
		}
		fmt.Fprintf(e.stdout, "— %s(%s)\n%s\n", s.Who, how, s.Text)
	}
}

type noticePreviewCmd struct{ noticeWords }

// Run shows a notice and sends nothing.
func (c *noticePreviewCmd) Run(e *env) error {
	return c.act(e, func(tx *store.Store, a models.Account, n desk.Notices) error {
		d, missing, err := c.draft(e, tx, a)
		if err != nil {
			return err
		}
		p, err := n.Preview(e.ctx, tx, a, d)
		if err == nil {
			printPreview(e, p, missing)
		}
		return err
	})
}

type noticeSendCmd struct{ noticeWords }

// Run hands a notice in; aixin serve sends it.
func (c *noticeSendCmd) Run(e *env) error {
	var row models.Notice
	err := c.act(e, func(tx *store.Store, a models.Account, n desk.Notices) error {
		d, missing, err := c.draft(e, tx, a)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			return fmt.Errorf("名单上没找到,或不止一个:%s。改好名单再发", strings.Join(missing, "、"))
		}
		row, err = n.Submit(e.ctx, tx, a, d)
		return err
	})
	switch {
	case err != nil:
		return err
	case row.State == models.NoticeWaiting:
		fmt.Fprintf(e.stdout, "通知 %d 存好了,%d 人,等另一位管理员批:aixin notice approve %d --as LOGIN\n", row.No(), row.People, row.No())
	default:
		fmt.Fprintf(e.stdout, "通知 %d 交给 aixin serve 发,%d 人;看进度:aixin notice status %d --as %s\n", row.No(), row.People, row.No(), c.As)
	}
	return nil
}

// noticeNo names one notice.
type noticeNo struct {
	noticeAs
	Number int `arg:"" help:"通知的编号。"`
}

func (c noticeNo) on(e *env, fn func(tx *store.Store, a models.Account, n desk.Notices, row models.Notice) error) error {
	return c.act(e, func(tx *store.Store, a models.Account, n desk.Notices) error {
		row, err := tx.As(a.Actor()).NoticeNumbered(e.ctx, c.Number)
		if errors.Is(err, store.ErrNotFound) {
			return errors.New(say.NoSuchNotice)
		}
		if err != nil {
			return err
		}
		return fn(tx, a, n, row)
	})
}

type noticeApproveCmd struct {
	noticeNo
	Why string `help:"只有一人在岗、自己批自己的时候写明原因(要等 30 分钟)。" placeholder:"TEXT"`
}

// Run approves.
func (c *noticeApproveCmd) Run(e *env) error {
	return c.on(e, func(tx *store.Store, a models.Account, n desk.Notices, row models.Notice) error {
		row, err := n.Approve(e.ctx, tx, a, row, c.Why)
		if err == nil {
			fmt.Fprintln(e.stdout, say.NoticeApproved(row.No(), row.People))
		}
		return err
	})
}

type noticePauseCmd struct{ noticeNo }

// Run pauses.
func (c *noticePauseCmd) Run(e *env) error { return c.turn(e, desk.Notices.Pause) }

type noticeResumeCmd struct{ noticeNo }

// Run goes on.
func (c *noticeResumeCmd) Run(e *env) error { return c.turn(e, desk.Notices.Resume) }

type noticeCancelCmd struct{ noticeNo }

// Run takes back.
func (c *noticeCancelCmd) Run(e *env) error { return c.turn(e, desk.Notices.Cancel) }

func (c noticeNo) turn(e *env, do desk.NoticeTurn) error {
	return c.on(e, func(tx *store.Store, a models.Account, n desk.Notices, row models.Notice) error {
		row, err := do(n, e.ctx, tx, a, row)
		if err == nil {
			fmt.Fprintln(e.stdout, say.NoticeMoved(row.No(), row.State))
		}
		return err
	})
}

type noticeResendCmd struct {
	noticeNo
	Unknown bool `help:"连结果不明的也再发一次(可能有人收到两条)。"`
}

// Run sends again to those who did not get it.
func (c *noticeResendCmd) Run(e *env) error {
	return c.on(e, func(tx *store.Store, a models.Account, n desk.Notices, row models.Notice) error {
		again, left, err := n.Resend(e.ctx, tx, a, row, c.Unknown)
		if err == nil {
			fmt.Fprintln(e.stdout, say.NoticeAgain(row.No(), again, left))
		}
		return err
	})
}

type noticeStatusCmd struct {
	noticeAs
	Number int `arg:"" optional:"" help:"通知的编号;不写就列最近的。"`
}

// Run tells how far a notice is, or lists the newest.
func (c *noticeStatusCmd) Run(e *env) error {
	return c.act(e, func(tx *store.Store, a models.Account, _ desk.Notices) error {
		st := tx.As(a.Actor())
		rows, err := st.Notices(e.ctx, 20)
		if c.Number != 0 {
			var one models.Notice
			one, err = st.NoticeNumbered(e.ctx, c.Number)
			rows = []models.Notice{one}
		}
		if errors.Is(err, store.ErrNotFound) {
			return errors.New(say.NoSuchNotice)
		}
		if err != nil {
			return err
		}
		for _, n := range rows {
			counts, err := st.NoticeCounts(e.ctx, n.ID)
			if err != nil {
				return err
			}
			fmt.Fprintf(e.stdout, "%s %s %s\n", n.SentAt.Time().In(e.cfg.Zone()).Format("2006-01-02 15:04"), n.Audience, say.NoticeProgress(n.No(), n.State, counts))
		}
		return nil
	})
}

type noticePeopleCmd struct {
	noticeNo
	State string `help:"只看这种结果:delivered 送到、accepted 等回音、planned 还在发、held 等着、refused 拒收、failed 发不到、unknown 不明、cancelled 没发。" enum:",delivered,accepted,planned,held,refused,failed,unknown,cancelled" default:""`
}

// Run lists what became of a notice by person.
func (c *noticePeopleCmd) Run(e *env) error {
	return c.on(e, func(tx *store.Store, a models.Account, n desk.Notices, row models.Notice) error {
		out := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(out, "谁\t结果\t说明")
		for after := ""; ; {
			page, err := n.People(e.ctx, tx, a, row, c.State, after, 500)
			if err != nil {
				return err
			}
			for _, p := range page {
				fmt.Fprintf(out, "%s\t%s\t%s\n", p.Who, say.DeliveryWord(p.State), p.Why)
				after = p.DeliveryID
			}
			if len(page) < 500 {
				return out.Flush()
			}
		}
	})
}
