/** An answer as people read it, kept as it was written: never shortened. */
import { useState, type ReactNode } from 'react';
import type { Field, Option } from '../../shared/content/kinds.ts';
import { choiceCode, isNotDiscussed } from '../../shared/content/values.ts';
import { showValue } from '../../shared/content/show.ts';
import { Button } from '../ui/Button.tsx';

export function FieldReading({ field, value }: { readonly field: Field; readonly value: unknown }): ReactNode {
  const [shown, setShown] = useState(false);
  if (isNotDiscussed(value)) return <span className="plan-reading plan-reading--not-discussed">{showValue(field, value)}</span>;
  if (field.masked && !shown) {
    return (
      <span className="plan-reading">
        <span aria-hidden="true">••••••</span> <span className="nhsuk-u-visually-hidden">Hidden.</span>{' '}
        <Button small look="quiet" onClick={(event) => { event.stopPropagation(); setShown(true); }}>Show</Button>
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
