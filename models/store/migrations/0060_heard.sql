-- +goose Up
CREATE INDEX inbound_heard ON inbound (sender, spoke, received_at);
