/** A short word in a box. The word carries the meaning; the colour only helps. */
import type { ReactNode } from 'react';

export type TagColour = 'white' | 'grey' | 'blue' | 'green' | 'yellow' | 'red' | 'navy' | 'purple' | 'draft' | 'signed' | 'disputed';

export function Tag({ colour = 'grey', children }: { readonly colour?: TagColour; readonly children: ReactNode }): ReactNode {
  return <strong className={`accord-tag accord-tag--${colour}`}>{children}</strong>;
}
