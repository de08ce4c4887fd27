/** Hashes of chains and of signed content. */
import crypto from 'node:crypto';

/** Lower-case hex. One call where Node has it (from 20.12): walking long chains is mostly this. */
const sha256Hex: (data: string | Buffer) => string = typeof crypto.hash === 'function'
  ? (data) => crypto.hash('sha256', data, 'hex')
  : (data) => crypto.createHash('sha256').update(data).digest('hex');

/** SHA-256. By way of the hex, because Node makes a string of a hash in half the time that it makes a buffer of it. */
export const sha256 = (data: string | Buffer): Buffer => Buffer.from(sha256Hex(data), 'hex');

/**
 * Hash of one audit entry from its canonical text. A leaf is marked with 0x00, so that it can never be taken for an inner node of the tree that is
 * built over the entries; as UTF-8 that is the character U+0000.
 */
export const entryHash = (entryText: string): Buffer => sha256(`\u0000${entryText}`);

/** As `entryHash`, lower-case hex: how the next entry names it. */
export const entryHashHex = (entryText: string): string => sha256Hex(`\u0000${entryText}`);

/** SHA-256 of canonical text, lower-case hex. */
export const contentHash = (canonicalText: string): string => sha256Hex(canonicalText);
