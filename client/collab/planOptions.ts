/** What a live plan is opened with. */
import type { LocalCopy } from './localCopy.ts';
import type { Surroundings } from './surroundings.ts';

export interface SectionAccess {
  readonly id: string;
  readonly mayEdit: boolean;
}
export interface PlanConnectionOptions {
  /** `wss://…/sync/<planId>` */
  readonly url: string;
  readonly sections: readonly SectionAccess[];
  readonly around: Surroundings;
  /** A copy on this device to begin with; what changes is said to it. */
  readonly copy?: LocalCopy;
  /** What may be opened may have changed: read the plan again, then call `setSections` or `stop`. */
  readonly onAccessChanged: () => void;
}
