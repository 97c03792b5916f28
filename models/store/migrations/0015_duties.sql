-- +goose Up
CREATE TABLE IF NOT EXISTS rule (
  id CHAR(26) NOT NULL PRIMARY KEY,
  rule_key VARCHAR(20) NOT NULL,
  name VARCHAR(20) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  number INT NOT NULL,
  cycle VARCHAR(10) NOT NULL,
  line VARCHAR(20) NOT NULL,
  categories VARCHAR(190) NOT NULL,
  care_mode VARCHAR(20) NOT NULL,
  specialities VARCHAR(190) NOT NULL,
  share VARCHAR(10) NOT NULL,
  grace INT NOT NULL,
  spacing INT NOT NULL,
  channels VARCHAR(60) NOT NULL,
  stages VARCHAR(60) NOT NULL,
  per_day BOOLEAN NOT NULL,
  unit VARCHAR(10) NOT NULL,
  proxy VARCHAR(10) NOT NULL,
  rests VARCHAR(80) NOT NULL,
  gap_days INT NOT NULL,
  from_day CHAR(10) NOT NULL,
  at_once BOOLEAN NOT NULL,
  recorded_at BIGINT NOT NULL,
  author VARCHAR(80) NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS standing (
  recipient_id CHAR(26) NOT NULL,
  year INT NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  pairing_id VARCHAR(26) NOT NULL,
  deeds TEXT NOT NULL,
  last_seen VARCHAR(10) NOT NULL,
  PRIMARY KEY (recipient_id, year, cadre_id, pairing_id)
){{end}};
