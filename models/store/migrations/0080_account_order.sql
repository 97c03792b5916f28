-- +goose Up
CREATE TABLE IF NOT EXISTS account_order (
  id CHAR(26) NOT NULL PRIMARY KEY,
  account_id CHAR(26) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  role VARCHAR(20) NOT NULL,
  region VARCHAR(12) NOT NULL,
  unit_id VARCHAR(26) NOT NULL,
  department VARCHAR(190) NOT NULL,
  reason VARCHAR(900) NOT NULL CHECK (reason LIKE 'v1:%'),
  asked_by VARCHAR(26) NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  decided_at BIGINT NOT NULL,
  given BOOLEAN NOT NULL,
  alone BOOLEAN NOT NULL
){{end}};
CREATE INDEX account_order_open ON account_order (decided_at, region);
CREATE INDEX account_order_account ON account_order (account_id, asked_at);
