/**
 * Who may do what, as data: `may` reads it and decides, the authorisation matrix reads it and tries every cell at every door. Each row names every
 * relationship, and each action every state, so that a cell without a rule does not compile. A role that a cell does not name is refused.
 */
import type { RefusalCode } from '../refusal.ts';
import type { Role } from './roles.ts';

/** What somebody is to a plan. One person can be several things to it; one that suffices is enough. */
export const relationships = ['team', 'member', 'meeting', 'own', 'oversight', 'inspection', 'break-glass', 'urgent', 'none'] as const;
export type Relationship = (typeof relationships)[number];

const careTeam = ['gp', 'community-nurse', 'hospice-clinician', 'social-worker', 'care-home-nurse', 'coordinator'] as const satisfies readonly Role[];
const leads = ['gp', 'community-nurse', 'hospice-clinician', 'coordinator'] as const satisfies readonly Role[];
const emergency = ['gp', 'community-nurse', 'hospice-clinician'] as const satisfies readonly Role[];
const nobody: readonly Role[] = [];

interface Standing {
  /** Which roles can stand in this relationship at all. */
  readonly held: readonly Role[];
  /** Whether whoever stands in it knows that there is such a plan; to others a refusal reads as for a plan that does not exist. */
  readonly known: boolean;
  /** Whether sharing limits of the plan hold for it. */
  readonly limited: boolean;
  /** Whether it outlasts the withdrawal of agreement to share: for nobody, for the organisations that keep the plan, for all. */
  readonly withdrawn: 'ends' | 'keepers' | 'stays';
}
export const standings: Readonly<Record<Relationship, Standing>> = {
  // The person's organisation is on the care team now.
  'team': { held: careTeam, known: true, limited: true, withdrawn: 'keepers' },
  // Named on the care team as a person.
  'member': { held: careTeam, known: true, limited: true, withdrawn: 'keepers' },
  // Invited to a meeting with the plan on its agenda.
  'meeting': { held: careTeam, known: true, limited: true, withdrawn: 'keepers' },
  // The patient, or who acts for them.
  'own': { held: ['patient'], known: true, limited: false, withdrawn: 'stays' },
  // Looks after confidentiality in an organisation of the care team.
  'oversight': { held: ['privacy-officer'], known: true, limited: false, withdrawn: 'stays' },
  'inspection': { held: ['inspector'], known: true, limited: false, withdrawn: 'stays' },
  'break-glass': { held: emergency, known: true, limited: true, withdrawn: 'ends' },
  // Stands in no relationship to anybody before they are called, and to everybody then.
  'urgent': { held: ['urgent-care'], known: false, limited: true, withdrawn: 'ends' },
  'none': { held: emergency, known: false, limited: true, withdrawn: 'ends' },
};

export type PlanAction =
  | 'see-plan' | 'read-draft' | 'read-version' | 'review-plan' | 'sign-plan' | 'read-audit' | 'see-who-looked' | 'read-urgent' | 'change-team' | 'change-inspection'
  | 'correct-identity' | 'take-offline' | 'export-version' | 'reveal-key-safe' | 'answer-for-plan' | 'break-glass';
export type SectionAction = 'view-section' | 'edit-section' | 'read-signed-section';
export type HouseAction =
  | 'create-plan' | 'see-caseload' | 'see-meetings' | 'create-meeting' | 'look-up-urgently' | 'look-up-for-break-glass' | 'see-privacy-alerts' | 'see-colleagues' | 'see-own-plans' | 'look-up-staff' | 'look-up-inspectors';
/** What is done in a meeting that not everybody who is of it may do. */
export type MeetingAction = 'see-meeting' | 'run-meeting' | 'finish-action';
/** What is done about an emergency access, once it has begun. */
export type AlertAction = 'read-alert' | 'review-break-glass';
export type Action = PlanAction | SectionAction | HouseAction | MeetingAction | AlertAction;

export const houseRules: Readonly<Record<HouseAction, readonly Role[]>> = {
  'create-plan': leads,
  'see-caseload': [...careTeam, 'privacy-officer'],
  'see-meetings': careTeam,
  'create-meeting': ['coordinator', 'gp', 'hospice-clinician'],
  'look-up-urgently': ['urgent-care'],
  'look-up-for-break-glass': emergency,
  'see-privacy-alerts': ['privacy-officer'],
  'see-colleagues': ['organisation-admin'],
  // To name somebody on a care team.
  'look-up-staff': leads,
  // To let somebody in to inspect.
  'look-up-inspectors': ['privacy-officer'],
  // Theirs, or those they inspect: for whoever has no caseload.
  'see-own-plans': ['patient', 'inspector'],
};

/** What somebody is to a meeting, or to an action recorded in it; one that suffices is enough. `reader`: may read the draft of one of its patients. */
export const places = ['chair', 'maker', 'invited', 'reader', 'owner', 'recorder', 'none'] as const;
export type Place = (typeof places)[number];

const helper = ['coordinator'] as const satisfies readonly Role[];
/** Who may do it, in which place. Owner and recorder are nothing to the meeting by themselves: only whoever sees it does anything in it. */
export const meetingRules: Readonly<Record<MeetingAction, Readonly<Record<Place, readonly Role[]>>>> = {
  'see-meeting': { chair: careTeam, maker: careTeam, invited: careTeam, reader: careTeam, owner: nobody, recorder: nobody, none: nobody },
  // The chair runs it; a coordinator can always help out.
  'run-meeting': { chair: careTeam, maker: helper, invited: helper, reader: helper, owner: nobody, recorder: nobody, none: nobody },
  'finish-action': { chair: careTeam, maker: helper, invited: helper, reader: helper, owner: careTeam, recorder: careTeam, none: nobody },
};

/** Who of an organisation that the access concerns: its own, and those of the care team at that moment. */
export const alertRules: Readonly<Record<AlertAction, readonly Role[]>> = {
  'read-alert': ['privacy-officer'],
  'review-break-glass': ['privacy-officer'],
};

type Row = Readonly<Record<Relationship, readonly Role[]>>;
const row = (
  team: readonly Role[], member: readonly Role[], meeting: readonly Role[], own: readonly Role[], oversight: readonly Role[], inspection: readonly Role[],
  breakGlass: readonly Role[], urgent: readonly Role[], none: readonly Role[],
): Row => ({ team, member, meeting, own, oversight, inspection, 'break-glass': breakGlass, urgent, none });
const patient = ['patient'] as const, officer = ['privacy-officer'] as const, inspector = ['inspector'] as const, crew = ['urgent-care'] as const;

/** Who may do it, under which relationship to the plan. A section's own readers and writers cut this down further. */
export const planRules: Readonly<Record<PlanAction | SectionAction, Row>> = {
  //                          team      member    meeting   own      oversight inspection break-glass urgent  none
  'see-plan':            row(careTeam, careTeam, careTeam, nobody,  officer,  inspector, emergency,  nobody, nobody),
  'read-draft':          row(careTeam, careTeam, careTeam, nobody,  nobody,   nobody,    emergency,  nobody, nobody),
  'read-version':        row(careTeam, careTeam, careTeam, patient, nobody,   inspector, emergency,  nobody, nobody),
  // A review freezes what somebody is about to sign; who looks in for a while has nothing to sign.
  'review-plan':         row(careTeam, careTeam, careTeam, nobody,  nobody,   nobody,    nobody,     nobody, nobody),
  'sign-plan':           row(['coordinator'], ['coordinator'], nobody, nobody, nobody, nobody, nobody, nobody, nobody),
  'read-audit':          row(careTeam, careTeam, careTeam, nobody,  officer,  inspector, nobody,     nobody, nobody),
  // The person themselves; the care team, which hands it to them; who checks.
  'see-who-looked':      row(careTeam, careTeam, careTeam, patient, officer,  inspector, nobody,     nobody, nobody),
  'read-urgent':         row(nobody,   nobody,   nobody,   nobody,  nobody,   nobody,    nobody,     crew,   nobody),
  // Whoever may begin a plan may bring the others to it: at first only the beginner's organisation is there.
  'change-team':         row(leads,    leads,    nobody,   nobody,  nobody,   nobody,    nobody,     nobody, nobody),
  // Who lets an inspector in is not one of those who are inspected.
  'change-inspection':   row(nobody,   nobody,   nobody,   nobody,  officer,  nobody,    nobody,     nobody, nobody),
  // Those who hold the registration: everybody else who finds it wrong tells one of them.
  'correct-identity':    row(['gp', 'coordinator'], ['gp', 'coordinator'], nobody, nobody, nobody, nobody, nobody, nobody, nobody),
  // Of these only whoever may write something of the plan as it is: see `needs`.
  'take-offline':        row(careTeam, careTeam, nobody,   nobody,  nobody,   nobody,    nobody,     nobody, nobody),
  // A print, as every other copy that leaves the house.
  'export-version':      row(careTeam, careTeam, nobody,   patient, nobody,   nobody,    nobody,     nobody, nobody),
  // Of these only whoever may read the section that holds it: see `needs`.
  'reveal-key-safe':     row(careTeam, careTeam, nobody,   nobody,  nobody,   nobody,    emergency,  crew,   nobody),
  // Chair its discussion, put it on an agenda, take on an action: for those who stay with the person, not for guests of a meeting.
  'answer-for-plan':     row(careTeam, careTeam, nobody,   nobody,  nobody,   nobody,    nobody,     nobody, nobody),
  'break-glass':         row(nobody,   nobody,   nobody,   nobody,  nobody,   nobody,    nobody,     nobody, emergency),
  'view-section':        row(careTeam, careTeam, careTeam, nobody,  nobody,   nobody,    emergency,  nobody, nobody),
  'edit-section':        row(careTeam, careTeam, careTeam, nobody,  nobody,   nobody,    nobody,     nobody, nobody),
  'read-signed-section': row(careTeam, careTeam, careTeam, patient, nobody,   inspector, emergency,  crew,   nobody),
};

/** States of a plan that change what may be done. Withdrawal of agreement to share ends relationships instead: see `standings`. */
export const planStates = ['open', 'died', 'closed'] as const;
export type PlanState = (typeof planStates)[number];
/** It may be done, it may be done to what a death leaves open, or it is refused with this code. */
export type StateRule = 'stands' | 'after-death' | Extract<RefusalCode, 'not-allowed' | 'conflict' | 'not-found'>;

const always = { open: 'stands', died: 'stands', closed: 'stands' } as const;
const whileOpen = { open: 'stands', died: 'stands', closed: 'conflict' } as const;
export const stateRules: Readonly<Record<PlanAction | SectionAction, Readonly<Record<PlanState, StateRule>>>> = {
  'see-plan': always, 'read-draft': always, 'read-version': always, 'review-plan': always, 'read-audit': always, 'see-who-looked': always, 'read-urgent': always,
  'change-team': always, 'change-inspection': always, 'export-version': always, 'reveal-key-safe': always, 'answer-for-plan': always,
  'view-section': always, 'read-signed-section': always,
  'sign-plan': whileOpen, 'correct-identity': whileOpen,
  'take-offline': { open: 'stands', died: 'stands', closed: 'not-allowed' },
  // An ended plan helps nobody in an emergency.
  'break-glass': { open: 'stands', died: 'stands', closed: 'not-found' },
  'edit-section': { open: 'stands', died: 'after-death', closed: 'not-allowed' },
};

/** What else must hold of the sections for it. */
export type Need = 'nothing' | 'reads-every-section' | 'writes-some-section' | 'reads-key-safe';
export const needs: Readonly<Record<PlanAction, Need>> = {
  'see-plan': 'nothing', 'read-draft': 'nothing', 'read-version': 'nothing', 'review-plan': 'nothing', 'read-audit': 'nothing', 'see-who-looked': 'nothing', 'read-urgent': 'nothing',
  'change-team': 'nothing', 'change-inspection': 'nothing', 'correct-identity': 'nothing', 'export-version': 'nothing', 'answer-for-plan': 'nothing', 'break-glass': 'nothing',
  // Nobody signs what they cannot read.
  'sign-plan': 'reads-every-section',
  'take-offline': 'writes-some-section',
  'reveal-key-safe': 'reads-key-safe',
};

/** Roles whose sections are not named in the content standard: they read what is signed, where it is not kept for fewer than the care team. */
export const readsUnrestricted: readonly Role[] = ['patient', 'inspector'];
