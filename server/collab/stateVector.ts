/** A client's question "what do I not have yet?", read inside a budget before anything is made of it. */
import { ByteReader } from '../../shared/crdt/byteReader.ts';
import { limits } from '../../shared/limits.ts';

export type StateVectorFault = 'malformed' | 'over-limit';

/**
 * What is wrong with a state vector that somebody sends of a section in which `clientIds` ids have written; undefined when it can be answered. A
 * client knows those ids and a few of its own; one that names thousands more only wants to make work.
 */
export function stateVectorFault(clientIds: number, stateVector: Uint8Array): StateVectorFault | undefined {
  try {
    const reader = new ByteReader(stateVector);
    const count = reader.varUint();
    if (count > Math.max(limits.stateVectorEntriesMax, clientIds + limits.clientsPerUpdateMax)) return 'over-limit';
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
