-- Access chains for what concerns no single plan, and the Merkle log over every chain: leaves, nodes, signed checkpoints, other houses' cosignatures.

-- Where each access chain ends ("access:<organisation or none>:<shard>"). Moved by accord_record_access alone: the service itself may only read it.
CREATE TABLE access_heads (
  stream text PRIMARY KEY CHECK (stream ~ '^access:[0-9a-z_-]+:([0-9]|1[0-5])$'),
  seq    bigint NOT NULL,
  hash   bytea
);
GRANT SELECT ON access_heads TO accord_service;

-- The Merkle log (RFC 9162). A leaf is an entry of a chain; its hash is the entry's. Numbers are given by the sealer, because entries become visible out of order.
CREATE TABLE audit_leaves (
  leaf   bigint PRIMARY KEY,
  stream text NOT NULL,
  seq    bigint NOT NULL,
  hash   bytea NOT NULL,
  UNIQUE (stream, seq)
);
-- Inner nodes of complete subtrees: level 1 stands over two leaves. `place` counts from the left within the level.
CREATE TABLE audit_nodes (
  level smallint NOT NULL,
  place bigint NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (level, place)
);
-- Signed statements "the log had `size` leaves and this root", as signed notes.
CREATE TABLE audit_checkpoints (
  size   bigint PRIMARY KEY,
  root   bytea NOT NULL,
  origin text NOT NULL,
  key_id text NOT NULL,
  note   text NOT NULL,
  at     timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- What other houses answered to a checkpoint of ours: one signature line each.
CREATE TABLE audit_cosignatures (
  size    bigint NOT NULL REFERENCES audit_checkpoints (size),
  witness text NOT NULL,
  line    text NOT NULL,
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (witness, size)
);
CREATE INDEX audit_cosignatures_of_size ON audit_cosignatures (size);
-- Checkpoints of other houses that we co-signed. The largest of an origin is what its next one has to go on from.
CREATE TABLE witness_cosigned (
  origin text NOT NULL,
  size   bigint NOT NULL,
  root   bytea NOT NULL,
  note   text NOT NULL,
  at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (origin, size)
);
-- What each standing check walked and what it found.
CREATE TABLE audit_walks (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind    text NOT NULL CHECK (kind IN ('whole', 'increment')),
  at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  entries bigint NOT NULL,
  -- where the next increment goes on: the tree was found whole up to here, with this root
  size    bigint NOT NULL,
  root    bytea NOT NULL,
  breaks  integer NOT NULL,
  -- the first ones, in plain words with ids only
  found   jsonb NOT NULL
);
-- Keys that nothing is signed with any more. What counts is the place of the entry in the log, never a clock.
CREATE TABLE retired_keys (
  key_id text PRIMARY KEY,
  stream text NOT NULL,
  seq    bigint NOT NULL
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['audit_leaves', 'audit_nodes', 'audit_checkpoints', 'audit_cosignatures', 'witness_cosigned', 'audit_walks', 'retired_keys'] LOOP
    EXECUTE format('CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION accord_never_changes()', name);
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_changes', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_emptied', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO accord_service', name);
  END LOOP;
END $$;

-- How far each chain has leaves: tells the sealer where to go on without looking every leaf up. It proves nothing; the leaves do.
CREATE TABLE audit_sealed (
  stream text PRIMARY KEY,
  seq    bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON audit_sealed TO accord_service;

-- The entry of a plan's sign-off is found without reading the plan's whole chain. Spelled as `versionEntry` in server/audit asks for it.
CREATE INDEX audit_entries_signings ON audit_entries (stream, seq) WHERE strpos(entry, '"action":"sign-version"') > 0;

-- The person's name was removed at their or somebody's lawful wish; `name` holds the words that stand for it. Their id stays in every chain.
ALTER TABLE people ADD COLUMN name_erased_at timestamptz;

/*
 * Adds entries to access chains, each in order of its chain. An entry: [stream, before the time, between time and hash, between hash and number, after the number].
 * Only the database knows the time, the number and the hash of the entry before; so it puts the text together. Chains come in the order of their names, so
 * that two nodes never wait for each other in a circle. Runs with the rights of the tables' owner: nobody else may move a head.
 */
CREATE FUNCTION accord_record_access(entries jsonb) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  item jsonb;
  head access_heads%ROWTYPE;
  spelled text;
BEGIN
  FOR item IN SELECT value FROM jsonb_array_elements(entries) LOOP
    IF head.stream IS DISTINCT FROM item->>0 THEN
      SELECT * INTO head FROM access_heads WHERE access_heads.stream = item->>0 FOR UPDATE;
      IF NOT FOUND THEN
        INSERT INTO access_heads (stream, seq) VALUES (item->>0, 0) ON CONFLICT (stream) DO NOTHING;
        SELECT * INTO head FROM access_heads WHERE access_heads.stream = item->>0 FOR UPDATE;
      END IF;
    END IF;
    head.seq := head.seq + 1;
    spelled := (item->>1) || to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || (item->>2)
      || coalesce('"' || encode(head.hash, 'hex') || '"', 'null') || (item->>3) || head.seq || (item->>4);
    head.hash := sha256('\x00'::bytea || convert_to(spelled, 'UTF8'));
    INSERT INTO audit_entries (stream, seq, entry, hash) VALUES (head.stream, head.seq, spelled, head.hash);
    UPDATE access_heads SET seq = head.seq, hash = head.hash WHERE access_heads.stream = head.stream;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION accord_record_access(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accord_record_access(jsonb) TO accord_service;
