-- +goose Up
CREATE TABLE IF NOT EXISTS record (
  id CHAR(26) NOT NULL PRIMARY KEY,
  cadre_id CHAR(26) NOT NULL,
  inbound_key VARCHAR(43) NOT NULL,
  words TEXT NOT NULL CHECK (words = '' OR words LIKE 'v1:%'),
  recorded_at BIGINT NOT NULL,
  voided_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS activity (
  id CHAR(26) NOT NULL PRIMARY KEY,
  record_id CHAR(26) NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  pairing_id VARCHAR(26) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  channel VARCHAR(10) NOT NULL,
  help VARCHAR(12) NOT NULL,
  stage VARCHAR(12) NOT NULL,
  day CHAR(10) NOT NULL,
  amount_fen BIGINT NULL CHECK (amount_fen >= 0),
  late BOOLEAN NOT NULL,
  source VARCHAR(10) NOT NULL,
  note TEXT NOT NULL CHECK (note = '' OR note LIKE 'v1:%'),
  status VARCHAR(10) NOT NULL,
  recorded_at BIGINT NOT NULL,
  voided_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS photo (
  id CHAR(26) NOT NULL PRIMARY KEY,
  record_id VARCHAR(26) NOT NULL,
  cadre_id CHAR(26) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  media_id VARCHAR(600) NOT NULL CHECK (media_id = '' OR media_id LIKE 'v1:%'),
  state VARCHAR(12) NOT NULL,
  blob_key VARCHAR(190) NOT NULL,
  mime VARCHAR(60) NOT NULL,
  width INT NOT NULL,
  height INT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  dhash VARCHAR(16) NOT NULL,
  received_at BIGINT NOT NULL,
  stored_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS audit (
  id CHAR(26) NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor VARCHAR(80) NOT NULL,
  action VARCHAR(40) NOT NULL,
  object VARCHAR(80) NOT NULL,
  detail VARCHAR(400) NOT NULL
){{end}};
CREATE INDEX record_cadre ON record (cadre_id, recorded_at);
CREATE INDEX activity_record ON activity (record_id);
CREATE INDEX activity_pairing ON activity (pairing_id, day);
CREATE INDEX activity_cadre ON activity (cadre_id, day);
CREATE INDEX activity_recipient ON activity (recipient_id, day);
CREATE INDEX activity_day ON activity (day, id);
CREATE INDEX photo_record ON photo (record_id);
CREATE INDEX photo_waiting ON photo (cadre_id, record_id);
CREATE INDEX audit_object ON audit (object, at);
