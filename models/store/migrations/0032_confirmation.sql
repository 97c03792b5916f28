-- +goose Up
CREATE TABLE IF NOT EXISTS confirm_draw (
  week CHAR(10) NOT NULL PRIMARY KEY,
  seed VARCHAR(40) NOT NULL,
  made_at BIGINT NOT NULL,
  drawn_at BIGINT NOT NULL,
  frame INT NOT NULL,
  asked INT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS confirmation (
  id CHAR(26) NOT NULL PRIMARY KEY,
  activity_id CHAR(26) NOT NULL UNIQUE,
  recipient_id CHAR(26) NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  day CHAR(10) NOT NULL,
  role VARCHAR(20) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  week CHAR(10) NOT NULL,
  answer VARCHAR(10) NOT NULL,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  asked_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS dispute (
  id CHAR(26) NOT NULL PRIMARY KEY,
  activity_id CHAR(26) NOT NULL UNIQUE,
  recipient_id CHAR(26) NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  day CHAR(10) NOT NULL,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  outcome VARCHAR(10) NOT NULL,
  reason TEXT NOT NULL CHECK (reason = '' OR reason LIKE 'v1:%'),
  account_id VARCHAR(26) NOT NULL,
  opened_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL
){{end}};
CREATE INDEX confirmation_region ON confirmation (region, asked_at);
CREATE INDEX confirmation_subject ON confirmation (subject_id, asked_at);
CREATE INDEX confirmation_recipient ON confirmation (recipient_id, asked_at);
CREATE INDEX dispute_region ON dispute (region, closed_at);
