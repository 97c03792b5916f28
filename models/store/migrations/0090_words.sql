-- +goose Up
-- Where a record was made, no nearer than its village; '' where nobody said.
ALTER TABLE record ADD COLUMN region VARCHAR(12) NOT NULL DEFAULT '';
