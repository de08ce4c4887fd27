/** Every value set that the standard uses, once, in reading order: for reference data, exports and checks. */
import type { FieldKind, ValueSet } from './kinds.ts';
import { sections } from './standard.ts';

function setsOf(kind: FieldKind): readonly ValueSet[] {
  if (kind.kind === 'choice' || kind.kind === 'choices') return [kind.valueSet];
  if (kind.kind !== 'rows') return [];
  return kind.columns.flatMap((column) => (column.of.kind === 'choice' || column.of.kind === 'choices' ? [column.of.valueSet] : []));
}

export const valueSets: readonly ValueSet[] = [...new Set(sections.flatMap((section) => section.fields.flatMap((field) => setsOf(field.of))))];
const byId = new Map(valueSets.map((set) => [set.id, set]));
export const valueSetById = (id: string): ValueSet | undefined => byId.get(id);
