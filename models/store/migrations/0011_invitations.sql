-- +goose Up
ALTER TABLE invitation ADD COLUMN asked_by VARCHAR(26) NOT NULL DEFAULT '';
