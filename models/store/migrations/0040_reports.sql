-- +goose Up
ALTER TABLE activity ADD COLUMN goods BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE IF NOT EXISTS report (
  id CHAR(26) NOT NULL PRIMARY KEY,
  kind VARCHAR(10) NOT NULL,
  period VARCHAR(7) NOT NULL,
  region VARCHAR(12) NOT NULL,
  unit_id VARCHAR(26) NOT NULL,
  numbers MEDIUMTEXT NOT NULL,
  hash CHAR(64) NOT NULL,
  signed_by VARCHAR(80) NOT NULL,
  signed_at BIGINT NOT NULL,
  UNIQUE (kind, period, region, unit_id)
){{end}};
CREATE TABLE IF NOT EXISTS report_note (
  id CHAR(26) NOT NULL PRIMARY KEY,
  report_id CHAR(26) NOT NULL,
  words VARCHAR(400) NOT NULL,
  actor VARCHAR(80) NOT NULL,
  at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS province_entry (
  activity_id CHAR(26) NOT NULL PRIMARY KEY,
  actor VARCHAR(80) NOT NULL,
  entered_at BIGINT NOT NULL,
  removed_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS check_seed (
  month CHAR(7) NOT NULL PRIMARY KEY,
  seed VARCHAR(400) NOT NULL CHECK (seed = '' OR seed LIKE 'v1:%'),
  hash CHAR(64) NOT NULL,
  committed_at BIGINT NOT NULL,
  revealed_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS spot_check (
  id CHAR(26) NOT NULL PRIMARY KEY,
  month CHAR(7) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  unit_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  stratum VARCHAR(60) NOT NULL,
  day VARCHAR(10) NOT NULL,
  ask_from VARCHAR(10) NOT NULL,
  origin VARCHAR(400) NOT NULL CHECK (origin = '' OR origin LIKE 'v1:%'),
  answers TEXT NOT NULL CHECK (answers = '' OR answers LIKE 'v1:%'),
  outcome VARCHAR(12) NOT NULL,
  account_id VARCHAR(26) NOT NULL,
  asked_at BIGINT NOT NULL,
  second_outcome VARCHAR(12) NOT NULL,
  second_answers TEXT NOT NULL CHECK (second_answers = '' OR second_answers LIKE 'v1:%'),
  second_account VARCHAR(26) NOT NULL,
  second_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS flag (
  id CHAR(26) NOT NULL PRIMARY KEY,
  evidence CHAR(64) NOT NULL UNIQUE,
  kind VARCHAR(12) NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  unit_id CHAR(26) NOT NULL,
  region VARCHAR(12) NOT NULL,
  record_id VARCHAR(26) NOT NULL,
  other_id VARCHAR(26) NOT NULL,
  day VARCHAR(10) NOT NULL,
  measure VARCHAR(60) NOT NULL,
  state VARCHAR(10) NOT NULL,
  reason TEXT NOT NULL CHECK (reason = '' OR reason LIKE 'v1:%'),
  account_id VARCHAR(26) NOT NULL,
  found_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS donation (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number INT NOT NULL UNIQUE,
  day CHAR(10) NOT NULL,
  donor VARCHAR(400) NOT NULL CHECK (donor = '' OR donor LIKE 'v1:%'),
  goods BOOLEAN NOT NULL,
  what VARCHAR(190) NOT NULL,
  amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
  purpose VARCHAR(190) NOT NULL,
  region VARCHAR(12) NOT NULL,
  actor VARCHAR(80) NOT NULL,
  created_at BIGINT NOT NULL,
  voided_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS donation_use (
  id CHAR(26) NOT NULL PRIMARY KEY,
  donation_id CHAR(26) NOT NULL,
  day CHAR(10) NOT NULL,
  amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
  region VARCHAR(12) NOT NULL,
  people INT NOT NULL,
  note TEXT NOT NULL CHECK (note = '' OR note LIKE 'v1:%'),
  handed_on VARCHAR(10) NOT NULL,
  actor VARCHAR(80) NOT NULL,
  created_at BIGINT NOT NULL,
  voided_at BIGINT NOT NULL
){{end}};
CREATE INDEX activity_recorded ON activity (recorded_at);
CREATE INDEX report_note_report ON report_note (report_id, at);
CREATE INDEX spot_check_month ON spot_check (month, region);
CREATE INDEX flag_open ON flag (state, region, found_at);
CREATE INDEX donation_day ON donation (day, region);
CREATE INDEX donation_use_donation ON donation_use (donation_id);
CREATE INDEX photo_dhash ON photo (dhash);
