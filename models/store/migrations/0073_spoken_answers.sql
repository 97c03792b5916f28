-- +goose Up
-- An answer, or words of a cadre's own for a family, may be a recording.
ALTER TABLE question ADD COLUMN answer_photo_id VARCHAR(26) NOT NULL DEFAULT '';
