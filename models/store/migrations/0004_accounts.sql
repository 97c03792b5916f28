-- +goose Up
CREATE TABLE IF NOT EXISTS account (
  id CHAR(26) NOT NULL PRIMARY KEY,
  name VARCHAR(400) NOT NULL CHECK (name = '' OR name LIKE 'v1:%'),
  login VARCHAR(32) NOT NULL UNIQUE,
  password VARCHAR(200) NOT NULL CHECK (password LIKE '$argon2id$%'),
  role VARCHAR(20) NOT NULL,
  region VARCHAR(12) NOT NULL,
  unit_id VARCHAR(26) NOT NULL,
  department VARCHAR(190) NOT NULL,
  created_at BIGINT NOT NULL,
  password_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  disabled_at BIGINT NOT NULL
){{end}};
CREATE INDEX account_role ON account (role, region);
CREATE INDEX activity_total ON activity (voided_at, day, kind, amount_fen);
CREATE INDEX activity_person ON activity (recipient_id, voided_at, day, kind, amount_fen, cadre_id);
