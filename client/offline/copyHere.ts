/** The copy of the plan on this screen, for the parts of the page that speak of it. Loads nothing of the code that keeps copies. */
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import { useConnection, useLive } from '../collab/hooks.ts';
import type { About } from './about.ts';
import type { HeldCopy } from './heldCopy.ts';
import { copiesHere } from './mark.ts';

export interface CopyHere {
  readonly copy: HeldCopy | undefined;
  readonly setCopy: (copy: HeldCopy | undefined) => void;
}
export const CopyContext = createContext<CopyHere>({ copy: undefined, setCopy: () => undefined });

const silent = (): (() => void) => () => undefined;

/** What is to be said while the copy stands for the plan; undefined while the plan is live, or is not held. */
export function useAway(): { readonly about: About; readonly until: number } | undefined {
  const { copy } = useContext(CopyContext);
  const about = useSyncExternalStore(copy?.about.listen ?? silent, () => copy?.about.value);
  const live = useLive();
  return copy === undefined || about === undefined || live ? undefined : { about, until: copy.until };
}

/** Set once the copy that this screen began with is gone from the device. */
export function useEnded(copy: HeldCopy | undefined): 'over' | 'gone' | undefined {
  return useSyncExternalStore(copy?.ended.listen ?? silent, () => copy?.ended.value);
}

/** How old a copy may say that it is while it is live, in milliseconds. */
const ofNowEveryMs = 20_000;

/**
 * While the plan is live its copy is of this moment. A copy that has ended is let go of once the plan is live without it and no word is
 * left that only this device has: until then it is told what becomes of them.
 */
export function useKeptCurrent(view: About['view']): void {
  const connection = useConnection();
  const { copy, setCopy } = useContext(CopyContext);
  const live = useLive();
  const ended = useEnded(copy);
  useEffect(() => {
    if (copy === undefined || !live) return undefined;
    if (ended !== undefined) {
      const look = (): void => {
        if (connection.onlyHere.length > 0) return;
        connection.keepCopy(undefined);
        setCopy(undefined);
      };
      look();
      const stops = [connection.status.listen(look), connection.kept.listen(look)];
      return () => stops.forEach((stop) => stop());
    }
    const ofNow = (): void => {
      if (connection.live.value) copy.isOf({ ...copy.about.value, view, asOf: Date.now(), position: Math.max(view.position, connection.changedTo.value, copy.about.value.position) });
    };
    ofNow();
    const timer = setInterval(ofNow, ofNowEveryMs);
    return () => clearInterval(timer);
  }, [connection, copy, setCopy, live, ended, view]);
}

/** The copy of a plan that is to be opened; undefined at once where nothing is held. */
export async function heldCopy(planId: string, personId: string): Promise<HeldCopy | undefined> {
  if (!copiesHere.value) return undefined;
  // A store that does not open must not keep anybody from the plan itself.
  return import('./copies.ts').then((copies) => copies.openHeld(planId, personId)).catch(() => undefined);
}
