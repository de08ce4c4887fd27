/** What one plan's share of a commit comes to: every waiting item judged, in order, against the locked head. Nothing is written here. */
import * as Y from 'yjs';
import { deathField, maySection, saysDied } from '../../shared/domain/access.ts';
import { readField } from '../../shared/crdt/sectionDocument.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanAuditEntry } from '../ports.ts';
import { by } from '../audit/entries.ts';
import { hashOfRows } from '../audit/rows.ts';
import type { Channel } from './channel.ts';
import { judge, type GateCode, type Span } from './gate.ts';
import type { PlanHead } from './log.ts';
import type { OpenPlan, Waiting, WaitingWrite } from './openPlan.ts';
import { copyOf, type Room } from './room.ts';
import { isContradicted, summarise } from './summary.ts';

export interface Accepted {
  readonly room: Room;
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly spans: readonly Span[];
  readonly fields: readonly string[];
  readonly actor: Actor;
}
export interface Refused {
  readonly code: GateCode;
  readonly reason: string;
}

/** What to do for each item once the commit stands, in order of arrival. */
export type Outcome =
  | { readonly kind: 'refused'; readonly channel: Channel; readonly refusal: Refused }
  | { readonly kind: 'barrier'; readonly channel: Channel; readonly number: number }
  | { readonly kind: 'opening'; readonly recorded: (ok: boolean) => void }
  | { readonly kind: 'write'; readonly write: WaitingWrite; readonly refusal: Refused | undefined };

export interface Decision {
  readonly plan: OpenPlan;
  readonly accepted: readonly Accepted[];
  readonly outcomes: readonly Outcome[];
  readonly audit: readonly PlanAuditEntry[];
  /** Whether a date of death stands once this is committed. */
  readonly died: boolean;
  readonly summary: { readonly set: Readonly<Record<string, unknown>>; readonly removed: readonly string[]; readonly disputed: Readonly<Record<string, readonly string[]>> };
}

/** Judges what waits for one plan. `head` is locked and the rooms hold everything up to it; `today` is YYYY-MM-DD. */
export function decide(plan: OpenPlan, items: readonly Waiting[], head: PlanHead, today: string): Decision {
  const accepted: Accepted[] = [];
  const outcomes: Outcome[] = [];
  const openings: PlanAuditEntry[] = [];
  const refusals: PlanAuditEntry[] = [];
  const refusedChannels = new Set<string>();
  let { died } = head;

  const tryUpdate = (room: Room, actor: Actor, update: Uint8Array, from: 'update' | 'sync-reply', isService: boolean): Refused | undefined => {
    const allowed = isService ? undefined : maySection(actor, 'edit-section', { ...head, died }, room.section.id);
    const verdict = judge({
      update, kind: from, staging: room.staging, sectionBytes: room.bytesBefore(update.length), section: room.section, authorId: actor.id, ownerOf: (client) => ownerOf(room, accepted, client),
      mayNot: allowed === undefined || allowed.ok ? undefined : allowed.refusal.detail, isService, today,
    });
    if (verdict.kind === 'accept') {
      accepted.push({ room, actor, position: head.position + accepted.length + 1, bytes: verdict.bytes, spans: verdict.spans, fields: verdict.fields });
      // What waits behind it in the same commit is judged by it too.
      if (verdict.fields.includes(deathField)) died = diedIn(room);
    }
    if (verdict.kind !== 'refuse') return undefined;
    if (verdict.touched) room.restage(accepted.filter((each) => each.room === room).map((each) => each.bytes));
    refusals.push({ ...by(actor), action: 'edit', section: room.section.id, outcome: 'refused', reason: verdict.code });
    return verdict;
  };

  for (const item of items) {
    switch (item.kind) {
      case 'update': {
        // What follows a refused change builds on it, and its socket is about to close.
        if (item.channel.barred || refusedChannels.has(item.channel.connection)) break;
        const refusal = tryUpdate(item.room, item.channel.actor, item.update, item.from, false);
        if (!refusal) break;
        refusedChannels.add(item.channel.connection);
        outcomes.push({ kind: 'refused', channel: item.channel, refusal });
        break;
      }
      case 'barrier':
        if (!refusedChannels.has(item.channel.connection)) outcomes.push({ kind: 'barrier', channel: item.channel, number: item.number });
        break;
      case 'opening':
        openings.push({ ...by(item.actor), action: 'open-plan', outcome: 'done' });
        outcomes.push({ kind: 'opening', recorded: item.recorded });
        break;
      case 'write':
        outcomes.push({ kind: 'write', write: item, refusal: tryUpdate(item.room, item.actor, changeOf(item), 'sync-reply', item.isService) });
    }
  }
  return { plan, accepted, outcomes, audit: [...openings, ...editEntries(accepted), ...refusals], died, summary: summaryOf(accepted) };
}

const diedIn = ({ staging, section }: Room): boolean => section.fields.some((field) => field.id === deathField && saysDied(readField(staging, field)));

/** The service's change as an update, made on a copy so that a change that throws leaves nothing behind. */
function changeOf({ room, change }: WaitingWrite): Uint8Array {
  const copy = copyOf(room.staging, room.section);
  try {
    const before = Y.encodeStateVector(copy);
    change(copy);
    return Y.encodeStateAsUpdate(copy, before);
  } finally {
    copy.destroy();
  }
}

/** Whose client id it is: by the log, by this commit, or because its browser is here now and has said so. */
function ownerOf(room: Room, accepted: readonly Accepted[], client: number): string | undefined {
  const inCommit = accepted.find((each) => each.room === room && each.spans.some(([id]) => id === client))?.actor.id;
  return room.owners.get(client) ?? inCommit ?? room.present.get(client);
}

/** One entry for each author and section: who wrote where, and which rows, with their hash in place of their text. */
function editEntries(accepted: readonly Accepted[]): PlanAuditEntry[] {
  const groups = new Map<string, Accepted[]>();
  for (const each of accepted) {
    const key = `${each.actor.id} ${each.room.section.id}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].map((group) => {
    const [first, last] = [group[0] as Accepted, group.at(-1) as Accepted];
    return { ...by(first.actor), action: 'edit', section: first.room.section.id, outcome: 'done', ref: { from: first.position, to: last.position, rows: hashOfRows(group.map(asSealed)) } };
  });
}

const asSealed = ({ position, room, actor, bytes }: Accepted) => ({ position, section: room.section.id, author: actor.id, bytes });

function summaryOf(accepted: readonly Accepted[]): Decision['summary'] {
  const set: Record<string, unknown> = {};
  const removed = new Set<string>();
  const disputed: Record<string, readonly string[]> = {};
  for (const room of new Set(accepted.map((each) => each.room))) {
    const touched = new Set(accepted.filter((each) => each.room === room).flatMap((each) => each.fields));
    summarise(room.staging, room.section, touched, set, removed);
    disputed[room.section.id] = room.section.fields
      .filter((field) => (touched.has(field.id) ? isContradicted(room.staging, field) : room.disputed.has(field.id)))
      .map((field) => field.id);
  }
  return { set, removed: [...removed], disputed };
}
