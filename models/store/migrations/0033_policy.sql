-- +goose Up
CREATE TABLE IF NOT EXISTS policy (
  version INT NOT NULL PRIMARY KEY,
  body MEDIUMTEXT NOT NULL,
  hash CHAR(64) NOT NULL,
  actor VARCHAR(80) NOT NULL,
  note VARCHAR(400) NOT NULL,
  imported_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS unanswered (
  id CHAR(26) NOT NULL PRIMARY KEY,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  region VARCHAR(12) NOT NULL,
  asked_at BIGINT NOT NULL
){{end}};
CREATE INDEX unanswered_asked ON unanswered (asked_at);
