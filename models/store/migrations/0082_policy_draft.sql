-- +goose Up
-- A new wording of one entry of the policy base, which another account signs off.
CREATE TABLE IF NOT EXISTS policy_draft (
  id CHAR(26) NOT NULL PRIMARY KEY,
  entry VARCHAR(190) NOT NULL,
  answer TEXT NOT NULL,
  source VARCHAR(900) NOT NULL,
  effective VARCHAR(10) NOT NULL,
  review VARCHAR(10) NOT NULL,
  signed VARCHAR(400) NOT NULL,
  reason VARCHAR(400) NOT NULL,
  asked_by VARCHAR(26) NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_by VARCHAR(26) NOT NULL,
  decided_at BIGINT NOT NULL,
  given BOOLEAN NOT NULL
){{end}};
CREATE INDEX policy_draft_open ON policy_draft (decided_at, entry);
