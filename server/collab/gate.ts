/**
 * The gate: judges one update before it may become part of the plan. Accepted whole or refused whole. Pure but for the staging
 * document, which an accepted update is applied to; after a refusal that touched it (`touched`), the caller rebuilds it.
 */
import * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { rootName } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { claimOf, newFrom, type Claim, type ClaimFault, type Span } from './claim.ts';
import type { Fault, FaultCode } from './fieldFaults.ts';
import { isRootOf, place } from './placement.ts';
import { keepBooks, sizeOf, type ProseSize } from './proseSize.ts';
import { repeatsOtherwise } from './repetition.ts';
import { examine } from './shape.ts';
import { readUpdate, saysNothingNew, structsOf, type ReadingCode, type UpdateRead } from './updateReading.ts';
import { Witness } from './witness.ts';
import { OverWorked, withLookupsUpTo } from './workLimit.ts';

export type { Span } from './claim.ts';

export type GateCode = FaultCode | 'malformed' | 'not-allowed' | 'foreign-client' | 'gap' | 'inconsistent';

export type Verdict =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'accept'; readonly bytes: Uint8Array; readonly spans: readonly Span[]; readonly fields: readonly string[] }
  | { readonly kind: 'refuse'; readonly code: GateCode; readonly reason: string; readonly touched: boolean };

export interface Case {
  readonly update: Uint8Array;
  /** What `readUpdate` made of exactly these bytes, when the caller has read them already. */
  readonly read?: UpdateRead | ReadingCode;
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

const bounds = {
  'update': { bytes: limits.frameBytesMax, parts: limits.structsPerUpdateMax, deletions: limits.deletionsPerUpdateMax },
  'sync-reply': { bytes: limits.syncReplyBytesMax, parts: limits.structsPerSyncReplyMax, deletions: limits.deletionsPerSyncReplyMax },
} as const;

/** Up to here an update cannot make much work, and what everybody types is not counted. */
const fewParts = 8;

const refuse = (code: GateCode, reason: string, touched = false): Verdict => ({ kind: 'refuse', code, reason, touched });
const refuseFault = ({ code, reason }: Fault, touched = false): Verdict => refuse(code, reason, touched);
const malformed = (touched = false): Verdict => refuse('malformed', 'The change could not be read.', touched);
const gap = (touched = false): Verdict => refuse('gap', 'The change builds on something that the service does not have.', touched);
const tooManyParts = (touched = false): Verdict => refuse('over-limit', 'The change has too many parts.', touched);
const inconsistent = (): Verdict => refuse('inconsistent', 'The change does something else than it says.', true);
const claimsTooMuch = (): Verdict => refuse('over-limit', 'The change claims too much.');

/** Judges one update; see `GateCode` for every way to be refused. */
export function judge(each: Case): Verdict {
  const bound = bounds[each.kind];
  if (each.update.length > bound.bytes) return refuse('over-limit', `One change may have ${bound.bytes / 1024} KB.`);
  const read = each.read ?? readUpdate(each.update, bound.parts);
  if (typeof read === 'string') return unread(read);
  if (read.parts > bound.parts) return tooManyParts();
  if (repeatsOtherwise(each.staging, read.structs)) return refuse('foreign-client', 'The change says something else in a place that is taken: another copy of this browser’s data is writing too.');
  if (saysNothingNew(each.staging, read)) return { kind: 'nothing' };
  // Whoever may only read costs no more than it takes to see that they say something new.
  if (each.mayNot !== undefined) return refuse('not-allowed', each.mayNot);
  const repeats = read.structs.some(({ id: { client, clock } }) => clock < Y.getState(each.staging.store, client));
  return repeats ? judgeRest(each, bound.parts) : judgeNew(each, read);
}

/** Only what is new goes any further: the library would follow what a repeated piece says of its neighbours, though it is known already. */
function judgeRest(each: Case, partsMax: number): Verdict {
  let update: Uint8Array;
  try {
    update = Y.diffUpdate(each.update, Y.encodeStateVector(each.staging));
  } catch {
    return malformed(); // what reads well is cut well; should the library think otherwise, it is not applied
  }
  const read = readUpdate(update, partsMax);
  if (typeof read === 'string') return unread(read);
  return saysNothingNew(each.staging, read) ? { kind: 'nothing' } : judgeNew({ ...each, update }, read);
}

function judgeNew(each: Case, read: UpdateRead): Verdict {
  const bound = bounds[each.kind];
  const spans = spansOf(each, read);
  if ('kind' in spans) return spans;
  const claim = claimOf(each.staging, read, spans);
  if (typeof claim === 'string') return unclaimed(claim);
  if (claim.runs > bound.deletions) return tooManyParts();
  const fields = place(each, claim);
  if ('code' in fields) return refuseFault(fields);
  // What only takes away is let into a full section: how else would it become smaller.
  if (spans.length > 0 && each.sectionBytes + each.update.length > limits.sectionBytesMax) return refuse('over-limit', 'This section is full.');
  return tryOn(each, claim, fields);
}

function unread(code: ReadingCode): Verdict {
  switch (code) {
    case 'malformed': return malformed();
    case 'over-limit': return tooManyParts();
    case 'wrong-content': return refuse('wrong-content', 'The change holds a kind of content that no field has.');
  }
}

function unclaimed(code: ClaimFault): Verdict {
  switch (code) {
    case 'gap': return gap();
    case 'malformed': return malformed();
    case 'over-limit': return tooManyParts();
    case 'half-character': return refuse('invalid', 'The change would leave half of a character.');
  }
}

/** What is new, in whose name and in what order: clocks continue exactly where the document stands. */
function spansOf({ staging, section, ownerOf, authorId }: Case, read: UpdateRead): Verdict | readonly Span[] {
  const spans: [number, number, number][] = [];
  for (const { id: { client, clock }, length, content, parent } of read.structs) {
    const known = Y.getState(staging.store, client);
    const after = clock + length;
    let span = spans.at(-1);
    if (span?.[0] !== client) {
      if (spans.length === limits.clientsPerUpdateMax) return tooManyParts();
      span = [client, known, known];
      if (content.kind === 'skip' || clock > known) return gap();
      if ((ownerOf(client) ?? authorId) !== authorId) return refuse('foreign-client', 'The change is written in somebody else’s name.');
      spans.push(span);
    }
    if (content.kind === 'skip') return gap();
    if (after > limits.clockMax) return claimsTooMuch();
    if ((content.kind === 'gc' || content.kind === 'deleted') && length > limits.holeLengthMax) return claimsTooMuch();
    if (typeof parent === 'string' && !isRootOf(section, parent)) return refuse('unknown-field', 'The change names a field that this section does not have.');
    span[2] = after;
  }
  return spans;
}

/** Applies the update to the staging document and looks at what came of it. */
function tryOn({ staging, section, update, isService }: Case, claim: Claim, fields: readonly Field[]): Verdict {
  const { spans } = claim;
  const sizes = new Map<Field, ProseSize>();
  for (const field of fields) if (field.merge === 'T') sizes.set(field, sizeOf(staging, rootName(field)));
  const written: Uint8Array[] = [];
  const witness = new Witness(claim);
  const heard = (bytes: Uint8Array): void => void written.push(bytes);
  const look = (transaction: Y.Transaction): void => witness.see(transaction);
  staging.on('update', heard);
  staging.on('afterTransaction', look);
  try {
    keepBooks(staging, spans, () => apply(staging, update, claim));
  } catch (error) {
    // The library throws half-way through what it finds impossible.
    return error instanceof OverWorked ? tooManyParts(true) : malformed(true);
  } finally {
    staging.off('update', heard);
    staging.off('afterTransaction', look);
  }
  if (staging.store.pendingStructs !== null || staging.store.pendingDs !== null) return gap(true);
  if (witness.disorder) return malformed(true);
  if (written.length === 0) return inconsistent();
  // What the staging document says happened, not what was sent: no repeated structs, no repeated deletions.
  const bytes = written.length === 1 ? (written[0] as Uint8Array) : Y.mergeUpdates(written);
  const logged = structsOf(bytes);
  if (logged === undefined || !witness.agrees(logged)) return inconsistent();
  const found = examine({ doc: staging, section, fields, changed: witness.changed, spans, deleted: witness.deleted, sizes, isService });
  if (found) return refuseFault(found, true);
  return { kind: 'accept', bytes, spans, fields: shows(staging, witness, spans) ? fields.map((field) => field.id) : [] };
}

function apply(staging: Y.Doc, update: Uint8Array, { brought }: Claim): void {
  if (brought.length <= fewParts) return Y.applyUpdate(staging, update);
  withLookupsUpTo(staging, limits.lookupsMax + limits.lookupsPerPartMax * brought.length, () => Y.applyUpdate(staging, update));
}

/** Whether anything reads differently now: something that the update brought stands, or something that stood before is gone. */
function shows({ store }: Y.Doc, { deleted }: Witness, spans: readonly Span[]): boolean {
  for (const { clients } of deleted) for (const [client, ranges] of clients) if (ranges.some(({ clock }) => clock < newFrom(spans, client))) return true;
  return spans.some(([client, from]) => {
    const structs = store.clients.get(client) ?? [];
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index += 1) if (!structs[index]?.deleted) return true;
    return false;
  });
}
