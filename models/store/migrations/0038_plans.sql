-- +goose Up
CREATE TABLE IF NOT EXISTS care_plan (
  id CHAR(26) NOT NULL PRIMARY KEY,
  recipient_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  needs TEXT NOT NULL CHECK (needs = '' OR needs LIKE 'v1:%'),
  goals TEXT NOT NULL CHECK (goals = '' OR goals LIKE 'v1:%'),
  state VARCHAR(12) NOT NULL,
  review_on VARCHAR(10) NOT NULL,
  drafted_by VARCHAR(80) NOT NULL,
  drafted_at BIGINT NOT NULL,
  approved_by VARCHAR(80) NOT NULL,
  approved_at BIGINT NOT NULL,
  UNIQUE (recipient_id, version)
){{end}};
CREATE TABLE IF NOT EXISTS plan_measure (
  id CHAR(26) NOT NULL PRIMARY KEY,
  plan_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  side VARCHAR(10) NOT NULL,
  line VARCHAR(20) NOT NULL,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  owner VARCHAR(400) NOT NULL CHECK (owner = '' OR owner LIKE 'v1:%'),
  due_on VARCHAR(10) NOT NULL,
  done_on VARCHAR(10) NOT NULL,
  activity_id VARCHAR(26) NOT NULL,
  position INT NOT NULL
){{end}};
CREATE INDEX care_plan_state ON care_plan (state, review_on);
CREATE INDEX plan_measure_plan ON plan_measure (plan_id, position);
CREATE INDEX plan_measure_recipient ON plan_measure (recipient_id, done_on);
