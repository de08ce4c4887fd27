/** What goes out about plans: rows of the caseload, the plan page, its patient. */
import { sectionOfField, sections } from '../../shared/content/standard.ts';
import { may, sectionAccess } from '../../shared/domain/access.ts';
import { draftSections } from '../../shared/domain/plan.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { planStatus } from '../../shared/domain/status.ts';
import type { PlanListItem, PlanView } from '../../shared/wire/plans.ts';
import type { CaseloadRow, PlanRow, TeamRow } from './store.ts';

type Summary = PlanListItem['summary'];
type Patient = PlanListItem['patient'];
export interface PresentPerson {
  readonly id: string;
  readonly name: string;
}

/** A value that is a code, or an object around one; undefined when blank, disputed or "not discussed". */
function code(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const inner = typeof value === 'object' && value !== null ? (value as { code?: unknown }).code : undefined;
  return typeof inner === 'string' ? inner : undefined;
}
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const optional = <K extends string>(key: K, value: string | undefined): { [name in K]?: string } => (value ? ({ [key]: value } as { [name in K]: string }) : {});

/** The patient as the draft names them. */
export function presentPatient(nhsNumber: string, values: Readonly<Record<string, unknown>>): Patient {
  return {
    nhsNumber,
    familyName: text(values['familyName']),
    givenName: text(values['givenName']),
    birthDate: text(values['birthDate']),
    ...optional('gender', code(values['gender'])),
  };
}

/** Fields of the summary that go out under another name than their field's. */
const shown = {
  diagnosis: 'primaryDiagnosis', preferredPlaceOfDeath: 'ppd1', preferredPlaceOfCare: 'preferredPlaceOfCare', cpr: 'cprDecision', allergyStatus: 'allergyStatus',
  anticipatory: 'jicStatus', keyWorker: 'keyWorker', consent: 'consentShare', oohNotified: 'oohNotified',
} as const;

/** What the summary holds of sections that the actor may read. */
export function presentSummary({ summary: kept, ...plan }: Pick<PlanRow, 'summary'> & PlanFacts, actor: Actor): Summary {
  const readable = draftSections(actor, plan);
  const mayRead = (field: string): boolean => readable.has(sectionOfField(field)?.id ?? '');
  const summary = Object.fromEntries(Object.entries(kept).filter(([field]) => mayRead(field)));
  const values = Object.entries(shown).flatMap(([name, field]) => (summary[field] === undefined ? [] : [[name, summary[field]] as const]));
  return {
    ...Object.fromEntries(values),
    ...optional('stage', code(summary['gsfStage'])),
    ...optional('phase', code(summary['phaseOfIllness'])),
    ...optional('reviewDue', text(summary['reviewDue'])),
    ...optional('diedOn', text(summary['dateOfDeath'])),
    disputed: disputedIn(kept['disputed']).filter(mayRead),
  };
}

/** Kept for each section, so that one section's change need not know the others'. */
function disputedIn(kept: unknown): string[] {
  if (typeof kept !== 'object' || kept === null) return [];
  return Object.values(kept).flat().filter((field): field is string => typeof field === 'string');
}

const status = (plan: PlanRow) =>
  planStatus({ closed: !plan.open, contentPosition: plan.contentPosition, signedPosition: plan.latestPosition ?? undefined });

function latestVersion(plan: PlanRow): PlanView['latestVersion'] {
  const { latestNumber: number, latestPosition: position, latestSignedAt: at, latestSignedBy: signedBy } = plan;
  return number === null || position === null || !at || signedBy === null ? null : { number, position, signedAt: at.toISOString(), signedBy };
}

export function presentListItem(plan: CaseloadRow, actor: Actor, presentNow: readonly PresentPerson[]): PlanListItem {
  const summary = presentSummary(plan, actor);
  const latest = latestVersion(plan);
  const open = draftSections(actor, plan).has('mdt') ? plan.summary['openActions'] : 0;
  return {
    id: plan.id,
    patient: presentPatient(plan.nhsNumber, plan.summary),
    status: status(plan),
    ...optional('stage', summary.stage),
    ...optional('reviewDue', summary.reviewDue),
    summary,
    ...(latest ? { latestVersion: latest } : {}),
    ...(plan.contentAt && plan.lastChangedBy !== null ? { lastChanged: { at: plan.contentAt.toISOString(), by: plan.lastChangedBy } } : {}),
    openActions: typeof open === 'number' ? open : 0,
    presentNow: presentNow.map(({ id, name }) => ({ id, name })),
  };
}

const presentMember = ({ organisationId, organisation, relationship, kind, since, until }: TeamRow) =>
  ({ organisation: { id: organisationId, name: organisation }, relationship, kind, since: since.toISOString(), until: until?.toISOString() ?? null });

export function presentPlan(plan: PlanRow, team: readonly TeamRow[], actor: Actor): PlanView {
  return {
    id: plan.id,
    patient: presentPatient(plan.nhsNumber, plan.summary),
    status: status(plan),
    position: plan.position,
    sections: sections.map((section) => {
      const access = sectionAccess(actor, plan, section);
      if (access === 'none') return { id: section.id, access };
      return { id: section.id, title: section.title, access, heading: section.heading, fields: section.fields.map(({ id }) => id) };
    }),
    team: team.filter(({ begun }) => begun).map((member) => ({ ...presentMember(member), people: [...member.people] })),
    teamAhead: team.filter(({ begun }) => !begun).map(presentMember),
    latestVersion: latestVersion(plan),
    summary: presentSummary(plan, actor),
    createdAt: plan.createdAt.toISOString(),
    lastChangedAt: plan.contentAt?.toISOString() ?? null,
    may: {
      sign: may(actor, 'sign-plan', { kind: 'plan', plan }).ok,
      readAudit: may(actor, 'read-audit', { kind: 'plan', plan }).ok,
      changeTeam: may(actor, 'change-team', { kind: 'plan', plan }).ok,
      changeInspection: may(actor, 'change-inspection', { kind: 'plan', plan }).ok,
      review: may(actor, 'review-plan', { kind: 'plan', plan }).ok,
      correctIdentity: may(actor, 'correct-identity', { kind: 'plan', plan }).ok,
    },
  };
}
