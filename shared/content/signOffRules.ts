/** Rules of the sign-off gate that compare answers with each other or with the calendar, beyond what one entry can say. */
import { addMonths, formatDate, isPlainDate } from '../domain/dates.ts';
import { checkText } from './checkText.ts';
import { isDisputed, type PlanContent } from './planContent.ts';
import { choiceCode, isAnswered, isBlank, liveRows } from './values.ts';

export interface RuleFinding {
  readonly field: string;
  readonly message: string;
  readonly severity: 'blocks' | 'warns';
}
type Read = (field: string) => unknown;
type Rule = (read: Read, today: string) => readonly RuleFinding[];

const blocks = (field: string, message: string): RuleFinding => ({ field, message, severity: 'blocks' });
const warns = (field: string, message: string): RuleFinding => ({ field, message, severity: 'warns' });

/** Begins every paragraph that a simulated colleague writes in a practice. */
export const practiceMark = '[practice]';

/** The next review may be at most this far ahead. */
export const reviewMonthsMax = 3;

const reviewDate: Rule = (read, today) => {
  const due = read('reviewDue');
  if (!isPlainDate(due)) return [];
  const latest = addMonths(today, reviewMonthsMax);
  if (due > latest) return [blocks('reviewDue', `${formatDate(due)} is more than three months ahead: choose a day up to ${formatDate(latest)}.`)];
  return due < today ? [blocks('reviewDue', `${formatDate(due)} has passed: choose the day of the next review.`)] : [];
};

const numberVerified: Rule = (read) => {
  const status = choiceCode(read('nhsNumberStatus'));
  return status === '01' ? [] : [warns('nhsNumberStatus', status === undefined ? 'Nobody has verified the NHS number.' : 'The NHS number is not verified.')];
};

/** The warning stays although a reason is given: a preference may still be found out. */
const firstChoiceBlank: Rule = (read) =>
  isBlank(read('ppd1')) && !isBlank(read('ppdReasonNotRecorded')) ? [warns('ppd1', 'The first choice of place is blank; only a reason is recorded.')] : [];

const agreement: Rule = (read) =>
  (['consentRecord', 'consentShare'] as const).flatMap((field) => {
    const answer = choiceCode(read(field));
    return answer === 'withdrawn' || answer === 'declined' || answer === 'not-yet-asked' ? [warns(field, 'There is no agreement: signing makes the plan readable to urgent care.')] : [];
  });

const allergiesAgree: Rule = (read) => {
  const status = choiceCode(read('allergyStatus'));
  const listed = liveRows(read('allergies')).length;
  if (isBlank(read('allergyStatus'))) return [warns('allergyStatus', 'Allergies are not recorded: this is not the same as none.')];
  if (status === 'no-known-allergies' && listed > 0) return [blocks('allergyStatus', 'It says no known allergies, but allergies are listed.')];
  return status === 'has-allergies' && listed === 0 ? [blocks('allergies', 'It says there are allergies, but none is listed.')] : [];
};

const shockFunctionKnown: Rule = (read) =>
  liveRows(read('implantedDevices')).flatMap((row) => {
    const shocks = row['device'] === 'icd' || row['device'] === 'crt-d';
    const said = row['shockFunction'];
    return shocks && (isBlank(said) || said === 'not-applicable') ? [blocks('implantedDevices', 'A defibrillator is listed: say whether its shocks are on, off or to be discussed.')] : [];
  });

/** Refusing life-sustaining treatment binds only when it is written, signed and witnessed. */
const refusalFormal: Rule = (read) => {
  const checked = read('adrtChecked');
  if (choiceCode(read('adrt')) !== 'has-adrt-life-sustaining' || !isAnswered(checked) || !Array.isArray(checked)) return [];
  const lacking = ['written', 'signed', 'witnessed'].filter((formality) => !checked.includes(formality));
  return lacking.length > 0 ? [warns('adrtChecked', `A refusal of life-sustaining treatment has to be written, signed and witnessed; not seen: ${lacking.join(', ')}.`)] : [];
};

const enoughPeople: Rule = (read) =>
  liveRows(read('decisionPersons')).length === 1 ? [warns('decisionPersons', 'Only one person is named: name a second, so that one can always be reached.')] : [];

/** What the person asked to have withheld has to be written so that it is withheld. */
const limitsApply: Rule = (read) =>
  liveRows(read('sharingLimits')).some((row) => !isDisputed(row) && isBlank(row['role']) && isBlank(row['organisation']))
    ? [blocks('sharingLimits', 'A limit to sharing names neither a role nor an organisation, so nothing is withheld: choose one of them.')] : [];

const rules: readonly Rule[] = [reviewDate, numberVerified, firstChoiceBlank, agreement, allergiesAgree, shockFunctionKnown, refusalFormal, enoughPeople, limitsApply];

/** Words of a practice must never reach anybody who reads what was signed, wherever in the plan they stand. */
const practiceWords = ({ sections }: PlanContent): readonly RuleFinding[] =>
  Object.values(sections).flatMap((section) => Object.entries(section ?? {}))
    .filter(([, value]) => JSON.stringify(value ?? null).includes(practiceMark))
    .map(([field]) => blocks(field, `Simulated colleagues' words are still in the plan: send the colleagues away, or take out what is marked ${practiceMark}.`));

/** Prose grows letter by letter, and no single letter shows what it makes of the others: what could not be written as a whole is not signed. */
const proseReadable = ({ sections }: PlanContent): readonly RuleFinding[] =>
  Object.values(sections).flatMap((section) => Object.entries(section ?? {})).flatMap(([field, value]) => {
    const blocksOfText: readonly unknown[] = Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null && 'type' in item && 'text' in item) : [];
    const why = blocksOfText.map((block) => checkText((block as { text: unknown }).text, Number.POSITIVE_INFINITY, true)).find((sentence) => sentence !== undefined);
    return why === undefined ? [] : [blocks(field, `As it stands, ${why}`)];
  });

/** What these rules find in a plan. Disputed values are not judged here: they block by themselves. */
export function signOffRules(content: PlanContent, today: string, valueOf: (content: PlanContent, field: string) => unknown): readonly RuleFinding[] {
  return [...rules.flatMap((rule) => rule((field) => valueOf(content, field), today)), ...practiceWords(content), ...proseReadable(content)];
}
