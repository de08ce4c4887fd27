/** A commit stands: only now is it shown, and only now are barriers answered. */
import * as Y from 'yjs';
import { ok, refuse } from '../../shared/refusal.ts';
import type { Channel } from './channel.ts';
import type { Accepted, Decision, Refused } from './decision.ts';
import { changedNotice, type OpenPlan, type WaitingBarrier } from './openPlan.ts';
import { Outgoing } from './outgoing.ts';
import type { Appended, LogRow } from './planLog.ts';

/** The decision's rows as the log has them now. */
export const rowsOf = ({ accepted }: Decision, { at }: Appended): LogRow[] => accepted.map(({ room, actor, session: _session, ...row }) => ({
  ...row, sectionId: room.section.id, author: { id: actor.id, name: actor.name, role: actor.role }, at,
}));

/** Shows what stands to everybody here and answers whoever waits. `appended` is undefined when nothing had to be written. `accessChanged` is called before anything is shown: who is limited by a change is not sent it. */
export function settle(decision: Decision, rows: readonly LogRow[], appended: Appended | undefined, accessChanged: () => void): void {
  const { plan, accepted, share } = decision;
  const { died, limits, withdrawn } = decision.facts;
  const head = { ...share.head, died, limits, withdrawn, position: share.head.position + rows.length, auditSeq: appended?.auditSeq ?? share.head.auditSeq };
  if (plan.takeHead(head)) accessChanged();
  const touched = new Set(accepted.map((each) => each.room));
  for (const room of touched) {
    const fresh = rows.filter((row) => row.sectionId === room.section.id && room.takeOwn(row));
    room.caughtUp(share.summary.disputed[room.section.id]);
    if (fresh.length === 0) continue;
    room.broadcast(fresh.length === 1 ? (fresh[0] as LogRow).bytes : Y.mergeUpdates(fresh.map((row) => row.bytes)));
    for (const [row, fields] of byAuthor(accepted, fresh)) room.notify(changedNotice(row, fields));
  }
  // A document that was only tried on is what is committed again.
  for (const room of plan.rooms.values()) if (!touched.has(room)) room.caughtUp(undefined);
  plan.seenTo = Math.max(plan.seenTo, head.position);
  for (const outcome of decision.outcomes) {
    switch (outcome.kind) {
      case 'barrier':
        answerBarrier(plan, outcome);
        break;
      case 'opening':
        outcome.recorded(true);
        break;
      case 'refused':
        tellRefused(outcome.channel, outcome.refusal);
        break;
      case 'write':
        outcome.write.answer(outcome.refusal ? asWriteRefusal(outcome.refusal) : ok({ position: plan.head.position }));
    }
  }
}

/** Each number by itself: a client may wait for any of them. */
export function answerBarrier(plan: OpenPlan, { channel, number, more = [] }: Omit<WaitingBarrier, 'kind'>): void {
  for (const each of [number, ...more]) channel.send(Outgoing.frame(channel.sectionId, { kind: 'barrier-answer', number: each, position: plan.seenTo }));
}

function tellRefused(channel: Channel, refusal: Refused): void {
  if (channel.asked) channel.send(Outgoing.notice(channel.sectionId, { kind: 'refused', section: channel.sectionId, code: refusal.code, reason: refusal.reason }));
  channel.close(refusal.code === 'over-limit' ? 'overLimit' : 'refused', refusal.code);
}

function asWriteRefusal({ code, reason }: Refused) {
  if (code === 'not-allowed' || code === 'over-limit') return refuse(code, reason);
  return refuse('invalid', reason);
}

/** The last row of each author with all the fields they touched: one notice a person, however fast they type. */
function byAuthor(accepted: readonly Accepted[], rows: readonly LogRow[]): [LogRow, string[]][] {
  const fields = new Map(accepted.map((each) => [each.position, each.fields]));
  const last = new Map<string, [LogRow, string[]]>();
  for (const row of rows) {
    const before = last.get(row.author.id)?.[1] ?? [];
    last.set(row.author.id, [row, [...new Set([...before, ...(fields.get(row.position) ?? [])])]]);
  }
  return [...last.values()];
}
