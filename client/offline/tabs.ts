/** What happened to copies, told to every tab of this browser: a copy wiped in one of them has ended in all. */
import { Subject } from '../collab/subject.ts';
import type { HeldCopy } from './heldCopy.ts';

/** Grows with everything that happened to copies: who shows them looks again. */
export const copiesChanged = new Subject<number>(0);

const used = new Set<HeldCopy>();
const others = new BroadcastChannel('accord-offline');
others.onmessage = (event: MessageEvent<unknown>) => heard(typeof event.data === 'string' ? event.data : '');

/** Counts a copy in as being in use by this tab. */
export function inUse(copy: HeldCopy): void {
  used.add(copy);
}

/** Something changed; `ended` is the copy that is gone from the device. */
export function sayChanged(ended = ''): void {
  others.postMessage(ended);
  heard(ended);
}

function heard(ended: string): void {
  for (const copy of used) {
    if (copy.id !== ended) continue;
    copy.end();
    used.delete(copy);
  }
  copiesChanged.set(copiesChanged.value + 1);
}
