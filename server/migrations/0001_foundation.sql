-- People, plans, the append-only log, versions and the audit chains.
-- The service works as role accord_service, which may INSERT and SELECT on whatever must never change.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'accord_service') THEN
    CREATE ROLE accord_service NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of the same server made it at this moment
END $$;

CREATE TABLE organisations (
  id   text PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL
);

CREATE TABLE people (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  role             text NOT NULL,
  job_title        text NOT NULL,
  organisation_id  text NOT NULL REFERENCES organisations (id),
  senior_clinician boolean NOT NULL DEFAULT false,
  registration     text,
  simulated        boolean NOT NULL DEFAULT false,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE sessions (
  token_hash   bytea PRIMARY KEY,
  person_id    text NOT NULL REFERENCES people (id),
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at   timestamptz NOT NULL,
  ended_at     timestamptz
);
CREATE INDEX sessions_of_person ON sessions (person_id) WHERE ended_at IS NULL;

-- One row a plan: its head. Whatever changes a plan locks this row, so order, sign-off fence and audit link are one lock.
CREATE TABLE plans (
  id               text PRIMARY KEY,
  nhs_number       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_by       text NOT NULL REFERENCES people (id),
  closed_at        timestamptz,
  position         bigint NOT NULL DEFAULT 0,
  content_position bigint NOT NULL DEFAULT 0,
  content_at       timestamptz,
  audit_seq        bigint NOT NULL DEFAULT 0,
  audit_hash       bytea,
  -- values of a few fields copied from the text in the commit that changed them, for lists; field id -> value
  summary          jsonb NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX plans_one_open_per_person ON plans (nhs_number) WHERE closed_at IS NULL;

CREATE TABLE care_team (
  plan_id         text NOT NULL REFERENCES plans (id),
  organisation_id text NOT NULL REFERENCES organisations (id),
  relationship    text NOT NULL,
  since           timestamptz NOT NULL DEFAULT clock_timestamp(),
  until           timestamptz,
  PRIMARY KEY (plan_id, organisation_id, since)
);
CREATE INDEX care_team_of_organisation ON care_team (organisation_id) WHERE until IS NULL;

-- The truth: every accepted change in order. kind 'update' carries section, bytes and spans; 'signed' marks a sign-off.
CREATE TABLE plan_log (
  plan_id    text NOT NULL REFERENCES plans (id),
  position   bigint NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('update', 'signed')),
  section_id text,
  bytes      bytea,
  -- [[client, clock from, clock after], …] of the structs this row brought, for attribution
  spans      jsonb,
  author_id  text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (plan_id, position),
  CHECK ((kind = 'update') = (section_id IS NOT NULL AND bytes IS NOT NULL AND spans IS NOT NULL))
);
CREATE INDEX plan_log_of_section ON plan_log (plan_id, section_id, position);

-- A Yjs client id belongs to the person who first used it in a section, for ever.
CREATE TABLE client_leases (
  plan_id    text NOT NULL REFERENCES plans (id),
  section_id text NOT NULL,
  client_id  bigint NOT NULL,
  person_id  text NOT NULL,
  PRIMARY KEY (plan_id, section_id, client_id)
);

CREATE TABLE versions (
  plan_id       text NOT NULL REFERENCES plans (id),
  number        integer NOT NULL,
  position      bigint NOT NULL,
  -- canonical JSON (RFC 8785), as text so that the bytes hashed are the bytes kept
  content       text NOT NULL,
  content_hash  text NOT NULL,
  previous_hash text,
  statement     text NOT NULL,
  signature     text NOT NULL,
  key_id        text NOT NULL,
  signed_by     text NOT NULL REFERENCES people (id),
  signed_at     timestamptz NOT NULL,
  PRIMARY KEY (plan_id, number),
  UNIQUE (plan_id, position)
);

CREATE TABLE signing_keys (
  key_id     text PRIMARY KEY,
  public_key text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Hash chains: 'plan:<id>' now. The entry is canonical JSON text; hash = SHA-256(0x00 || entry), entry names the hash before it.
CREATE TABLE audit_entries (
  stream text NOT NULL,
  seq    bigint NOT NULL,
  entry  text NOT NULL,
  hash   bytea NOT NULL,
  PRIMARY KEY (stream, seq)
);

-- A call claims its key before it acts (status 0) and leaves its answer here; the same call with the same key gets that answer.
CREATE TABLE idempotency_keys (
  person_id text NOT NULL,
  key       text NOT NULL,
  request   text NOT NULL,
  status    integer NOT NULL,
  answer    jsonb NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (person_id, key)
);

-- One row that readiness checks write to: a database that can be read but not written is not ready.
CREATE TABLE readiness (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
INSERT INTO readiness DEFAULT VALUES;

CREATE FUNCTION accord_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['plan_log', 'client_leases', 'versions', 'signing_keys', 'audit_entries'] LOOP
    EXECUTE format('CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION accord_never_changes()', name);
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_changes', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_emptied', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO accord_service', name);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON organisations, people, sessions, plans, care_team TO accord_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO accord_service;
GRANT SELECT, UPDATE ON readiness TO accord_service;
