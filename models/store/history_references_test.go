package store

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// namesPeople are the columns by which rows name somebody or something of the
// register. Whoever adds one to the schema must say what it keeps from being
// taken back with its batch.
var namesPeople = regexp.MustCompile(`(?m)^  (cadre_id|recipient_id|pairing_id|contact_id|unit_id|subject_id|asker_id|region|parent) `)

// aside are columns that keep nothing: codes and choices go with their person, a
// job's subject is a photo.
var aside = []string{"invitation.subject_id", "job.subject_id", "push_choice.subject_id"}

func TestTakeBackKnowsTheSchema(t *testing.T) {
	known := slices.Clone(aside)
	for _, columns := range references {
		known = append(known, columns...)
	}
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	create := regexp.MustCompile(`(?s)CREATE TABLE IF NOT EXISTS (\w+) \((.*?)\n\)`)
	alter := regexp.MustCompile(`ALTER TABLE (\w+) ADD COLUMN (cadre_id|recipient_id|pairing_id|contact_id|unit_id|subject_id|asker_id|region|parent) `)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range create.FindAllStringSubmatch(string(text), -1) {
			for _, column := range namesPeople.FindAllStringSubmatch(table[2], -1) {
				if name := table[1] + "." + column[1]; !slices.Contains(known, name) {
					t.Errorf("%s: %s names rows of the register: add it to references in history.go", filepath.Base(file), name)
				}
			}
		}
		for _, added := range alter.FindAllStringSubmatch(string(text), -1) {
			if name := added[1] + "." + added[2]; !slices.Contains(known, name) {
				t.Errorf("%s: %s names rows of the register: add it to references in history.go", filepath.Base(file), name)
			}
		}
	}
}
