-- +goose Up
-- Who is on duty for danger, where and when.
CREATE TABLE IF NOT EXISTS duty_shift (
  id CHAR(26) NOT NULL PRIMARY KEY,
  account_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  from_at BIGINT NOT NULL,
  until_at BIGINT NOT NULL,
  added_by VARCHAR(80) NOT NULL,
  added_at BIGINT NOT NULL
){{end}};
CREATE INDEX duty_shift_place ON duty_shift (region, from_at);
