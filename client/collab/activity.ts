/** What others did just now, as lines to read: one line for each person and field, however many keys they pressed. Pure. */
import type { Notice } from '../../shared/wire/notice.ts';

export interface ActivityLine {
  readonly key: string;
  /** When it happened last, as the server says: UTC ISO 8601. */
  readonly at: string;
  readonly by: string;
  readonly what: { readonly kind: 'changed'; readonly section: string; readonly field: string } | { readonly kind: 'signed'; readonly number: number };
}

const linesMax = 40;
/** A later change of the same field by the same person within this many milliseconds belongs to the same line. */
const sameLineMs = 60_000;

/** The list with what the notice says on top, newest first. */
export function withNotice(lines: readonly ActivityLine[], notice: Notice): readonly ActivityLine[] {
  if (notice.kind === 'signed') {
    const key = `signed ${notice.number}`;
    return lines.some((line) => line.key === key) ? lines : [{ key, at: notice.at, by: notice.by, what: { kind: 'signed' as const, number: notice.number } }, ...lines].slice(0, linesMax);
  }
  if (notice.kind !== 'changed') return lines;
  let list = [...lines];
  for (const field of notice.fields) {
    const before = list.find((line) => line.by === notice.by.name && line.what.kind === 'changed' && line.what.field === field);
    const joins = before !== undefined && Date.parse(notice.at) - Date.parse(before.at) < sameLineMs;
    if (joins) list = list.filter((line) => line !== before);
    list.unshift({ key: joins ? before.key : `${notice.position} ${field}`, at: notice.at, by: notice.by.name, what: { kind: 'changed', section: notice.section, field } });
  }
  return list.slice(0, linesMax);
}
