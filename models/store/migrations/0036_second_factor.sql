-- +goose Up
CREATE TABLE IF NOT EXISTS account_factor (
  account_id CHAR(26) NOT NULL PRIMARY KEY,
  secret VARCHAR(200) NOT NULL CHECK (secret LIKE 'v1:%'),
  codes VARCHAR(900) NOT NULL CHECK (codes = '' OR codes LIKE 'v1:%'),
  last_step BIGINT NOT NULL,
  enrolled_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS access_grant (
  id CHAR(26) NOT NULL PRIMARY KEY,
  account_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  reason VARCHAR(900) NOT NULL CHECK (reason LIKE 'v1:%'),
  asked_at BIGINT NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  decided_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL
){{end}};
CREATE INDEX access_grant_account ON access_grant (account_id, recipient_id, asked_at);
CREATE INDEX access_grant_region ON access_grant (region, decided_at, asked_at);
