-- +goose Up
CREATE TABLE IF NOT EXISTS batch (
  id CHAR(26) NOT NULL PRIMARY KEY,
  kind VARCHAR(20) NOT NULL,
  actor VARCHAR(80) NOT NULL,
  created_at BIGINT NOT NULL,
  undone_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS batch_row (
  batch_id CHAR(26) NOT NULL,
  noun VARCHAR(12) NOT NULL,
  row_id VARCHAR(26) NOT NULL,
  PRIMARY KEY (batch_id, noun, row_id)
){{end}};
CREATE INDEX batch_created ON batch (created_at);
