/** Hashes of chains and of signed content. */
import { createHash } from 'node:crypto';

/** A leaf is marked with 0x00, so that it can never be taken for an inner node of a tree built over the entries. */
const leafMark = Uint8Array.of(0);

/** Hash of one audit entry from its canonical text. */
export const entryHash = (entryText: string): Buffer => createHash('sha256').update(leafMark).update(entryText, 'utf8').digest();

/** SHA-256 of canonical text, lower-case hex. */
export const contentHash = (canonicalText: string): string => createHash('sha256').update(canonicalText, 'utf8').digest('hex');
