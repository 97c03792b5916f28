-- +goose Up
CREATE TABLE IF NOT EXISTS meta (
  name VARCHAR(40) NOT NULL PRIMARY KEY,
  value VARCHAR(400) NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS region (
  code VARCHAR(12) NOT NULL PRIMARY KEY,
  parent VARCHAR(12) NOT NULL,
  name VARCHAR(60) NOT NULL,
  path VARCHAR(190) NOT NULL UNIQUE
){{end}};
CREATE TABLE IF NOT EXISTS unit (
  id CHAR(26) NOT NULL PRIMARY KEY,
  name VARCHAR(190) NOT NULL UNIQUE,
  region VARCHAR(12) NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS cadre (
  id CHAR(26) NOT NULL PRIMARY KEY,
  name VARCHAR(400) NOT NULL CHECK (name = '' OR name LIKE 'v1:%'),
  phone VARCHAR(200) NOT NULL CHECK (phone = '' OR phone LIKE 'v1:%'),
  phone_idx CHAR(43) NOT NULL UNIQUE,
  unit_id CHAR(26) NOT NULL,
  post VARCHAR(190) NOT NULL,
  region VARCHAR(12) NOT NULL,
  speciality VARCHAR(20) NOT NULL,
  left_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS recipient (
  id CHAR(26) NOT NULL PRIMARY KEY,
  number VARCHAR(40) NOT NULL UNIQUE,
  name VARCHAR(400) NOT NULL CHECK (name = '' OR name LIKE 'v1:%'),
  id_number VARCHAR(200) NOT NULL CHECK (id_number = '' OR id_number LIKE 'v1:%'),
  id_idx CHAR(43) NULL UNIQUE,
  birth VARCHAR(200) NOT NULL CHECK (birth = '' OR birth LIKE 'v1:%'),
  categories VARCHAR(190) NOT NULL,
  care_mode VARCHAR(20) NOT NULL,
  region VARCHAR(12) NOT NULL,
  address VARCHAR(1500) NOT NULL CHECK (address = '' OR address LIKE 'v1:%'),
  aliases VARCHAR(1500) NOT NULL CHECK (aliases = '' OR aliases LIKE 'v1:%'),
  household VARCHAR(40) NOT NULL,
  needs TEXT NOT NULL CHECK (needs = '' OR needs LIKE 'v1:%'),
  exited_on VARCHAR(10) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS contact (
  id CHAR(26) NOT NULL PRIMARY KEY,
  recipient_id CHAR(26) NOT NULL,
  kind VARCHAR(20) NOT NULL,
  name VARCHAR(400) NOT NULL CHECK (name = '' OR name LIKE 'v1:%'),
  phone VARCHAR(200) NOT NULL CHECK (phone = '' OR phone LIKE 'v1:%'),
  phone_idx VARCHAR(43) NOT NULL,
  created_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS pairing (
  id CHAR(26) NOT NULL PRIMARY KEY,
  cadre_id CHAR(26) NOT NULL,
  recipient_id CHAR(26) NOT NULL,
  line VARCHAR(20) NOT NULL,
  from_day CHAR(10) NOT NULL,
  to_day VARCHAR(10) NOT NULL,
  reason VARCHAR(60) NOT NULL,
  opening_as_of VARCHAR(10) NOT NULL,
  opening_contacts INT NOT NULL,
  opening_visits INT NOT NULL,
  opening_helps INT NOT NULL,
  opening_unknown BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS invitation (
  id CHAR(26) NOT NULL PRIMARY KEY,
  role VARCHAR(20) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  code_idx CHAR(43) NOT NULL UNIQUE,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
){{end}};
CREATE TABLE IF NOT EXISTS binding (
  id CHAR(26) NOT NULL PRIMARY KEY,
  openid VARCHAR(300) NOT NULL CHECK (openid = '' OR openid LIKE 'v1:%'),
  openid_idx CHAR(43) NOT NULL,
  role VARCHAR(20) NOT NULL,
  subject_id CHAR(26) NOT NULL,
  bound_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  UNIQUE (openid_idx, role, subject_id, ended_at)
){{end}};
CREATE INDEX cadre_unit ON cadre (unit_id);
CREATE INDEX cadre_region ON cadre (region);
CREATE INDEX recipient_region ON recipient (region);
CREATE INDEX contact_recipient ON contact (recipient_id);
CREATE INDEX pairing_cadre ON pairing (cadre_id, to_day);
CREATE INDEX pairing_recipient ON pairing (recipient_id, to_day);
CREATE INDEX invitation_subject ON invitation (subject_id, role);
CREATE INDEX binding_subject ON binding (subject_id, role, ended_at);
