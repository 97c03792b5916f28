-- +goose Up
-- A family was asked once about a notice that had changed, and what it said.
CREATE TABLE IF NOT EXISTS consent_ask (
  id CHAR(26) NOT NULL PRIMARY KEY,
  subject_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  version VARCHAR(20) NOT NULL,
  answer VARCHAR(3) NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL DEFAULT 0,
  UNIQUE (subject_id, version)
){{end}};
CREATE INDEX consent_ask_recipient ON consent_ask (recipient_id);
