/** An answer as people read it, kept as it was written: never shortened. */
import { useState, type ReactNode } from 'react';
import type { Field, Option } from '../../shared/content/kinds.ts';
import { choiceCode, isNotDiscussed } from '../../shared/content/values.ts';
import { showValue } from '../../shared/content/show.ts';
import { useRevealKeySafe } from '../data/keySafe.ts';
import { Button } from '../ui/Button.tsx';
import { useWorkspace } from './workspaceState.ts';

export function FieldReading({ field, value }: { readonly field: Field; readonly value: unknown }): ReactNode {
  const [shown, setShown] = useState(false);
  const reveal = useRevealKeySafe(useWorkspace().view.id);
  if (isNotDiscussed(value)) return <span className="plan-reading plan-reading--not-discussed">{showValue(field, value)}</span>;
  if (field.masked && !shown) {
    return (
      <span className="plan-reading">
        <span aria-hidden="true">••••••</span> <span className="nhsuk-u-visually-hidden">Hidden.</span>{' '}
        <Button small look="quiet" busy={reveal.isPending} onClick={(event) => {
          event.stopPropagation();
          // Recorded, and then shown from what this device holds; without a network too, where the plan was taken along.
          reveal.mutate(undefined, { onSettled: () => setShown(true) });
        }}>Show</Button>
      </span>
    );
  }
  const colour = colourOf(field, value);
  return (
    <span className="plan-reading">
      {colour && <span className={`plan-stage plan-stage--${colour}`} aria-hidden="true" />}
      {showValue(field, value)}
    </span>
  );
}

function colourOf(field: Field, value: unknown): Option['colour'] {
  if (field.of.kind !== 'choice') return undefined;
  const code = choiceCode(value);
  return field.of.valueSet.options.find((option) => option.value === code)?.colour;
}
