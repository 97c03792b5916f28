-- +goose Up
CREATE TABLE IF NOT EXISTS month_total (
  horizon BIGINT NOT NULL,
  month CHAR(7) NOT NULL,
  place VARCHAR(9) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  n INT NOT NULL,
  fen BIGINT NOT NULL,
  entered INT NOT NULL,
  PRIMARY KEY (horizon, month, place, kind)
){{end}};
CREATE INDEX province_entry_entered ON province_entry (entered_at);
CREATE INDEX province_entry_removed ON province_entry (removed_at);
CREATE INDEX movement_recorded ON movement (noun, recorded_at);
