-- +goose Up
-- Who is held by a pairing, and the cadres of a unit, are counted from the index alone.
CREATE INDEX pairing_held ON pairing (line, to_day, from_day, recipient_id, cadre_id);
CREATE INDEX cadre_staff ON cadre (unit_id, left_at, region, id);
-- Two others begin as these do.
{{mysql}}DROP INDEX pairing_recipient ON pairing;
{{mysql}}DROP INDEX cadre_unit ON cadre;
{{sqlite}}DROP INDEX pairing_recipient;
{{sqlite}}DROP INDEX cadre_unit;
