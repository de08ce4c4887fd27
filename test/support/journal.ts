/** What one simulated person did and was told, kept outside the service: the other side of every question that the checker asks. */

/** A token that was typed, and where in the person's own history it stands. */
export interface Word {
  readonly kind: 'word';
  readonly token: string;
  /** Yjs client id and the clocks that the word took. */
  readonly client: number;
  readonly from: number;
  readonly after: number;
}
/** A token of one's own that was taken away again. */
export interface Removal {
  readonly kind: 'removal';
  readonly token: string;
}
export type Act = (Word | Removal) & {
  readonly atMs: number;
  /** How it ended: unknown until the service has spoken. */
  fate: 'unknown' | 'saved' | 'refused';
  savedAtMs?: number;
  /** The position that came with "saved". */
  position?: number;
  /** Which way the answer came. */
  way?: string;
};

export interface Closed {
  readonly code: number;
  readonly atMs: number;
  readonly way: string;
  /** Our own heartbeat gave the line up. */
  readonly silent: boolean;
}

export class Journal {
  readonly acts: Act[] = [];
  readonly closes: Closed[] = [];
  /** Codes of the refusals that were said in a notice. */
  readonly refusals: string[] = [];
  /** Words that somebody elsewhere is waiting to read: they stay until they were read. */
  readonly awaited = new Set<string>();
  constructor(readonly name: string) {}

  get saved(): readonly Act[] {
    return this.acts.filter((act) => act.fate === 'saved');
  }
  /** The first "saved" at or after a moment. */
  firstSavedAfter(atMs: number): number | undefined {
    const times = this.acts.flatMap(({ savedAtMs }) => (savedAtMs !== undefined && savedAtMs >= atMs ? [savedAtMs] : []));
    return times.length === 0 ? undefined : Math.min(...times);
  }
  /** Milliseconds from typing to "saved" of what was typed in a span of time, shortest first. */
  waits(fromMs: number, toMs: number): number[] {
    return this.acts.flatMap(({ atMs, savedAtMs }) => (atMs >= fromMs && atMs < toMs && savedAtMs !== undefined ? [savedAtMs - atMs] : [])).toSorted((a, b) => a - b);
  }
}
