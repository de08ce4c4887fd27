-- Sign-in through an identity provider, sessions that lock when idle, and bounds on attempts. Times are the database's own.

ALTER TABLE organisations ADD COLUMN ods_code text UNIQUE;

ALTER TABLE sessions
  ADD COLUMN id               text NOT NULL DEFAULT 'session_' || replace(gen_random_uuid()::text, '-', '') UNIQUE,
  ADD COLUMN method           text NOT NULL DEFAULT 'demo' CHECK (method IN ('demo', 'provider')),
  -- last thing that the person did, at most a minute late
  ADD COLUMN active_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  ADD COLUMN locked_at        timestamptz,
  ADD COLUMN authenticated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- the role chosen for this session; empty in the demonstration, where a person has one
  ADD COLUMN role             text,
  ADD COLUMN organisation_id  text REFERENCES organisations (id),
  -- every role that the provider vouched for at sign-in
  ADD COLUMN held_roles       jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN issuer           text,
  ADD COLUMN provider_session text,
  -- sent back to the provider at sign-out, and only there; removed when the session ends
  ADD COLUMN id_token         text,
  ADD COLUMN agent            text NOT NULL DEFAULT '';
CREATE INDEX sessions_of_provider ON sessions (provider_session) WHERE ended_at IS NULL AND provider_session IS NOT NULL;

-- Who somebody is at the provider, and which person that is here.
CREATE TABLE provider_identities (
  issuer    text NOT NULL,
  subject   text NOT NULL,
  person_id text NOT NULL REFERENCES people (id),
  since     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX provider_identities_of_person ON provider_identities (person_id);

-- Sign-ins under way: begun, come back from the provider once, and then perhaps waiting for the choice of a role.
CREATE TABLE sign_ins (
  state_hash   bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  address_hash bytea NOT NULL,
  purpose      text NOT NULL CHECK (purpose IN ('sign-in', 'unlock', 'fresh')),
  session_hash bytea REFERENCES sessions (token_hash),
  nonce        text NOT NULL,
  verifier     text NOT NULL,
  back         text NOT NULL,
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  returned_at  timestamptz,
  found        jsonb
);
CREATE INDEX sign_ins_of_address ON sign_ins (address_hash, started_at);
CREATE INDEX sign_ins_of_browser ON sign_ins (browser_hash) WHERE found IS NOT NULL;

-- Failed attempts of one address or for one person, by a hash of either.
CREATE TABLE sign_in_failures (
  subject  bytea PRIMARY KEY,
  failures integer NOT NULL,
  last_at  timestamptz NOT NULL
);

-- Logout tokens of the provider that were obeyed: each counts once.
CREATE TABLE logout_tokens (
  token_hash bytea PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT, INSERT ON provider_identities TO accord_service;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_ins, sign_in_failures TO accord_service;
GRANT SELECT, INSERT, DELETE ON logout_tokens TO accord_service;
