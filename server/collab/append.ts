/** Hands decisions to the database's own `accord_append`, which writes each plan's share whole or not at all: one journey, one flush. */
import { spellEntry } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import { asEntry } from '../audit/chain.ts';
import type { Queryable } from '../ports.ts';
import type { Appended, Share } from './planLog.ts';

const statement = 'SELECT written AS id, written_audit_seq AS "auditSeq", written_at AS at FROM accord_append($1)';

/** Writes every share whose plan is as it was decided on and answers which; see `PlanLog.append`. */
export async function appendShares(db: Queryable, shares: readonly Share[]): Promise<Map<PlanId, Appended>> {
  if (shares.length === 0) return new Map();
  // Heads are locked in the order of their ids, by every node alike.
  const inOrder = shares.toSorted((a, b) => (a.head.id < b.head.id ? -1 : 1));
  const made = await db.query<Appended & { readonly id: PlanId }>(statement, [JSON.stringify(inOrder.map(asGiven))], 'append-shares');
  return new Map(made.map(({ id, ...appended }) => [id, appended]));
}

/** The share as `accord_append` takes it. */
const asGiven = (share: Share): unknown => ({
  plan: share.head.id, position: share.head.position, auditSeq: share.head.auditSeq, open: share.head.open, died: share.head.died, team: share.head.team.join(' '), holdUntilMs: share.head.holdUntilMs,
  to: share.rows.at(-1)?.position ?? share.head.position,
  content: share.rows.findLast(({ fields }) => fields.length > 0)?.position ?? null,
  summary: changesSummary(share) ? share.summary : null,
  rows: share.rows.map((row) => [row.position, row.sectionId, base64(row.bytes), row.spans, row.fields.join(' '), row.authorId]),
  leases: share.leases.map((lease) => [lease.sectionId, lease.client, lease.personId]),
  entries: spelled(share),
  writers: share.writers.map((writer) => [writer.id, writer.role, writer.organisationId, writer.seniorClinician]),
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Typing changes nothing that lists show: then the summary is left as it is. */
const changesSummary = ({ summary: { set, removed, disputed } }: Share): boolean =>
  Object.keys(set).length > 0 || removed.length > 0 || Object.keys(disputed).length > 0;

// Marks that no id, code or hash can hold: a control character is spelled as an escape, and only these two values have one.
const atMark = '\u0001at';
const prevMark = '\u0001prev';
const spelledAtMark = JSON.stringify(atMark).slice(1, -1);
const spelledPrevMark = JSON.stringify(prevMark);

/** Each entry's text in the parts around the two things that only the database knows: the time, and the hash of the entry before. */
function spelled({ head, audit }: Share): [string, string, string][] {
  return audit.map((each, index) => {
    const text = spellEntry(asEntry(head.id, each, head.auditSeq + index + 1, atMark, prevMark));
    const [beforeAt, afterAt] = text.split(spelledAtMark);
    const [beforePrev, rest] = (afterAt ?? '').split(spelledPrevMark);
    if (beforeAt === undefined || beforePrev === undefined || rest === undefined) throw new Error('an audit entry could not be taken apart');
    return [beforeAt, beforePrev, rest];
  });
}
