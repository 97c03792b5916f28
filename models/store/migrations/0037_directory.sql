-- +goose Up
CREATE INDEX recipient_updated ON recipient (updated_at);
CREATE INDEX cadre_updated ON cadre (updated_at);
