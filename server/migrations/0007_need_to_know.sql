-- Need to know: relationships with a kind and a time, for organisations and for single people; agreement to share as it was last signed; break-glass.

ALTER TABLE care_team ADD COLUMN kind text NOT NULL DEFAULT 'other'
  CHECK (kind IN ('registered-practice', 'caseload', 'referral', 'coordination', 'care-home', 'other'));
ALTER TABLE care_team ADD CONSTRAINT care_team_ends_after_it_begins CHECK (until IS NULL OR until >= since);
DROP INDEX care_team_of_organisation;
CREATE INDEX care_team_of_organisation ON care_team (organisation_id);
-- Exactly the words that the service itself wrote; other people's words are left as they are.
UPDATE care_team SET kind = 'registered-practice' WHERE relationship = 'Registered practice';

-- The organisation that began the plan keeps it whatever is agreed about sharing. Where it was not kept, it is its maker's.
ALTER TABLE plans ADD COLUMN begun_in text REFERENCES organisations (id);
UPDATE plans SET begun_in = people.organisation_id FROM people WHERE people.id = plans.created_by;

-- The answer about sharing in the latest signed version: it stays in force while the draft's is disputed.
ALTER TABLE plans ADD COLUMN signed_sharing jsonb;
UPDATE plans SET signed_sharing = latest.answer FROM (
  SELECT DISTINCT ON (plan_id) plan_id, content::jsonb->'sections'->'consent'->'consentShare' AS answer FROM versions ORDER BY plan_id, number DESC
) AS latest WHERE latest.plan_id = plans.id;

-- What one person by themselves is to a plan, and for how long. Rows are ended, never removed.
CREATE TABLE plan_people (
  id           text PRIMARY KEY,
  plan_id      text NOT NULL REFERENCES plans (id),
  person_id    text NOT NULL REFERENCES people (id),
  kind         text NOT NULL CHECK (kind IN ('member', 'meeting', 'own', 'inspection', 'break-glass')),
  -- in plain words
  relationship text NOT NULL,
  -- the meeting or the break-glass access that it comes from
  source       text,
  since        timestamptz NOT NULL DEFAULT clock_timestamp(),
  until        timestamptz,
  given_by     text NOT NULL REFERENCES people (id),
  CHECK (until IS NULL OR until >= since),
  CHECK (kind IN ('member', 'own') OR until IS NOT NULL)
);
CREATE INDEX plan_people_of_plan ON plan_people (plan_id);
CREATE INDEX plan_people_of_person ON plan_people (person_id);
CREATE INDEX plan_people_of_source ON plan_people (source) WHERE source IS NOT NULL;
CREATE INDEX meeting_items_of_plan ON meeting_items (plan_id);

-- Access taken in an emergency, and what a privacy officer made of it.
CREATE TABLE break_glass (
  id              text PRIMARY KEY,
  plan_id         text NOT NULL REFERENCES plans (id),
  person_id       text NOT NULL REFERENCES people (id),
  role            text NOT NULL,
  organisation_id text NOT NULL REFERENCES organisations (id),
  reason          text NOT NULL,
  note            text NOT NULL,
  began_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  until           timestamptz NOT NULL,
  ended_at        timestamptz,
  -- organisations whose privacy officers are told: the person's own and those of the care team at that moment
  concerned       text[] NOT NULL,
  review_due      timestamptz NOT NULL,
  reviewed_at     timestamptz,
  reviewed_by     text REFERENCES people (id),
  outcome         text,
  review_note     text,
  CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX break_glass_concerning ON break_glass USING gin (concerned);
CREATE INDEX break_glass_of_person ON break_glass (person_id, plan_id);

-- Who asked for somebody by NHS number and date of birth, and whether the two belonged together. Never what was typed.
CREATE TABLE break_glass_lookups (
  person_id text NOT NULL REFERENCES people (id),
  at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  found     boolean NOT NULL
);
CREATE INDEX break_glass_lookups_of_person ON break_glass_lookups (person_id, at);
CREATE TRIGGER never_changes BEFORE UPDATE OR DELETE ON break_glass_lookups FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON break_glass_lookups FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE break_glass_lookups ENABLE ALWAYS TRIGGER never_changes;
ALTER TABLE break_glass_lookups ENABLE ALWAYS TRIGGER never_emptied;

GRANT SELECT, INSERT, UPDATE ON plan_people, break_glass TO accord_service;
GRANT SELECT, INSERT ON break_glass_lookups TO accord_service;

/*
 * Makes changes true: rows, leases, summary, audit entries and head of several plans, each plan whole or not at all. One call, so that a commit
 * costs one journey and one flush, and holds a head only for that long. Answers the plans that were written.
 *
 * A plan is written when it still is what the decision was made on: nothing has happened to it (every happening moves audit_seq), its text,
 * its team and whether it is open are as they were, no relationship of anybody has begun or ended by the clock since it was read, and the writers
 * have the roles that were judged. Plans come in the order of their ids, and
 * one that somebody holds is passed over, so that commits never wait for each other in a circle.
 *
 * A share: {plan, position, auditSeq, open, died, team, holdUntilMs or null, to, content, summary: {set, removed, disputed} or null,
 * rows: [[position, section, base64, spans, fields, author]], leases: [[section, client, person]],
 * entries: [[before the time, between time and hash, after the hash of the entry before]], writers: [[person, role, organisation, senior clinician or not]]}.
 * Only the database knows the time, and the hash of the entry before; so it puts an entry's text together.
 */
CREATE OR REPLACE FUNCTION accord_append(shares jsonb) RETURNS TABLE (written text, written_audit_seq bigint, written_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  share jsonb;
  item jsonb;
  summary_change jsonb;
  fits boolean;
  spelled text;
  previous bytea;
BEGIN
  FOR share IN SELECT value FROM jsonb_array_elements(shares) LOOP
    written := share->>'plan';
    SELECT plans.audit_hash INTO previous FROM plans
    WHERE plans.id = written AND plans.position = (share->>'position')::bigint AND plans.audit_seq = (share->>'auditSeq')::bigint
      AND (plans.closed_at IS NULL) = (share->>'open')::boolean AND (coalesce(plans.summary->>'dateOfDeath', '') <> '') = (share->>'died')::boolean
    FOR UPDATE SKIP LOCKED;
    CONTINUE WHEN NOT FOUND;
    -- Asked after the lock: whoever changes the team holds the plan's row meanwhile.
    fits := coalesce(clock_timestamp() < to_timestamp((share->>'holdUntilMs')::float8 / 1000), true)
      AND coalesce((SELECT string_agg(DISTINCT care_team.organisation_id, ' ' ORDER BY care_team.organisation_id) FROM care_team
        WHERE care_team.plan_id = written AND care_team.since <= clock_timestamp() AND (care_team.until IS NULL OR care_team.until > clock_timestamp())), '') = share->>'team';
    FOR item IN SELECT value FROM jsonb_array_elements(share->'writers') LOOP
      EXIT WHEN NOT fits;
      fits := EXISTS (SELECT FROM people WHERE people.id = item->>0 AND people.role = item->>1 AND people.organisation_id = item->>2
        AND people.senior_clinician = (item->>3)::boolean);
    END LOOP;
    CONTINUE WHEN NOT fits;

    written_at := clock_timestamp();
    INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, fields, author_id, at)
    SELECT written, (value->>0)::bigint, 'update', value->>1, decode(value->>2, 'base64'), value->3, string_to_array(value->>4, ' '), value->>5, written_at
    FROM jsonb_array_elements(share->'rows');
    IF jsonb_array_length(share->'leases') > 0 THEN
      INSERT INTO client_leases (plan_id, section_id, client_id, person_id)
      SELECT written, value->>0, (value->>1)::bigint, value->>2 FROM jsonb_array_elements(share->'leases');
    END IF;
    written_audit_seq := (share->>'auditSeq')::bigint;
    FOR item IN SELECT value FROM jsonb_array_elements(share->'entries') LOOP
      written_audit_seq := written_audit_seq + 1;
      spelled := (item->>0) || to_char(written_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || (item->>1)
        || coalesce('"' || encode(previous, 'hex') || '"', 'null') || (item->>2);
      previous := sha256('\x00'::bytea || convert_to(spelled, 'UTF8'));
      INSERT INTO audit_entries (stream, seq, entry, hash) VALUES ('plan:' || written, written_audit_seq, spelled, previous);
    END LOOP;
    summary_change := nullif(share->'summary', 'null');
    UPDATE plans SET position = (share->>'to')::bigint, audit_seq = written_audit_seq, audit_hash = previous,
      content_position = coalesce((share->>'content')::bigint, plans.content_position),
      content_at = CASE WHEN share->>'content' IS NULL THEN plans.content_at ELSE written_at END,
      summary = CASE WHEN summary_change IS NULL THEN plans.summary ELSE (plans.summary - ARRAY(SELECT jsonb_array_elements_text(summary_change->'removed')))
        || (summary_change->'set') || jsonb_build_object('disputed', coalesce(plans.summary->'disputed', '{}') || (summary_change->'disputed')) END
    WHERE plans.id = written;
    RETURN NEXT;
  END LOOP;
END $$;
