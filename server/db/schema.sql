-- What the migrations add up to. Generated from the catalog; a test compares the two.

CREATE TABLE access_heads (
  stream text NOT NULL,
  seq bigint NOT NULL,
  hash bytea,
  CONSTRAINT access_heads_pkey PRIMARY KEY (stream),
  CONSTRAINT access_heads_stream_check CHECK ((stream ~ '^access:[0-9a-z_-]+:([0-9]|1[0-5])$'::text))
);

CREATE TABLE accord_migrations (
  name text NOT NULL,
  sha256 text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT accord_migrations_pkey PRIMARY KEY (name)
);

CREATE TABLE audit_checkpoints (
  size bigint NOT NULL,
  root bytea NOT NULL,
  origin text NOT NULL,
  key_id text NOT NULL,
  note text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT audit_checkpoints_pkey PRIMARY KEY (size)
);

CREATE TABLE audit_cosignatures (
  size bigint NOT NULL,
  witness text NOT NULL,
  line text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT audit_cosignatures_pkey PRIMARY KEY (witness, size),
  CONSTRAINT audit_cosignatures_size_fkey FOREIGN KEY (size) REFERENCES audit_checkpoints(size)
);

CREATE TABLE audit_entries (
  stream text NOT NULL,
  seq bigint NOT NULL,
  entry text NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_entries_pkey PRIMARY KEY (stream, seq)
);

CREATE TABLE audit_leaves (
  leaf bigint NOT NULL,
  stream text NOT NULL,
  seq bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_leaves_stream_seq_key UNIQUE (stream, seq),
  CONSTRAINT audit_leaves_pkey PRIMARY KEY (leaf)
);

CREATE TABLE audit_nodes (
  level smallint NOT NULL,
  place bigint NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_nodes_pkey PRIMARY KEY (level, place)
);

CREATE TABLE audit_sealed (
  stream text NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT audit_sealed_pkey PRIMARY KEY (stream)
);

CREATE TABLE audit_walks (
  id bigint NOT NULL,
  kind text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  entries bigint NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL,
  breaks integer NOT NULL,
  found jsonb NOT NULL,
  CONSTRAINT audit_walks_pkey PRIMARY KEY (id),
  CONSTRAINT audit_walks_kind_check CHECK ((kind = ANY (ARRAY['whole'::text, 'increment'::text])))
);

CREATE TABLE break_glass (
  id text NOT NULL,
  plan_id text NOT NULL,
  person_id text NOT NULL,
  role text NOT NULL,
  organisation_id text NOT NULL,
  reason text NOT NULL,
  note text NOT NULL,
  began_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  until timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  concerned text[] NOT NULL,
  review_due timestamp with time zone NOT NULL,
  reviewed_at timestamp with time zone,
  reviewed_by text,
  outcome text,
  review_note text,
  CONSTRAINT break_glass_pkey PRIMARY KEY (id),
  CONSTRAINT break_glass_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  CONSTRAINT break_glass_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  CONSTRAINT break_glass_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT break_glass_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES people(id),
  CONSTRAINT break_glass_check CHECK ((((reviewed_at IS NULL) = (reviewed_by IS NULL)) AND ((reviewed_at IS NULL) = (outcome IS NULL))))
);

CREATE TABLE break_glass_lookups (
  person_id text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  found boolean NOT NULL,
  CONSTRAINT break_glass_lookups_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);

CREATE TABLE care_team (
  plan_id text NOT NULL,
  organisation_id text NOT NULL,
  relationship text NOT NULL,
  since timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  until timestamp with time zone,
  kind text NOT NULL DEFAULT 'other'::text,
  CONSTRAINT care_team_pkey PRIMARY KEY (plan_id, organisation_id, since),
  CONSTRAINT care_team_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  CONSTRAINT care_team_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT care_team_ends_after_it_begins CHECK (((until IS NULL) OR (until >= since))),
  CONSTRAINT care_team_kind_check CHECK ((kind = ANY (ARRAY['registered-practice'::text, 'caseload'::text, 'referral'::text, 'coordination'::text, 'care-home'::text, 'other'::text])))
);

CREATE TABLE client_leases (
  plan_id text NOT NULL,
  section_id text NOT NULL,
  client_id bigint NOT NULL,
  person_id text NOT NULL,
  CONSTRAINT client_leases_pkey PRIMARY KEY (plan_id, section_id, client_id),
  CONSTRAINT client_leases_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id)
);

CREATE TABLE idempotency_keys (
  person_id text NOT NULL,
  key text NOT NULL,
  request text NOT NULL,
  status integer NOT NULL,
  answer jsonb NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (person_id, key)
);

CREATE TABLE identity_corrections (
  plan_id text NOT NULL,
  position bigint NOT NULL,
  fields text[] NOT NULL,
  reason text NOT NULL,
  corrected_by text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT identity_corrections_pkey PRIMARY KEY (plan_id, "position"),
  CONSTRAINT identity_corrections_corrected_by_fkey FOREIGN KEY (corrected_by) REFERENCES people(id),
  CONSTRAINT identity_corrections_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id)
);

CREATE TABLE last_looked (
  person_id text NOT NULL,
  plan_id text NOT NULL,
  position bigint NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT last_looked_pkey PRIMARY KEY (person_id, plan_id),
  CONSTRAINT last_looked_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  CONSTRAINT last_looked_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id)
);

CREATE TABLE logout_tokens (
  token_hash bytea NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT logout_tokens_pkey PRIMARY KEY (token_hash)
);

CREATE TABLE meeting_actions (
  id text NOT NULL,
  meeting_id text NOT NULL,
  item_id text NOT NULL,
  plan_id text NOT NULL,
  row_id text NOT NULL,
  text text NOT NULL,
  owner_id text NOT NULL,
  due date NOT NULL,
  priority text NOT NULL,
  status text NOT NULL DEFAULT 'open'::text,
  done_at timestamp with time zone,
  by text NOT NULL,
  once text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT meeting_actions_meeting_id_by_once_key UNIQUE (meeting_id, by, once),
  CONSTRAINT meeting_actions_pkey PRIMARY KEY (id),
  CONSTRAINT meeting_actions_by_fkey FOREIGN KEY (by) REFERENCES people(id),
  CONSTRAINT meeting_actions_item_id_fkey FOREIGN KEY (item_id) REFERENCES meeting_items(id),
  CONSTRAINT meeting_actions_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings(id),
  CONSTRAINT meeting_actions_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES people(id),
  CONSTRAINT meeting_actions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT meeting_actions_check CHECK (((status = 'done'::text) = (done_at IS NOT NULL))),
  CONSTRAINT meeting_actions_priority_check CHECK ((priority = ANY (ARRAY['routine'::text, 'soon'::text, 'urgent'::text]))),
  CONSTRAINT meeting_actions_status_check CHECK ((status = ANY (ARRAY['open'::text, 'done'::text])))
);

CREATE TABLE meeting_connections (
  id text NOT NULL,
  meeting_id text NOT NULL,
  person_id text NOT NULL,
  node_id text NOT NULL,
  arrived_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  left_at timestamp with time zone,
  CONSTRAINT meeting_connections_pkey PRIMARY KEY (id),
  CONSTRAINT meeting_connections_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings(id),
  CONSTRAINT meeting_connections_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);

CREATE TABLE meeting_decisions (
  id text NOT NULL,
  meeting_id text NOT NULL,
  item_id text NOT NULL,
  plan_id text NOT NULL,
  row_id text NOT NULL,
  text text NOT NULL,
  dissent text,
  rationale text,
  quorum_missing text[] NOT NULL,
  by text NOT NULL,
  once text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT meeting_decisions_meeting_id_by_once_key UNIQUE (meeting_id, by, once),
  CONSTRAINT meeting_decisions_pkey PRIMARY KEY (id),
  CONSTRAINT meeting_decisions_by_fkey FOREIGN KEY (by) REFERENCES people(id),
  CONSTRAINT meeting_decisions_item_id_fkey FOREIGN KEY (item_id) REFERENCES meeting_items(id),
  CONSTRAINT meeting_decisions_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings(id),
  CONSTRAINT meeting_decisions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id)
);

CREATE TABLE meeting_items (
  id text NOT NULL,
  meeting_id text NOT NULL,
  plan_id text NOT NULL,
  agenda_group text NOT NULL,
  agenda_order integer NOT NULL,
  status text NOT NULL DEFAULT 'waiting'::text,
  deferred_because text,
  noted_at timestamp with time zone,
  CONSTRAINT meeting_items_meeting_id_plan_id_key UNIQUE (meeting_id, plan_id),
  CONSTRAINT meeting_items_pkey PRIMARY KEY (id),
  CONSTRAINT meeting_items_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings(id),
  CONSTRAINT meeting_items_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT meeting_items_agenda_group_check CHECK ((agenda_group = ANY (ARRAY['death'::text, 'red'::text, 'yellow'::text, 'new'::text, 'rest'::text]))),
  CONSTRAINT meeting_items_check CHECK (((status = 'deferred'::text) = (deferred_because IS NOT NULL))),
  CONSTRAINT meeting_items_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'now'::text, 'done'::text, 'deferred'::text])))
);

CREATE TABLE meeting_log (
  meeting_id text NOT NULL,
  revision bigint NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  person_id text NOT NULL,
  event text NOT NULL,
  about text,
  CONSTRAINT meeting_log_pkey PRIMARY KEY (meeting_id, revision),
  CONSTRAINT meeting_log_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings(id),
  CONSTRAINT meeting_log_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);

CREATE TABLE meeting_people (
  meeting_id text NOT NULL,
  person_id text NOT NULL,
  invited boolean NOT NULL DEFAULT false,
  apologies boolean NOT NULL DEFAULT false,
  hand_raised_at timestamp with time zone,
  CONSTRAINT meeting_people_pkey PRIMARY KEY (meeting_id, person_id),
  CONSTRAINT meeting_people_meeting_id_fkey FOREIGN KEY (meeting_id) REFERENCES meetings(id),
  CONSTRAINT meeting_people_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);

CREATE TABLE meeting_visits (
  item_id text NOT NULL,
  opened_at timestamp with time zone NOT NULL,
  position_from bigint NOT NULL,
  closed_at timestamp with time zone,
  position_to bigint,
  CONSTRAINT meeting_visits_pkey PRIMARY KEY (item_id, opened_at),
  CONSTRAINT meeting_visits_item_id_fkey FOREIGN KEY (item_id) REFERENCES meeting_items(id),
  CONSTRAINT meeting_visits_check CHECK (((closed_at IS NULL) = (position_to IS NULL)))
);

CREATE TABLE meetings (
  id text NOT NULL,
  title text NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  status text NOT NULL DEFAULT 'planned'::text,
  chair_id text NOT NULL,
  created_by text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  current_item_id text,
  revision bigint NOT NULL DEFAULT 1,
  CONSTRAINT meetings_pkey PRIMARY KEY (id),
  CONSTRAINT meetings_chair_id_fkey FOREIGN KEY (chair_id) REFERENCES people(id),
  CONSTRAINT meetings_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(id),
  CONSTRAINT meetings_current_item FOREIGN KEY (current_item_id) REFERENCES meeting_items(id),
  CONSTRAINT meetings_check CHECK (((status = 'planned'::text) = (started_at IS NULL))),
  CONSTRAINT meetings_check1 CHECK (((status = 'ended'::text) = (ended_at IS NOT NULL))),
  CONSTRAINT meetings_check2 CHECK (((current_item_id IS NULL) OR (status = 'running'::text))),
  CONSTRAINT meetings_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'running'::text, 'ended'::text])))
);

CREATE TABLE offline_copies (
  id text NOT NULL,
  plan_id text NOT NULL,
  person_id text NOT NULL,
  session_hash bytea NOT NULL,
  secret bytea,
  position bigint NOT NULL,
  taken_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  until timestamp with time zone NOT NULL,
  returned_at timestamp with time zone,
  sections text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT offline_copies_pkey PRIMARY KEY (id),
  CONSTRAINT offline_copies_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  CONSTRAINT offline_copies_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT offline_copies_session_hash_fkey FOREIGN KEY (session_hash) REFERENCES sessions(token_hash),
  CONSTRAINT offline_copies_check CHECK (((returned_at IS NULL) OR (secret IS NULL)))
);

CREATE TABLE organisations (
  id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  ods_code text,
  CONSTRAINT organisations_ods_code_key UNIQUE (ods_code),
  CONSTRAINT organisations_pkey PRIMARY KEY (id)
);

CREATE TABLE people (
  id text NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  job_title text NOT NULL,
  organisation_id text NOT NULL,
  senior_clinician boolean NOT NULL DEFAULT false,
  registration text,
  simulated boolean NOT NULL DEFAULT false,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  name_erased_at timestamp with time zone,
  CONSTRAINT people_pkey PRIMARY KEY (id),
  CONSTRAINT people_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id)
);

CREATE TABLE plan_log (
  plan_id text NOT NULL,
  position bigint NOT NULL,
  kind text NOT NULL,
  section_id text,
  bytes bytea,
  spans jsonb,
  author_id text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  fields text[] NOT NULL DEFAULT '{}'::text[],
  CONSTRAINT plan_log_pkey PRIMARY KEY (plan_id, "position"),
  CONSTRAINT plan_log_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT plan_log_check CHECK (((kind = 'update'::text) = ((section_id IS NOT NULL) AND (bytes IS NOT NULL) AND (spans IS NOT NULL)))),
  CONSTRAINT plan_log_kind_check CHECK ((kind = ANY (ARRAY['update'::text, 'signed'::text])))
);

CREATE TABLE plan_people (
  id text NOT NULL,
  plan_id text NOT NULL,
  person_id text NOT NULL,
  kind text NOT NULL,
  relationship text NOT NULL,
  source text,
  since timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  until timestamp with time zone,
  given_by text NOT NULL,
  CONSTRAINT plan_people_pkey PRIMARY KEY (id),
  CONSTRAINT plan_people_given_by_fkey FOREIGN KEY (given_by) REFERENCES people(id),
  CONSTRAINT plan_people_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  CONSTRAINT plan_people_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT plan_people_check CHECK (((until IS NULL) OR (until >= since))),
  CONSTRAINT plan_people_check1 CHECK (((kind = ANY (ARRAY['member'::text, 'own'::text])) OR (until IS NOT NULL))),
  CONSTRAINT plan_people_kind_check CHECK ((kind = ANY (ARRAY['member'::text, 'meeting'::text, 'own'::text, 'inspection'::text, 'break-glass'::text])))
);

CREATE TABLE plans (
  id text NOT NULL,
  nhs_number text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  created_by text NOT NULL,
  closed_at timestamp with time zone,
  position bigint NOT NULL DEFAULT 0,
  content_position bigint NOT NULL DEFAULT 0,
  content_at timestamp with time zone,
  audit_seq bigint NOT NULL DEFAULT 0,
  audit_hash bytea,
  summary jsonb NOT NULL DEFAULT '{}'::jsonb,
  begun_in text,
  signed_sharing jsonb,
  salt bytea NOT NULL DEFAULT (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
  CONSTRAINT plans_pkey PRIMARY KEY (id),
  CONSTRAINT plans_begun_in_fkey FOREIGN KEY (begun_in) REFERENCES organisations(id),
  CONSTRAINT plans_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(id)
);

CREATE TABLE provider_identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  person_id text NOT NULL,
  since timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT provider_identities_pkey PRIMARY KEY (issuer, subject),
  CONSTRAINT provider_identities_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)
);

CREATE TABLE readiness (
  only_row boolean NOT NULL DEFAULT true,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT readiness_pkey PRIMARY KEY (only_row),
  CONSTRAINT readiness_only_row_check CHECK (only_row)
);

CREATE TABLE retired_keys (
  key_id text NOT NULL,
  stream text NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT retired_keys_pkey PRIMARY KEY (key_id)
);

CREATE TABLE section_checkpoints (
  plan_id text NOT NULL,
  section_id text NOT NULL,
  position bigint NOT NULL,
  bytes bytea NOT NULL,
  hash bytea NOT NULL,
  made_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  state_vector bytea NOT NULL,
  CONSTRAINT section_checkpoints_pkey PRIMARY KEY (plan_id, section_id),
  CONSTRAINT section_checkpoints_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id)
);

CREATE TABLE sessions (
  token_hash bytea NOT NULL,
  person_id text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  id text NOT NULL DEFAULT ('session_'::text || replace((gen_random_uuid())::text, '-'::text, ''::text)),
  method text NOT NULL DEFAULT 'demo'::text,
  active_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  locked_at timestamp with time zone,
  authenticated_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  role text,
  organisation_id text,
  held_roles jsonb NOT NULL DEFAULT '[]'::jsonb,
  issuer text,
  provider_session text,
  id_token text,
  agent text NOT NULL DEFAULT ''::text,
  CONSTRAINT sessions_id_key UNIQUE (id),
  CONSTRAINT sessions_pkey PRIMARY KEY (token_hash),
  CONSTRAINT sessions_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  CONSTRAINT sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id),
  CONSTRAINT sessions_method_check CHECK ((method = ANY (ARRAY['demo'::text, 'provider'::text])))
);

CREATE TABLE sign_in_failures (
  subject bytea NOT NULL,
  failures integer NOT NULL,
  last_at timestamp with time zone NOT NULL,
  CONSTRAINT sign_in_failures_pkey PRIMARY KEY (subject)
);

CREATE TABLE sign_ins (
  state_hash bytea NOT NULL,
  browser_hash bytea NOT NULL,
  address_hash bytea NOT NULL,
  purpose text NOT NULL,
  session_hash bytea,
  nonce text NOT NULL,
  verifier text NOT NULL,
  back text NOT NULL,
  started_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  returned_at timestamp with time zone,
  found jsonb,
  CONSTRAINT sign_ins_pkey PRIMARY KEY (state_hash),
  CONSTRAINT sign_ins_session_hash_fkey FOREIGN KEY (session_hash) REFERENCES sessions(token_hash),
  CONSTRAINT sign_ins_purpose_check CHECK ((purpose = ANY (ARRAY['sign-in'::text, 'unlock'::text, 'fresh'::text])))
);

CREATE TABLE signing_keys (
  key_id text NOT NULL,
  public_key text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT signing_keys_pkey PRIMARY KEY (key_id)
);

CREATE TABLE versions (
  plan_id text NOT NULL,
  number integer NOT NULL,
  position bigint NOT NULL,
  content text NOT NULL,
  content_hash text NOT NULL,
  previous_hash text,
  statement text NOT NULL,
  signature text NOT NULL,
  key_id text NOT NULL,
  signed_by text NOT NULL,
  signed_at timestamp with time zone NOT NULL,
  CONSTRAINT versions_plan_id_position_key UNIQUE (plan_id, "position"),
  CONSTRAINT versions_pkey PRIMARY KEY (plan_id, number),
  CONSTRAINT versions_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES plans(id),
  CONSTRAINT versions_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES people(id)
);

CREATE TABLE witness_cosigned (
  origin text NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL,
  note text NOT NULL,
  at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT witness_cosigned_pkey PRIMARY KEY (origin, size)
);

CREATE INDEX audit_cosignatures_of_size ON public.audit_cosignatures USING btree (size);

CREATE INDEX audit_entries_retirements ON public.audit_entries USING btree ("substring"(entry, '"key":"([^"]*)"'::text)) WHERE (strpos(entry, '"action":"retire-key"'::text) > 0);

CREATE INDEX audit_entries_signings ON public.audit_entries USING btree (stream, seq) WHERE (strpos(entry, '"action":"sign-version"'::text) > 0);

CREATE INDEX break_glass_concerning ON public.break_glass USING gin (concerned);

CREATE INDEX break_glass_lookups_of_person ON public.break_glass_lookups USING btree (person_id, at);

CREATE INDEX break_glass_of_person ON public.break_glass USING btree (person_id, plan_id);

CREATE INDEX care_team_of_organisation ON public.care_team USING btree (organisation_id);

CREATE INDEX meeting_connections_of_meeting ON public.meeting_connections USING btree (meeting_id);

CREATE INDEX meeting_connections_open ON public.meeting_connections USING btree (seen_at) WHERE (left_at IS NULL);

CREATE INDEX meeting_items_of_plan ON public.meeting_items USING btree (plan_id);

CREATE UNIQUE INDEX meeting_items_one_now ON public.meeting_items USING btree (meeting_id) WHERE (status = 'now'::text);

CREATE UNIQUE INDEX meeting_visits_one_open ON public.meeting_visits USING btree (item_id) WHERE (closed_at IS NULL);

CREATE INDEX meetings_in_time ON public.meetings USING btree (starts_at DESC, id);

CREATE INDEX offline_copies_of_person ON public.offline_copies USING btree (person_id) WHERE (secret IS NOT NULL);

CREATE INDEX plan_log_of_section ON public.plan_log USING btree (plan_id, section_id, "position");

CREATE INDEX plan_people_of_person ON public.plan_people USING btree (person_id);

CREATE INDEX plan_people_of_plan ON public.plan_people USING btree (plan_id);

CREATE INDEX plan_people_of_source ON public.plan_people USING btree (source) WHERE (source IS NOT NULL);

CREATE UNIQUE INDEX plans_one_open_per_person ON public.plans USING btree (nhs_number) WHERE (closed_at IS NULL);

CREATE INDEX provider_identities_of_person ON public.provider_identities USING btree (person_id);

CREATE INDEX sessions_of_person ON public.sessions USING btree (person_id) WHERE (ended_at IS NULL);

CREATE INDEX sessions_of_provider ON public.sessions USING btree (provider_session) WHERE ((ended_at IS NULL) AND (provider_session IS NOT NULL));

CREATE INDEX sign_ins_of_address ON public.sign_ins USING btree (address_hash, started_at);

CREATE INDEX sign_ins_of_browser ON public.sign_ins USING btree (browser_hash) WHERE (found IS NOT NULL);

CREATE OR REPLACE FUNCTION public.accord_append(shares jsonb)
 RETURNS TABLE(written text, written_audit_seq bigint, written_at timestamp with time zone)
 LANGUAGE plpgsql
AS $function$
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
END $function$;

CREATE OR REPLACE FUNCTION public.accord_never_changes()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $function$;

CREATE OR REPLACE FUNCTION public.accord_readable_plan(part text)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  SELECT current_setting('accord.plan', true) WHERE
    (part = 'signed' AND current_setting('accord.role', true) = 'urgent-care')
    OR (current_setting('accord.role', true) IN ('gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator') AND EXISTS (
      SELECT FROM care_team WHERE plan_id = current_setting('accord.plan', true) AND organisation_id = current_setting('accord.organisation', true)
        AND since <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp())))
    OR EXISTS (
      SELECT FROM plan_people WHERE plan_id = current_setting('accord.plan', true) AND person_id = current_setting('accord.person', true)
        AND (part = 'signed' OR kind IN ('member', 'meeting', 'break-glass'))
        AND since <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp()))
$function$;

CREATE OR REPLACE FUNCTION public.accord_record_access(entries jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
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
END $function$;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.audit_checkpoints FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_checkpoints ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.audit_cosignatures FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_cosignatures ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.audit_cosignatures FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_cosignatures ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.audit_leaves FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_leaves ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.audit_leaves FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_leaves ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.audit_nodes FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_nodes ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.audit_nodes FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_nodes ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.audit_walks FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_walks ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.audit_walks FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE audit_walks ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.break_glass_lookups FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE break_glass_lookups ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.break_glass_lookups FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE break_glass_lookups ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.client_leases FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE client_leases ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.client_leases FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE client_leases ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.identity_corrections FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE identity_corrections ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.identity_corrections FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE identity_corrections ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.meeting_decisions FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE meeting_decisions ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.meeting_decisions FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE meeting_decisions ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.meeting_log FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE meeting_log ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.meeting_log FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE meeting_log ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.plan_log FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE plan_log ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.plan_log FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE plan_log ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.retired_keys FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE retired_keys ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.retired_keys FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE retired_keys ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.signing_keys FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE signing_keys ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.signing_keys FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE signing_keys ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.versions FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE versions ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.versions FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE versions ENABLE ALWAYS TRIGGER never_emptied;

CREATE TRIGGER never_changes BEFORE DELETE OR UPDATE ON public.witness_cosigned FOR EACH ROW EXECUTE FUNCTION accord_never_changes();
ALTER TABLE witness_cosigned ENABLE ALWAYS TRIGGER never_changes;

CREATE TRIGGER never_emptied BEFORE TRUNCATE ON public.witness_cosigned FOR EACH STATEMENT EXECUTE FUNCTION accord_never_changes();
ALTER TABLE witness_cosigned ENABLE ALWAYS TRIGGER never_emptied;

ALTER TABLE plan_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE plans ENABLE ROW LEVEL SECURITY;

ALTER TABLE versions ENABLE ROW LEVEL SECURITY;

CREATE POLICY the_reader ON plan_log FOR SELECT TO accord_reader USING ((plan_id = ( SELECT accord_readable_plan('draft'::text) AS accord_readable_plan)));

CREATE POLICY the_service ON plan_log FOR ALL TO accord_service USING (true) WITH CHECK (true);

CREATE POLICY the_reader ON plans FOR SELECT TO accord_reader USING ((id = ( SELECT accord_readable_plan('signed'::text) AS accord_readable_plan)));

CREATE POLICY the_service ON plans FOR ALL TO accord_service USING (true) WITH CHECK (true);

CREATE POLICY the_reader ON versions FOR SELECT TO accord_reader USING ((plan_id = ( SELECT accord_readable_plan('signed'::text) AS accord_readable_plan)));

CREATE POLICY the_service ON versions FOR ALL TO accord_service USING (true) WITH CHECK (true);

GRANT SELECT ON access_heads TO accord_service;

GRANT SELECT ON accord_migrations TO accord_service;

GRANT INSERT, SELECT ON audit_checkpoints TO accord_service;

GRANT INSERT, SELECT ON audit_cosignatures TO accord_service;

GRANT INSERT, SELECT ON audit_entries TO accord_service;

GRANT INSERT, SELECT ON audit_leaves TO accord_service;

GRANT INSERT, SELECT ON audit_nodes TO accord_service;

GRANT INSERT, SELECT, UPDATE ON audit_sealed TO accord_service;

GRANT INSERT, SELECT ON audit_walks TO accord_service;

GRANT INSERT, SELECT, UPDATE ON break_glass TO accord_service;

GRANT INSERT, SELECT ON break_glass_lookups TO accord_service;

GRANT INSERT, SELECT, UPDATE ON care_team TO accord_service;

GRANT INSERT, SELECT ON client_leases TO accord_service;

GRANT DELETE, INSERT, SELECT, UPDATE ON idempotency_keys TO accord_service;

GRANT INSERT, SELECT ON identity_corrections TO accord_service;

GRANT INSERT, SELECT, UPDATE ON last_looked TO accord_service;

GRANT DELETE, INSERT, SELECT ON logout_tokens TO accord_service;

GRANT INSERT, SELECT, UPDATE ON meeting_actions TO accord_service;

GRANT INSERT, SELECT, UPDATE ON meeting_connections TO accord_service;

GRANT INSERT, SELECT ON meeting_decisions TO accord_service;

GRANT INSERT, SELECT, UPDATE ON meeting_items TO accord_service;

GRANT INSERT, SELECT ON meeting_log TO accord_service;

GRANT INSERT, SELECT, UPDATE ON meeting_people TO accord_service;

GRANT INSERT, SELECT, UPDATE ON meeting_visits TO accord_service;

GRANT INSERT, SELECT, UPDATE ON meetings TO accord_service;

GRANT INSERT, SELECT, UPDATE ON offline_copies TO accord_service;

GRANT INSERT, SELECT, UPDATE ON organisations TO accord_service;

GRANT INSERT, SELECT, UPDATE ON people TO accord_service;

GRANT INSERT, SELECT ON plan_log TO accord_service;

GRANT INSERT, SELECT, UPDATE ON plan_people TO accord_service;

GRANT INSERT, SELECT, UPDATE ON plans TO accord_service;

GRANT INSERT, SELECT ON provider_identities TO accord_service;

GRANT SELECT, UPDATE ON readiness TO accord_service;

GRANT INSERT, SELECT ON retired_keys TO accord_service;

GRANT INSERT, SELECT, UPDATE ON section_checkpoints TO accord_service;

GRANT INSERT, SELECT, UPDATE ON sessions TO accord_service;

GRANT DELETE, INSERT, SELECT, UPDATE ON sign_in_failures TO accord_service;

GRANT DELETE, INSERT, SELECT, UPDATE ON sign_ins TO accord_service;

GRANT INSERT, SELECT ON signing_keys TO accord_service;

GRANT INSERT, SELECT ON versions TO accord_service;

GRANT INSERT, SELECT ON witness_cosigned TO accord_service;

GRANT SELECT (id, name, role) ON people TO accord_reader;

GRANT SELECT ON plan_log TO accord_reader;

GRANT SELECT (id, position, salt) ON plans TO accord_reader;

GRANT SELECT ON versions TO accord_reader;
