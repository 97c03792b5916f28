-- +goose Up
-- Hours and clocks as offices set them: a version a row, the newest that has begun
-- holds.
CREATE TABLE IF NOT EXISTS setting (
  id CHAR(26) NOT NULL PRIMARY KEY,
  name VARCHAR(40) NOT NULL,
  value VARCHAR(190) NOT NULL,
  cleared BOOLEAN NOT NULL,
  from_at BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL,
  author VARCHAR(80) NOT NULL
){{end}};
