/** Hashes of chains and of signed content. */
import crypto from 'node:crypto';

/** SHA-256 in one call where Node has it (from 20.12): walking long chains is mostly this. */
export const sha256: (data: string | Buffer) => Buffer = typeof crypto.hash === 'function'
  ? (data) => crypto.hash('sha256', data, 'buffer')
  : (data) => crypto.createHash('sha256').update(data).digest();

/**
 * Hash of one audit entry from its canonical text. A leaf is marked with 0x00, so that it can never be taken for an inner node of the tree that is
 * built over the entries; as UTF-8 that is the character U+0000.
 */
export const entryHash = (entryText: string): Buffer => sha256(`\u0000${entryText}`);

/** As `entryHash`, lower-case hex: how the next entry names it. */
export const entryHashHex: (entryText: string) => string = typeof crypto.hash === 'function'
  ? (entryText) => crypto.hash('sha256', `\u0000${entryText}`, 'hex')
  : (entryText) => entryHash(entryText).toString('hex');

/** SHA-256 of canonical text, lower-case hex. */
export const contentHash = (canonicalText: string): string => sha256(canonicalText).toString('hex');
