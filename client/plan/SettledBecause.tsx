/** Why the answer above it was chosen when there were several, or why a registered value was corrected. */
import type { ReactNode } from 'react';
import type { Field } from '../../shared/content/kinds.ts';
import { useSettledBecause } from '../collab/hooks.ts';

export function SettledBecause({ section, field }: { readonly section: string; readonly field: Field }): ReactNode {
  const because = useSettledBecause(section, field.id);
  if (because === undefined) return null;
  return <p className="plan-field__because"><span>{field.fixed ? 'Corrected' : 'Settled'}:</span> {because}</p>;
}
