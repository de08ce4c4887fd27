/** A signature wants somebody who proved lately who they are: off to the sign-in service, and back to the same page with what was ticked. */
import { useEffect, useState, type ReactNode } from 'react';
import { z } from 'zod';
import type { Review } from '../../shared/wire/plans.ts';
import { useOwner } from '../app/owner.ts';
import { freshAddress } from '../identity/back.ts';
import { Button } from '../ui/Button.tsx';

/** Kept for this tab only: no word of the plan, only which text the ticks were for and whose they are. */
const keptUnder = 'accord-sign-off';
const kept = z.object({ contentHash: z.string(), personId: z.string(), name: z.boolean(), born: z.boolean() });

/** What was ticked before the person left to prove who they are, if the text and the person are still the same. Given once. */
export function useKeptTicks({ contentHash }: Review): { readonly name: boolean; readonly born: boolean } {
  const personId = useOwner()?.person.id;
  const [ticks] = useState(() => {
    const read = kept.safeParse(parse(sessionStorage.getItem(keptUnder)));
    const same = read.success && read.data.contentHash === contentHash && read.data.personId === personId;
    return same ? { name: read.data.name, born: read.data.born } : { name: false, born: false };
  });
  useEffect(() => sessionStorage.removeItem(keptUnder), []);
  return ticks;
}

export function ProveAgain({ planId, review, name, born }: { readonly planId: string; readonly review: Review; readonly name: boolean; readonly born: boolean }): ReactNode {
  const personId = useOwner()?.person.id ?? '';
  const go = (): void => {
    sessionStorage.setItem(keptUnder, JSON.stringify({ contentHash: review.contentHash, personId, name, born } satisfies z.infer<typeof kept>));
    location.assign(freshAddress(`/plans/${planId}/sign-off`));
  };
  return (
    <div className="accord-callout accord-callout--warning" role="alert">
      <h3 className="accord-callout__title">Not signed yet: show that it is still you</h3>
      <p>A signature counts for everybody who reads the plan, so you sign in once more before it. You come back to this page with what you ticked, unless the plan has changed by then.</p>
      <Button onClick={go}>Sign in again, then sign</Button>
    </div>
  );
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null') as unknown;
  } catch {
    return undefined; // not ours: counts as nothing kept
  }
}
