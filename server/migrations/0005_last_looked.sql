-- Up to which position of a plan's log somebody has had the plan in sight. Kept for that person's own marks; it decides nothing.

CREATE TABLE last_looked (
  person_id text NOT NULL REFERENCES people (id),
  plan_id   text NOT NULL REFERENCES plans (id),
  position  bigint NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (person_id, plan_id)
);

GRANT SELECT, INSERT, UPDATE ON last_looked TO accord_service;
