/** Hands decisions to the database's own `accord_append`, which writes each plan's share whole or not at all: one journey, one flush. */
import { spellEntry } from '../../shared/domain/audit.ts';
import type { PlanId } from '../../shared/ids.ts';
import { asEntry } from '../audit/chain.ts';
import type { Queryable } from '../ports.ts';
import type { Appended, Share } from './planLog.ts';

const argumentCount = 30;
const statement = `SELECT written AS id, written_audit_seq AS "auditSeq", written_at AS at
  FROM accord_append(${Array.from({ length: argumentCount }, (_, index) => `$${index + 1}`).join(', ')})`;

/** Writes every share whose plan is as it was decided on and answers which; see `PlanLog.append`. */
export async function appendShares(db: Queryable, shares: readonly Share[]): Promise<Map<PlanId, Appended>> {
  if (shares.length === 0) return new Map();
  // Heads are locked in the order of their ids, by every node alike.
  const inOrder = shares.toSorted((a, b) => (a.head.id < b.head.id ? -1 : 1));
  const made = await db.query<Appended & { readonly id: PlanId }>(statement, valuesOf(inOrder), 'append-shares');
  return new Map(made.map(({ id, ...appended }) => [id, appended]));
}

function valuesOf(shares: readonly Share[]): unknown[] {
  const rows = shares.flatMap((share) => share.rows);
  const leases = shares.flatMap((share) => share.leases);
  const entries = shares.flatMap(spelled);
  const writers = shares.flatMap((share) => share.writers);
  return [
    ...columns(shares, ({ head }) => head.id, ({ head }) => head.position, ({ head }) => head.auditSeq, ({ head }) => head.open, ({ head }) => head.died, ({ head }) => head.team.join(' '),
      ({ head, rows: own }) => own.at(-1)?.position ?? head.position, ({ rows: own }) => own.findLast(({ fields }) => fields.length > 0)?.position ?? null,
      (share) => (changesSummary(share) ? JSON.stringify(share.summary.set) : null), ({ summary }) => JSON.stringify(summary.removed), ({ summary }) => JSON.stringify(summary.disputed)),
    ends(shares, (share) => share.rows.length),
    ...columns(rows, (row) => row.position, (row) => row.sectionId, (row) => asBuffer(row.bytes), (row) => JSON.stringify(row.spans), (row) => row.fields.join(' '), (row) => row.authorId),
    ends(shares, (share) => share.leases.length),
    ...columns(leases, (lease) => lease.sectionId, (lease) => lease.client, (lease) => lease.personId),
    ends(shares, (share) => share.audit.length),
    ...columns(entries, ({ beforeAt }) => beforeAt, ({ beforePrev }) => beforePrev, ({ rest }) => rest),
    ends(shares, (share) => share.writers.length),
    ...columns(writers, (writer) => writer.id, (writer) => writer.role, (writer) => writer.organisationId),
  ];
}

const columns = <T>(items: readonly T[], ...of: ((item: T) => unknown)[]): unknown[][] => of.map((column) => items.map(column));

/** Where each plan's items end in the list of all. */
function ends(shares: readonly Share[], count: (share: Share) => number): number[] {
  let end = 0;
  return shares.map((share) => (end += count(share)));
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Typing changes nothing that lists show: then the summary is left as it is. */
const changesSummary = ({ summary: { set, removed, disputed } }: Share): boolean =>
  Object.keys(set).length > 0 || removed.length > 0 || Object.keys(disputed).length > 0;

interface Spelled {
  readonly beforeAt: string;
  readonly beforePrev: string;
  readonly rest: string;
}

// Marks that no id, code or hash can hold: a control character is spelled as an escape, and only these two values have one.
const atMark = '\u0001at';
const prevMark = '\u0001prev';

/** Each entry's text in the parts around the two things that only the database knows: the time, and the hash of the entry before. */
function spelled({ head, audit }: Share): Spelled[] {
  return audit.map((each, index) => {
    const text = spellEntry(asEntry(head.id, each, head.auditSeq + index + 1, atMark, prevMark));
    const [beforeAt, afterAt] = text.split(JSON.stringify(atMark).slice(1, -1));
    const [beforePrev, rest] = (afterAt ?? '').split(JSON.stringify(prevMark));
    if (beforeAt === undefined || beforePrev === undefined || rest === undefined) throw new Error('an audit entry could not be taken apart');
    return { beforeAt, beforePrev, rest };
  });
}
