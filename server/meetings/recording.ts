/** Decisions and actions: each is written into the minutes and into the plan itself, in one transaction, so that the two never disagree. */
import { fieldById } from '../../shared/content/standard.ts';
import type { Field, Row } from '../../shared/content/kinds.ts';
import { elements, newRowId, putRow, rowOf } from '../../shared/crdt/sectionDocument.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { mayRecord } from '../../shared/domain/meeting.ts';
import { may } from '../../shared/domain/access.ts';
import { answersForPlan, seesPlan } from '../../shared/domain/meetingAccess.ts';
import { roleLabels, type Actor } from '../../shared/domain/roles.ts';
import { newId, type ItemId } from '../../shared/ids.ts';
import { ok, orRefusal, refuse, RefusalError, type Result } from '../../shared/refusal.ts';
import type { Order } from '../../shared/wire/meetings.ts';
import { appendPlanAudit } from '../audit/chain.ts';
import type { PlanText, Tx } from '../ports.ts';
import { refuseUnlessStands, type Acting } from '../identity/stillStands.ts';
import { isPresent } from './attendanceStore.ts';
import { hold, orThrow, type MeetingDeps } from './commands.ts';
import { circleOf, factsOf, openMeeting, planFactsOf, quorumNow, type MeetingRecord } from './record.ts';
import { insertAction, insertDecision, setActionDone, wasDone, type ActionRow } from './recordStore.ts';
import { itemsOfMeeting, recordEvent, type ItemRow } from './store.ts';

/** Thrown inside the transaction when the same order was carried out a moment ago: nothing is written twice. */
class DoneBefore extends Error {}

export function mdtField(id: string): Field {
  const field = fieldById(id);
  if (!field) throw new Error(`the content standard has no field ${id}`);
  return field;
}

/** How a person stands in a row of the plan. */
export const personValue = ({ id, name, role, organisation }: Actor) => ({ name, personId: id, role: roleLabels[role], organisation });

const given = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text);
const filled = <T extends object>(columns: T): T => Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== null && value !== undefined)) as T;

/**
 * Records a decision. Refusals: those of `mayRecord`, `not-found` for a patient hidden from the actor, whatever the plan refuses.
 * The same `once` of the same person is answered again, not done again.
 */
export async function recordDecision(deps: MeetingDeps, acting: Acting, order: Order<'decide'>): Promise<Result<boolean>> {
  const { actor } = acting;
  return recordOnce(deps, acting, order, (record, item) => {
    const rowId = newRowId(deps.clock.now(), deps.random);
    const id = newId('decision', deps.random);
    const [dissent, rationale] = [given(order.dissent), given(order.rationale)];
    const row: Row = filled({ id: rowId, text: order.text, decidedBy: personValue(actor), dissent, rationale });
    return ok({
      field: mdtField('decisions'), row, event: 'decided', about: id,
      insert: (tx: Tx) => insertDecision(tx, {
        id, meetingId: record.meeting.id, itemId: item.id, planId: item.planId, rowId, text: order.text, dissent, rationale,
        quorumMissing: quorumNow(record).missing, by: actor.id, once: order.once,
      }),
    });
  });
}

/** Records an action with its one owner and a date. Refusals as for a decision, and `invalid` naming `ownerId` or `due`. */
export async function recordAction(deps: MeetingDeps, acting: Acting, order: Order<'act'>): Promise<Result<boolean>> {
  const { actor } = acting;
  return recordOnce(deps, acting, order, (record, item) => {
    const owner = record.people.find(({ id }) => id === order.ownerId);
    const problems = [
      ...(owner && !owner.simulated && answersForPlan(owner, planFactsOf(item)) ? [] : [{ field: 'ownerId', message: 'The owner has to be somebody of this meeting who is on this patient’s care team.' }]),
      ...(order.due < londonDate(deps.clock.now()) ? [{ field: 'due', message: 'The date lies in the past.' }] : []),
    ];
    if (!owner || problems.length > 0) return refuse('invalid', 'The action cannot be recorded like this.', { problems });
    const rowId = newRowId(deps.clock.now(), deps.random);
    const id = newId('action', deps.random);
    const row: Row = { id: rowId, text: order.text, owner: personValue(owner), due: order.due, priority: order.priority, status: 'open' };
    return ok({
      field: mdtField('actions'), row, event: 'acted', about: id,
      insert: (tx: Tx) => insertAction(tx, {
        id, meetingId: record.meeting.id, itemId: item.id, planId: item.planId, rowId, text: order.text, ownerId: owner.id, due: order.due, priority: order.priority,
        by: actor.id, once: order.once,
      }),
    });
  });
}

interface Entry {
  readonly field: Field;
  readonly row: Row;
  readonly event: string;
  readonly about: string;
  /** Answers false when the order was carried out before. */
  readonly insert: (tx: Tx) => Promise<boolean>;
}

async function recordOnce(
  deps: MeetingDeps, acting: Acting, order: { readonly meetingId: string; readonly itemId: string; readonly once: string },
  make: (record: MeetingRecord, item: ItemRow) => Result<Entry>,
): Promise<Result<boolean>> {
  const { actor } = acting;
  const opened = await openMeeting(deps.db, actor, order.meetingId);
  if (!opened.ok) return opened;
  const record = opened.value;
  const { id } = record.meeting;
  if (await wasDone(deps.db, id, actor.id, order.once)) return ok(false);
  const item = itemFor(record, actor, order.itemId);
  if (!item.ok) return item;
  const entry = make(record, item.value);
  if (!entry.ok) return entry;
  const { field, row, event, about, insert } = entry.value;
  return writeBoth(deps.text, {
    planId: item.value.planId, sectionId: 'mdt', actor, as: 'service',
    change: (doc) => putRow(doc, field, row),
    also: async (tx) => {
      await refuseUnlessStands(tx, acting);
      const meeting = await hold(tx, id);
      orThrow(mayRecord(factsOf(meeting, await itemsOfMeeting(tx, id)), item.value.id, await isPresent(tx, id, actor.id)));
      if (!(await insert(tx))) throw new DoneBefore();
      await recordEvent(tx, id, { by: actor.id, event, about });
      await appendPlanAudit(tx, item.value.planId, [{
        action: event === 'decided' ? 'record-decision' : 'record-action', actor: actor.id, role: actor.role, organisation: actor.organisationId, section: 'mdt', outcome: 'done', ref: { meeting: id, row: row.id },
      }]);
    },
  });
}

function itemFor(record: MeetingRecord, actor: Actor, itemId: string): Result<ItemRow> {
  const item = record.items.find(({ id }) => id === itemId);
  if (!item || !seesPlan(actor, planFactsOf(item))) return refuse('not-found', 'There is no such patient on this agenda.');
  if (!item.plan.open) return refuse('not-allowed', 'The plan is closed.');
  const here = record.people.some(({ id, present }) => id === actor.id && present);
  const allowed = mayRecord(factsOf(record.meeting, record.items), item.id as ItemId, here);
  return allowed.ok ? ok(item) : allowed;
}

async function writeBoth(text: PlanText, order: Parameters<PlanText['write']>[0]): Promise<Result<boolean>> {
  try {
    const written = orThrow(await orRefusal(() => text.write(order)));
    return written.ok ? ok(true) : written;
  } catch (error) {
    if (error instanceof DoneBefore) return ok(false);
    if (error instanceof RefusalError) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

/** Marks an action done, or open again, in the minutes and in the plan. Owner, recorder, chair and coordinator, while the meeting runs. */
export async function finishAction(deps: MeetingDeps, acting: Acting, order: Order<'finishAction'>): Promise<Result<boolean>> {
  const { actor } = acting;
  const opened = await openMeeting(deps.db, actor, order.meetingId);
  if (!opened.ok) return opened;
  const record = opened.value;
  const action = record.actions.find(({ id }) => id === order.actionId);
  if (!action) return refuse('not-found', 'There is no such action in this meeting.');
  const item = itemFor(record, actor, action.itemId);
  if (!item.ok) return item;
  const allowed = may(actor, 'finish-action', { kind: 'meeting', meeting: circleOf(record), about: action });
  if (!allowed.ok) return allowed;
  if ((action.status === 'done') === order.done) return ok(false);
  const { id } = record.meeting;
  return writeBoth(deps.text, {
    planId: action.planId, sectionId: 'mdt', actor, as: 'service',
    change: (doc) => putRow(doc, mdtField('actions'), finishedRow(elements(doc, mdtField('actions'), action.rowId).map(({ value }) => value), action, order.done, londonDate(deps.clock.now()))),
    also: async (tx) => {
      await refuseUnlessStands(tx, acting);
      const meeting = await hold(tx, id);
      orThrow(mayRecord(factsOf(meeting, await itemsOfMeeting(tx, id)), action.itemId, await isPresent(tx, id, actor.id)));
      await setActionDone(tx, action.id, order.done);
      await recordEvent(tx, id, { by: actor.id, event: order.done ? 'finished' : 'reopened', about: action.id });
    },
  });
}

/** The plan's row with its new state; what others changed in it meanwhile stays. Refuses a row that is disputed, struck out or gone. */
function finishedRow(found: readonly unknown[], action: ActionRow, done: boolean, today: string): Row {
  const [only] = found;
  const row = found.length === 1 ? rowOf(action.rowId, only) : undefined;
  if (!row || row['removed'] === true) throw new RefusalError({ code: 'conflict', detail: 'This action was changed in the plan; settle it there.' });
  const { doneOn: _before, ...kept } = row;
  return done ? { ...kept, id: action.rowId, status: 'done', doneOn: today } : { ...kept, id: action.rowId, status: 'open' };
}
