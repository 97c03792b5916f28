-- +goose Up
ALTER TABLE recipient ADD COLUMN entered_on VARCHAR(10) NOT NULL DEFAULT '';
ALTER TABLE cadre ADD COLUMN entered_on VARCHAR(10) NOT NULL DEFAULT '';
ALTER TABLE pairing ADD COLUMN ended_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE pairing ADD COLUMN begun_by VARCHAR(26) NOT NULL DEFAULT '';
ALTER TABLE pairing ADD COLUMN ended_by VARCHAR(26) NOT NULL DEFAULT '';
CREATE TABLE IF NOT EXISTS adjustment (
  id CHAR(26) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  state VARCHAR(12) NOT NULL,
  recipient_id VARCHAR(26) NOT NULL,
  cadre_id VARCHAR(26) NOT NULL,
  to_cadre_id VARCHAR(26) NOT NULL,
  unit_id VARCHAR(26) NOT NULL,
  to_unit_id VARCHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  line VARCHAR(20) NOT NULL,
  reason VARCHAR(60) NOT NULL,
  effective_on CHAR(10) NOT NULL,
  draft TEXT NOT NULL CHECK (draft = '' OR draft LIKE 'v1:%'),
  note TEXT NOT NULL CHECK (note = '' OR note LIKE 'v1:%'),
  proposed_by VARCHAR(26) NOT NULL,
  proposed_at BIGINT NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  decided_at BIGINT NOT NULL,
  decision TEXT NOT NULL CHECK (decision = '' OR decision LIKE 'v1:%'),
  alone BOOLEAN NOT NULL,
  applied_at BIGINT NOT NULL,
  undone_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS movement (
  id CHAR(26) NOT NULL PRIMARY KEY,
  noun VARCHAR(12) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  kind VARCHAR(12) NOT NULL,
  moved_on CHAR(10) NOT NULL,
  reason VARCHAR(60) NOT NULL,
  from_region VARCHAR(12) NOT NULL,
  to_region VARCHAR(12) NOT NULL,
  from_unit VARCHAR(26) NOT NULL,
  to_unit VARCHAR(26) NOT NULL,
  adjustment_id VARCHAR(26) NOT NULL,
  recorded_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS handover (
  id CHAR(26) NOT NULL PRIMARY KEY,
  adjustment_id VARCHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  line VARCHAR(20) NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  to_cadre_id VARCHAR(26) NOT NULL,
  on_day CHAR(10) NOT NULL,
  created_at BIGINT NOT NULL,
  read_at BIGINT NOT NULL
){{end}};
CREATE INDEX adjustment_state ON adjustment (state, region);
CREATE INDEX adjustment_recipient ON adjustment (recipient_id, state);
CREATE INDEX adjustment_cadre ON adjustment (cadre_id, state);
CREATE INDEX movement_day ON movement (noun, moved_on);
CREATE INDEX movement_subject ON movement (subject_id, moved_on);
CREATE INDEX handover_new ON handover (to_cadre_id, read_at);
CREATE INDEX handover_recipient ON handover (recipient_id, on_day);
CREATE INDEX recipient_entered ON recipient (exited_on, entered_on, region);
