/** What one plan's share of a commit comes to: every waiting item judged, in order, against the plan's head. Nothing is written here. */
import * as Y from 'yjs';
import { deathField, keySafeSection, may, saysDied } from '../../shared/domain/access.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import { isWithdrawn, limitsField, limitsOf, shareField } from '../../shared/domain/sharing.ts';
import { readField } from '../../shared/crdt/sectionDocument.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PlanAuditEntry } from '../ports.ts';
import { by } from '../audit/entries.ts';
import { hashOfRows } from '../audit/rows.ts';
import type { Channel } from './channel.ts';
import { judge, type GateCode, type Span } from './gate.ts';
import { gathered, type Gathered } from './gathering.ts';
import type { OpenPlan, Waiting, WaitingBarrier, WaitingWrite } from './openPlan.ts';
import type { NewLease, PlanHead, Share, SummaryChange, Writer } from './planLog.ts';
import { copyOf } from './document.ts';
import type { Room } from './room.ts';
import { isContradicted, summarise } from './summary.ts';

export interface Accepted {
  readonly room: Room;
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly spans: readonly Span[];
  readonly fields: readonly string[];
  readonly actor: Actor;
  readonly session: string | undefined;
}
/** In whose name, and in which session, something is tried. */
type Writing = Pick<Channel, 'actor' | 'session'>;

export interface Refused {
  readonly code: GateCode;
  readonly reason: string;
}

/** What to do for each item once the commit stands, in order of arrival. */
export type Outcome =
  | { readonly kind: 'refused'; readonly channel: Channel; readonly refusal: Refused }
  | WaitingBarrier
  | { readonly kind: 'opening'; readonly recorded: (ok: boolean) => void }
  | { readonly kind: 'write'; readonly write: WaitingWrite; readonly refusal: Refused | undefined };

export interface Decision {
  readonly plan: OpenPlan;
  readonly accepted: readonly Accepted[];
  readonly outcomes: readonly Outcome[];
  /** What decides about access once this is committed. */
  readonly facts: PlanFacts;
  /** What is to be written; nothing when `isEmpty`. */
  readonly share: Share;
}

/** Nothing is to be written: barriers, and what says nothing new. */
export const isEmpty = ({ share }: Decision): boolean => share.rows.length === 0 && share.audit.length === 0;

/** Judges what waits for one plan. The rooms hold everything up to `head`; `today` is YYYY-MM-DD. */
export function decide(plan: OpenPlan, items: readonly Waiting[], head: PlanHead, today: string, nowMs: number): Decision {
  const accepted: Accepted[] = [];
  const outcomes: Outcome[] = [];
  const openings: PlanAuditEntry[] = [];
  const refusals: PlanAuditEntry[] = [];
  const refusedChannels = new Set<string>();
  /** Bytes that this commit brings to a section already. */
  const brought = new Map<Room, number>();
  let facts: PlanFacts = head;

  const tryUpdate = (room: Room, { actor, session }: Writing, update: Uint8Array, from: 'update' | 'sync-reply', isService: boolean): Refused | undefined => {
    const allowed = isService ? undefined : may(actor, 'edit-section', { kind: 'section', plan: facts, section: room.section.id });
    room.writtenAtMs = nowMs;
    const { staging } = room;
    room.goAhead();
    const before = brought.get(room) ?? 0;
    const verdict = judge({
      update, kind: from, staging, sectionBytes: before + room.bytesBefore(before + update.length), section: room.section, authorId: actor.id, ownerOf: (client) => ownerOf(room, accepted, client),
      mayNot: allowed === undefined || allowed.ok ? undefined : allowed.refusal.detail, isService, today,
    });
    if (verdict.kind === 'accept') {
      accepted.push({ room, actor, session, position: head.position + accepted.length + 1, bytes: verdict.bytes, spans: verdict.spans, fields: verdict.fields });
      brought.set(room, before + verdict.bytes.length);
      // What waits behind it in the same commit is judged by it too.
      if (verdict.fields.some((id) => factFields.has(id))) facts = { ...facts, ...factsIn(room, head) };
    }
    if (verdict.kind !== 'refuse') return undefined;
    if (verdict.touched) room.restage(accepted.filter((each) => each.room === room).map((each) => each.bytes));
    return verdict;
  };
  const refuse = (room: Room, actor: Actor, { code }: Refused): void => void refusals.push({ ...by(actor), action: 'edit', section: room.section.id, outcome: 'refused', reason: code });

  const tryGathered = ({ room, channel, updates, together }: Gathered): Refused | undefined => {
    if (together && !tryUpdate(room, channel, together, 'sync-reply', false)) return undefined;
    // One of them is at fault: what came before it stands.
    for (const { update, from } of updates) {
      const refusal = tryUpdate(room, channel, update, from, false);
      if (refusal) return refusal;
    }
    return undefined;
  };

  for (const item of gathered(items)) {
    switch (item.kind) {
      case 'updates': {
        // What follows a refused change builds on it, and its socket is about to close.
        if (item.channel.barred || refusedChannels.has(item.channel.connection)) break;
        const refusal = tryGathered(item);
        if (!refusal) break;
        refuse(item.room, item.channel.actor, refusal);
        refusedChannels.add(item.channel.connection);
        outcomes.push({ kind: 'refused', channel: item.channel, refusal });
        break;
      }
      case 'barrier':
        if (!refusedChannels.has(item.channel.connection)) outcomes.push(item);
        break;
      case 'opening':
        openings.push({ ...by(item.actor, facts), action: 'open-plan', outcome: 'done', ...(may(item.actor, 'view-section', { kind: 'section', plan: facts, section: keySafeSection }).ok ? { ref: { with: 'key-safe' } } : {}) });
        outcomes.push({ kind: 'opening', recorded: item.recorded });
        break;
      case 'write': {
        const refusal = tryUpdate(item.room, { actor: item.actor, session: undefined }, changeOf(item), 'sync-reply', item.isService);
        if (refusal) refuse(item.room, item.actor, refusal);
        outcomes.push({ kind: 'write', write: item, refusal });
      }
    }
  }
  const share: Share = {
    head, rows: accepted.map(({ room, actor, session: _session, ...row }) => ({ ...row, sectionId: room.section.id, authorId: actor.id })), leases: leasesOf(accepted),
    summary: summaryOf(accepted), audit: [...openings, ...editEntries(accepted), ...refusals], writers: writersOf(accepted),
  };
  return { plan, accepted, outcomes, facts, share };
}

/** Fields whose values decide about access. */
const factFields: ReadonlySet<string> = new Set([deathField, limitsField, shareField]);

/** What the fields of this section now say about access. */
function factsIn({ staging, section }: Room, { signedSharing }: PlanHead): Partial<PlanFacts> {
  return Object.fromEntries(section.fields.filter(({ id }) => factFields.has(id)).map((field) => {
    const value = readField(staging, field);
    if (field.id === deathField) return ['died', saysDied(value)];
    return field.id === limitsField ? ['limits', limitsOf(value)] : ['withdrawn', isWithdrawn(value, signedSharing)];
  }));
}

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

/** Whose client id it is: by the log, by this commit, or because it was first seen in their browser. */
function ownerOf(room: Room, accepted: readonly Accepted[], client: number): string | undefined {
  const inCommit = accepted.find((each) => each.room === room && each.spans.some(([id]) => id === client))?.actor.id;
  return room.owners.get(client) ?? inCommit ?? room.seen.ownerOf(client);
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

function leasesOf(accepted: readonly Accepted[]): NewLease[] {
  const leases = new Map<string, NewLease>();
  for (const { room, actor, spans } of accepted) {
    for (const [client] of spans) if (!room.owners.has(client)) leases.set(`${room.section.id} ${client}`, { sectionId: room.section.id, client, personId: actor.id });
  }
  return [...leases.values()];
}

const writersOf = (accepted: readonly Accepted[]): Writer[] =>
  [...new Map(accepted.map(({ actor, session }) => [`${actor.id} ${actor.role} ${actor.organisationId} ${actor.seniorClinician} ${session ?? ''}`, { id: actor.id, role: actor.role, organisationId: actor.organisationId, seniorClinician: actor.seniorClinician, session }])).values()];

/** What lists show of it; most keystrokes change nothing there. */
function summaryOf(accepted: readonly Accepted[]): SummaryChange {
  const set: Record<string, unknown> = {};
  const removed = new Set<string>();
  const disputed: Record<string, readonly string[]> = {};
  for (const [room, touched] of touchedFields(accepted)) {
    summarise(room.staging, room.section, touched, set, removed);
    const now = contradictedNow(room, touched);
    if (now.length !== room.disputed.size || now.some((id) => !room.disputed.has(id))) disputed[room.section.id] = now;
  }
  return { set, removed: [...removed], disputed };
}

function touchedFields(accepted: readonly Accepted[]): Map<Room, Set<string>> {
  const touched = new Map<Room, Set<string>>();
  for (const { room, fields } of accepted) {
    const known = touched.get(room) ?? new Set<string>();
    touched.set(room, known);
    for (const field of fields) known.add(field);
  }
  return touched;
}

/** Only a touched field can have become contradicted, or have ceased to be. */
const contradictedNow = (room: Room, touched: ReadonlySet<string>): string[] =>
  room.section.fields.filter((field) => (touched.has(field.id) ? isContradicted(room.staging, field) : room.disputed.has(field.id))).map((field) => field.id);
