/** What the banner says about a person, taken from a draft, a signed version or a caseload row; and how each value is said in a few words. */
import type { z } from 'zod';
import { isDisputed, type PlanContent } from '../../shared/content/planContent.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById, sectionOfField } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import { choiceCode, isBlank, isNotDiscussed, liveRows } from '../../shared/content/values.ts';
import { daysBetween, formatDate } from '../../shared/domain/dates.ts';
import type { planSummary } from '../../shared/wire/plans.ts';

/** Values as stored; absent means that nothing is recorded. */
export interface BannerFacts {
  readonly stage?: unknown;
  readonly diagnosis?: unknown;
  readonly preferredPlaceOfDeath?: unknown;
  readonly cpr?: unknown;
  readonly allergyStatus?: unknown;
  /** Rows of the field `allergies`. */
  readonly allergies?: unknown;
  readonly anticipatory?: unknown;
  readonly keyWorker?: unknown;
  readonly consent?: unknown;
  readonly oohNotified?: unknown;
  readonly reviewDue?: unknown;
  readonly diedOn?: unknown;
  /** Field ids with contradictory values. */
  readonly disputed: readonly string[];
  /** The reader may know none of these: then nothing may be called not recorded either. */
  readonly withheld?: true;
}
export type FactName = Exclude<keyof BannerFacts, 'disputed' | 'withheld'>;

/** Where each fact comes from. */
export const factFields: Readonly<Record<FactName, string>> = {
  stage: 'gsfStage', diagnosis: 'primaryDiagnosis', preferredPlaceOfDeath: 'ppd1', cpr: 'cprDecision', allergyStatus: 'allergyStatus', allergies: 'allergies',
  anticipatory: 'jicStatus', keyWorker: 'keyWorker', consent: 'consentShare', oohNotified: 'oohNotified', reviewDue: 'reviewDue', diedOn: 'dateOfDeath',
};

/** The facts as a plan's content has them. */
export function factsFromContent({ sections }: Pick<PlanContent, 'sections'>): BannerFacts {
  const facts: { [Name in FactName]?: unknown } = {};
  const disputed: string[] = [];
  for (const [name, field] of Object.entries(factFields) as [FactName, string][]) {
    const value = sections[sectionOfField(field)?.id ?? '']?.[field];
    if (value !== undefined) facts[name] = value;
    if (isDisputed(value)) disputed.push(field);
  }
  return { ...facts, disputed };
}

/** The facts as a caseload row has them. The list of allergies is not among them. */
export function factsFromSummary(summary: z.infer<typeof planSummary>): BannerFacts {
  const { phase: _phase, preferredPlaceOfCare: _place, ...facts } = summary;
  return facts;
}

/** The questions of a review that the caseload and the strip answer, in order, with the words for "missing". */
export const factLabels: Readonly<Record<Exclude<FactName, 'allergies' | 'diedOn'>, string>> = {
  stage: 'Stage', diagnosis: 'Illness', preferredPlaceOfDeath: 'Preferred place', cpr: 'CPR', allergyStatus: 'Allergies', anticipatory: 'Anticipatory medicines',
  keyWorker: 'Key worker', consent: 'Consent to share', oohNotified: 'Out-of-hours told', reviewDue: 'Review',
};

export type Said =
  | { readonly state: 'answer' | 'reason'; readonly text: string }
  | { readonly state: 'missing' }
  | { readonly state: 'disputed'; readonly text: string };

/** A fact in a few words. A person is said by name alone, a choice without its note (but with word of it), everything else as the content standard shows it. */
export function say(facts: BannerFacts, name: FactName): Said {
  const fieldId = factFields[name];
  const field = fieldById(fieldId);
  const value = facts[name];
  if (facts.disputed.includes(fieldId) || isDisputed(value)) {
    const texts = isDisputed(value) && field ? value.disputed.map((side) => showValue(field, side.value)) : [];
    return { state: 'disputed', text: texts.map((text) => `“${text}”`).join(' or ') };
  }
  if (isBlank(value) || !field) return { state: 'missing' };
  if (isNotDiscussed(value)) return { state: 'reason', text: `Not discussed: ${value.notDiscussed}` };
  if (field.of.kind === 'person' && typeof value === 'object' && value !== null && 'name' in value) return { state: 'answer', text: String(value.name) };
  return { state: 'answer', text: field.of.kind === 'choice' ? choiceInShort(field, value) : showValue(field, value) };
}

/** The answer without its note, but never as if there were none: a note is announced. */
function choiceInShort(field: Field, value: unknown): string {
  if (typeof value !== 'object' || value === null || !('note' in value) || !value.note) return showValue(field, value);
  const { note: _note, ...answer } = value;
  return `${showValue(field, answer)} + note`;
}

/** What of the ten questions has no answer, as words for a list. A reason for having no answer is one. */
export const missingFacts = (facts: BannerFacts): readonly string[] =>
  (Object.keys(factLabels) as (keyof typeof factLabels)[]).filter((name) => say(facts, name).state === 'missing').map((name) => factLabels[name]);

export type AllergyState =
  | { readonly kind: 'known'; readonly list: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'not-recorded'; readonly words: string }
  | { readonly kind: 'disputed'; readonly words: string };

/**
 * Allergies are one of three things that must never look alike: known, known to be none, not recorded. A listed allergy always
 * wins over a status that says there is none, and that contradiction is said.
 */
export function allergyState(facts: BannerFacts): AllergyState {
  if (facts.disputed.includes('allergyStatus') || isDisputed(facts.allergyStatus)) return { kind: 'disputed', words: 'Allergies: disputed' };
  const status = choiceCode(facts.allergyStatus);
  const list = liveRows(facts.allergies).map(allergyWords);
  if (list.length > 0) return { kind: 'known', list: status === 'no-known-allergies' ? [...list, 'but the status says none: check'] : list };
  if (status === 'has-allergies') return { kind: 'known', list: facts.allergies === undefined ? ['yes, see the plan'] : ['yes, but not listed: ask which'] };
  if (status === 'no-known-allergies') return { kind: 'none' };
  return { kind: 'not-recorded', words: status === 'not-checked' ? 'Allergies not checked' : 'Allergies not recorded' };
}

function allergyWords(row: Readonly<Record<string, unknown>>): string {
  if (isDisputed(row)) return 'a disputed entry';
  const substance = typeof row['substance'] === 'string' && row['substance'] ? row['substance'] : 'substance not named';
  return typeof row['reaction'] === 'string' && row['reaction'] ? `${substance} (${row['reaction']})` : substance;
}

/** "12-Dec-2026" with "in 19 days", "01-Nov-2026" with "22 days overdue". `today` is YYYY-MM-DD. */
export function reviewWords(due: string, today: string): { readonly date: string; readonly relative: string; readonly overdue: boolean } {
  const days = daysBetween(today, due);
  const many = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`;
  if (days < 0) return { date: formatDate(due), relative: `${many(-days)} overdue`, overdue: true };
  return { date: formatDate(due), relative: days === 0 ? 'today' : `in ${many(days)}`, overdue: false };
}
