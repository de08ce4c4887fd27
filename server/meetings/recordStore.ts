/** SQL of decisions and actions: what the meeting recorded, each beside the row that says the same in the plan. */
import type { ActionId, DecisionId, ItemId, MeetingId, PersonId, PlanId } from '../../shared/ids.ts';
import type { Queryable, Tx } from '../ports.ts';

export interface DecisionRow {
  readonly id: DecisionId;
  readonly itemId: ItemId;
  readonly planId: PlanId;
  readonly rowId: string;
  readonly text: string;
  readonly dissent: string | null;
  readonly rationale: string | null;
  readonly quorumMissing: readonly string[];
  readonly by: PersonId;
  readonly at: Date;
}
export interface ActionRow {
  readonly id: ActionId;
  readonly itemId: ItemId;
  readonly planId: PlanId;
  readonly rowId: string;
  readonly text: string;
  readonly ownerId: PersonId;
  readonly due: string;
  readonly priority: 'routine' | 'soon' | 'urgent';
  readonly status: 'open' | 'done';
  readonly doneAt: Date | null;
  readonly by: PersonId;
  readonly at: Date;
}

export async function decisionsOf(db: Queryable, meetingId: MeetingId): Promise<DecisionRow[]> {
  return db.query<DecisionRow>(
    `SELECT id, item_id AS "itemId", plan_id AS "planId", row_id AS "rowId", text, dissent, rationale, quorum_missing AS "quorumMissing", by, at
     FROM meeting_decisions WHERE meeting_id = $1 ORDER BY at, id`,
    [meetingId],
  );
}

export async function actionsOf(db: Queryable, meetingId: MeetingId): Promise<ActionRow[]> {
  return db.query<ActionRow>(
    `SELECT id, item_id AS "itemId", plan_id AS "planId", row_id AS "rowId", text, owner_id AS "ownerId", due, priority, status, done_at AS "doneAt", by, at
     FROM meeting_actions WHERE meeting_id = $1 ORDER BY at, id`,
    [meetingId],
  );
}

type New<Row> = Omit<Row, 'at' | 'status' | 'doneAt'> & { readonly meetingId: MeetingId; readonly once: string };

/** Adds a decision. Answers false when the same order was carried out before. */
export async function insertDecision(tx: Tx, row: New<DecisionRow>): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO meeting_decisions (id, meeting_id, item_id, plan_id, row_id, text, dissent, rationale, quorum_missing, by, once)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (meeting_id, by, once) DO NOTHING RETURNING id`,
    [row.id, row.meetingId, row.itemId, row.planId, row.rowId, row.text, row.dissent, row.rationale, row.quorumMissing, row.by, row.once],
  );
  return rows.length > 0;
}

/** Adds an action. Answers false when the same order was carried out before. */
export async function insertAction(tx: Tx, row: New<ActionRow>): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO meeting_actions (id, meeting_id, item_id, plan_id, row_id, text, owner_id, due, priority, by, once)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (meeting_id, by, once) DO NOTHING RETURNING id`,
    [row.id, row.meetingId, row.itemId, row.planId, row.rowId, row.text, row.ownerId, row.due, row.priority, row.by, row.once],
  );
  return rows.length > 0;
}

/** Was this order of this person carried out before, as a decision or as an action? */
export async function wasDone(db: Queryable, meetingId: MeetingId, by: PersonId, once: string): Promise<boolean> {
  const rows = await db.query(
    `SELECT 1 FROM meeting_decisions WHERE meeting_id = $1 AND by = $2 AND once = $3
     UNION ALL SELECT 1 FROM meeting_actions WHERE meeting_id = $1 AND by = $2 AND once = $3 LIMIT 1`,
    [meetingId, by, once],
  );
  return rows.length > 0;
}

export async function setActionDone(tx: Tx, id: ActionId, done: boolean): Promise<void> {
  await tx.query(
    `UPDATE meeting_actions SET status = CASE WHEN $2 THEN 'done' ELSE 'open' END, done_at = CASE WHEN $2 THEN clock_timestamp() END WHERE id = $1`,
    [id, done],
  );
}
