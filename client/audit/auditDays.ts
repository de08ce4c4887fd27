/** Grouping and filtering of audit entries for the screen. Pure. */
import type { z } from 'zod';
import { londonDate } from '../../shared/domain/dates.ts';
import type { auditItem } from '../../shared/wire/plans.ts';

export type AuditItem = z.infer<typeof auditItem>;

export interface AuditDay {
  /** YYYY-MM-DD in London. */
  readonly day: string;
  readonly items: readonly AuditItem[];
}

/** Entries in the order given, cut where London's day changes. */
export function byDay(items: readonly AuditItem[]): readonly AuditDay[] {
  const days: { day: string; items: AuditItem[] }[] = [];
  for (const item of items) {
    const day = londonDate(new Date(item.at));
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}

/** Entries of one person and one action; '' means all. */
export const matching = (items: readonly AuditItem[], personId: string, action: string): readonly AuditItem[] =>
  items.filter((item) => (personId === '' || item.actor.id === personId) && (action === '' || item.action === action));

/** The people in these entries, each once, by name. */
export function peopleIn(items: readonly AuditItem[]): readonly { readonly value: string; readonly label: string }[] {
  const people = new Map(items.map(({ actor }) => [actor.id, actor.name]));
  return [...people].map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label, 'en-GB'));
}

/** The actions in these entries, as words: "sign-version" → "sign version". */
export const actionsIn = (items: readonly AuditItem[]): readonly { readonly value: string; readonly label: string }[] =>
  [...new Set(items.map(({ action }) => action))].sort().map((value) => ({ value, label: value.replaceAll('-', ' ') }));
