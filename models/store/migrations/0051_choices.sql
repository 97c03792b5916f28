-- +goose Up
-- Words of the lists that an office keeps: categories, ways of support, lines,
-- what a visit looks at. Each row is a version that holds from a day on.
CREATE TABLE IF NOT EXISTS choice (
  id CHAR(26) NOT NULL PRIMARY KEY,
  list_name VARCHAR(20) NOT NULL,
  code VARCHAR(20) NOT NULL,
  name VARCHAR(40) NOT NULL,
  others VARCHAR(200) NOT NULL,
  rank_no INT NOT NULL,
  from_day CHAR(10) NOT NULL,
  gone BOOLEAN NOT NULL,
  recorded_at BIGINT NOT NULL,
  author VARCHAR(80) NOT NULL
){{end}};
-- What was found on a visit, an item a row; those of a record that was taken
-- back stand no more, as it does not.
CREATE TABLE IF NOT EXISTS visit_check (
  record_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  code VARCHAR(20) NOT NULL,
  day CHAR(10) NOT NULL,
  fine BOOLEAN NOT NULL,
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (record_id, recipient_id, code)
){{end}};
CREATE INDEX visit_check_person ON visit_check (recipient_id, day);
