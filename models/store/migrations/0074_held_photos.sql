-- +goose Up
-- A picture that seems to show a paper or a screen is held back: what it seems to
-- show, and when the sender said that it is one of a visit all the same.
ALTER TABLE photo ADD COLUMN looks VARCHAR(12) NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN insisted_at BIGINT NOT NULL DEFAULT 0;
