/** The meeting as a state machine: where it may go, and what then changes. Who moves it is asked of `may`. Pure; the server commits what this answers. */
import type { ItemId, MeetingId, PersonId } from '../ids.ts';
import { ok, refuse, type Result } from '../refusal.ts';
import type { Permit } from './access.ts';

export type MeetingStatus = 'planned' | 'running' | 'ended';
export type ItemStatus = 'waiting' | 'now' | 'done' | 'deferred';

export interface ItemFacts {
  readonly id: ItemId;
  readonly status: ItemStatus;
}
export interface MeetingFacts {
  readonly id: MeetingId;
  readonly status: MeetingStatus;
  readonly chairId: PersonId;
  readonly currentItemId: ItemId | null;
  /** In agenda order. */
  readonly items: readonly ItemFacts[];
}

/** What the person who runs the meeting can ask of it. */
export type Step =
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'go-to'; readonly itemId: ItemId }
  | { readonly kind: 'defer'; readonly itemId: ItemId; readonly because: string }
  | { readonly kind: 'hand-over'; readonly to: PersonId };

/** What a step changes. `closes` and `opens` begin and end the time that is counted on a patient. */
export interface Transition {
  readonly status?: MeetingStatus;
  readonly chairId?: PersonId;
  readonly currentItemId?: ItemId | null;
  readonly items: readonly { readonly id: ItemId; readonly status: ItemStatus; readonly deferredBecause?: string }[];
  readonly closes?: ItemId;
  readonly opens?: ItemId;
}

const nothing: Transition = { items: [] };
export const changesNothing = (transition: Transition): boolean => transition === nothing;

/**
 * What `step` changes, for somebody who may run the meeting. Refusals: `meeting-ended`, `not-found` for an item of another meeting, `conflict` where the step does not fit the state. A step that is already true changes nothing.
 */
export function take(meeting: MeetingFacts, _permit: Permit<'run-meeting'>, step: Step): Result<Transition> {
  if (meeting.status === 'ended') return refuse('meeting-ended', 'The meeting has ended; its minutes are kept as they are.');
  switch (step.kind) {
    case 'start': return ok(meeting.status === 'running' ? nothing : { status: 'running', items: [] });
    case 'hand-over': return ok(step.to === meeting.chairId ? nothing : { chairId: step.to, items: [] });
    case 'go-to': return goTo(meeting, step.itemId);
    case 'defer': return defer(meeting, step.itemId, step.because);
    case 'end': return end(meeting);
  }
}

const itemOf = (meeting: MeetingFacts, id: ItemId): ItemFacts | undefined => meeting.items.find((item) => item.id === id);
const notOnAgenda = () => refuse('not-found', 'There is no such patient on this agenda.');
const notStarted = () => refuse('conflict', 'The meeting has not started.');

function goTo(meeting: MeetingFacts, itemId: ItemId): Result<Transition> {
  if (meeting.status !== 'running') return notStarted();
  if (!itemOf(meeting, itemId)) return notOnAgenda();
  if (meeting.currentItemId === itemId) return ok(nothing);
  const left = meeting.currentItemId;
  return ok({
    currentItemId: itemId,
    opens: itemId,
    items: [...(left ? [{ id: left, status: 'done' as const }] : []), { id: itemId, status: 'now' }],
    ...(left ? { closes: left } : {}),
  });
}

function defer(meeting: MeetingFacts, itemId: ItemId, because: string): Result<Transition> {
  if (meeting.status !== 'running') return notStarted();
  const item = itemOf(meeting, itemId);
  if (!item) return notOnAgenda();
  if (item.status === 'done') return refuse('conflict', 'This patient has been discussed already.');
  if (item.status === 'deferred') return ok(nothing);
  const items = [{ id: itemId, status: 'deferred' as const, deferredBecause: because }];
  return ok(meeting.currentItemId === itemId ? { currentItemId: null, closes: itemId, items } : { items });
}

function end(meeting: MeetingFacts): Result<Transition> {
  if (meeting.status !== 'running') return notStarted();
  const left = meeting.currentItemId;
  return ok({ status: 'ended', currentItemId: null, items: left ? [{ id: left, status: 'done' }] : [], ...(left ? { closes: left } : {}) });
}

/** May something be recorded about this item now? Bound to the item, so that a late answer never lands on the next patient. */
export function mayRecord(meeting: MeetingFacts, itemId: ItemId, present: boolean): Result<ItemFacts> {
  const item = itemOf(meeting, itemId);
  if (!item) return notOnAgenda();
  if (meeting.status === 'ended') return refuse('meeting-ended', 'The meeting has ended; write it into the plan instead.');
  if (meeting.status === 'planned') return notStarted();
  if (!present) return refuse('not-allowed', 'Join the meeting first: only people who are in it record decisions and actions.');
  if (item.status === 'waiting' || item.status === 'deferred') return refuse('conflict', 'This patient has not been discussed in this meeting.');
  return ok(item);
}
