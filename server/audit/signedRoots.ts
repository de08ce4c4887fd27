/** Roots of the audit log that somebody signed: our checkpoints in the database, their copies outside it, and what other houses co-signed. */
import { createPublicKey } from 'node:crypto';
import type { Queryable } from '../ports.ts';
import { isSignedBy, readCheckpoint, readNote, readSignature, readVerifier, verifierText, type VerifierKey } from './note.ts';
import type { KeptCheckpoint, KeptCheckpoints } from './outside.ts';
import { checkpointsAfter, cosignaturesBetween, latestCheckpoint, publishedKey, type CheckpointRow, type CosignatureRow } from './treeStore.ts';
import type { Break } from './verifyTree.ts';

type Tell = (found: Break) => void;

/** What somebody who checks believes without asking the database. */
export interface Trust {
  /** Copies outside, as far as they are to be looked at; undefined where there is no such folder to hold against. */
  readonly outside: KeptCheckpoints | undefined;
  /** Reads the copies once more: what was being written at the first reading is there now. */
  readonly readAgain?: () => Promise<KeptCheckpoints>;
  /** Keys that our checkpoints may be signed with. None: those that the database names, which its owner could have replaced. */
  readonly keys: readonly VerifierKey[];
  /** Keys of the houses that co-sign for us. */
  readonly witnesses: readonly VerifierKey[];
}

const pageSize = 500;

export class SignedRoots {
  /** In the order of their sizes, as far as they were fetched. */
  #coming: CheckpointRow[] = [];
  #cosignatures: CosignatureRow[] = [];
  #fetchedTo: number;
  readonly #outside = new Map<number, KeptCheckpoint[]>();
  readonly #sizesOutside: number[];
  #largestKept = 0;
  checkpoints = 0;
  cosignatures = 0;

  /** `upTo`: the largest log that the database has a checkpoint of; what is sealed meanwhile is left for the next walk. */
  private constructor(readonly trust: Trust, from: number, readonly upTo: number) {
    this.#fetchedTo = from;
    for (const kept of trust.outside?.kept ?? []) {
      this.#outside.set(kept.size, [...(this.#outside.get(kept.size) ?? []), kept]);
    }
    this.#sizesOutside = [...this.#outside.keys()].filter((size) => size > from).toSorted((a, b) => a - b);
    this.#largestKept = [...this.#outside.keys()].reduce((most, size) => Math.max(most, size), 0);
  }

  /** Roots for sizes above `from`. */
  static async above(db: Queryable, trust: Trust, from: number): Promise<SignedRoots> {
    const roots = new SignedRoots(trust, from, (await latestCheckpoint(db))?.size ?? 0);
    await roots.#fetch(db);
    return roots;
  }

  /** Has anybody signed what the log was with so many leaves? */
  isAt(size: number): boolean {
    return this.#coming[0]?.size === size || this.#sizesOutside[0] === size;
  }

  async compare(db: Queryable, size: number, root: Buffer, tell: Tell): Promise<void> {
    const row = this.#coming[0]?.size === size ? this.#coming.shift() : undefined;
    if (this.#sizesOutside[0] === size) this.#sizesOutside.shift();
    const kept = this.#outside.get(size) ?? [];
    const where = `checkpoint ${size}`;
    if (row) {
      this.checkpoints += 1;
      const why = await this.#faultOf(db, row, root);
      if (why !== undefined) tell({ where, why });
      this.#compareCosignatures(row, tell);
      if (kept.length === 0 && this.trust.outside && size <= this.#largestKept) tell({ where, why: 'its copy outside the database is missing: the file was changed' });
    } else if (kept.length > 0) {
      tell({ where, why: 'it is kept outside the database, and the database has it no more' });
    }
    for (const { note } of kept) {
      const why = this.#faultOfCopy(note, row, root);
      if (why !== undefined) tell({ where: `${where} outside the database`, why });
    }
    if (this.#coming.length === 0) await this.#fetch(db);
  }

  /** After the last leaf: whatever was signed of a larger log, or is missing outside. */
  async end(db: Queryable, size: number, tell: Tell): Promise<void> {
    for (const fault of this.trust.outside?.faults ?? []) tell({ where: 'the copies outside the database', why: fault });
    for (const one of this.#sizesOutside) if (one > size) tell({ where: `checkpoint ${one} outside the database`, why: `the log has only ${size} leaves now: its end was removed` });
    for (; this.#coming.length > 0; await this.#fetch(db)) {
      for (const one of this.#coming.splice(0)) if (one.size > size) tell({ where: `checkpoint ${one.size}`, why: `the log has only ${size} leaves now: its end was removed` });
    }
    if (!this.trust.outside) return;
    const kept = ((await this.trust.readAgain?.())?.kept ?? []).reduce((most, { size: one }) => Math.max(most, one), this.#largestKept);
    const [behind] = await checkpointsAfter(db, kept, 1);
    if (behind && behind.size <= this.upTo) tell({ where: 'the copies outside the database', why: `they end at checkpoint ${kept}, and the database goes on to checkpoint ${this.upTo}: the file was cut, or the service stopped just then` });
  }

  async #fetch(db: Queryable): Promise<void> {
    this.#coming = (await checkpointsAfter(db, this.#fetchedTo, pageSize)).filter(({ size }) => size <= this.upTo);
    const last = this.#coming.at(-1);
    if (!last) return;
    this.#cosignatures = await cosignaturesBetween(db, this.#fetchedTo + 1, last.size);
    this.#fetchedTo = last.size;
  }

  async #faultOf(db: Queryable, row: CheckpointRow, root: Buffer): Promise<string | undefined> {
    const note = readNote(row.note);
    const said = note && readCheckpoint(note.text);
    if (!note || !said) return 'it cannot be read';
    if (said.size !== row.size || said.origin !== row.origin || !said.root.equals(row.root)) return 'it says something else than its row';
    if (!said.root.equals(root)) return 'the entries sealed up to there do not make the root that was signed: entries were changed, taken out or put in';
    return this.#signatureFault(note, this.trust.keys.length > 0 ? this.trust.keys : await keysNamed(db, row));
  }

  #signatureFault(note: NonNullable<ReturnType<typeof readNote>>, keys: readonly VerifierKey[]): string | undefined {
    const own = keys.filter(({ name, id }) => note.signatures.some((one) => one.name === name && one.id === id));
    if (own.length === 0) return 'it is signed with a key that is not known outside the database';
    return own.every((key) => isSignedBy(note, key)) ? undefined : 'its signature does not fit';
  }

  #faultOfCopy(text: string, row: CheckpointRow | undefined, root: Buffer): string | undefined {
    const note = readNote(text);
    const said = note && readCheckpoint(note.text);
    if (!note || !said) return 'it cannot be read';
    if (!said.root.equals(root)) return 'the entries sealed up to there do not make the root that was signed: entries were changed, taken out or put in';
    if (row && readNote(row.note)?.text !== note.text) return 'it is not the one that the database has';
    return this.#signatureFault(note, this.trust.keys);
  }

  #compareCosignatures(row: CheckpointRow, tell: Tell): void {
    const note = readNote(row.note);
    while ((this.#cosignatures[0]?.size ?? Infinity) <= row.size) {
      const cosignature = this.#cosignatures.shift();
      const signature = cosignature && readSignature(cosignature.line);
      const key = this.trust.witnesses.find(({ name }) => name === cosignature?.witness);
      if (!cosignature || !key || cosignature.size !== row.size) continue;
      if (note && signature && isSignedBy({ text: note.text, signatures: [signature] }, key)) this.cosignatures += 1;
      else tell({ where: `checkpoint ${row.size}`, why: `what ${cosignature.witness} co-signed is something else` });
    }
  }
}

/** The keys that the copies outside were kept with, each once. */
export function keysOutside(outside: KeptCheckpoints): readonly VerifierKey[] {
  return [...new Set(outside.kept.map(({ key }) => key))].map(readVerifier).filter((key) => key !== undefined);
}

/** A published public key as a verifier key of this name, as text. */
export const verifierOfPem = (name: string, publicKey: string): string =>
  verifierText(name, 'note', Buffer.from(createPublicKey(publicKey).export({ format: 'jwk' }).x ?? '', 'base64url'));

async function keysNamed(db: Queryable, { keyId, origin }: CheckpointRow): Promise<readonly VerifierKey[]> {
  const pem = await publishedKey(db, keyId);
  const key = pem === undefined ? undefined : readVerifier(verifierOfPem(origin, pem));
  return key ? [key] : [];
}
