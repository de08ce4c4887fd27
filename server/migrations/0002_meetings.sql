-- MDT meetings: agenda, who was there, what was decided and taken on. What happened is only ever added.

CREATE TABLE meetings (
  id              text PRIMARY KEY,
  title           text NOT NULL,
  starts_at       timestamptz NOT NULL,
  status          text NOT NULL DEFAULT 'planned' CHECK (status IN ('planned', 'running', 'ended')),
  chair_id        text NOT NULL REFERENCES people (id),
  created_by      text NOT NULL REFERENCES people (id),
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at      timestamptz,
  ended_at        timestamptz,
  current_item_id text,
  -- grows with every committed change; screens drop whatever is older than what they show
  revision        bigint NOT NULL DEFAULT 1,
  CHECK ((status = 'planned') = (started_at IS NULL)),
  CHECK ((status = 'ended') = (ended_at IS NOT NULL)),
  CHECK (current_item_id IS NULL OR status = 'running')
);
CREATE INDEX meetings_in_time ON meetings (starts_at DESC, id);

CREATE TABLE meeting_items (
  id               text PRIMARY KEY,
  meeting_id       text NOT NULL REFERENCES meetings (id),
  plan_id          text NOT NULL REFERENCES plans (id),
  agenda_group     text NOT NULL CHECK (agenda_group IN ('death', 'red', 'yellow', 'new', 'rest')),
  agenda_order     integer NOT NULL,
  status           text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'now', 'done', 'deferred')),
  deferred_because text,
  -- up to when the plan itself names this meeting and who was there
  noted_at         timestamptz,
  UNIQUE (meeting_id, plan_id),
  CHECK ((status = 'deferred') = (deferred_because IS NOT NULL))
);
CREATE UNIQUE INDEX meeting_items_one_now ON meeting_items (meeting_id) WHERE status = 'now';
ALTER TABLE meetings ADD CONSTRAINT meetings_current_item FOREIGN KEY (current_item_id) REFERENCES meeting_items (id);

-- One stretch of time that the meeting spent on a patient, and the positions of the plan's log between which it lies.
CREATE TABLE meeting_visits (
  item_id       text NOT NULL REFERENCES meeting_items (id),
  opened_at     timestamptz NOT NULL,
  position_from bigint NOT NULL,
  closed_at     timestamptz,
  position_to   bigint,
  PRIMARY KEY (item_id, opened_at),
  CHECK ((closed_at IS NULL) = (position_to IS NULL))
);
CREATE UNIQUE INDEX meeting_visits_one_open ON meeting_visits (item_id) WHERE closed_at IS NULL;

CREATE TABLE meeting_people (
  meeting_id     text NOT NULL REFERENCES meetings (id),
  person_id      text NOT NULL REFERENCES people (id),
  invited        boolean NOT NULL DEFAULT false,
  apologies      boolean NOT NULL DEFAULT false,
  hand_raised_at timestamptz,
  PRIMARY KEY (meeting_id, person_id)
);

-- Attendance is what signed-in sockets did. A node that dies leaves rows open; seen_at says until when they were true.
CREATE TABLE meeting_connections (
  id         text PRIMARY KEY,
  meeting_id text NOT NULL REFERENCES meetings (id),
  person_id  text NOT NULL REFERENCES people (id),
  node_id    text NOT NULL,
  arrived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  left_at    timestamptz
);
CREATE INDEX meeting_connections_of_meeting ON meeting_connections (meeting_id);
CREATE INDEX meeting_connections_open ON meeting_connections (seen_at) WHERE left_at IS NULL;

CREATE TABLE meeting_decisions (
  id             text PRIMARY KEY,
  meeting_id     text NOT NULL REFERENCES meetings (id),
  item_id        text NOT NULL REFERENCES meeting_items (id),
  plan_id        text NOT NULL REFERENCES plans (id),
  -- the row of the plan's own list that says the same
  row_id         text NOT NULL,
  text           text NOT NULL,
  dissent        text,
  rationale      text,
  -- who was missing for a quorum at that moment; empty when nobody was
  quorum_missing text[] NOT NULL,
  by             text NOT NULL REFERENCES people (id),
  once           text NOT NULL,
  at             timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (meeting_id, by, once)
);

CREATE TABLE meeting_actions (
  id         text PRIMARY KEY,
  meeting_id text NOT NULL REFERENCES meetings (id),
  item_id    text NOT NULL REFERENCES meeting_items (id),
  plan_id    text NOT NULL REFERENCES plans (id),
  row_id     text NOT NULL,
  text       text NOT NULL,
  owner_id   text NOT NULL REFERENCES people (id),
  due        date NOT NULL,
  priority   text NOT NULL CHECK (priority IN ('routine', 'soon', 'urgent')),
  status     text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done')),
  done_at    timestamptz,
  by         text NOT NULL REFERENCES people (id),
  once       text NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  UNIQUE (meeting_id, by, once),
  CHECK ((status = 'done') = (done_at IS NOT NULL))
);

-- Who did what with the meeting, one row a revision.
CREATE TABLE meeting_log (
  meeting_id text NOT NULL REFERENCES meetings (id),
  revision   bigint NOT NULL,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  person_id  text NOT NULL REFERENCES people (id),
  event      text NOT NULL,
  -- the item, person, decision or action concerned
  about      text,
  PRIMARY KEY (meeting_id, revision)
);

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['meeting_decisions', 'meeting_log'] LOOP
    EXECUTE format('CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION accord_never_changes()', name);
    EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_changes', name);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER never_emptied', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO accord_service', name);
  END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON meetings, meeting_items, meeting_visits, meeting_people, meeting_connections, meeting_actions TO accord_service;
