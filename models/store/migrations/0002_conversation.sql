-- +goose Up
CREATE TABLE IF NOT EXISTS inbound (
  id {{autoid}},
  key_hash CHAR(43) NOT NULL UNIQUE,
  sender CHAR(43) NOT NULL,
  payload TEXT NOT NULL CHECK (payload = '' OR payload LIKE 'v1:%'),
  state VARCHAR(10) NOT NULL,
  owner VARCHAR(40) NOT NULL,
  lease_until BIGINT NOT NULL,
  late BOOLEAN NOT NULL,
  spoke INT NOT NULL,
  attempts INT NOT NULL,
  reply TEXT NOT NULL CHECK (reply = '' OR reply LIKE 'v1:%'),
  received_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS conversation (
  sender CHAR(43) NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  session MEDIUMTEXT NOT NULL CHECK (session = '' OR session LIKE 'v1:%'),
  updated_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS job (
  id CHAR(26) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  subject_id VARCHAR(43) NOT NULL,
  state VARCHAR(10) NOT NULL,
  due_at BIGINT NOT NULL,
  owner VARCHAR(40) NOT NULL,
  lease_until BIGINT NOT NULL,
  attempts INT NOT NULL,
  last_error VARCHAR(400) NOT NULL,
  created_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL,
  UNIQUE (kind, subject_id)
){{end}};
CREATE TABLE IF NOT EXISTS delivery (
  id CHAR(26) NOT NULL PRIMARY KEY,
  key_hash CHAR(43) NOT NULL UNIQUE,
  kind VARCHAR(20) NOT NULL,
  role VARCHAR(20) NOT NULL,
  subject_id VARCHAR(26) NOT NULL,
  openid VARCHAR(300) NOT NULL CHECK (openid = '' OR openid LIKE 'v1:%'),
  payload TEXT NOT NULL CHECK (payload = '' OR payload LIKE 'v1:%'),
  state VARCHAR(12) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  due_at BIGINT NOT NULL,
  owner VARCHAR(40) NOT NULL,
  lease_until BIGINT NOT NULL,
  attempts INT NOT NULL,
  job_id VARCHAR(40) NOT NULL,
  created_at BIGINT NOT NULL,
  done_at BIGINT NOT NULL
){{end}};
CREATE INDEX inbound_sender ON inbound (sender, state, id);
CREATE INDEX inbound_open ON inbound (state, lease_until);
CREATE INDEX job_due ON job (state, due_at);
CREATE INDEX delivery_due ON delivery (state, due_at);
CREATE INDEX delivery_job ON delivery (job_id);
