-- +goose Up
-- What a list of a place asks of its pairings, in the index itself.
CREATE INDEX pairing_place ON pairing (recipient_id, to_day, from_day, id, cadre_id, line, reason, opening_as_of, opening_contacts, opening_visits, opening_helps, opening_unknown, created_at);
-- A list is of one year: its rows lie together.
{{mysql}}ALTER TABLE standing DROP PRIMARY KEY, ADD PRIMARY KEY (year, recipient_id, cadre_id, pairing_id);
{{sqlite}}CREATE TABLE standing_by_year (recipient_id CHAR(26) NOT NULL, year INT NOT NULL, cadre_id CHAR(26) NOT NULL, pairing_id VARCHAR(26) NOT NULL, deeds TEXT NOT NULL, last_seen VARCHAR(10) NOT NULL, PRIMARY KEY (year, recipient_id, cadre_id, pairing_id)) WITHOUT ROWID;
{{sqlite}}INSERT INTO standing_by_year SELECT recipient_id, year, cadre_id, pairing_id, deeds, last_seen FROM standing;
{{sqlite}}DROP TABLE standing;
{{sqlite}}ALTER TABLE standing_by_year RENAME TO standing;
