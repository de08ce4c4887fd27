/**
 * The gate: judges one update before it may become part of the plan. Accepted whole or refused whole. Pure but for the staging
 * document, which an accepted update is applied to; after a refusal that touched it (`touched`), the caller rebuilds it.
 */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { fieldsRoot, rootName } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { examine, type AnyType, type Examination, type FaultCode } from './shape.ts';
import { unseenFault, unseenSince, type Unseen } from './unseen.ts';
import { effectOf, readUpdate, saysNothingNew, unknownStructs, type Struct, type UpdateRead } from './updateReading.ts';

/** `[client, clock from, clock after]` of what an update brought. */
export type Span = readonly [client: number, from: number, after: number];

export type GateCode = FaultCode | 'malformed' | 'not-allowed' | 'foreign-client' | 'gap';

export type Verdict =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'accept'; readonly bytes: Uint8Array; readonly spans: readonly Span[]; readonly fields: readonly string[] }
  | { readonly kind: 'refuse'; readonly code: GateCode; readonly reason: string; readonly touched: boolean };

export interface Case {
  readonly update: Uint8Array;
  /** A sync reply may be larger and may repeat what is known. */
  readonly kind: 'update' | 'sync-reply';
  /** Everything accepted so far. */
  readonly staging: Y.Doc;
  /** Bytes of the section's document so far, or a little more. */
  readonly sectionBytes: number;
  readonly section: Section;
  readonly authorId: string;
  /** The person to whom a client id of this section belongs; `undefined` for one that nobody has used. */
  readonly ownerOf: (client: number) => string | undefined;
  /** Why the author may not write here, or `undefined` when they may. */
  readonly mayNot: string | undefined;
  readonly isService: boolean;
  /** YYYY-MM-DD. */
  readonly today: string;
}

const refuse = (code: GateCode, reason: string, touched = false): Verdict => ({ kind: 'refuse', code, reason, touched });
const malformed = (touched = false): Verdict => refuse('malformed', 'The change could not be read.', touched);
const gap = (touched = false): Verdict => refuse('gap', 'The change builds on something that the service does not have.', touched);

/** Judges one update; see `GateCode` for every way to be refused. */
export function judge(each: Case): Verdict {
  const bytesMax = each.kind === 'update' ? limits.frameBytesMax : limits.syncReplyBytesMax;
  if (each.update.length > bytesMax) return refuse('over-limit', `One change may have ${bytesMax / 1024} KB.`);
  const read = readUpdate(each.update, each.kind === 'update' ? limits.structsPerUpdateMax : limits.structsPerSyncReplyMax);
  if (read === 'malformed') return malformed();
  if (read === 'over-limit') return refuse('over-limit', 'The change has too many parts.');
  if (saysNothingNew(each.staging, read)) return { kind: 'nothing' };
  const structural = checkStructure(each, read);
  if ('kind' in structural) return structural;
  if (each.mayNot !== undefined) return refuse('not-allowed', each.mayNot);
  // What only takes away is let into a full section: how else would it become smaller.
  if (structural.spans.length > 0 && each.sectionBytes + each.update.length > limits.sectionBytesMax) return refuse('over-limit', 'This section is full.');
  return tryOn(each, structural);
}

type Structure = { readonly spans: readonly Span[] };

/** Who wrote it, in what order, in which kinds of content and under which roots: all that can be told without applying it. */
function checkStructure({ staging, section, ownerOf, authorId }: Case, read: UpdateRead): Verdict | Structure {
  const ends = new Map<number, { readonly from: number; after: number }>();
  const roots = new Set([fieldsRoot, ...section.fields.map(rootName)]);
  for (const struct of unknownStructs(staging, read.structs)) {
    const { client, clock } = struct.id;
    const known = Y.getState(staging.store, client);
    const expected = ends.get(client)?.after ?? known;
    if (struct instanceof Y.Skip || clock > expected) return gap();
    if ((ownerOf(client) ?? authorId) !== authorId) return refuse('foreign-client', 'The change is written in somebody else’s name.');
    if (clock < expected && expected !== known) return malformed();
    const after = clock + struct.length;
    if (!Number.isSafeInteger(after) || after > clockMax) return refuse('over-limit', 'The change claims too much.');
    ends.set(client, { from: known, after });
    const isHole = struct instanceof Y.GC || (struct instanceof Y.Item && struct.content instanceof Y.ContentDeleted);
    if (isHole && struct.length > limits.holeLengthMax) return refuse('over-limit', 'The change claims too much.');
    const fault = contentFault(struct, roots);
    if (fault) return fault;
  }
  for (const deletion of read.deletions) {
    if (effectOf(staging, deletion) !== 'unknown') continue;
    const brought = ends.get(deletion.client)?.after ?? Y.getState(staging.store, deletion.client);
    if (deletion.clock + deletion.length > brought) return gap();
  }
  return { spans: [...ends].map(([client, { from, after }]) => [client, from, after] as const) };
}

/** Far beyond what anybody types; keeps sums of clocks exact. */
const clockMax = 2 ** 31;

function contentFault(struct: Struct, roots: ReadonlySet<string>): Verdict | undefined {
  // The author's own text, typed and taken away before it was ever sent, arrives as a hole of the right length.
  if (!(struct instanceof Y.Item)) return undefined;
  const parent: unknown = struct.parent;
  if (typeof parent === 'string' && !roots.has(parent)) return refuse('unknown-field', 'The change names a field that this section does not have.');
  const { content } = struct;
  if (content instanceof Y.ContentType) {
    const kind: unknown = content.type.constructor;
    return kind === Y.Array || kind === Y.XmlElement || kind === Y.XmlText ? undefined : refuse('wrong-content', 'The change holds a kind of content that no field has.');
  }
  const allowed = content instanceof Y.ContentAny || content instanceof Y.ContentString || content instanceof Y.ContentFormat || content instanceof Y.ContentDeleted;
  return allowed ? undefined : refuse('wrong-content', 'The change holds a kind of content that no field has.');
}

/** Applies the update to the staging document and looks at what came of it. */
function tryOn({ staging, section, update, isService, today }: Case, { spans }: Structure): Verdict {
  const written: { readonly bytes: Uint8Array; readonly transaction: Y.Transaction }[] = [];
  const heard = (bytes: Uint8Array, _origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => void written.push({ bytes, transaction });
  const unseen: Unseen[] = [];
  const look = (): void => void unseen.push(...spans.flatMap(([client, start]) => unseenSince(staging, client, start)));
  staging.on('update', heard);
  staging.on('afterTransaction', look);
  try {
    Y.applyUpdate(staging, update);
  } catch {
    return malformed(true); // some updates read well and still have an impossible parent; the library throws half-way
  } finally {
    staging.off('update', heard);
    staging.off('afterTransaction', look);
  }
  if (staging.store.pendingStructs !== null || staging.store.pendingDs !== null) return gap(true);
  if (written.length === 0) return { kind: 'nothing' };
  const changed = new Map<AnyType, Set<string | null>>();
  for (const { transaction } of written) {
    for (const [type, keys] of transaction.changed) changed.set(type, new Set([...(changed.get(type) ?? []), ...keys]));
  }
  const from = new Map(spans.map(([client, start]) => [client, start]));
  const deleted = written.map(({ transaction }) => transaction.deleteSet);
  const examination: Examination = { doc: staging, section, changed, newFrom: (client) => from.get(client) ?? Infinity, deleted, isService, today };
  const examined = unseenFault(examination, unseen) ?? examine(examination);
  if ('code' in examined) return { kind: 'refuse', code: examined.code, reason: examined.reason, touched: true };
  // What the staging document says happened, not what was sent: no repeated structs, no repeated deletions, no trailing bytes.
  const bytes = written.length === 1 ? (written[0] as { bytes: Uint8Array }).bytes : Y.mergeUpdates(written.map((each) => each.bytes));
  return { kind: 'accept', bytes, spans, fields: shows(examination, spans) ? examined.fields : [] };
}

/** Whether anything reads differently now: something that the update brought stands, or something that stood before is gone. */
function shows({ doc, newFrom, deleted }: Examination, spans: readonly Span[]): boolean {
  if (deleted.some((set) => [...set.clients].some(([client, ranges]) => ranges.some(({ clock }) => clock < newFrom(client))))) return true;
  return spans.some(([client, from]) => {
    const structs = doc.store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index += 1) if (!structs[index]?.deleted) return true;
    return false;
  });
}
