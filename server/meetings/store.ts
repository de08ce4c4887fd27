/** SQL of meetings and their agendas. Every change of a meeting holds its row, so that revisions are dense and steps never cross. */
import type { ItemId, MeetingId, OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import type { AgendaGroup } from '../../shared/domain/meetingAgenda.ts';
import type { ItemStatus, MeetingStatus, Transition } from '../../shared/domain/meeting.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import { factColumns, holdsNow, toFacts, type FactRow } from '../plans/facts.ts';
import type { Queryable, Tx } from '../ports.ts';

export interface MeetingRow {
  readonly id: MeetingId;
  readonly title: string;
  readonly startsAt: Date;
  readonly status: MeetingStatus;
  readonly chairId: PersonId;
  readonly createdBy: PersonId;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly currentItemId: ItemId | null;
  readonly revision: number;
  /** The database's clock, so that every node counts time alike. */
  readonly now: Date;
}
const meetingColumns = `id, title, starts_at AS "startsAt", status, chair_id AS "chairId", created_by AS "createdBy", started_at AS "startedAt", ended_at AS "endedAt",
  current_item_id AS "currentItemId", revision, clock_timestamp() AS now`;

export async function findMeeting(db: Queryable, id: MeetingId): Promise<MeetingRow | undefined> {
  const [row] = await db.query<MeetingRow>(`SELECT ${meetingColumns} FROM meetings WHERE id = $1`, [id]);
  return row;
}

/** The same, held until the transaction ends. */
export async function lockMeeting(tx: Tx, id: MeetingId): Promise<MeetingRow | undefined> {
  const [row] = await tx.query<MeetingRow>(`SELECT ${meetingColumns} FROM meetings WHERE id = $1 FOR UPDATE`, [id]);
  return row;
}

export interface ItemRow {
  readonly id: ItemId;
  readonly planId: PlanId;
  readonly group: AgendaGroup;
  readonly order: number;
  readonly status: ItemStatus;
  readonly deferredBecause: string | null;
  readonly spentMs: number;
  readonly openedAt: Date | null;
  readonly nhsNumber: string;
  readonly summary: Readonly<Record<string, unknown>>;
  /** What of the plan decides who may see it. */
  readonly plan: PlanFacts;
}

type Raw<Row extends { readonly plan: PlanFacts }> = Omit<Row, 'id' | 'plan'> & FactRow;

/** The agenda in order, with what of each plan decides who may see it. */
export async function itemsOfMeeting(db: Queryable, id: MeetingId): Promise<ItemRow[]> {
  const rows = await db.query<Raw<ItemRow> & { readonly itemId: ItemId }>(
    `SELECT item.id AS "itemId", item.plan_id AS "planId", item.agenda_group AS "group", item.agenda_order AS "order", item.status, item.deferred_because AS "deferredBecause",
            visits.spent AS "spentMs", visits.opened AS "openedAt", plans.nhs_number AS "nhsNumber", plans.summary, ${factColumns}
     FROM meeting_items AS item JOIN plans ON plans.id = item.plan_id
     CROSS JOIN LATERAL (
       SELECT coalesce(sum(extract(epoch FROM closed_at - opened_at) * 1000), 0)::float8 AS spent, max(opened_at) FILTER (WHERE closed_at IS NULL) AS opened
       FROM meeting_visits WHERE item_id = item.id
     ) AS visits
     WHERE item.meeting_id = $1 ORDER BY item.agenda_order`,
    [id],
  );
  return rows.map((row) => ({ ...row, id: row.itemId, plan: toFacts(row) }));
}

export interface ListedMeeting extends MeetingRow {
  readonly invited: readonly PersonId[];
}

/** Meetings that concern this organisation or this person, newest first. */
export async function meetingsNear(db: Queryable, person: { id: PersonId; organisationId: OrganisationId }, count: number): Promise<ListedMeeting[]> {
  return db.query<ListedMeeting>(
    `SELECT ${meetingColumns}, (SELECT coalesce(array_agg(person_id), '{}') FROM meeting_people WHERE meeting_id = meetings.id AND invited) AS invited
     FROM meetings
     WHERE chair_id = $1 OR created_by = $1
        OR EXISTS (SELECT FROM meeting_people WHERE meeting_id = meetings.id AND person_id = $1 AND invited)
        OR EXISTS (SELECT FROM meeting_items JOIN care_team ON care_team.plan_id = meeting_items.plan_id AND ${holdsNow('care_team')}
                   WHERE meeting_items.meeting_id = meetings.id AND care_team.organisation_id = $2)
     ORDER BY (status = 'ended'), CASE WHEN status = 'ended' THEN NULL ELSE starts_at END, starts_at DESC, id LIMIT $3`,
    [person.id, person.organisationId, count],
  );
}

/** Of several meetings, the plans on their agendas. */
export async function plansOfMeetings(db: Queryable, ids: readonly MeetingId[]): Promise<{ meetingId: MeetingId; plan: PlanFacts }[]> {
  const rows = await db.query<FactRow & { readonly meetingId: MeetingId }>(
    `SELECT item.meeting_id AS "meetingId", ${factColumns} FROM meeting_items AS item JOIN plans ON plans.id = item.plan_id WHERE item.meeting_id = ANY($1)`,
    [ids],
  );
  return rows.map((row) => ({ meetingId: row.meetingId, plan: toFacts(row) }));
}

export interface PlanForAgenda {
  readonly id: PlanId;
  readonly plan: PlanFacts;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly isNew: boolean;
}

/** What decides a plan's place on an agenda and who may put it there. */
export async function plansForAgenda(db: Queryable, ids: readonly string[]): Promise<PlanForAgenda[]> {
  const rows = await db.query<Raw<PlanForAgenda>>(
    `SELECT ${factColumns}, summary, NOT EXISTS (SELECT FROM versions WHERE versions.plan_id = plans.id) AS "isNew" FROM plans WHERE id = ANY($1)`,
    [ids],
  );
  return rows.map(({ summary, isNew, ...facts }) => ({ id: facts.id, plan: toFacts(facts), summary, isNew }));
}

export async function insertMeeting(tx: Tx, meeting: { id: MeetingId; title: string; startsAt: string; chairId: PersonId; createdBy: PersonId }): Promise<void> {
  await tx.query('INSERT INTO meetings (id, title, starts_at, chair_id, created_by) VALUES ($1, $2, $3, $4, $5)', [meeting.id, meeting.title, meeting.startsAt, meeting.chairId, meeting.createdBy]);
}

export async function insertItems(tx: Tx, meetingId: MeetingId, items: readonly { id: ItemId; planId: PlanId; group: AgendaGroup }[]): Promise<void> {
  await tx.query(
    `INSERT INTO meeting_items (id, meeting_id, plan_id, agenda_group, agenda_order)
     SELECT item.id, $1, item.plan_id, item.agenda_group, item.ordinality FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS item (id, plan_id, agenda_group, ordinality)`,
    [meetingId, items.map(({ id }) => id), items.map(({ planId }) => planId), items.map(({ group }) => group)],
  );
}

/** Puts the agenda into the order of `itemIds`, each with its group of today. */
export async function reorderItems(tx: Tx, meetingId: MeetingId, items: readonly { id: ItemId; group: AgendaGroup }[]): Promise<void> {
  await tx.query(
    `UPDATE meeting_items SET agenda_group = wanted.agenda_group, agenda_order = wanted.ordinality
     FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS wanted (id, agenda_group, ordinality) WHERE meeting_items.id = wanted.id AND meeting_id = $1`,
    [meetingId, items.map(({ id }) => id), items.map(({ group }) => group)],
  );
}

/** Counts one change and says who made it. Answers the new revision. */
export async function recordEvent(tx: Tx, meetingId: MeetingId, event: { by: PersonId; event: string; about?: string | undefined }): Promise<number> {
  const [row] = await tx.query<{ revision: number }>(
    `WITH moved AS (UPDATE meetings SET revision = revision + 1 WHERE id = $1 RETURNING revision)
     INSERT INTO meeting_log (meeting_id, revision, person_id, event, about) SELECT $1, revision, $2, $3, $4 FROM moved RETURNING revision`,
    [meetingId, event.by, event.event, event.about ?? null],
  );
  if (!row) throw new Error(`no meeting ${meetingId}`);
  return row.revision;
}

/** Writes what a step changes. Items leave `now` before another takes it: only one can be there. */
export async function applyTransition(tx: Tx, meetingId: MeetingId, transition: Transition): Promise<void> {
  if (transition.closes) await closeVisit(tx, transition.closes);
  for (const item of transition.items) await setItem(tx, item);
  if (transition.opens) await openVisit(tx, transition.opens);
  await setMeeting(tx, meetingId, transition);
}

async function setItem(tx: Tx, item: Transition['items'][number]): Promise<void> {
  await tx.query('UPDATE meeting_items SET status = $2, deferred_because = $3 WHERE id = $1', [item.id, item.status, item.deferredBecause ?? null]);
}

async function setMeeting(tx: Tx, id: MeetingId, { status, chairId, currentItemId }: Transition): Promise<void> {
  await tx.query(
    `UPDATE meetings SET status = coalesce($2, status), chair_id = coalesce($3, chair_id), current_item_id = CASE WHEN $4 THEN $5 ELSE current_item_id END,
       started_at = CASE WHEN $2 = 'running' THEN coalesce(started_at, clock_timestamp()) ELSE started_at END,
       ended_at = CASE WHEN $2 = 'ended' THEN clock_timestamp() ELSE ended_at END
     WHERE id = $1`,
    [id, status ?? null, chairId ?? null, currentItemId !== undefined, currentItemId ?? null],
  );
}

/** Time begins to count; the plan's position is where its changes begin. */
async function openVisit(tx: Tx, itemId: ItemId): Promise<void> {
  await tx.query(
    `INSERT INTO meeting_visits (item_id, opened_at, position_from)
     SELECT item.id, clock_timestamp(), plans.position FROM meeting_items AS item JOIN plans ON plans.id = item.plan_id WHERE item.id = $1`,
    [itemId],
  );
}

async function closeVisit(tx: Tx, itemId: ItemId): Promise<void> {
  await tx.query(
    `UPDATE meeting_visits SET closed_at = clock_timestamp(), position_to = plans.position
     FROM meeting_items AS item JOIN plans ON plans.id = item.plan_id WHERE meeting_visits.item_id = item.id AND item.id = $1 AND meeting_visits.closed_at IS NULL`,
    [itemId],
  );
}

export interface VisitRow {
  readonly itemId: ItemId;
  readonly positionFrom: number;
  readonly positionTo: number | null;
}
export async function visitsOfMeeting(db: Queryable, id: MeetingId): Promise<VisitRow[]> {
  return db.query<VisitRow>(
    `SELECT item_id AS "itemId", position_from AS "positionFrom", position_to AS "positionTo"
     FROM meeting_visits WHERE item_id IN (SELECT id FROM meeting_items WHERE meeting_id = $1) ORDER BY opened_at`,
    [id],
  );
}

/** Patients that were left while their plan does not yet say so. */
export async function itemsToNote(db: Queryable, meetingId: MeetingId): Promise<{ id: ItemId; planId: PlanId }[]> {
  return db.query(
    `SELECT id, plan_id AS "planId" FROM meeting_items AS item
     WHERE meeting_id = $1 AND EXISTS (SELECT FROM meeting_visits WHERE item_id = item.id AND closed_at > coalesce(item.noted_at, '-infinity'))`,
    [meetingId],
  );
}

/** Meetings of the last day that have such patients: a node that died may have left some. */
export async function meetingsToNote(db: Queryable): Promise<{ id: MeetingId }[]> {
  return db.query(
    `SELECT DISTINCT item.meeting_id AS id FROM meeting_items AS item JOIN meeting_visits ON meeting_visits.item_id = item.id
     WHERE closed_at > coalesce(item.noted_at, '-infinity') AND closed_at > clock_timestamp() - interval '1 day'`,
  );
}

export async function markNoted(tx: Tx, itemId: ItemId): Promise<void> {
  await tx.query('UPDATE meeting_items SET noted_at = clock_timestamp() WHERE id = $1', [itemId]);
}

/** Revisions of these meetings now: how a node hears of what it missed. */
export async function revisionsOf(db: Queryable, ids: readonly MeetingId[]): Promise<{ id: MeetingId; revision: number }[]> {
  return db.query('SELECT id, revision FROM meetings WHERE id = ANY($1)', [ids]);
}
