-- +goose Up
CREATE TABLE IF NOT EXISTS phone_tag (
  openid_idx CHAR(43) NOT NULL PRIMARY KEY,
  tag VARCHAR(20) NOT NULL,
  due_at BIGINT NOT NULL,
  tries INT NOT NULL
){{end}};
CREATE INDEX phone_tag_due ON phone_tag (due_at);
