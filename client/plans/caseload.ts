/** Who needs me: ordering and filtering caseload rows. Pure, so that it can be tested without a screen. */
import { daysBetween } from '../../shared/domain/dates.ts';
import type { PlanListItem } from '../../shared/wire/plans.ts';
import { factsFromSummary, missingFacts } from './facts.ts';

/** Days first: who may die soonest stands on top. After-care comes last, no stage yet just after weeks. */
const stageOrder = ['red', 'yellow', '', 'green', 'blue', 'after-care'];

export type CaseloadOrder = 'need' | 'name' | 'review';

export interface CaseloadFilter {
  readonly id: string;
  readonly label: string;
  readonly holds: (item: PlanListItem, today: string) => boolean;
}

export const isOverdue = ({ reviewDue, status }: PlanListItem, today: string): boolean => status !== 'closed' && reviewDue !== undefined && daysBetween(today, reviewDue) < 0;

/** Labels of what the ten questions still miss; nothing for a closed plan. */
export const missingOf = (item: PlanListItem): readonly string[] => (item.status === 'closed' ? [] : missingFacts(factsFromSummary(item.summary)));

/** The filters besides the stages, as plain words. */
export const filters: readonly CaseloadFilter[] = [
  { id: 'overdue', label: 'Review overdue', holds: isOverdue },
  { id: 'unsigned', label: 'Not signed as it stands', holds: ({ status }) => status === 'draft' || status === 'changed' },
  { id: 'disputed', label: 'Disputed', holds: ({ summary }) => summary.disputed.length > 0 },
  { id: 'missing', label: 'Something missing', holds: (item) => missingOf(item).length > 0 },
  { id: 'actions', label: 'Open actions', holds: ({ openActions }) => openActions > 0 },
];

/** Rows in the order asked for. 'need': overdue reviews and short prognoses first. */
export function inOrder(items: readonly PlanListItem[], order: CaseloadOrder, today: string): readonly PlanListItem[] {
  const byName = (a: PlanListItem, b: PlanListItem): number =>
    a.patient.familyName.localeCompare(b.patient.familyName, 'en-GB') || a.patient.givenName.localeCompare(b.patient.givenName, 'en-GB');
  const byReview = (a: PlanListItem, b: PlanListItem): number => (a.reviewDue ?? '9999').localeCompare(b.reviewDue ?? '9999');
  const stage = ({ stage: code = '' }: PlanListItem): number => (stageOrder.includes(code) ? stageOrder.indexOf(code) : stageOrder.indexOf(''));
  const closed = ({ status }: PlanListItem): number => (status === 'closed' ? 1 : 0);
  const late = (item: PlanListItem): number => (isOverdue(item, today) ? 0 : 1);
  const by = {
    name: byName,
    review: (a: PlanListItem, b: PlanListItem) => byReview(a, b) || byName(a, b),
    need: (a: PlanListItem, b: PlanListItem) => closed(a) - closed(b) || stage(a) - stage(b) || late(a) - late(b) || byReview(a, b) || byName(a, b),
  }[order];
  return [...items].sort(by);
}

/** Rows for which every chosen filter holds, and whose stage is the chosen one ('' = any, 'none' = no stage yet). */
export const chosen = (items: readonly PlanListItem[], stage: string, on: readonly string[], today: string): readonly PlanListItem[] =>
  items.filter((item) => (stage === '' || (stage === 'none' ? item.stage === undefined : item.stage === stage))
    && filters.every((filter) => !on.includes(filter.id) || filter.holds(item, today)));
