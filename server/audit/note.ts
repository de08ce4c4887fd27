/**
 * Signed notes, checkpoints and cosignatures as C2SP describes them (signed-note, tlog-checkpoint, tlog-cosignature; Ed25519 only), so that another
 * house's program can read ours and ours theirs. A note is text that ends in a newline, an empty line, and one line for each signature.
 */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

/** What a key signs: notes as they are, or checkpoints of others with the time. */
export type KeyKind = 'note' | 'cosignature';
const kindBytes = { note: 1, cosignature: 4 } as const;

/** A key that checks signatures, as `<name>+<id>+<base64 of kind and key>` says it. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hex digits. */
  readonly id: string;
  readonly kind: KeyKind;
  readonly publicKey: KeyObject;
}
/** A key that signs; `raw` is the 32 bytes of its public half. */
export interface SignerKey {
  readonly name: string;
  readonly raw: Buffer;
  sign(message: Buffer): Buffer;
}
export interface Signature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Buffer;
}
export interface Note {
  /** With its last newline. */
  readonly text: string;
  readonly signatures: readonly Signature[];
}
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

const namePattern = /^[^\s+\p{Cc}]{1,200}$/u;
/** Signature lines that are looked at; the format asks for at least sixteen. */
const signaturesMax = 32;

const idOf = (name: string, kind: KeyKind, raw: Buffer): string =>
  createHash('sha256').update(name, 'utf8').update(Uint8Array.of(10, kindBytes[kind])).update(raw).digest('hex').slice(0, 8);

/** The key as one line of text for other houses' settings. */
export const verifierText = (name: string, kind: KeyKind, raw: Buffer): string =>
  `${name}+${idOf(name, kind, raw)}+${Buffer.concat([Buffer.of(kindBytes[kind]), raw]).toString('base64')}`;

/** Reads such a line; undefined when it is none, or its id does not belong to the key. */
export function readVerifier(text: string): VerifierKey | undefined {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  const kind = bytes[0] === kindBytes.note ? 'note' : bytes[0] === kindBytes.cosignature ? 'cosignature' : undefined;
  const raw = bytes.subarray(1);
  if (!namePattern.test(name) || kind === undefined || raw.length !== 32 || idOf(name, kind, raw) !== id) return undefined;
  return { name, id, kind, publicKey: createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') } }) };
}

const line = (name: string, id: string, bytes: Buffer): string => `— ${name} ${Buffer.concat([Buffer.from(id, 'hex'), bytes]).toString('base64')}\n`;

/** The text, signed. */
export const signNote = (text: string, key: SignerKey): string => `${text}\n${line(key.name, idOf(key.name, 'note', key.raw), key.sign(Buffer.from(text, 'utf8')))}`;

/** Takes a note apart without believing it; undefined when it is none. */
export function readNote(note: string): Note | undefined {
  const end = note.lastIndexOf('\n\n');
  // eslint-disable-next-line no-control-regex -- exactly those that a note may not hold
  if (end < 0 || !note.endsWith('\n') || /[\u0000-\u0009\u000b-\u001f]/.test(note)) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > signaturesMax) return undefined;
  const signatures = lines.map(readSignature);
  return signatures.every((one) => one !== undefined) ? { text: note.slice(0, end + 1), signatures } : undefined;
}

export function readSignature(text: string): Signature | undefined {
  const [, name = '', encoded = ''] = /^— (\S+) ([A-Za-z0-9+/]+={0,2})\n?$/.exec(text) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  return namePattern.test(name) && bytes.length > 4 ? { name, id: bytes.toString('hex', 0, 4), bytes: bytes.subarray(4) } : undefined;
}

/** Is the note signed by this key? One signature of the key that does not fit makes the whole note false. */
export function isSignedBy(note: Note, key: VerifierKey): boolean {
  const own = note.signatures.filter(({ name, id }) => name === key.name && id === key.id);
  return own.length > 0 && own.every(({ bytes }) => fits(key, note.text, bytes));
}

function fits(key: VerifierKey, text: string, bytes: Buffer): boolean {
  if (key.kind === 'note') return verify(null, Buffer.from(text, 'utf8'), key.publicKey, bytes);
  if (bytes.length !== 72) return false;
  return verify(null, cosigned(text, bytes.readBigUInt64BE(0)), key.publicKey, bytes.subarray(8));
}

const cosigned = (text: string, seconds: bigint): Buffer => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`, 'utf8');

/** A signature line that says: as far as this house has seen, this is how that log goes on, at this time. */
export function cosign(text: string, key: SignerKey, at: Date): string {
  const seconds = BigInt(Math.floor(at.getTime() / 1000));
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(seconds);
  return line(key.name, idOf(key.name, 'cosignature', key.raw), Buffer.concat([time, key.sign(cosigned(text, seconds))]));
}

export const spellCheckpoint = ({ origin, size, root }: Checkpoint): string => `${origin}\n${size}\n${root.toString('base64')}\n`;

/** What a note's text says as a checkpoint; further lines are allowed and say nothing here. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = text.split('\n');
  const hash = Buffer.from(root, 'base64');
  if (origin === '' || !/^(0|[1-9]\d{0,14})$/.test(size) || hash.length !== 32 || hash.toString('base64') !== root) return undefined;
  return { origin, size: Number(size), root: hash };
}
