package album

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// The only two tags that are read, and the one that leads to the second.
const (
	tagOrientation      = 0x0112
	tagExifIFD          = 0x8769
	tagDateTimeOriginal = 0x9003
)

// exif reads how a JPEG is to be turned and when it was taken. What is missing
// or broken is 1 and empty; every offset is checked, none is followed twice.
func exif(data []byte) (orientation int, takenAt string) {
	orientation = 1
	tiff := tiffOf(data)
	if len(tiff) < 8 {
		return orientation, ""
	}
	var order binary.ByteOrder = binary.BigEndian
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case !bytes.HasPrefix(tiff, []byte("MM\x00*")):
		return orientation, ""
	}
	var sub uint32
	for entry := range entries(tiff, order, order.Uint32(tiff[4:])) {
		switch order.Uint16(entry) {
		case tagOrientation:
			if v := int(order.Uint16(entry[8:])); v >= 1 && v <= 8 {
				orientation = v
			}
		case tagExifIFD:
			sub = order.Uint32(entry[8:])
		}
	}
	if sub == 0 {
		return orientation, ""
	}
	for entry := range entries(tiff, order, sub) {
		if order.Uint16(entry) != tagDateTimeOriginal {
			continue
		}
		at, length := uint64(order.Uint32(entry[8:])), uint64(order.Uint32(entry[4:]))
		if length > 32 || at+length > uint64(len(tiff)) {
			continue
		}
		text := strings.TrimRight(string(tiff[at:at+length]), "\x00 ")
		if t, err := time.Parse("2006:01:02 15:04:05", text); err == nil {
			takenAt = t.Format(time.DateTime)
		}
	}
	return orientation, takenAt
}

// entries goes through the 12-byte entries of the directory at an offset.
func entries(tiff []byte, order binary.ByteOrder, at uint32) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		if uint64(at)+2 > uint64(len(tiff)) {
			return
		}
		rest := tiff[at+2:]
		for range order.Uint16(tiff[at:]) {
			if len(rest) < 12 || !yield(rest[:12]) {
				return
			}
			rest = rest[12:]
		}
	}
}

// tiffOf finds the EXIF block among the segments before a JPEG's first scan.
func tiffOf(data []byte) []byte {
	if !bytes.HasPrefix(data, []byte{0xFF, 0xD8}) {
		return nil
	}
	data = data[2:]
	for len(data) >= 4 && data[0] == 0xFF {
		if data[1] == 0xFF { // padding
			data = data[1:]
			continue
		}
		size := int(binary.BigEndian.Uint16(data[2:]))
		if data[1] == 0xDA || size < 2 || 2+size > len(data) {
			return nil
		}
		if body, ok := bytes.CutPrefix(data[4:2+size], []byte("Exif\x00\x00")); ok && data[1] == 0xE1 {
			return body
		}
		data = data[2+size:]
	}
	return nil
}
