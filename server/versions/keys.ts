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

const opened = new Map<string, Promise<SigningKey>>();

/** The key of this data folder, made at first use. Throws when the file there is no Ed25519 key. */
export function signingKey(dataDir: string, random: Random): Promise<SigningKey> {
  const folder = path.resolve(dataDir, 'keys');
  const known = opened.get(folder) ?? openKey(folder, random);
  opened.set(folder, known);
  // A folder that could not be read just now may be readable later.
  known.catch(() => opened.delete(folder));
  return known;
}

async function openKey(folder: string, random: Random): Promise<SigningKey> {
  const file = path.join(folder, 'signing.pem');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const privateKey = createPrivateKey((await readIfThere(file)) ?? (await makeKey(folder, file, random)));
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error(`${file} holds no Ed25519 key: put the right file back, or move it away to have a new key made.`);
  const publicKey = createPublicKey(privateKey);
  return {
    id: keyId(publicKey),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
  };
}

/** Written aside and linked into place: nobody ever reads half a key, and of two makers the first one's stays. */
async function makeKey(folder: string, file: string, random: Random): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = path.join(folder, `signing.${Buffer.from(random(8)).toString('hex')}.new`);
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

const keyId = (publicKey: KeyObject): string => createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 32);
