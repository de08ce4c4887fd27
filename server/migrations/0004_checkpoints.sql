-- The commit of live editing as one call; copies of sections, so that opening a long plan reads one copy and a short tail; and which fields
-- each row of the log touched.

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

/*
 * Makes changes true: rows, leases, summary, audit entries and head of several plans, each plan whole or not at all. One call, so that a commit
 * costs one journey and one flush, and holds a head only for that long. Answers the plans that were written.
 *
 * A plan is written when it still is what the decision was made on: nothing has happened to it (every happening moves audit_seq), its text,
 * its team and whether it is open are as they were, and the writers have the roles that were judged. Plans come in the order of their ids, and
 * one that somebody holds is passed over, so that commits never wait for each other in a circle.
 *
 * Arrays named of a plan have one place a plan. The others hold those of the first plan, then those of the second: *_to says where a plan's end.
 * An entry's text comes in the parts around the two things that only the database knows: the time, and the hash of the entry before.
 */
CREATE FUNCTION accord_append(
  plan_ids text[], positions bigint[], audit_seqs bigint[], opens boolean[], dieds boolean[], teams text[],
  to_positions bigint[], content_positions bigint[], sets text[], removeds text[], disputeds text[],
  lines_to integer[], line_positions bigint[], line_sections text[], line_bytes bytea[], line_spans text[], line_fields text[], line_authors text[],
  leases_to integer[], lease_sections text[], lease_clients bigint[], lease_people text[],
  entries_to integer[], entry_before_at text[], entry_before_prev text[], entry_rest text[],
  writers_to integer[], writer_people text[], writer_roles text[], writer_organisations text[]
) RETURNS TABLE (written text, written_audit_seq bigint, written_at timestamptz) LANGUAGE plpgsql AS $$
DECLARE
  head record;
  line_from integer := 1;
  lease_from integer := 1;
  entry_from integer := 1;
  writer_from integer := 1;
  moment timestamptz;
  spelled text;
  previous bytea;
  fits boolean;
BEGIN
  FOR i IN 1 .. cardinality(plan_ids) LOOP
    SELECT plans.audit_hash INTO head FROM plans
    WHERE plans.id = plan_ids[i] AND plans.position = positions[i] AND plans.audit_seq = audit_seqs[i]
      AND (plans.closed_at IS NULL) = opens[i] AND (coalesce(plans.summary->>'dateOfDeath', '') <> '') = dieds[i]
    FOR UPDATE SKIP LOCKED;
    fits := FOUND;
    IF fits THEN
      -- Asked after the lock: whoever changes the team holds the plan's row meanwhile.
      fits := coalesce((SELECT string_agg(care_team.organisation_id, ' ' ORDER BY care_team.organisation_id) FROM care_team
        WHERE care_team.plan_id = plan_ids[i] AND care_team.until IS NULL), '') = teams[i];
    END IF;
    FOR n IN writer_from .. writers_to[i] LOOP
      EXIT WHEN NOT fits;
      fits := EXISTS (SELECT FROM people WHERE people.id = writer_people[n] AND people.role = writer_roles[n] AND people.organisation_id = writer_organisations[n]);
    END LOOP;
    IF fits THEN
      moment := clock_timestamp();
      FOR n IN line_from .. lines_to[i] LOOP
        INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, fields, author_id, at)
        VALUES (plan_ids[i], line_positions[n], 'update', line_sections[n], line_bytes[n], line_spans[n]::jsonb, string_to_array(line_fields[n], ' '), line_authors[n], moment);
      END LOOP;
      FOR n IN lease_from .. leases_to[i] LOOP
        INSERT INTO client_leases (plan_id, section_id, client_id, person_id) VALUES (plan_ids[i], lease_sections[n], lease_clients[n], lease_people[n]);
      END LOOP;
      previous := head.audit_hash;
      FOR n IN entry_from .. entries_to[i] LOOP
        spelled := entry_before_at[n] || to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || entry_before_prev[n]
          || coalesce('"' || encode(previous, 'hex') || '"', 'null') || entry_rest[n];
        previous := sha256('\x00'::bytea || convert_to(spelled, 'UTF8'));
        INSERT INTO audit_entries (stream, seq, entry, hash) VALUES ('plan:' || plan_ids[i], audit_seqs[i] + n - entry_from + 1, spelled, previous);
      END LOOP;
      written := plan_ids[i];
      written_audit_seq := audit_seqs[i] + entries_to[i] - entry_from + 1;
      written_at := moment;
      UPDATE plans SET position = to_positions[i], content_position = coalesce(content_positions[i], plans.content_position),
        content_at = CASE WHEN content_positions[i] IS NULL THEN plans.content_at ELSE moment END,
        summary = CASE WHEN sets[i] IS NULL THEN plans.summary ELSE (plans.summary - ARRAY(SELECT jsonb_array_elements_text(removeds[i]::jsonb)))
          || sets[i]::jsonb || jsonb_build_object('disputed', coalesce(plans.summary->'disputed', '{}') || disputeds[i]::jsonb) END,
        audit_seq = written_audit_seq, audit_hash = previous
      WHERE plans.id = plan_ids[i];
      RETURN NEXT;
    END IF;
    line_from := lines_to[i] + 1;
    lease_from := leases_to[i] + 1;
    entry_from := entries_to[i] + 1;
    writer_from := writers_to[i] + 1;
  END LOOP;
END $$;
