/** Asks the configured houses to co-sign our latest checkpoint. Nobody waits for them, and what they do not answer they are asked again at the next one. */
import { limits } from '../../shared/limits.ts';
import { cosigned } from '../../shared/wire/audit.ts';
import type { Database, WitnessSetting } from '../ports.ts';
import { isSignedBy, readNote, readSignature, readVerifier } from './note.ts';
import { consistencyProof } from './seal.ts';
import { addCosignature, cosignedSize, type CheckpointRow } from './treeStore.ts';

/** Sends one order to a configured address and answers status and text. Throws when there is no answer in time. */
export type Ask = (address: string, body: string) => Promise<{ readonly status: number; readonly text: string }>;

/** What became of one question, for the log and the metrics. */
export type Asked = { readonly kind: 'cosigned' } | { readonly kind: 'failed'; readonly why: string };

/** One house, one checkpoint. When it has seen more or less of our log than we thought, it says so and is asked once more from there. */
export async function askWitness(db: Database, ask: Ask, { address, key }: WitnessSetting, checkpoint: CheckpointRow): Promise<Asked> {
  const verifier = readVerifier(key);
  const note = readNote(checkpoint.note);
  if (!verifier || !note) return { kind: 'failed', why: 'the witness or the checkpoint cannot be read' };
  let old = await cosignedSize(db, verifier.name);
  for (const last of [false, true]) {
    const proof = old > 0 && old < checkpoint.size ? await consistencyProof(db, old, checkpoint.size) : [];
    const { status, text } = await ask(address, JSON.stringify({ old, proof: proof.map((hash) => hash.toString('base64')), checkpoint: checkpoint.note }));
    const answer = parsed(text);
    if (status === 409 && !last && typeof answer?.['size'] === 'number' && answer['size'] <= checkpoint.size) {
      old = answer['size'];
      continue;
    }
    if (status !== 200) return { kind: 'failed', why: `it answered ${status}` };
    const line = cosigned.safeParse(answer).data?.cosignature;
    const signature = line === undefined ? undefined : readSignature(line);
    if (line === undefined || !signature || !isSignedBy({ text: note.text, signatures: [signature] }, verifier)) return { kind: 'failed', why: 'its cosignature does not fit' };
    await addCosignature(db, checkpoint.size, verifier.name, line);
    return { kind: 'cosigned' };
  }
  return { kind: 'failed', why: 'it does not agree where our log stood' };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Over the network: to the configured address and nowhere else, no redirects, a bounded time and a bounded answer. */
export const askOverNetwork: Ask = async (address, body) => {
  const response = await fetch(new URL('/api/witness/checkpoints', address), {
    method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(limits.witnessWaitMs), headers: { 'Content-Type': 'application/json', 'Origin': new URL(address).origin },
  });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > limits.witnessAnswerBytesMax) throw new Error('the witness answers too much');
    parts.push(part);
  }
  return { status: response.status, text: Buffer.concat(parts).toString('utf8') };
};
