/** The inside of awareness messages: who says what of themselves, read inside a budget. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { limits } from '../../shared/limits.ts';

export interface AwarenessEntry {
  readonly id: number;
  readonly clock: number;
  /** `null`: gone. */
  readonly state: unknown;
}

/** A browser speaks for itself only; a few more ids are allowed for a document that was opened anew. */
const entriesMax = 8;

/** The entries of an awareness message, or `undefined` when it is too large or cannot be read. */
export function readAwareness(update: Uint8Array): AwarenessEntry[] | undefined {
  if (update.length > entriesMax * limits.awarenessBytesMax) return undefined;
  try {
    const decoder = decoding.createDecoder(update);
    const count = decoding.readVarUint(decoder);
    if (count > entriesMax) return undefined;
    const entries: AwarenessEntry[] = [];
    for (let index = 0; index < count; index += 1) {
      const id = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const text = decoding.readVarString(decoder);
      if (text.length > limits.awarenessBytesMax) return undefined;
      entries.push({ id, clock, state: JSON.parse(text) as unknown });
    }
    return entries;
  } catch {
    return undefined; // bytes that end too early, or text that is no JSON
  }
}

export function writeAwareness(entries: readonly AwarenessEntry[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { id, clock, state } of entries) {
      encoding.writeVarUint(encoder, id);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, JSON.stringify(state));
    }
  });
}
