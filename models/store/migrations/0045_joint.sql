-- +goose Up
-- Whose money an aid is: own, unit, public, society; empty where it was not said.
ALTER TABLE activity ADD COLUMN fund VARCHAR(8) NOT NULL DEFAULT '';
-- Who looks after a pairing for a while in the cadre's place (代管). It ends by
-- itself; the pairing stays the cadre's.
CREATE TABLE IF NOT EXISTS delegation (
  id CHAR(26) NOT NULL PRIMARY KEY,
  pairing_id CHAR(26) NOT NULL,
  deputy_id CHAR(26) NOT NULL,
  from_day CHAR(10) NOT NULL,
  to_day CHAR(10) NOT NULL,
  role VARCHAR(20) NOT NULL,
  author_id CHAR(26) NOT NULL,
  recorded_at BIGINT NOT NULL,
  voided_at BIGINT NOT NULL
){{end}};
CREATE INDEX delegation_deputy ON delegation (deputy_id, to_day);
CREATE INDEX delegation_pairing ON delegation (pairing_id, to_day);
