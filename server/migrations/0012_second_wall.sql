-- A second wall behind the service's own decision: what a plan says is read for a person in a role that the database itself narrows to one plan,
-- and only while that person or their organisation stands in a relationship to it. Coarser than the decision, and independent of it.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'accord_reader') THEN
    CREATE ROLE accord_reader NOLOGIN;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of the same server made it at this moment
END $$;

/*
 * The plan that is being read (accord.plan) when whoever reads it (accord.person, in accord.role for accord.organisation) may be shown its draft,
 * or what was signed of it; null otherwise, and where nobody said who reads. The settings are those of one transaction.
 */
CREATE FUNCTION accord_readable_plan(part text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT current_setting('accord.plan', true) WHERE
    (part = 'signed' AND current_setting('accord.role', true) = 'urgent-care')
    OR (current_setting('accord.role', true) IN ('gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator') AND EXISTS (
      SELECT FROM care_team WHERE plan_id = current_setting('accord.plan', true) AND organisation_id = current_setting('accord.organisation', true)
        AND since <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp())))
    OR EXISTS (
      SELECT FROM plan_people WHERE plan_id = current_setting('accord.plan', true) AND person_id = current_setting('accord.person', true)
        AND (part = 'signed' OR kind IN ('member', 'meeting', 'break-glass'))
        AND since <= statement_timestamp() AND (until IS NULL OR until > statement_timestamp()))
$$;
REVOKE ALL ON FUNCTION accord_readable_plan(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accord_readable_plan(text) TO accord_reader;

-- The service itself serves everybody at once: it commits, seals, walks and keeps open documents of every plan.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['plans', 'plan_log', 'versions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY the_service ON %I TO accord_service USING (true) WITH CHECK (true)', name);
  END LOOP;
END $$;
-- Asked once a statement, not once a row.
CREATE POLICY the_reader ON plans FOR SELECT TO accord_reader USING (id = (SELECT accord_readable_plan('signed')));
CREATE POLICY the_reader ON versions FOR SELECT TO accord_reader USING (plan_id = (SELECT accord_readable_plan('signed')));
CREATE POLICY the_reader ON plan_log FOR SELECT TO accord_reader USING (plan_id = (SELECT accord_readable_plan('draft')));

GRANT SELECT ON plan_log, versions TO accord_reader;
GRANT SELECT (id, position) ON plans TO accord_reader;
-- Who wrote what.
GRANT SELECT (id, name, role) ON people TO accord_reader;
