package handlers_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"aixin/bot"
	"aixin/handlers"
	"aixin/handlers/desk"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
	"aixin/models/store/storetest"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/talks")

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// TestTalks plays the recorded conversations of testdata/talks:
//
//	# what it shows
//	@ 2026-11-21 10:00        the clock
//	@ cadre 王敏               who speaks from here on
//	@ roster 王敏: 谷军(老谷、谷叔) 72 吴坡村 2026-01-01; 马海龙(海龙) 9 峡门村
//	@ roster 张三 in 王敏: …     of the same unit; 张三2 is another of the name
//	… 谷军(老谷)#1 …            of household 1
//	… 2026-01-01 每周           looked in on every week; 每周和结对: paired too
//	@ guardian 谷婶 of 谷军      bound by then
//	@ relay 王婶 of 谷军        a neighbour, bound
//	@ duty 值班甲 崆峒区          an account on duty; it speaks from here on
//	@ office 李县 county 崆峒区   an account of another role
//	@ plan 谷军: 送棉被 by 王敏; 修房顶 by 住建局   signed, with its measures
//	@ checklist 吃穿、用药        the office's list of what a visit looks at
//	@ notice 2027-01 sensitive: 照片也给学校看   a new version of the notice, what it renews and changes
//	@ line 李静 心理抚慰 马海龙   who comes for one of the services
//	@ font                     one is installed that can draw Chinese
//	@ deliver                  what is due is sent: who gets what follows
//	* 王敏 ← 谷军家问…
//	> words                   said
//	> [照片] [照片 证件] [语音] [点 mine] [位置]   sent
//	< answer                  heard; further lines of it begin with a blank
//
// "-update" writes what was heard. The session goes through the database
// between messages.
func TestTalks(t *testing.T) {
	files, err := filepath.Glob("testdata/talks/*.talk")
	if err != nil || len(files) == 0 {
		t.Fatalf("no talks: %v", err)
	}
	u := understand.New()
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".talk"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			heard := play(t, u, "sqlite", string(raw))
			if *update {
				if err := os.WriteFile(file, []byte(heard), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if heard != string(raw) {
				t.Errorf("the talk went differently:\n%s", heard)
			}
		})
	}
}

// stage is one talk being played.
type stage struct {
	t     *testing.T
	ctx   context.Context
	clock *storetest.Clock
	db    *store.DB
	bot   *bot.Bot
	who   string
	n     int
	codes map[string]string // subject ids by name
	given map[string]string // binding codes by {name}
	album string
	ask   int // the share of visits about which families are asked, in percent
	chat  *handlers.Chat
	// written is all that the service logs.
	written bytes.Buffer
}

func newStage(t *testing.T, u *understand.Understander, driver string) *stage {
	s := &stage{t: t, ctx: context.Background(), clock: storetest.NewClock(), codes: map[string]string{}, given: map[string]string{}}
	s.db = storetest.Open(t, driver, s.clock.Now)
	journal, err := bot.OpenJournal(t.TempDir(), "talk", s.db.Keys(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.album = t.TempDir()
	s.chat = &handlers.Chat{Zone: zone, Rules: desk.DefaultRules, Understand: u}
	s.bot = bot.New(bot.Options{
		DB: s.db, Journal: journal, Handle: s.chat.Handle, Now: s.clock.Now, Log: slog.New(slog.NewMultiHandler(
			slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}), slog.NewTextHandler(&s.written, &slog.HandlerOptions{Level: slog.LevelDebug}),
		)),
		Scrub: func(words string) string { clean, _ := understand.Scrub(words); return clean },
		Words: bot.Words{Failed: func(id string) string { return "failed " + id }},
	})
	return s
}

func play(t *testing.T, u *understand.Understander, driver, text string) string {
	s := newStage(t, u, driver)
	var out strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "<"), strings.HasPrefix(line, "  "), strings.HasPrefix(line, "* "):
			continue
		case line == "@ deliver":
			out.WriteString(line + "\n" + s.deliver())
			continue
		case strings.HasPrefix(line, "@ "):
			s.direct(line[2:])
		case strings.HasPrefix(line, "> "):
			out.WriteString(line + "\n")
			answer := s.say(line[2:])
			if answer == "" {
				out.WriteString("<\n")
				continue
			}
			out.WriteString("< " + strings.ReplaceAll(answer, "\n", "\n  ") + "\n")
			continue
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) { l.t.Log(string(p)); return len(p), nil }

func (s *stage) direct(line string) {
	verb, rest, _ := strings.Cut(line, " ")
	switch verb {
	case "cadre", "guardian", "stranger":
		name, recipient, of := strings.Cut(rest, " of ")
		s.who = name
		if of {
			s.must(s.db.System("test").Bind(s.ctx, "o_"+name, models.RoleGuardian, s.codes[recipient+"的监护人"]))
		}
	case "draw": // "@ draw 100": the share of visits about which families are asked
		fmt.Sscan(rest, &s.ask)
	case "relay":
		name, recipient, _ := strings.Cut(rest, " of ")
		s.must(s.relay(name, recipient))
	case "checklist":
		for name := range strings.SplitSeq(rest, "、") {
			s.must(s.checklist(name))
		}
	case "plan":
		name, measures, _ := strings.Cut(rest, ": ")
		s.must(s.plan(name, strings.Split(measures, "; ")))
	case "line":
		s.must(s.line(rest))
	case "notice":
		s.notice(rest)
	case "font":
		s.chat.Pictures = true
	case "duty":
		name, region, _ := strings.Cut(rest, " ")
		s.must(s.office(name, models.AccountDuty, region))
	case "shift": // "@ shift 值班甲 崆峒区 10": on the roster for so many minutes
		f := strings.Fields(rest)
		s.must(s.shift(f[0], f[1], f[2]))
	case "knob": // "@ knob danger_red 3": what the city sets at the console
		name, value, _ := strings.Cut(rest, " ")
		st := s.db.System("test")
		s.must(st.Set(s.ctx, &models.Setting{Name: name, Value: value}, ""))
		s.must(st.RefreshSettings(s.ctx))
	case "office":
		f := append(strings.Fields(rest), "", "")
		s.must(s.office(f[0], models.AccountRole(f[1]), f[2]))
	case "roster":
		name, people, _ := strings.Cut(rest, ":")
		s.must(s.enrol(strings.TrimSpace(name), strings.Split(people, ";")))
	case "invite":
		role, name, _ := strings.Cut(rest, " ")
		code, err := s.db.System("test").Invite(s.ctx, models.Role(role), s.codes[name])
		s.must(err)
		s.given["{"+name+"}"] = code
	default:
		at, err := time.ParseInLocation("2006-01-02 15:04", line, zone)
		s.must(err)
		s.clock.Set(at)
	}
}

// shift puts somebody on the duty roster of a place.
func (s *stage) shift(who, place, minutes string) error {
	st := s.db.System("test")
	n, err := strconv.Atoi(minutes)
	if err != nil {
		return err
	}
	code, _, err := st.EnsureRegion(s.ctx, place)
	if err != nil {
		return err
	}
	return st.AddShift(s.ctx, &models.DutyShift{AccountID: s.codes["@"+who], Region: code, FromAt: st.Now(), UntilAt: st.Now().Add(time.Duration(n) * time.Minute)})
}

// line pairs a cadre with somebody for one of the services: 李医生 心理抚慰 马海龙.
func (s *stage) line(words string) error {
	f, st := strings.Fields(words), s.db.System("test")
	c, err := st.Contact(s.ctx, s.codes[f[2]+"的监护人"])
	if err != nil {
		return err
	}
	line := map[string]models.Line{"心理抚慰": models.LineCounsel, "帮学助教": models.LineTutoring}[f[1]]
	return st.Create(s.ctx, &models.Pairing{ID: st.NewID(), CadreID: s.codes[f[0]], RecipientID: c.RecipientID, Line: line, FromDay: "2026-01-01"})
}

// notice brings a new version of what families agree to.
func (s *stage) notice(line string) {
	head, changed, _ := strings.Cut(line, ": ")
	f := strings.Fields(head)
	next := models.PrivacyText{Version: f[0], Changed: changed, Words: "(须知 " + f[0] + ")" + changed + "。随时能“撤回同意”。"}
	for _, p := range f[1:] {
		next.Renews = append(next.Renews, models.Purpose(p))
	}
	shipped, err := handlers.ReadPrivacy("")
	s.must(err)
	texts := *shipped
	if s.chat.Privacy != nil {
		texts = *s.chat.Privacy
	}
	if strings.HasSuffix(f[0], "娃") {
		texts.Child = append([]models.PrivacyText{next}, texts.Child...)
	} else {
		texts.Notice = append([]models.PrivacyText{next}, texts.Notice...)
	}
	s.must(texts.Check())
	s.chat.Privacy = &texts
}

// checklist adds a thing to look at on a visit.
func (s *stage) checklist(name string) error {
	st := s.db.System("test")
	lists, err := st.Lists(s.ctx)
	if err != nil {
		return err
	}
	c, err := lists.Change(models.Choice{List: models.ListChecklist, Name: name, FromDay: "2026-01-01"}, "2026-01-01")
	if err != nil {
		return err
	}
	return st.AddChoice(s.ctx, &c)
}

func (s *stage) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// enrol makes a bound cadre with a roster: 谷军(老谷、谷叔) 72 吴坡村 2026-01-01.
func (s *stage) enrol(name string, people []string) error {
	st := s.db.System("test")
	name, colleague, same := strings.Cut(name, " in ")
	unit := models.Unit{ID: st.NewID(), Name: name + "的单位", Region: "620802"}
	if same {
		c, err := st.Cadre(s.ctx, s.codes[colleague])
		if err != nil {
			return err
		}
		unit.ID = c.UnitID
	} else if err := st.Create(s.ctx, &unit); err != nil {
		return err
	}
	plain := strings.TrimRight(name, "0123456789")
	cadre := models.Cadre{ID: st.NewID(), Name: models.Conceal(plain), PhoneIdx: name, UnitID: unit.ID, Region: "620802"}
	if plain != name {
		cadre.Post = name[len(plain):] + "组"
	}
	if err := st.Create(s.ctx, &cadre); err != nil {
		return err
	}
	s.codes[name] = cadre.ID
	if err := st.Bind(s.ctx, "o_"+name, models.RoleCadre, cadre.ID); err != nil {
		return err
	}
	for i, p := range people {
		f := strings.Fields(p)
		if len(f) == 0 {
			continue
		}
		who, household, _ := strings.Cut(f[0], "#")
		full, aliases, _ := strings.Cut(strings.TrimSuffix(who, ")"), "(")
		age, village, from := 40, "吴坡村", models.Day("2026-01-01")
		if len(f) > 1 {
			fmt.Sscan(f[1], &age)
		}
		if len(f) > 2 {
			village = f[2]
		}
		if len(f) > 3 {
			from = models.Day(f[3])
		}
		region, _, err := st.EnsureRegion(s.ctx, "崆峒区/峡门乡/"+village)
		if err != nil {
			return err
		}
		r := models.Recipient{
			ID: st.NewID(), Number: fmt.Sprint(name, i), Name: models.Conceal(full), Region: region,
			Birth: models.Conceal(string(models.NewDay(2026-age, 1, 1))), Aliases: models.Conceal(aliases), Household: household,
		}
		c := models.Contact{ID: st.NewID(), RecipientID: r.ID, Kind: models.ContactGuardian, Name: models.Conceal(full + "的监护人")}
		pairing := models.Pairing{ID: st.NewID(), CadreID: cadre.ID, RecipientID: r.ID, Line: models.LinePairing, FromDay: from}
		rows := []any{&r, &c, &pairing}
		if len(f) > 4 && strings.HasPrefix(f[4], "每周") { // looked in on every week, and paired too
			r.Categories, r.CareMode = string(models.CategoryExtremePoverty), models.CareModeScattered
			weekly := pairing
			weekly.ID, weekly.Line = st.NewID(), models.LineFamilyCare
			if rows = append(rows, &weekly); f[4] == "每周" {
				rows = []any{&r, &c, &weekly}
			}
		}
		for _, row := range rows {
			if err := st.Create(s.ctx, row); err != nil {
				return err
			}
		}
		s.codes[full+"的监护人"] = c.ID
	}
	return nil
}

func (s *stage) say(words string) string {
	s.n++
	s.clock.Add(time.Second)
	a, err := s.bot.Receive(s.ctx, s.message(words))
	s.must(err)
	return a.Text
}

func (s *stage) message(words string) bot.Message {
	m := bot.Message{Identity: fmt.Sprint("m|", s.n), From: bot.OpenID("o_" + s.who), Kind: bot.KindText, Text: words, At: s.clock.Now()}
	if strings.HasPrefix(words, "[") && strings.HasSuffix(words, "]") {
		kind, arg, _ := strings.Cut(strings.Trim(words, "[]"), " ")
		m.Text, m.MediaID = "", fmt.Sprint("media", s.n)
		switch kind {
		case "照片":
			m.Kind, m.MediaID = bot.KindImage, fmt.Sprint("picture", s.n)
			if arg == "证件" {
				m.MediaID = fmt.Sprint("paper", s.n)
			}
		case "语音":
			m.Kind, m.Text = bot.KindVoice, arg
		case "位置":
			m.Kind, m.Place = bot.KindPlace, &bot.Place{Label: arg}
		case "视频":
			m.Kind = bot.KindVideo
		case "点":
			m.Kind, m.Event, m.EventKey = bot.KindEvent, bot.EventClick, arg
		case "关注":
			m.Kind, m.Event, m.EventKey = bot.KindEvent, bot.EventSubscribe, arg
		case "扫":
			m.Kind, m.Event, m.EventKey = bot.KindEvent, bot.EventScan, arg
		case "取关":
			m.Kind, m.Event = bot.KindEvent, bot.EventUnsubscribe
		default:
			s.t.Fatalf("no such thing to send: %s", words)
		}
	}
	for name, code := range s.given {
		m.Text = strings.ReplaceAll(m.Text, name, code)
	}
	return m
}
