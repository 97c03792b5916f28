-- +goose Up
-- A draft adds or removes an entry, or is a whole base. Without a text it is of the
-- version before and has its words in the columns.
ALTER TABLE policy_draft ADD COLUMN act VARCHAR(10) NOT NULL DEFAULT '';
ALTER TABLE policy_draft ADD COLUMN body MEDIUMTEXT;
