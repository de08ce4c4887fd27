/** Requests and answers about plans, drafts, sign-off and versions. */
import { z } from 'zod';
import { teamKinds } from '../domain/careTeam.ts';
import { tieKinds } from '../domain/planFacts.ts';

const instant = z.string();
const plainDate = z.string();

export const patientBrief = z.object({
  nhsNumber: z.string(), familyName: z.string(), givenName: z.string(), title: z.string().optional(), birthDate: plainDate, gender: z.string().optional(),
});

/** What a caseload row and the banner show; taken from the draft, each value as stored (see the content standard). */
export const planSummary = z.object({
  stage: z.string().optional(), phase: z.string().optional(), diagnosis: z.unknown().optional(), preferredPlaceOfDeath: z.unknown().optional(), preferredPlaceOfCare: z.unknown().optional(),
  cpr: z.unknown().optional(), allergyStatus: z.unknown().optional(), anticipatory: z.unknown().optional(), keyWorker: z.unknown().optional(),
  consent: z.unknown().optional(), oohNotified: z.unknown().optional(),
  reviewDue: plainDate.optional(), diedOn: z.string().optional(),
  /** Field ids with contradictory values in the draft. */
  disputed: z.array(z.string()),
});

export const latestVersion = z.object({ number: z.number().int(), signedAt: instant, signedBy: z.string(), position: z.number().int() });

/** draft = never signed; signed = the draft equals the latest version; changed = signed, with unsigned changes since; closed. */
export const planStatus = z.enum(['draft', 'signed', 'changed', 'closed']);

export const planListItem = z.object({
  id: z.string(), patient: patientBrief, stage: z.string().optional(), status: planStatus, reviewDue: plainDate.optional(),
  summary: planSummary, latestVersion: latestVersion.optional(), lastChanged: z.object({ at: instant, by: z.string() }).optional(),
  openActions: z.number().int(), presentNow: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type PlanListItem = z.infer<typeof planListItem>;
export const planList = z.object({ items: z.array(planListItem), next: z.string().nullable() });
export const planListQuery = z.object({ query: z.string().max(100).optional(), stage: z.string().max(40).regex(/^\P{Cc}*$/u).optional(), cursor: z.string().max(200).optional() });

export const newPlan = z.object({
  patient: z.object({
    nhsNumber: z.string().max(20), familyName: z.string().max(100), givenName: z.string().max(100), birthDate: z.string().max(10),
    gender: z.string().max(40).optional(), address: z.string().max(500).optional(), gpPractice: z.string().max(300).optional(), preferredName: z.string().max(100).optional(),
  }).strict(),
}).strict();
export type NewPlan = z.infer<typeof newPlan>;

export const planSection = z.union([
  z.object({ id: z.string(), access: z.literal('none') }).strict(),
  z.object({ id: z.string(), title: z.string(), access: z.enum(['edit', 'view']), heading: z.string(), fields: z.array(z.string()) }),
]);
const teamTerm = { kind: z.enum(teamKinds).optional(), since: instant.optional(), until: instant.nullable().optional() };
export const planView = z.object({
  id: z.string(), patient: patientBrief, status: planStatus, position: z.number().int(), sections: z.array(planSection),
  team: z.array(z.object({ organisation: z.object({ id: z.string(), name: z.string() }), relationship: z.string(), people: z.array(z.object({ id: z.string(), name: z.string(), role: z.string(), jobTitle: z.string() })), ...teamTerm })),
  /** Organisations whose relationship has not begun yet. */
  teamAhead: z.array(z.object({ organisation: z.object({ id: z.string(), name: z.string() }), relationship: z.string(), ...teamTerm })).optional(),
  latestVersion: latestVersion.nullable(), summary: planSummary, createdAt: instant, lastChangedAt: instant.nullable(),
  /** Until when the reader may read it in an emergency; left out for everybody who has another right to it. */
  breakGlassUntil: instant.optional(),
  may: z.object({ sign: z.boolean(), readAudit: z.boolean(), changeTeam: z.boolean(), correctIdentity: z.boolean(), review: z.boolean().optional(), changeInspection: z.boolean().optional() }),
});
export type PlanView = z.infer<typeof planView>;

export const organisationItem = z.object({ id: z.string(), name: z.string(), kind: z.string() });
export const organisationList = z.object({ items: z.array(organisationItem) });
const relationship = z.string().trim().min(2).max(100).regex(/^\P{Cc}*$/u);
/** First and last day of a relationship; from now, and without an end, when left out. */
const term = { from: z.string().max(10).optional(), until: z.string().max(10).optional() };
/** Brings an organisation into the care team; `relationship` says in plain words what it does for the person. */
export const newTeamMember = z.object({ organisationId: z.string().max(60).regex(/^\P{Cc}*$/u), relationship, kind: z.enum(teamKinds).optional(), ...term }).strict();
/** Lets one person see a plan: named on the care team, the patient or who acts for them, or an inspector. */
export const newPlanPerson = z.object({ personId: z.string().max(60).regex(/^\P{Cc}*$/u), kind: z.enum(['member', 'own', 'inspection']), relationship, ...term }).strict();
export type NewPlanPerson = z.infer<typeof newPlanPerson>;
export const planPerson = z.object({
  id: z.string(), person: z.object({ id: z.string(), name: z.string(), role: z.string(), jobTitle: z.string(), organisation: z.string() }),
  kind: z.enum(tieKinds), relationship: z.string(), since: instant, until: instant.nullable(), begun: z.boolean(),
});
export const planPeople = z.object({ items: z.array(planPerson) });
export type PlanPeople = z.infer<typeof planPeople>;
/** Staff to choose from, by part of a name. */
export const peopleQuery = z.object({ query: z.string().trim().min(2).max(60).regex(/^\P{Cc}*$/u) });
export const foundPeople = z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), role: z.string(), jobTitle: z.string(), organisation: z.string() })) });
/** Plans of whoever has no caseload: theirs, or those they inspect. */
export const ownPlans = z.object({ items: z.array(z.object({ planId: z.string(), kind: z.enum(tieKinds), relationship: z.string(), until: instant.nullable(), latestVersion: z.number().int().nullable() })) });
export type NewTeamMember = z.infer<typeof newTeamMember>;

/** Corrects the registered identity: what is left out stays as it is. The reason is kept. */
export const identityCorrection = z.object({
  familyName: z.string().max(100).optional(), givenName: z.string().max(100).optional(), birthDate: z.string().max(10).optional(), gender: z.string().max(40).optional(),
  reason: z.string().max(500),
}).strict();
export type NewCorrection = z.infer<typeof identityCorrection>;
/** Corrections made, newest first; `fields` are field ids. */
export const correctionList = z.object({ items: z.array(z.object({ at: instant, by: z.string(), fields: z.array(z.string()), reason: z.string() })) });
export type CorrectionList = z.infer<typeof correctionList>;

export const planContent = z.object({ planId: z.string(), position: z.number().int(), sections: z.record(z.string(), z.record(z.string(), z.unknown())), salt: z.string().optional() });

/** The code of the key-safe, of the draft or of a signed version; several while it is disputed. */
export const keySafeCode = z.object({ codes: z.array(z.string()), of: z.union([z.literal('draft'), z.number().int()]) });
export type KeySafeCode = z.infer<typeof keySafeCode>;

export const problemItem = z.object({ section: z.string(), field: z.string(), label: z.string(), message: z.string(), severity: z.enum(['blocks', 'warns']) });
export const differenceItem = z.object({
  section: z.string(), field: z.string(), label: z.string(), kind: z.enum(['added', 'removed', 'changed']), from: z.unknown().optional(), to: z.unknown().optional(), sentence: z.string(),
  words: z.array(z.object({ text: z.string(), change: z.enum(['same', 'added', 'removed']) })).optional(),
});
export type DifferenceItem = z.infer<typeof differenceItem>;

/** What the signer is about to read, frozen. */
export const review = z.object({
  position: z.number().int(), contentHash: z.string(), content: planContent, problems: z.array(problemItem),
  disputed: z.array(z.object({ section: z.string(), field: z.string(), label: z.string() })),
  /** Against the latest version, in sentences. */
  changes: z.array(differenceItem), nextNumber: z.number().int(), statement: z.string(), maySign: z.boolean(),
  patient: patientBrief,
});
export type Review = z.infer<typeof review>;
/** `statement` is the statement of meaning that the review showed, to the letter: any other is refused. */
export const signOrder = z.object({ position: z.number().int().min(0), contentHash: z.string().regex(/^[0-9a-f]{64}$/), statement: z.string().min(3).max(500) }).strict();

export const versionItem = z.object({
  number: z.number().int(), position: z.number().int(), contentHash: z.string(), previousHash: z.string().nullable(), statement: z.string(),
  signedAt: instant, signedBy: z.object({ id: z.string(), name: z.string(), role: z.string(), organisation: z.string() }), latest: z.boolean(),
});
export const versionList = z.object({ items: z.array(versionItem) });
export const versionView = versionItem.extend({
  planId: z.string(), patient: patientBrief, content: planContent, signature: z.string(), keyId: z.string(),
  /** Section ids left out because the reader may not see them; then the hash cannot be recomputed from this answer alone. */
  withheld: z.array(z.string()),
  /** The canonical text that the signature is over. */
  signedStatement: z.string(),
  /** Whether the reader may take the version out of the house, on paper or otherwise. */
  mayPrint: z.boolean(),
  /** How far the entry of its signing stands in the audit log: sealed under a checkpoint of ours, witnessed by another house. Null for what has not happened yet. */
  seal: z.object({ sealedAt: instant.nullable(), witnessedAt: instant.nullable(), witness: z.string().nullable() }),
});
export type VersionView = z.infer<typeof versionView>;

export type VersionItem = z.infer<typeof versionItem>;

export const compareQuery = z.object({ from: z.string().regex(/^\d{1,6}$/), to: z.string().regex(/^(\d{1,6}|draft)$/) });
export const comparison = z.object({ from: z.string(), to: z.string(), differences: z.array(differenceItem) });

export const auditItem = z.object({
  seq: z.number().int(), at: instant, action: z.string(), sentence: z.string(), outcome: z.enum(['done', 'refused']), reason: z.string().optional(),
  actor: z.object({ id: z.string(), name: z.string(), role: z.string().optional(), organisation: z.string().optional() }),
  section: z.string().optional(), ref: z.record(z.string(), z.union([z.string(), z.number()])).optional(), hash: z.string(), previousHash: z.string().nullable(),
});
export const auditList = z.object({ items: z.array(auditItem), next: z.string().nullable(), chain: z.object({ ok: z.boolean(), entries: z.number().int(), firstBad: z.number().int().optional() }),
  /** Everybody who stands in the plan's chain, for choosing. */
  people: z.array(z.object({ id: z.string(), name: z.string() })),
  /** How much of the chain is sealed in the audit log; null before anything is. */
  sealed: z.object({ entries: z.number().int(), at: instant }).nullable(),
});
export type AuditItem = z.infer<typeof auditItem>;
export type AuditList = z.infer<typeof auditList>;
/** What of a trail is asked for; everything when left out. */
export const auditKinds = ['looked', 'wrote', 'signed', 'access', 'meeting', 'offline', 'refused'] as const;
export type AuditKind = (typeof auditKinds)[number];
export const auditQuery = z.object({
  cursor: z.string().max(40).optional(), person: z.string().max(60).regex(/^[a-z0-9_-]*$/).optional(), kind: z.enum(auditKinds).optional(), section: z.string().max(60).regex(/^[a-zA-Z0-9-]*$/).optional(),
  /** London days, both included. */
  from: z.string().max(10).optional(), to: z.string().max(10).optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

/** What urgent care sees: the latest signed version, its age and whether somebody has written since. */
export const urgentView = z.object({
  patient: patientBrief, version: versionView, ageMinutes: z.number().int(), newerDraft: z.boolean(), checkedAt: instant,
});
export type UrgentView = z.infer<typeof urgentView>;
