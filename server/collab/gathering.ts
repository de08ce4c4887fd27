/**
 * What one connection said of one section while the last commit was on its way is judged in one go: somebody who types fast costs little more
 * than somebody who types once. What different connections said is never mixed: each row of the log has one author.
 */
import * as Y from 'yjs';
import { limits } from '../../shared/limits.ts';
import type { Channel } from './channel.ts';
import type { Waiting } from './openPlan.ts';
import type { Room } from './room.ts';
import { readUpdate } from './updateReading.ts';

type WaitingUpdate = Extract<Waiting, { kind: 'update' }>;

export interface Gathered {
  readonly kind: 'updates';
  readonly channel: Channel;
  readonly room: Room;
  /** In order of arrival; at least one. */
  readonly updates: readonly Pick<WaitingUpdate, 'update' | 'from'>[];
  /** All of them as one; `undefined` where there is one only, or they cannot be put together. */
  readonly together: Uint8Array | undefined;
}

/**
 * The same items with each connection's updates of a section put together where the first of them stood. Between two connections order is
 * free: neither has seen what the other said, since nothing of it was committed.
 */
export function gathered(items: readonly Waiting[]): (Gathered | Exclude<Waiting, WaitingUpdate>)[] {
  const byChannel = new Map<Channel, WaitingUpdate[]>();
  const order: (WaitingUpdate[] | Exclude<Waiting, WaitingUpdate>)[] = [];
  for (const item of items) {
    if (item.kind !== 'update') {
      order.push(item);
      continue;
    }
    const own = byChannel.get(item.channel);
    if (own) own.push(item);
    else {
      const first = [item];
      byChannel.set(item.channel, first);
      order.push(first);
    }
  }
  return order.map((each) => (Array.isArray(each) ? asGathered(each) : each));
}

function asGathered(updates: readonly WaitingUpdate[]): Gathered {
  const { channel, room } = updates[0] as WaitingUpdate;
  return { kind: 'updates', channel, room, updates, together: together(updates) };
}

function together(updates: readonly WaitingUpdate[]): Uint8Array | undefined {
  // Each is held to the limit of one; all together to that of a long absence.
  const fit = updates.length > 1 && updates.every(({ update, from }) => from === 'update' && update.length <= limits.frameBytesMax)
    && updates.reduce((sum, { update }) => sum + update.length, 0) <= limits.syncReplyBytesMax;
  // Put together, what stands behind the last byte of one would be lost instead of refused.
  if (!fit || updates.some(({ update }) => typeof readUpdate(update, limits.structsPerUpdateMax) === 'string')) return undefined;
  try {
    return Y.mergeUpdates(updates.map(({ update }) => update));
  } catch {
    return undefined; // one of them cannot be read: each is judged by itself, and that one is named
  }
}
