-- +goose Up
-- What a list of a place asks of its people, in the order in which it asks.
CREATE INDEX recipient_list ON recipient (region, id, categories, household, care_mode, exited_on);
-- The years of people lie by their key, as InnoDB has them anyway.
{{sqlite}}CREATE TABLE standing_by_key (recipient_id CHAR(26) NOT NULL, year INT NOT NULL, cadre_id CHAR(26) NOT NULL, pairing_id VARCHAR(26) NOT NULL, deeds TEXT NOT NULL, last_seen VARCHAR(10) NOT NULL, PRIMARY KEY (recipient_id, year, cadre_id, pairing_id)) WITHOUT ROWID;
{{sqlite}}INSERT INTO standing_by_key SELECT recipient_id, year, cadre_id, pairing_id, deeds, last_seen FROM standing;
{{sqlite}}DROP TABLE standing;
{{sqlite}}ALTER TABLE standing_by_key RENAME TO standing;
