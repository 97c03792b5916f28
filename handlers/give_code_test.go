package handlers_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"aixin/bot"
	"aixin/handlers"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// codePrinter plays the platform for the pictures of codes.
type codePrinter struct {
	scenes []string
	ttl    time.Duration
	sent   []string
}

func (p *codePrinter) QRPicture(_ context.Context, scene string, ttl time.Duration) ([]byte, error) {
	p.scenes, p.ttl = append(p.scenes, scene), ttl
	return []byte("png of " + scene), nil
}

func (p *codePrinter) UploadMedia(_ context.Context, kind, _ string, data []byte) (string, error) {
	return kind + " " + string(data), nil
}

func (p *codePrinter) SendMedia(_ context.Context, to bot.OpenID, kind, id string) error {
	p.sent = append(p.sent, string(to)+" "+kind+" "+id)
	return nil
}

func (s *stage) passCodes(p *codePrinter) {
	s.t.Helper()
	st := s.db.System("test")
	s.clock.Add(time.Second)
	jobs, err := st.LeaseJobs(s.ctx, "test", time.Minute, 10)
	s.must(err)
	courier := &handlers.Courier{Media: p, Codes: p}
	for _, j := range jobs {
		if j.Kind == handlers.PassCode {
			s.must(courier.PassCode(s.ctx, st, j.SubjectID, 1))
		}
		s.must(st.FinishJob(s.ctx, j, store.JobDone, ""))
	}
}

var printedCode = regexp.MustCompile(`绑定码:([0-9A-Z]{8})`)

// A cadre hands a code on: a picture follows, whoever scans it is asked for 同意,
// and then both the scanned and the typed code are spent. A new phone ends the old.
func TestACodeIsHandedOn(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		s := newStage(t, understand.New(), driver)
		s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01; 马海龙(海龙) 9 峡门村 2026-01-01")
		s.direct("roster 李娜 in 王敏:")
		guardian := s.codes["马海龙的监护人"]
		p := &codePrinter{}
		give := func(who, words string) string {
			s.direct("cadre " + who)
			reply := s.say(words)
			m := printedCode.FindStringSubmatch(reply)
			if m == nil {
				t.Fatalf("%s: %s", words, reply)
			}
			s.passCodes(p)
			return m[1]
		}
		if guardian == "" {
			t.Fatal("the stage has no guardian of 马海龙")
		}
		typed := give("王敏", "给海龙家发码")
		if len(p.sent) != 1 || !strings.HasPrefix(p.sent[0], "o_王敏 image") || p.ttl > store.HandedLife || p.ttl < 23*time.Hour || strings.Contains(p.scenes[0], typed) {
			t.Errorf("%q %q %s", p.sent, p.scenes, p.ttl)
		}
		s.direct("stranger 马婶")
		if reply := s.say("[关注 " + p.scenes[0] + "]"); !strings.Contains(reply, "同意") {
			t.Errorf("a follower by the picture hears %q", reply)
		}
		s.say("同意")
		st := s.db.System("test")
		b, err := st.BindingOf(s.ctx, models.RoleGuardian, guardian)
		if err != nil || b.OpenID.Reveal() != "o_马婶" {
			t.Fatal(b.OpenID.Reveal(), err)
		}
		s.direct("stranger 别人")
		if reply := s.say("绑定 " + typed); !strings.Contains(reply, "用过") {
			t.Errorf("the typed code after the scanned one: %q", reply)
		}

		// A new phone: the follower scans, and the old binding ends.
		s.direct("cadre 王敏")
		if reply := s.say("补码 马海龙"); !strings.Contains(reply, "旧的那部就解开") {
			t.Errorf("%q", reply)
		}
		s.passCodes(p)
		s.direct("stranger 马婶新手机")
		s.say("[扫 " + p.scenes[1] + "]")
		s.say("同意")
		if b, err := st.BindingOf(s.ctx, models.RoleGuardian, guardian); err != nil || b.OpenID.Reveal() != "o_马婶新手机" {
			t.Errorf("%q %v", b.OpenID.Reveal(), err)
		}
		if old, _ := st.Bindings(s.ctx, st.OpenIDIndex("o_马婶")); len(old) != 0 {
			t.Error("the old phone is still bound")
		}

		// Not for who is not theirs, not for a child nobody looks after, not for ever.
		s.direct("cadre 李娜")
		if reply := s.say("给海龙家发码"); printedCode.MatchString(reply) {
			t.Errorf("a stranger's family: %q", reply)
		}
		late := give("王敏", "给老谷发个绑定码")
		s.clock.Add(25 * time.Hour)
		s.direct("stranger 谷家")
		if reply := s.say("绑定 " + late); !strings.Contains(reply, "过期") {
			t.Errorf("a day later: %q", reply)
		}

		// The liaison gives the cadre a new code, and the office a family's.
		s.direct("office 赵联络 unit 王敏")
		if reply := s.say("给李娜补码"); !printedCode.MatchString(reply) {
			t.Errorf("the liaison: %q", reply)
		}
		if reply := s.say("补码 没有这个人"); !strings.Contains(reply, "没有找到") {
			t.Errorf("nobody: %q", reply)
		}
		s.direct("office 何值班 duty 崆峒区")
		if reply := s.say("补码 马海龙"); printedCode.MatchString(reply) {
			t.Errorf("somebody on duty: %q", reply)
		}
	}
}
