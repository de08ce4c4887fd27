/** In which order patients are discussed: deaths, red, yellow, new, the rest; then by family name. */
export type AgendaGroup = 'death' | 'red' | 'yellow' | 'new' | 'rest';

export const agendaGroups: readonly AgendaGroup[] = ['death', 'red', 'yellow', 'new', 'rest'];
export const agendaGroupLabels: Readonly<Record<AgendaGroup, string>> = {
  death: 'Deaths since the last meeting', red: 'Red: days', yellow: 'Yellow: weeks', new: 'New', rest: 'Others',
};

export interface AgendaFacts {
  readonly familyName: string;
  readonly givenName: string;
  /** Slug of the stage in the draft; absent when not recorded or disputed. */
  readonly stage?: string | undefined;
  readonly died: boolean;
  /** Never signed yet. */
  readonly isNew: boolean;
}

/** The group that a plan belongs to today. */
export function agendaGroupOf({ stage, died, isNew }: AgendaFacts): AgendaGroup {
  if (died || stage === 'after-care') return 'death';
  if (stage === 'red' || stage === 'yellow') return stage;
  return isNew ? 'new' : 'rest';
}

const byName = new Intl.Collator('en-GB', { sensitivity: 'base' });

/** The plans in the order in which a meeting should take them. */
export function agendaOrder<T extends AgendaFacts>(plans: readonly T[]): readonly { readonly plan: T; readonly group: AgendaGroup }[] {
  return plans
    .map((plan) => ({ plan, group: agendaGroupOf(plan) }))
    .sort((a, b) => agendaGroups.indexOf(a.group) - agendaGroups.indexOf(b.group)
      || byName.compare(a.plan.familyName, b.plan.familyName) || byName.compare(a.plan.givenName, b.plan.givenName));
}
