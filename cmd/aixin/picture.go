package main

import (
	"log/slog"
	"os"

	"aixin/handlers/picture"
)

// openPainter reads the font that is set, or the first of the system. Without one
// pictures are told in words.
func openPainter(file string, log *slog.Logger) *picture.Painter {
	places := picture.FontPlaces
	if file != "" {
		places = []string{file}
	}
	for _, place := range places {
		raw, err := os.ReadFile(place)
		if err != nil && file == "" {
			continue
		}
		var p *picture.Painter
		if err == nil {
			p, err = picture.NewPainter(raw)
		}
		if err == nil {
			return p
		}
		log.Warn("a font cannot be used", "file", place, "err", err)
	}
	log.Warn("no font with Chinese letters: summaries are sent in words (apt-get install fonts-wqy-microhei, or push.font)")
	return nil
}
