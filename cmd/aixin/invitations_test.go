package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"aixin/web"
	"aixin/web/xlsx"
)

type fakePrinter struct {
	scenes []string
	life   time.Duration
	fails  bool
}

func (p *fakePrinter) QRPicture(_ context.Context, scene string, ttl time.Duration) ([]byte, error) {
	if p.fails {
		return nil, errors.New("away")
	}
	p.scenes, p.life = append(p.scenes, scene), ttl
	return []byte("png"), nil
}

func TestSlipsToPrint(t *testing.T) {
	rows := []xlsx.InvitationRow{
		{Role: "干部", Name: "王敏", Unit: "峡门乡人民政府", PhoneEnd: "1234", Code: "A3CD7EFG"},
		{Role: "干部", Name: "<李娜>", Unit: "峡门乡人民政府", Code: "B3CD7EFG"},
		{Role: "监护人", Name: "谷某", Unit: "峡门乡卫生院", Recipient: "谷军", Code: "C3CD7EFG"},
	}
	p, out := &fakePrinter{}, &strings.Builder{}
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	if err := writeSlips(context.Background(), out, p, rows, now, false, func(int) {}); err != nil {
		t.Fatal(err)
	}
	page := out.String()
	if strings.Count(page, "<section>") != 2 || strings.Count(page, `src="data:image/png;base64,cG5n"`) != 3 || strings.Contains(page, "<李娜>") ||
		!strings.Contains(page, "2026年12月21日前有效") || !strings.Contains(page, "谷军家") || !strings.Contains(page, "A3CD7EFG") {
		t.Errorf("%s", page)
	}
	if p.scenes[0] != "bind_A3CD7EFG" || p.life != web.PictureLife {
		t.Errorf("%q %s", p.scenes, p.life)
	}
	if err := writeSlips(context.Background(), out, p, rows, now, true, func(int) {}); err != nil || p.life != 0 {
		t.Errorf("for ever: %s %v", p.life, err)
	}
	if err := writeSlips(context.Background(), out, &fakePrinter{fails: true}, rows, now, false, func(int) {}); err == nil || !strings.Contains(err.Error(), "第 1 张") {
		t.Errorf("%v", err)
	}
}
