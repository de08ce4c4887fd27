/** What one seed makes of the world: how many take part, which mishaps can happen and how often, and which bounds are low enough to be met. */
import { limits } from '../../shared/limits.ts';
import type { Dice } from './dice.ts';
import type { HubFaults } from './hub.ts';
import type { StorageFaults } from './storage.ts';

export const mishaps = [
  'crash', 'stop', 'database-crash', 'database-cut', 'bus-down', 'bus-forgets', 'cut', 'freeze', 'slow-reader', 'offline', 'team', 'role', 'sign-out', 'sign-off', 'held',
  'record', 'service-write', 'attack', 'reload',
] as const;
export type Mishap = (typeof mishaps)[number];

export interface Shape {
  readonly nodes: number;
  readonly plans: number;
  readonly clients: number;
  readonly hostile: number;
  /** How long people write. */
  readonly activeMs: number;
  /** Between two things that one person does. */
  readonly paceMs: number;
  readonly mishaps: readonly Mishap[];
  /** Between two mishaps. */
  readonly mishapMs: number;
  readonly storage: StorageFaults;
  readonly hub: HubFaults;
  readonly skewMs: number;
  readonly deaths: boolean;
}

/** Short and busy, or long enough for what waits seconds. */
const spans = [{ activeMs: 2_000, paceMs: 50 }, { activeMs: 4_000, paceMs: 120 }, { activeMs: 8_000, paceMs: 250 }, { activeMs: 20_000, paceMs: 800 }] as const;

export function shapeOf(dice: Dice): Shape {
  const sometimes = (part: number, most: number): number => (dice.chance(part) ? dice.between(0, most) : 0);
  const hostile = dice.chance(0.5) ? 1 : 0;
  return {
    nodes: dice.pick([1, 2, 2, 3]), plans: dice.pick([1, 1, 2, 3]), clients: dice.whole(3, 7), hostile,
    ...dice.pick(spans),
    // Half of them at a time: together they would hide each other.
    mishaps: mishaps.flatMap((mishap): Mishap[] => (mishap === 'attack' ? Array.from({ length: 3 * hostile }, () => mishap) : dice.chance(0.45) ? [mishap] : [])), mishapMs: dice.pick([150, 400, 1_000]),
    storage: { unheard: sometimes(0.5, 0.03), unanswered: sometimes(0.5, 0.03), late: sometimes(0.3, 0.02), slow: sometimes(0.4, 0.4) },
    hub: { lost: sometimes(0.5, 0.4), twice: sometimes(0.5, 0.4), slow: sometimes(0.5, 0.4) },
    skewMs: dice.chance(0.2) ? dice.whole(-3_600_000, 3_600_000) : 0, deaths: dice.chance(0.15),
  };
}

type Bounds = { -readonly [name in keyof typeof limits]: number };

/** Makes what is rare common: bounds that real use seldom meets are met within seconds. Answers how to put them back. */
export function lowerBounds(dice: Dice): () => void {
  const bounds = limits as Bounds;
  const before = { ...bounds };
  if (dice.chance(0.7)) {
    Object.assign(bounds, {
      rowsPerCheckpoint: dice.pick([5, 20]), rowsPerCheckpointAtRest: dice.pick([1, 5]), bytesPerCheckpointRow: 10_000, idleMs: dice.pick([500, 3_000]),
      socketBufferedBytesMax: dice.pick([300, 2_000]), socketHeldBytesMax: dice.pick([60_000, 200_000]), slowReaderMs: dice.pick([1_500, 10_000]), waitingBeforeSlowDown: 5,
    } satisfies Partial<Bounds>);
  }
  return () => void Object.assign(bounds, before);
}
