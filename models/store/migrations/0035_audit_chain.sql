-- +goose Up
ALTER TABLE audit ADD COLUMN delta VARCHAR(1500) NOT NULL DEFAULT '' CHECK (delta = '' OR delta LIKE 'v1:%');
ALTER TABLE audit ADD COLUMN seq BIGINT NULL;
ALTER TABLE audit ADD COLUMN hash VARCHAR(43) NOT NULL DEFAULT '';
CREATE UNIQUE INDEX audit_seq ON audit (seq);
CREATE INDEX audit_actor ON audit (actor, at);
CREATE INDEX audit_at ON audit (at);
