package wechat

import (
	"bytes"
	"context"
	"image/png"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// qrSide is how many pixels a drawn code is wide: 3 cm in print at 300 dots.
const qrSide = 360

// QRPicture makes a code whose scan tells us scene and draws it, so that it can be
// printed and sent without WeChat's own page for it; ttl as for QRCode.
func (c *Client) QRPicture(ctx context.Context, scene string, ttl time.Duration) ([]byte, error) {
	_, link, err := c.QRCode(ctx, scene, ttl)
	if err != nil {
		return nil, err
	}
	code, err := qr.Encode(link, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	picture, err := barcode.Scale(code, qrSide, qrSide)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = png.Encode(&out, picture)
	return out.Bytes(), err
}
