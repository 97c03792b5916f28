-- +goose Up
-- People of a place without reading their rows: lists of a county join by it.
CREATE INDEX recipient_place ON recipient (region, id);
