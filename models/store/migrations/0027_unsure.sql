-- +goose Up
ALTER TABLE delivery ADD COLUMN unsure_at BIGINT NOT NULL DEFAULT 0;
