-- Copies of sections, so that opening a long plan reads one copy and a short tail; and which fields each row of the log touched.

-- Found by the gate, never said by a client. Rows from before this column say nothing.
ALTER TABLE plan_log ADD COLUMN fields text[] NOT NULL DEFAULT '{}';

-- The latest copy of a section. The log is the truth and can make every copy anew, so a copy may be replaced.
CREATE TABLE section_checkpoints (
  plan_id    text NOT NULL REFERENCES plans (id),
  section_id text NOT NULL,
  position   bigint NOT NULL,
  bytes      bytea NOT NULL,
  -- SHA-256 of the bytes: a copy that was damaged is passed over
  hash       bytea NOT NULL,
  made_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (plan_id, section_id)
);
GRANT SELECT, INSERT, UPDATE ON section_checkpoints TO accord_service;
