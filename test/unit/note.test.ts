/** Signed notes, checkpoints and cosignatures, against published ones and against our own keys. */
import { describe, expect, test } from '@jest/globals';
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { cosign, isSignedBy, readCheckpoint, readNote, readSignature, readVerifier, signNote, spellCheckpoint, verifierText, type SignerKey } from '../../server/audit/note.ts';

function newKey(name: string): SignerKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { name, raw: Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url'), sign: (message) => sign(null, message, privateKey) };
}
const key = newKey('example.org/log');
const text = spellCheckpoint({ origin: 'example.org/log', size: 20852163, root: Buffer.alloc(32, 7) });

describe('a signed note', () => {
  // The example of Go's golang.org/x/mod/sumdb/note, which the format comes from.
  const published = 'If you think cryptography is the answer to your problem,\nthen you don\'t know what your problem is.\n\n'
    + '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
  const neumann = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';

  test('[ML4] that others published is read, and is signed by the key that they published', () => {
    const [note, verifier] = [readNote(published), readVerifier(neumann)];
    expect(verifier).toMatchObject({ name: 'PeterNeumann', id: 'c74f20a3', kind: 'note' });
    expect(note && verifier && isSignedBy(note, verifier)).toBe(true);
    const changed = readNote(published.replace('answer', 'Answer'));
    expect(changed && verifier && isSignedBy(changed, verifier)).toBe(false);
  });

  test('[ML4] of ours is signed by our key and by no other, and one signature that does not fit makes it false', () => {
    const note = signNote(text, key);
    const verifier = readVerifier(verifierText(key.name, 'note', key.raw));
    const stranger = readVerifier(verifierText(key.name, 'note', newKey(key.name).raw));
    const read = readNote(note);
    if (!read || !verifier || !stranger) throw new Error('not read');
    expect(read.text).toBe(text);
    expect(isSignedBy(read, verifier)).toBe(true);
    expect(isSignedBy(read, stranger)).toBe(false);
    const spoiled = { ...read, signatures: [...read.signatures, { ...read.signatures[0], bytes: Buffer.alloc(64) }] } as typeof read;
    expect(isSignedBy(spoiled, verifier)).toBe(false);
  });

  test.each([
    ['without a signature', text], ['without its last newline', signNote(text, key).slice(0, -1)], ['with a control character', signNote(text, key).replace('example', 'exam\tple')],
    ['with a line that is no signature', `${signNote(text, key)}x\n`], ['that is empty', ''], ['with too many signatures', `${text}\n${'— a AAAAAAA=\n'.repeat(40)}`],
  ])('[ML4] %s is none', (_name, note) => {
    expect(readNote(note)).toBeUndefined();
  });

  test.each([neumann.replace('c74f', 'c74e'), neumann.replace('ARpc', 'BRpc'), neumann.slice(0, -4), 'x', neumann.replace('PeterNeumann', 'Peter Neumann')])('[ML4] “%s” is no verifier key', (wrong) => {
    expect(readVerifier(wrong)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  test('[ML4] is origin, size and root in three lines, and is read back', () => {
    expect(text).toBe(`example.org/log\n20852163\n${Buffer.alloc(32, 7).toString('base64')}\n`);
    expect(readCheckpoint(text)).toEqual({ origin: 'example.org/log', size: 20852163, root: Buffer.alloc(32, 7) });
    expect(readCheckpoint(`${text}an extension\n`)?.size).toBe(20852163);
  });

  test.each(['', 'a\n', 'a\n01\n', `a\n-1\n${'A'.repeat(43)}=\n`, `a\n1\n${'A'.repeat(40)}\n`, `\n1\n${'A'.repeat(43)}=\n`, `a\n1e3\n${'A'.repeat(43)}=\n`])('[ML4] %j is none', (wrong) => {
    expect(readCheckpoint(wrong)).toBeUndefined();
  });
});

describe('a cosignature', () => {
  const witness = newKey('example.net/witness');
  const verifier = readVerifier(verifierText(witness.name, 'cosignature', witness.raw));

  test('[ML5] signs header, time and the whole checkpoint, and is another thing than a signature of the note', () => {
    const line = cosign(text, witness, new Date('2026-11-05T14:03:07.120Z'));
    const signature = readSignature(line);
    if (!verifier || !signature) throw new Error('not read');
    expect(signature.bytes).toHaveLength(72);
    expect(signature.bytes.readBigUInt64BE(0)).toBe(BigInt(Date.UTC(2026, 10, 5, 14, 3, 7) / 1000));
    expect(isSignedBy({ text, signatures: [signature] }, verifier)).toBe(true);
    expect(isSignedBy({ text: text.replace('20852163', '20852164'), signatures: [signature] }, verifier)).toBe(false);
    const later = { ...signature, bytes: Buffer.concat([Buffer.alloc(8, 1), signature.bytes.subarray(8)]) };
    expect(isSignedBy({ text, signatures: [later] }, verifier)).toBe(false);
    const asNote = readVerifier(verifierText(witness.name, 'note', witness.raw));
    expect(asNote && isSignedBy({ text, signatures: [signature] }, asNote)).toBe(false);
  });
});
