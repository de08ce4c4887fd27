/** How a value set is written down: one tuple for each answer. */
import { sct } from './entry.ts';
import type { Option, ValueSet } from './kinds.ts';

/** Slug, what people read, SNOMED CT concept where a published source gives one ('' for none), data-dictionary code. */
export type OptionTuple = readonly [value: string, label: string, concept?: string, dictionary?: string, colour?: NonNullable<Option['colour']>];

/** A value set from its tuples, in the order people should see. */
export const valueSet = (id: string, title: string, tuples: readonly OptionTuple[]): ValueSet => ({
  id,
  title,
  options: tuples.map(([value, label, concept, dictionary, colour]) => ({
    value,
    label,
    ...(concept ? { code: sct(concept) } : {}),
    ...(dictionary ? { dictionary } : {}),
    ...(colour ? { colour } : {}),
  })),
});
