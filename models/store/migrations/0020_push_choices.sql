-- +goose Up
CREATE TABLE IF NOT EXISTS push_choice (
  role VARCHAR(20) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  weekday INT NOT NULL,
  minute INT NOT NULL,
  every INT NOT NULL,
  off BOOLEAN NOT NULL,
  hold_until BIGINT NOT NULL,
  digest VARCHAR(10) NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (role, subject_id)
){{end}};
ALTER TABLE recipient ADD COLUMN birth_lunar BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX delivery_subject ON delivery (subject_id, state);
