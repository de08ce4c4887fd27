/** Meetings: HTTP answers, and the events on Socket.IO namespace /meetings. Every client event is acknowledged after commit. */
import { z } from 'zod';
import type { Refusal } from '../refusal.ts';
import { patientBrief } from './plans.ts';

const instant = z.string();
/** A person as meetings name them. */
export const who = z.object({ id: z.string(), name: z.string(), role: z.string(), roleLabel: z.string(), organisation: z.string(), simulated: z.boolean() });
export type Who = z.infer<typeof who>;

/** Order of the agenda: deaths, red, yellow, new, the rest. */
export const agendaGroup = z.enum(['death', 'red', 'yellow', 'new', 'rest']);
export const itemStatus = z.enum(['waiting', 'now', 'done', 'deferred']);
export const agendaItem = z.object({
  id: z.string(), planId: z.string(), patient: patientBrief, stage: z.string().optional(), group: agendaGroup, order: z.number().int(), status: itemStatus,
  deferredBecause: z.string().optional(),
  /** Whole seconds of the earlier stretches of time; the stretch that runs began at `openedAt`. */
  secondsSpent: z.number().int(), openedAt: instant.nullable(),
});
export type AgendaItem = z.infer<typeof agendaItem>;
export const attendee = who.extend({
  /** Taken from authenticated presence in the meeting; never typed. */
  present: z.boolean(), arrivedAt: instant.nullable(), leftAt: instant.nullable(), apologies: z.boolean(), handRaised: z.boolean(),
});
export type Attendee = z.infer<typeof attendee>;
export const decision = z.object({ id: z.string(), itemId: z.string(), planId: z.string(), text: z.string(), dissent: z.string().optional(), rationale: z.string().optional(), by: who, at: instant,
  /** Who was missing for a quorum when it was recorded; left out when nobody was. */
  quorumMissing: z.array(z.string()).optional(),
});
export type Decision = z.infer<typeof decision>;
export const action = z.object({
  id: z.string(), itemId: z.string(), planId: z.string(), text: z.string(), owner: who, due: z.string(), priority: z.enum(['routine', 'soon', 'urgent']),
  status: z.enum(['open', 'done']), doneAt: instant.nullable(), by: who, at: instant,
});
export type Action = z.infer<typeof action>;
export const quorum = z.object({ met: z.boolean(), missing: z.array(z.string()) });
export const meetingStatus = z.enum(['planned', 'running', 'ended']);
export const meetingBrief = z.object({ id: z.string(), title: z.string(), startsAt: instant, status: meetingStatus, chair: who, patients: z.number().int(), mayRun: z.boolean() });
export type MeetingBrief = z.infer<typeof meetingBrief>;
export const meetingList = z.object({ items: z.array(meetingBrief) });
/** The whole meeting: what HTTP answers and what `state` events carry. `revision` grows with every committed change. */
export const meetingState = z.object({
  id: z.string(), title: z.string(), startsAt: instant, status: meetingStatus, chair: who, revision: z.number().int(), currentItemId: z.string().nullable(),
  startedAt: instant.nullable(), endedAt: instant.nullable(), agenda: z.array(agendaItem), attendance: z.array(attendee), decisions: z.array(decision), actions: z.array(action), quorum,
  /** The meeting is on a patient that this reader may not see; `currentItemId` is then null. */
  elsewhere: z.boolean(),
  /** Instant of the answer, so that a screen with a wrong clock still counts the time on a patient right. */
  now: instant,
});
export type MeetingState = z.infer<typeof meetingState>;
export const newMeeting = z.object({ title: z.string().trim().min(3).max(120), startsAt: z.iso.datetime(), planIds: z.array(z.string()).min(1).max(60), invited: z.array(z.string()).max(60).optional(), chairId: z.string().optional() }).strict();
export type NewMeeting = z.infer<typeof newMeeting>;
/** Whom this person may invite: the care-team roles of organisations that share a plan with theirs. */
export const invitable = z.object({ people: z.array(who) });
export const minutes = z.object({
  meeting: meetingBrief, startedAt: instant.nullable(), endedAt: instant.nullable(), present: z.array(attendee), apologies: z.array(attendee), quorum,
  patients: z.array(z.object({ item: agendaItem, stageBefore: z.string().optional(), stageAfter: z.string().optional(), decisions: z.array(decision), actions: z.array(action), changes: z.array(z.string()), nextReview: z.string().optional() })),
});
export type Minutes = z.infer<typeof minutes>;

/* --- Socket.IO events --- */
export const clientEvents = {
  join: z.object({ meetingId: z.string() }).strict(),
  leave: z.object({ meetingId: z.string() }).strict(),
  start: z.object({ meetingId: z.string() }).strict(),
  end: z.object({ meetingId: z.string() }).strict(),
  goTo: z.object({ meetingId: z.string(), itemId: z.string() }).strict(),
  defer: z.object({ meetingId: z.string(), itemId: z.string(), because: z.string().trim().min(3).max(500) }).strict(),
  handOver: z.object({ meetingId: z.string(), personId: z.string() }).strict(),
  apologies: z.object({ meetingId: z.string(), personId: z.string(), sent: z.boolean() }).strict(),
  raiseHand: z.object({ meetingId: z.string(), up: z.boolean() }).strict(),
  /** `once` is chosen by the client: the same order sent again after a lost answer is answered again, not done again. */
  decide: z.object({ meetingId: z.string(), itemId: z.string(), once: z.string().min(8).max(60), text: z.string().trim().min(3).max(2000), dissent: z.string().trim().max(2000).optional(), rationale: z.string().trim().max(2000).optional() }).strict(),
  act: z.object({ meetingId: z.string(), itemId: z.string(), once: z.string().min(8).max(60), text: z.string().trim().min(3).max(2000), ownerId: z.string(), due: z.iso.date(), priority: z.enum(['routine', 'soon', 'urgent']) }).strict(),
  finishAction: z.object({ meetingId: z.string(), actionId: z.string(), done: z.boolean() }).strict(),
} as const;
export type ClientEvent = keyof typeof clientEvents;
export type Order<E extends ClientEvent> = z.infer<(typeof clientEvents)[E]>;
/** The server says only this: the whole committed state, to everyone in the meeting. */
export const serverEvents = { state: meetingState } as const;
export type Acknowledgement = { readonly ok: true; readonly state: MeetingState } | { readonly ok: false; readonly refusal: Refusal };
