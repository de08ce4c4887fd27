/** Hashes of chains and of signed content. */
import crypto from 'node:crypto';

/** One call where Node has it (from 20.12): walking long chains is mostly this. `binary`: each byte of the hash as one character. */
const sha256Text: (data: string | Buffer, as: 'hex' | 'binary') => string = typeof crypto.hash === 'function'
  ? (data, as) => crypto.hash('sha256', data, as)
  : (data, as) => crypto.createHash('sha256').update(data).digest(as);
/** Lower-case hex. */
const sha256Hex = (data: string | Buffer): string => sha256Text(data, 'hex');

/** SHA-256. By way of text, because Node makes a string of a hash in half the time that it makes a buffer of it. */
export const sha256 = (data: string | Buffer): Buffer => Buffer.from(sha256Text(data, 'binary'), 'latin1');

/**
 * Hash of one audit entry from its canonical text. A leaf is marked with 0x00, so that it can never be taken for an inner node of the tree that is
 * built over the entries; as UTF-8 that is the character U+0000.
 */
export const entryHash = (entryText: string): Buffer => sha256(`\u0000${entryText}`);

/** As `entryHash`, lower-case hex: how the next entry names it. */
export const entryHashHex = (entryText: string): string => sha256Hex(`\u0000${entryText}`);

/** SHA-256 of canonical text, lower-case hex. */
export const contentHash = (canonicalText: string): string => sha256Hex(canonicalText);
