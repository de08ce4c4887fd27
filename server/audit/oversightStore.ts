/** SQL of the privacy officer's overview. */
import type { Queryable } from '../ports.ts';

/** Whose plan it is, and every organisation that was ever on its care team. */
export interface PlanSeen {
  readonly patient: { readonly familyName: string; readonly givenName: string };
  readonly team: readonly string[];
}

/** Texts of the entries that were sealed last, oldest first. */
export async function latestEntries(db: Queryable, count: number): Promise<string[]> {
  const rows = await db.query<{ entry: string }>(
    `SELECT audit_entries.entry FROM audit_leaves JOIN audit_entries USING (stream, seq)
     WHERE leaf >= (SELECT coalesce(max(leaf), 0) FROM audit_leaves) - $1::bigint ORDER BY leaf`,
    [count],
  );
  return rows.map(({ entry }) => entry);
}

export async function plansSeen(db: Queryable, ids: readonly string[]): Promise<Map<string, PlanSeen>> {
  const rows = await db.query<{ id: string; familyName: string; givenName: string; team: string[] }>(
    `SELECT id, coalesce(summary->>'familyName', '') AS "familyName", coalesce(summary->>'givenName', '') AS "givenName",
       ARRAY(SELECT DISTINCT organisation_id FROM care_team WHERE care_team.plan_id = plans.id) AS team
     FROM plans WHERE id = ANY ($1::text[])`,
    [ids],
  );
  return new Map(rows.map(({ id, team, ...patient }) => [id, { patient, team }]));
}

/** When each witness last co-signed. */
export async function witnessTimes(db: Queryable): Promise<Map<string, Date>> {
  const rows = await db.query<{ witness: string; at: Date }>('SELECT witness, max(at) AS at FROM audit_cosignatures GROUP BY witness');
  return new Map(rows.map(({ witness, at }) => [witness, at]));
}
