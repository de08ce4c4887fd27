/** A client's question "what do I not have yet?", read inside a budget before anything is made of it. */
import type * as Y from 'yjs';
import { ByteReader } from '../../shared/crdt/byteReader.ts';
import { limits } from '../../shared/limits.ts';

export type StateVectorFault = 'malformed' | 'over-limit';

/**
 * What is wrong with a state vector that somebody sends for `doc`; undefined when it can be answered. A client knows the ids that the
 * document has and a few of its own; one that names thousands more only wants to make work.
 */
export function stateVectorFault(doc: Y.Doc, stateVector: Uint8Array): StateVectorFault | undefined {
  try {
    const reader = new ByteReader(stateVector);
    const count = reader.varUint();
    if (count > Math.max(limits.stateVectorEntriesMax, doc.store.clients.size + limits.clientsPerUpdateMax)) return 'over-limit';
    const clients = new Set<number>();
    for (let index = 0; index < count; index += 1) {
      const client = reader.varUint();
      if (reader.varUint() > limits.clockMax || clients.has(client)) return 'malformed';
      clients.add(client);
    }
    return reader.atEnd ? undefined : 'malformed';
  } catch {
    return 'malformed'; // this is how the reader says that the bytes end too early or hold no number
  }
}
