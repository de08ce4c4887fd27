/** Grouping of audit entries for the screen, and the words of their kinds. Pure. */
import type { z } from 'zod';
import { londonDate } from '../../shared/domain/dates.ts';
import { auditKinds, type AuditKind, type auditItem } from '../../shared/wire/plans.ts';

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

const kindWords: Readonly<Record<AuditKind, string>> = {
  looked: 'Looked at the plan', wrote: 'Wrote in it', signed: 'Signed', access: 'Care team and access', meeting: 'Meetings', offline: 'Taken offline', refused: 'Refused attempts',
};
/** What a trail can be narrowed to. */
export const kindOptions = auditKinds.map((kind) => ({ value: kind, label: kindWords[kind] }));
