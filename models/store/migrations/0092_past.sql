-- +goose Up
-- How somebody of the register was called until a workbook changed it: an export
-- as of a day before says it still.
CREATE TABLE IF NOT EXISTS former_name (
  id CHAR(26) NOT NULL PRIMARY KEY,
  noun VARCHAR(12) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  name TEXT NOT NULL CHECK (name = '' OR name LIKE 'v1:%'),
  number VARCHAR(40) NOT NULL,
  changed_at BIGINT NOT NULL
){{end}};
CREATE INDEX former_name_changed ON former_name (noun, changed_at);
-- Lines of the ledger that went with their import: what was known between the
-- two moments.
CREATE TABLE IF NOT EXISTS past_pairing (
  id CHAR(26) NOT NULL PRIMARY KEY,
  line TEXT NOT NULL CHECK (line = '' OR line LIKE 'v1:%'),
  created_at BIGINT NOT NULL,
  taken_at BIGINT NOT NULL
){{end}};
CREATE INDEX past_pairing_taken ON past_pairing (taken_at);
