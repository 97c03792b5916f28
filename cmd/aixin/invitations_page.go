package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"aixin/web"
	"aixin/web/xlsx"
)

// printer makes the picture of a code whose scan tells a scene.
type printer interface {
	QRPicture(ctx context.Context, scene string, ttl time.Duration) ([]byte, error)
}

// writeSlips draws the codes and writes the page. The codes are stored already;
// where the platform stops answering the page ends, and the error says so.
func writeSlips(ctx context.Context, w io.Writer, p printer, rows []xlsx.InvitationRow, today time.Time, forever bool, step func(done int)) error {
	life := web.PictureLife
	if forever {
		life = 0
	}
	pictures := make([][]byte, len(rows))
	for i, r := range rows {
		var err error
		if pictures[i], err = p.QRPicture(ctx, "bind_"+r.Code, life); err != nil {
			return errors.Join(fmt.Errorf("第 %d 张二维码没做成:%s", i+1, platformAdvice(err)), ctx.Err())
		}
		step(i + 1)
	}
	return web.WriteSlips(w, rows, pictures, today, forever, "")
}
