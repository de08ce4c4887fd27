/** The node's own signing key: made once, kept in DATA_DIR/keys where only the service may read it; the public half goes into the database. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Random } from '../ports.ts';

export interface SigningKey {
  /** First 32 hex digits of the SHA-256 of the public key's DER form. */
  readonly id: string;
  /** SPKI, PEM. */
  readonly publicKey: string;
  /** Ed25519 signature over the text's UTF-8 bytes, base64. */
  sign(text: string): string;
}

/** A key for other uses than the signing of plans. */
export interface NodeKey {
  /** As `SigningKey` has it. */
  readonly id: string;
  readonly publicKey: string;
  /** The 32 bytes of the public half. */
  readonly raw: Buffer;
  /** Ed25519 over the bytes. */
  sign(message: Buffer): Buffer;
}
type OpenedKey = SigningKey & { readonly bytes: NodeKey };

const opened = new Map<string, Promise<OpenedKey>>();

/** The key of this data folder, made at first use. Throws when the file there is no Ed25519 key. */
export const signingKey = (dataDir: string, random: Random): Promise<SigningKey> => keyIn(dataDir, 'signing', random);

/** Another key of the folder, under its own name: as `signingKey`. One key is for one use. */
export const nodeKey = async (dataDir: string, use: 'log' | 'witness', random: Random): Promise<NodeKey> => (await keyIn(dataDir, use, random)).bytes;

/** Is there such a key already? */
export const hasKey = async (dataDir: string, use: 'log' | 'witness'): Promise<boolean> => (await readIfThere(path.resolve(dataDir, 'keys', `${use}.pem`))) !== undefined;

function keyIn(dataDir: string, name: string, random: Random): Promise<OpenedKey> {
  const folder = path.resolve(dataDir, 'keys');
  const file = path.join(folder, `${name}.pem`);
  const known = opened.get(file) ?? openKey(folder, file, random);
  opened.set(file, known);
  // A folder that could not be read just now may be readable later.
  known.catch(() => opened.delete(file));
  return known;
}

async function openKey(folder: string, file: string, random: Random): Promise<OpenedKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const privateKey = createPrivateKey((await readIfThere(file)) ?? (await makeKey(folder, file, random)));
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key: put the right file back, or move it away to have a new key made.`);
  const publicKey = createPublicKey(privateKey);
  const known = { id: keyId(publicKey), publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
  return {
    ...known,
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
    bytes: { ...known, raw: Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'), sign: (message) => sign(null, message, privateKey) },
  };
}

/** Written aside and linked into place: nobody ever reads half a key, and of two makers the first one's stays. */
async function makeKey(folder: string, file: string, random: Random): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = path.join(folder, `${path.basename(file, '.pem')}.${Buffer.from(random(8)).toString('hex')}.new`);
  await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
  return readFile(file, 'utf8');
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

export const keyId = (publicKey: KeyObject): string => createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 32);
