-- Plans that people took offline for a visit: who, under which sign-in, until when, and the half of the key that the service holds.
-- The secret is removed when the copy is handed back, and some days after its time; what was taken, by whom and when stays.

CREATE TABLE offline_copies (
  id           text PRIMARY KEY,
  plan_id      text NOT NULL REFERENCES plans (id),
  person_id    text NOT NULL REFERENCES people (id),
  session_hash bytea NOT NULL REFERENCES sessions (token_hash),
  secret       bytea,
  position     bigint NOT NULL,
  taken_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  until        timestamptz NOT NULL,
  returned_at  timestamptz,
  CHECK (returned_at IS NULL OR secret IS NULL)
);
CREATE INDEX offline_copies_of_person ON offline_copies (person_id) WHERE secret IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON offline_copies TO accord_service;
