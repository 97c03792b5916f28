-- +goose Up
CREATE TABLE IF NOT EXISTS need (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number INT NOT NULL UNIQUE,
  role VARCHAR(20) NOT NULL,
  asker_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  cadre_id VARCHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  category VARCHAR(40) NOT NULL,
  department VARCHAR(20) NOT NULL,
  clock VARCHAR(12) NOT NULL,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  state VARCHAR(12) NOT NULL,
  step INT NOT NULL,
  account_id VARCHAR(26) NOT NULL,
  reason TEXT NOT NULL CHECK (reason = '' OR reason LIKE 'v1:%'),
  result TEXT NOT NULL CHECK (result = '' OR result LIKE 'v1:%'),
  rating VARCHAR(12) NOT NULL,
  reopened INT NOT NULL,
  record_id VARCHAR(26) NOT NULL,
  raised_at BIGINT NOT NULL,
  taken_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  paused_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL
){{end}};
CREATE INDEX need_next ON need (next_at);
CREATE INDEX need_recipient ON need (recipient_id, raised_at);
CREATE INDEX need_asker ON need (asker_id, raised_at);
CREATE INDEX need_cadre ON need (cadre_id, state, record_id);
CREATE INDEX need_region ON need (region, state);
