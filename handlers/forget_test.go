package handlers_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"aixin/handlers"
	"aixin/handlers/understand"
	"aixin/models/album"
	"aixin/models/store"
)

// kept counts the files of the album.
func (s *stage) kept() (n int) {
	s.must(fs.WalkDir(os.DirFS(s.album), ".", func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	}))
	return n
}

// Who is deleted takes recordings and pictures along, the answers' too: their bytes
// are gone, and the audit tells how many. Those of a case of danger stay.
func TestForgottenToTheLastByte(t *testing.T) {
	for _, driver := range []string{"sqlite", "mysql"} {
		t.Run(driver, func(t *testing.T) {
			s := newStage(t, understand.New(), driver)
			s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
			s.direct("office 李县 county 崆峒区")
			s.say("帮助")
			s.direct("cadre 王敏")
			s.say("进度")
			s.direct("guardian 谷婶 of 谷军")
			for _, words := range []string{"羊圈的水管子谁给修", "[照片]", "1", "1", "[语音]"} { // 1: may be kept, 1: with the question
				s.say(words)
			}
			s.deliver()
			s.clock.Add(time.Minute)
			s.deliver()
			s.direct("cadre 王敏")
			s.say("回复 1")
			s.say("[语音]")
			s.deliver()
			s.direct("guardian 谷婶")
			s.say("我真的不想活了")
			s.say("[语音]")
			s.deliver()
			s.clock.Add(time.Minute)
			s.deliver()
			if n := s.kept(); n != 5 { // a picture and its thumbnail, three recordings
				t.Fatalf("%d files are kept before", n)
			}
			s.say("删除我的资料")
			s.say("1")
			s.direct("office 李县")
			s.say("删除 1 已核身 打登记的电话核过")
			s.deliver()
			s.clock.Add(time.Minute)
			s.deliver()
			if n := s.kept(); n != 1 {
				t.Errorf("%d files are left, not the one of the case", n)
			}
			rows, err := s.db.System("test").AuditTrail(s.ctx, store.AuditFilter{Action: "erase"}, 9)
			if err != nil || !strings.Contains(rows[0].Detail+rows[1].Detail, "media=3") {
				t.Errorf("%+v %v", rows, err)
			}
		})
	}
}

// What was dropped goes after a week, what was said with a question after the time
// that words are kept; a visit's picture and a case's recording stay.
func TestSpentMediaGo(t *testing.T) {
	s := newStage(t, understand.New(), "sqlite")
	s.direct("roster 王敏: 谷军(老谷) 72 吴坡村 2026-01-01")
	s.direct("cadre 王敏")
	s.say("今天去看了老谷")
	s.say("[照片]")
	s.say("[语音]")
	s.direct("guardian 谷婶 of 谷军")
	s.say("[语音]")
	s.say("我真的不想活了")
	s.say("[语音]")
	s.deliver()
	s.clock.Add(time.Minute)
	s.deliver()
	before := s.kept()
	shelf, err := album.Open(s.ctx, "file://"+s.album)
	s.must(err)
	sweep := func(days int) int {
		s.must(handlers.Eraser{Album: shelf}.Sweep(s.ctx, s.db.System("test"), s.clock.Now().AddDate(0, 0, days), 90*24*time.Hour))
		return s.kept()
	}
	if n := sweep(30); n != before {
		t.Errorf("%d of %d files after a month", n, before)
	}
	if n := sweep(91); n != 3 { // the picture, its thumbnail, the case's recording
		t.Errorf("%d files after 91 days", n)
	}
	s.direct("cadre 王敏")
	s.say("撤销")
	if n := sweep(8); n != 1 {
		t.Errorf("%d files a week after the record was taken back", n)
	}
}
