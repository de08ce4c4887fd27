/** SQL of how far somebody has looked at a plan. */
import type { Permit } from '../../shared/domain/access.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { Queryable } from '../ports.ts';

/** The position up to which the person has had the plan in sight, or undefined when they never had. */
export async function lookedUpTo(db: Queryable, { actor }: Permit<'read-draft'>, planId: PlanId): Promise<number | undefined> {
  const [row] = await db.query<{ position: number }>('SELECT position FROM last_looked WHERE person_id = $1 AND plan_id = $2', [actor.id, planId]);
  return row?.position;
}

/** Moves that position forward, never back and never past the plan's head. Answers where it is. */
export async function looked(db: Queryable, { actor }: Permit<'read-draft'>, planId: PlanId, position: number): Promise<number> {
  const [row] = await db.query<{ position: number }>(
    `INSERT INTO last_looked (person_id, plan_id, position) SELECT $1, id, least($3::bigint, position) FROM plans WHERE id = $2
     ON CONFLICT (person_id, plan_id) DO UPDATE SET position = greatest(last_looked.position, excluded.position), at = clock_timestamp()
     RETURNING position`,
    [actor.id, planId, position],
  );
  if (!row) throw new Error(`the plan ${planId} is gone`);
  return row.position;
}
