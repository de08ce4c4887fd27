/** What a live plan is opened with. */
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
  /** What may be opened may have changed: read the plan again, then call `setSections` or `stop`. */
  readonly onAccessChanged: () => void;
}
