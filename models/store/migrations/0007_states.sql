-- +goose Up
CREATE TABLE IF NOT EXISTS recipient_state (
  id CHAR(26) NOT NULL PRIMARY KEY,
  recipient_id CHAR(26) NOT NULL,
  state VARCHAR(12) NOT NULL,
  from_day CHAR(10) NOT NULL,
  to_day VARCHAR(10) NOT NULL,
  cadre_id VARCHAR(26) NOT NULL,
  recorded_at BIGINT NOT NULL,
  voided_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS behalf (
  record_id CHAR(26) NOT NULL PRIMARY KEY,
  cadre_id CHAR(26) NOT NULL,
  role VARCHAR(20) NOT NULL,
  author_id CHAR(26) NOT NULL,
  at BIGINT NOT NULL,
  refused_at BIGINT NOT NULL
){{end}};
CREATE INDEX state_recipient ON recipient_state (recipient_id, voided_at, from_day);
CREATE INDEX state_cadre ON recipient_state (cadre_id, recorded_at);
CREATE INDEX behalf_cadre ON behalf (cadre_id, at);
CREATE INDEX behalf_author ON behalf (author_id, at);
