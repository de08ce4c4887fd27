/** What is still missing: for the side list, for prompts, and for the sign-off gate. Everything follows from the standard's entries. */
import type { Condition, Field, Section } from './kinds.ts';
import { isDisputed, type PlanContent, type SectionContent } from './planContent.ts';
import { sealValue } from './sealed.ts';
import { showValue } from './show.ts';
import { signOffRules } from './signOffRules.ts';
import { fieldById, sectionOfField, sections } from './standard.ts';
import { isAnswered, isBlank, liveRows, possibleCodes } from './values.ts';

export interface SignOffProblem {
  readonly section: string;
  readonly field: string;
  readonly label: string;
  readonly message: string;
  readonly severity: 'blocks' | 'warns';
}

/** The value of a field wherever in the plan it stands; undefined when nothing is recorded. */
export function valueOf(content: PlanContent, fieldId: string): unknown {
  const section = sectionOfField(fieldId);
  return section === undefined ? undefined : content.sections[section.id]?.[fieldId];
}

/** Whether a condition holds in this plan. A disputed value holds it if any of its sides would. */
export function holds(condition: Condition, content: PlanContent): boolean {
  const value = valueOf(content, condition.field);
  if (condition.blank) return isBlank(value);
  if (!isAnswered(value)) return false;
  const { in: wanted } = condition;
  return wanted === undefined || possibleCodes(value).some((code) => wanted.includes(code));
}

/** Whether a person has to answer this field before the plan can be signed, as the plan stands. */
export function isNeeded(field: Field, content: PlanContent): boolean {
  if (field.merge === 'A') return false;
  if (field.requirement.when === 'creation') return true;
  if (field.requirement.when !== 'sign-off') return false;
  const { only } = field.requirement;
  return only === undefined || holds(only, content);
}

/** Needed fields of these sections that have neither an answer nor a reason for having none. */
export function missingNeeded(content: PlanContent, within: readonly Section[] = sections): readonly { readonly section: Section; readonly field: Field }[] {
  return within.flatMap((section) =>
    section.fields.filter((field) => isMissing(field, content.sections[section.id] ?? {}, content)).map((field) => ({ section, field })));
}

function isMissing(field: Field, own: SectionContent, content: PlanContent): boolean {
  if (!isNeeded(field, content) || !isBlank(own[field.id])) return false;
  const { requirement } = field;
  if (requirement.when !== 'sign-off') return true;
  if (requirement.instead !== undefined && !isBlank(valueOf(content, requirement.instead))) return false;
  // Where one of two fields has to be answered, the first of them does the asking.
  const asked = requirement.only?.blank ? fieldById(requirement.only.field)?.requirement : undefined;
  return !(asked?.when === 'sign-off' && asked.instead === field.id);
}

/** The quiet prompt under an empty field that is needed: "Not recorded: where would they like to be?" */
export const missingMessage = (field: Field): string => (field.ask ? `Not recorded: ${field.ask}` : 'Not recorded.');

/** How many answers this section needs as the plan stands, and how many of those are there. `own` is the section's content. */
export function sectionCompleteness(section: Section, own: SectionContent, content: PlanContent): { readonly needed: number; readonly answered: number } {
  const needed = section.fields.filter((field) => isNeeded(field, content) && !(isBlank(own[field.id]) && !isMissing(field, own, content)));
  return { needed: needed.length, answered: needed.filter((field) => !isBlank(own[field.id])).length };
}

/**
 * Everything that stands in the way of signing (`blocks`) or that the signer should know (`warns`), in reading order.
 * `today` is London's day, YYYY-MM-DD. The whole plan has to be in `content`: a section left out counts as empty.
 */
export function signOffProblems(content: PlanContent, today: string): readonly SignOffProblem[] {
  const missing = new Set(missingNeeded(content).map(({ field }) => field.id));
  const byRule = signOffRules(content, today, valueOf);
  return sections.flatMap((section) => section.fields.flatMap((field) => {
    const value = content.sections[section.id]?.[field.id];
    const problem = (message: string, severity: SignOffProblem['severity']): SignOffProblem => ({ section: section.id, field: field.id, label: field.label, message, severity });
    return [
      ...(missing.has(field.id) ? [problem(missingMessage(field), 'blocks')] : []),
      ...disputes(field, value).map((message) => problem(message, 'blocks')),
      ...rowGaps(field, value).map((message) => problem(message, 'blocks')),
      ...byRule.filter((found) => found.field === field.id).map((found) => problem(found.message, found.severity)),
    ];
  }));
}

function disputes(field: Field, value: unknown): readonly string[] {
  if (isDisputed(value)) return [`${showValue(field, sealValue(field, value))}. Somebody who may write it has to settle this.`];
  return liveRows(value).filter((row) => isDisputed(row)).map((row) => `${showValue(field, [row])}. Somebody who may write it has to settle this.`);
}

/** "Action 2: Owner is missing." Numbers count the rows that stand. */
function rowGaps(field: Field, value: unknown): readonly string[] {
  const { of: kind } = field;
  if (kind.kind !== 'rows' || field.merge === 'A') return [];
  return liveRows(value).flatMap((row, at) => {
    if (isDisputed(row)) return [];
    const gaps = kind.columns.filter((column) => column.needed && isBlank(row[column.id]));
    return gaps.map((column) => `${kind.rowNoun[0]?.toUpperCase() ?? ''}${kind.rowNoun.slice(1)} ${at + 1}: ${column.label} is missing.`);
  });
}
