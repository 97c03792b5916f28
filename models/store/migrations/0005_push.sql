-- +goose Up
CREATE TABLE IF NOT EXISTS delivery_reason (
  reason_hash CHAR(43) NOT NULL PRIMARY KEY,
  delivery_id CHAR(26) NOT NULL,
  created_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS delivery_event (
  job_id VARCHAR(40) NOT NULL PRIMARY KEY,
  status VARCHAR(60) NOT NULL,
  at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS reach (
  openid_idx CHAR(43) NOT NULL PRIMARY KEY,
  capped_at BIGINT NOT NULL,
  capped_by VARCHAR(26) NOT NULL,
  blocked_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS notice (
  id CHAR(26) NOT NULL PRIMARY KEY,
  account_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  body TEXT NOT NULL CHECK (body = '' OR body LIKE 'v1:%'),
  people INT NOT NULL,
  unbound INT NOT NULL,
  sent_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS question (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number INT NOT NULL,
  role VARCHAR(20) NOT NULL,
  asker_id CHAR(26) NOT NULL,
  openid VARCHAR(300) NOT NULL CHECK (openid = '' OR openid LIKE 'v1:%'),
  recipient_id CHAR(26) NOT NULL,
  cadre_id VARCHAR(26) NOT NULL,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  photo_id VARCHAR(26) NOT NULL,
  answer TEXT NOT NULL CHECK (answer = '' OR answer LIKE 'v1:%'),
  state VARCHAR(12) NOT NULL,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT NOT NULL,
  UNIQUE (cadre_id, number)
){{end}};
CREATE TABLE IF NOT EXISTS danger (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number INT NOT NULL UNIQUE,
  level VARCHAR(10) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  openid VARCHAR(300) NOT NULL CHECK (openid = '' OR openid LIKE 'v1:%'),
  speaker VARCHAR(40) NOT NULL,
  recipient_id VARCHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  state VARCHAR(12) NOT NULL,
  step INT NOT NULL,
  raised_at BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  told_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS danger_ack (
  danger_id CHAR(26) NOT NULL,
  account_id CHAR(26) NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (danger_id, account_id)
){{end}};
ALTER TABLE delivery ADD COLUMN outcomes INT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN notice_id VARCHAR(26) NOT NULL DEFAULT '';
CREATE INDEX delivery_notice ON delivery (notice_id, state);
CREATE INDEX question_cadre ON question (cadre_id, state);
CREATE INDEX question_asker ON question (asker_id, asked_at);
CREATE INDEX danger_open ON danger (state, next_at);
CREATE INDEX reach_capped ON reach (capped_by);
CREATE INDEX delivery_kind ON delivery (kind, state, due_at);
