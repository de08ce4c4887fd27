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

-- What a copy was made of. One of a section that is withheld since is not to be opened any more; of copies from before nothing is known.
ALTER TABLE offline_copies ADD COLUMN sections text[] NOT NULL DEFAULT '{}';

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
