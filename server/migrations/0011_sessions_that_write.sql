-- Nothing is written any more in a session once its end, or its lock, stands: whatever its sockets have not heard yet.

/*
 * Makes changes true: rows, leases, summary, audit entries and head of several plans, each plan whole or not at all. One call, so that a commit
 * costs one journey and one flush, and holds a head only for that long. Answers the plans that were written.
 *
 * A plan is written when it still is what the decision was made on: nothing has happened to it (every happening moves audit_seq), its text,
 * its team and whether it is open are as they were, no relationship of anybody has begun or ended by the clock since it was read, and the writers
 * have the roles that were judged and write in sessions that neither ended nor were locked. Plans come in the order of their ids, and
 * one that somebody holds is passed over, so that commits never wait for each other in a circle.
 *
 * A share: {plan, position, auditSeq, open, died, team, holdUntilMs or null, to, content, summary: {set, removed, disputed} or null,
 * rows: [[position, section, base64, spans, fields, author]], leases: [[section, client, person]],
 * entries: [[before the time, between time and hash, after the hash of the entry before]], writers: [[person, role, organisation, senior clinician or not, session in hex or null]]}.
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
        AND people.senior_clinician = (item->>3)::boolean)
        AND (item->>4 IS NULL OR EXISTS (SELECT FROM sessions WHERE sessions.token_hash = decode(item->>4, 'hex') AND sessions.ended_at IS NULL
          AND sessions.locked_at IS NULL AND sessions.expires_at > clock_timestamp()));
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
