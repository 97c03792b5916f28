-- +goose Up
-- What a visit found of the checklist stands with the visit's row, so that it goes
-- where that goes: to another day or person with a correction, out with a
-- withdrawal. Said again, the row before is voided.
CREATE TABLE IF NOT EXISTS finding (
  activity_id CHAR(26) NOT NULL,
  code VARCHAR(20) NOT NULL,
  fine BOOLEAN NOT NULL,
  recorded_at BIGINT NOT NULL,
  voided_at BIGINT NOT NULL,
  PRIMARY KEY (activity_id, code, recorded_at)
){{end}};
INSERT INTO finding (activity_id, code, fine, recorded_at, voided_at)
SELECT a.id, v.code, v.fine, v.recorded_at, 0 FROM visit_check v
JOIN activity a ON a.record_id = v.record_id AND a.recipient_id = v.recipient_id AND a.kind = 'visit' AND a.voided_at = 0;
