-- +goose Up
CREATE TABLE IF NOT EXISTS consent (
  id CHAR(26) NOT NULL PRIMARY KEY,
  role VARCHAR(20) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  purpose VARCHAR(12) NOT NULL,
  version VARCHAR(20) NOT NULL,
  way VARCHAR(10) NOT NULL,
  account_id VARCHAR(26) NOT NULL,
  given_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS erasure (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number INT NOT NULL UNIQUE,
  role VARCHAR(20) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  sender VARCHAR(43) NOT NULL,
  state VARCHAR(10) NOT NULL,
  evidence TEXT NOT NULL CHECK (evidence = '' OR evidence LIKE 'v1:%'),
  account_id VARCHAR(26) NOT NULL,
  asked_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL
){{end}};
CREATE INDEX consent_subject ON consent (subject_id, purpose, withdrawn_at);
CREATE INDEX consent_recipient ON consent (recipient_id);
CREATE INDEX erasure_open ON erasure (state, region);
