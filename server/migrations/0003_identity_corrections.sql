-- Corrections of the registered identity: which fields, why and by whom. The values themselves are in the plan's log at this position.

CREATE TABLE identity_corrections (
  plan_id      text NOT NULL REFERENCES plans (id),
  position     bigint NOT NULL,
  fields       text[] NOT NULL,
  reason       text NOT NULL,
  corrected_by text NOT NULL REFERENCES people (id),
  at           timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (plan_id, position)
);

CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON identity_corrections FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON identity_corrections FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE identity_corrections ENABLE ALWAYS TRIGGER never_changes;
ALTER TABLE identity_corrections ENABLE ALWAYS TRIGGER never_emptied;
GRANT SELECT, INSERT ON identity_corrections TO accord_service;
