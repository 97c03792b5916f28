package handlers

import (
	"context"
	"errors"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/models"
	"aixin/models/store"
)

// FetchPhoto is the job that brings a photo's bytes in.
const FetchPhoto = "photo"

// A photo that follows a record or another photo within joinWithin belongs with
// it and gets no words of its own; replies stay few.
const joinWithin = 10 * time.Minute

// photo keeps a picture: with the record just made, or waiting for words.
func (t *talk) photo(ctx context.Context) (string, error) {
	if t.cadre == "" {
		return t.known(say.PhotoNotForFamilies), nil
	}
	return t.keep(ctx, "image")
}

// voice keeps a recording; recognised words are taken as typed.
func (t *talk) voice(ctx context.Context) (string, error) {
	if t.text != "" {
		return t.words(ctx)
	}
	if t.cadre == "" {
		return t.known(say.VoiceNotYet), nil
	}
	if reply, done, err := t.spokenAnswer(ctx); done || err != nil {
		return reply, err
	}
	if _, err := t.keep(ctx, "voice"); err != nil {
		return "", err
	}
	if q := t.session.Ask; q != nil && q.Kind != askAmount && q.Kind != askVoice {
		return say.VoiceKeptToo, nil
	}
	t.session.Ask = &question{Kind: askVoice, Asked: 1, At: t.Tx.Now()}
	open, family, err := t.oneOpen(ctx)
	if err != nil || open.ID == "" {
		return say.VoiceKept(0, ""), err
	}
	t.session.Ask.Record = open.ID
	return say.VoiceKept(open.Number, family), nil
}

func (t *talk) keep(ctx context.Context, kind string) (string, error) {
	st := t.as()
	now := st.Now()
	trail := t.session.Photo
	fresh := trail.At == 0 || trail.At < now.Add(-joinWithin)
	var people []string
	record := ""
	// A recording is about what comes next: it waits for its words.
	if !fresh && trail.Record != "" && kind == "image" {
		p, err := desk.Open(ctx, st, trail.Record)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return "", err
		}
		if err == nil && p.Record.VoidedAt == 0 {
			record = p.Record.ID
			for _, d := range p.Done() {
				if len(people) == 0 || people[len(people)-1] != d.Person {
					people = append(people, d.Person)
				}
			}
		}
	}
	photo := models.Photo{RecordID: record, CadreID: t.cadre, Kind: kind, MediaID: models.Conceal(t.Msg.MediaID)}
	if err := st.AddPhoto(ctx, &photo); err != nil {
		return "", err
	}
	if err := st.AddJob(ctx, FetchPhoto, photo.ID, now); err != nil {
		return "", err
	}
	if kind == "voice" {
		return "", nil // its own words answer it
	}
	said := t.session.PhotoSaid
	t.session.Photo = photoTrail{At: now, Record: record}
	t.session.PhotoSaid = now
	if said >= now.Add(-joinWithin) {
		return "", nil // a run of photos is answered once
	}
	if record != "" {
		return say.PhotoAttached(people), nil
	}
	return say.PhotoKept, nil
}
