/**
 * Sealing what lies on the device. A key is made of two halves: one that never leaves this browser (an HMAC key that cannot be
 * exported) and one that the service keeps and gives to one person only. Works wherever there is WebCrypto.
 */

/** What a key opens: the plan, or what its person wrote and did not send. */
export type Purpose = 'plan' | 'words';

export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: ArrayBuffer;
}

const text = new TextEncoder();

/** The browser's half; made once for each store and useless alone. */
export const newDeviceKey = (): Promise<CryptoKey> => crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']);

/** AES-256-GCM from both halves. `servicePart` is base64url. Another person, copy or purpose gives another key. */
export async function keyFor(deviceKey: CryptoKey, servicePart: string, copyId: string, personId: string, purpose: Purpose): Promise<CryptoKey> {
  const seed = new Uint8Array(await crypto.subtle.sign('HMAC', deviceKey, text.encode(JSON.stringify(['accord offline', purpose, copyId, personId, servicePart]))));
  const key = await crypto.subtle.importKey('raw', seed, 'AES-GCM', false, ['encrypt', 'decrypt']);
  seed.fill(0);
  return key;
}

/** `place` says what this is and where it belongs; it has to be said again, to the letter, to open it. */
export async function seal(key: CryptoKey, place: string, bytes: Uint8Array<ArrayBuffer>): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: text.encode(place) }, key, bytes) };
}

/** Throws when the key, the place or a single bit is another. */
export const unseal = async (key: CryptoKey, place: string, { iv, bytes }: Sealed): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: text.encode(place) }, key, bytes));

export const sealJson = (key: CryptoKey, place: string, value: unknown): Promise<Sealed> => seal(key, place, text.encode(JSON.stringify(value)));
export const unsealJson = async (key: CryptoKey, place: string, sealed: Sealed): Promise<unknown> => JSON.parse(new TextDecoder().decode(await unseal(key, place, sealed))) as unknown;
