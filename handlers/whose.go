package handlers

import (
	"context"
	"regexp"
	"slices"
	"time"

	"aixin/handlers/desk"
	"aixin/handlers/say"
	"aixin/handlers/understand"
	"aixin/models"
	"aixin/models/store"
)

// photosKept is how long photos without words can still be given to a record.
const photosKept = 7 * 24 * time.Hour

// whosePhotos is how one says whose photos are: 照片是老谷家的, 这几张图片归海龙.
var whosePhotos = regexp.MustCompile(`^.{0,8}(照片|图片|相片|图).{0,4}(是|归|算|放到|记到|记在)(.{2,12})$`)

// photosOf gives the waiting photos, or the last ones that went elsewhere, to
// the last record of whom they show.
func (t *talk) photosOf(ctx context.Context, plain string, roster []store.Paired) (string, bool, error) {
	if q := t.asks(askWhose); q != nil {
		t.session.Ask = nil
		if reply, done, err := t.whoseAnswered(ctx, q, plain, roster); done || err != nil {
			return reply, done, err
		}
	}
	m := whosePhotos.FindStringSubmatch(plain)
	if m == nil {
		return "", false, nil
	}
	if t.Understand.Understand(understand.Input{Text: t.text, Today: t.today, Roster: persons(roster)}).Intent == understand.IntentLog {
		return "", false, nil
	}
	photos, err := t.lastPhotos(ctx)
	if err != nil || len(photos) == 0 {
		return say.NoPhotos, true, err
	}
	people := named(roster, m[3])
	if len(people) == 1 {
		reply, err := t.givePhotos(ctx, photos, people[0], roster)
		return reply, true, err
	}
	if len(people) == 0 {
		people = roster
	}
	names, err := t.askWhosePhotos(ctx, photos, people, roster)
	return say.WhosePhotos(names), true, err
}

// lastPhotos are those that wait, else the run of the last few minutes.
func (t *talk) lastPhotos(ctx context.Context) ([]models.Photo, error) {
	waiting, err := t.waitingImages(ctx, t.Tx.Now().Add(-photosKept))
	if err != nil || len(waiting) > 0 || t.session.Photo.Record == "" {
		return waiting, err
	}
	return t.as().PhotosOf(ctx, t.cadre, t.session.Photo.Record, t.session.PhotoSaid.Add(-joinWithin))
}

func (t *talk) waitingImages(ctx context.Context, since models.Instant) ([]models.Photo, error) {
	rows, err := t.as().WaitingPhotos(ctx, t.cadre, since)
	return slices.DeleteFunc(rows, func(p models.Photo) bool { return p.Kind != "image" }), err
}

func (t *talk) askWhosePhotos(ctx context.Context, photos []models.Photo, people, roster []store.Paired) ([]string, error) {
	q := &question{Kind: askWhose, Asked: 1, At: t.Tx.Now()}
	for _, p := range people {
		q.Options = append(q.Options, p.ID)
	}
	for _, p := range photos {
		q.Photos = append(q.Photos, p.ID)
	}
	t.session.Ask = q
	return t.labels(ctx, q.Options, roster)
}

func (t *talk) whoseAnswered(ctx context.Context, q *question, plain string, roster []store.Paired) (string, bool, error) {
	photos, err := t.lastPhotos(ctx)
	if err != nil {
		return "", true, err
	}
	photos = slices.DeleteFunc(photos, func(p models.Photo) bool { return !slices.Contains(q.Photos, p.ID) })
	if slices.Contains([]string{"不要", "不要了", "删了", "都不要", "不用", "不用了"}, plain) {
		return say.PhotosDropped(len(q.Photos)), true, t.as().DropPhotos(ctx, t.cadre, q.Photos)
	}
	ids := chosen(plain, q.Options)
	if len([]rune(plain)) <= 8 && len(ids) == 0 {
		for _, p := range named(roster, plain) {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) != 1 || rosterIndex(roster, ids[0]) < 0 || len(photos) == 0 {
		return "", false, nil
	}
	reply, err := t.givePhotos(ctx, photos, roster[rosterIndex(roster, ids[0])], roster)
	return reply, true, err
}

// givePhotos attaches photos to the last record of a person since the day on
// which they came; without one they wait for it.
func (t *talk) givePhotos(ctx context.Context, photos []models.Photo, person store.Paired, roster []store.Paired) (string, error) {
	labels, err := t.labels(ctx, []string{person.ID}, roster)
	if err != nil {
		return "", err
	}
	ids := make([]string, len(photos))
	for i, p := range photos {
		ids[i] = p.ID
	}
	came := photos[0].ReceivedAt.Time().In(t.Zone)
	since := time.Date(came.Year(), came.Month(), came.Day(), 0, 0, 0, 0, t.Zone)
	records, err := t.as().RecordsSince(ctx, t.cadre, models.InstantOf(since), 50)
	if err != nil {
		return "", err
	}
	for _, r := range records {
		p, err := desk.Open(ctx, t.as(), r.ID)
		if err != nil {
			return "", err
		}
		for _, e := range p.Entries {
			if e.Pairing.RecipientID == person.RecipientID {
				t.session.Photo = photoTrail{At: t.Tx.Now(), Record: r.ID}
				return say.PhotosGiven(len(ids), labels[0], e.Day), t.as().AttachPhotos(ctx, r.ID, ids)
			}
		}
	}
	t.session.Held, t.session.Photo = true, photoTrail{At: t.Tx.Now()}
	return say.PhotosHeld(len(ids), labels[0]), t.as().AttachPhotos(ctx, "", ids)
}

// photosFrom is since when waiting photos join the next record.
func (t *talk) photosFrom() models.Instant {
	if t.session.Held {
		return models.InstantOf(t.Now.Add(-photosKept))
	}
	return models.InstantOf(t.Now.Add(-photosWait))
}

// oldPhotos adds to an answer, once, the question whose the photos are that
// nobody said a word about.
func (t *talk) oldPhotos(ctx context.Context, reply string, err error) (string, error) {
	if err != nil || reply == "" || t.alarmed || t.session.Ask != nil || t.session.Held {
		return reply, err
	}
	now := t.Tx.Now()
	rows, err := t.waitingImages(ctx, max(t.session.Whose+1, now.Add(-photosKept)))
	rows = slices.DeleteFunc(rows, func(p models.Photo) bool { return p.ReceivedAt > now.Add(-photosWait) })
	if err != nil || len(rows) == 0 {
		return reply, err
	}
	roster, err := t.as().Roster(ctx, t.cadre, t.today)
	if err != nil || len(roster) == 0 {
		return reply, err
	}
	t.session.Whose = rows[len(rows)-1].ReceivedAt
	names, err := t.askWhosePhotos(ctx, rows, roster, roster)
	came := rows[0].ReceivedAt.Time().In(t.Zone)
	at := came.Format("15:04")
	if day := models.DayOf(came, t.Zone); day != t.today {
		at = day.String()
	}
	t.also = append(t.also, say.OldPhotos(len(rows), at, names))
	return reply, err
}
