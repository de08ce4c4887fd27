/** Which clocks of which clients an update holds. */
import * as Y from 'yjs';

/** [client, clock from, clock after], in the update's own order, clocks that follow each other put together. Throws for what is no update. */
export function clocksOf(update: Uint8Array): [number, number, number][] {
  const found: [number, number, number][] = [];
  for (const { id: { client, clock }, length } of Y.decodeUpdate(update).structs) {
    const last = found.at(-1);
    if (last?.[0] === client && last[2] === clock) last[2] = clock + length;
    else found.push([client, clock, clock + length]);
  }
  return found;
}
