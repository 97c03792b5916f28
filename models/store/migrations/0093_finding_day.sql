-- +goose Up
-- The day of the visit stands with what it found, for reports: a correction makes
-- new rows of both.
ALTER TABLE finding ADD COLUMN day VARCHAR(10) NOT NULL DEFAULT '';
UPDATE finding SET day = (SELECT a.day FROM activity a WHERE a.id = finding.activity_id);
CREATE INDEX finding_day ON finding (day);
