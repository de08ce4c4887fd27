/** Codes that are hidden until somebody asks to see them: what goes out in their place. The asking is an act of its own, and recorded. */
import type { Field } from './kinds.ts';
import { isDisputed, type PlanContent, type SectionContent } from './planContent.ts';
import { sectionById } from './standard.ts';
import { isBlank, isNotDiscussed } from './values.ts';

/** Says that something is recorded, and not what. */
export const sealedText = '••••••';

/** The value as it may go out unasked: unchanged, or sealed where the field is hidden; of a contradiction each side, with who wrote it. */
export function sealValue(field: Pick<Field, 'masked'>, value: unknown): unknown {
  if (!field.masked || isBlank(value) || isNotDiscussed(value)) return value;
  if (!isDisputed(value)) return sealedText;
  const sides: readonly unknown[] = value.disputed;
  return { disputed: sides.map((side) => (typeof side === 'object' && side !== null && 'value' in side ? { ...side, value: sealedText } : sealedText)) };
}

/** The content with every hidden code sealed, and then without its salt: the few digits of a code could be tried. */
export function sealed({ planId, position, sections, salt }: PlanContent): PlanContent {
  const shown = Object.fromEntries(Object.entries(sections).map(([id, values]) => [id, sealSection(id, values)]));
  const hides = Object.entries(shown).some(([id, values]) => values !== sections[id]);
  return { planId, position, sections: shown, ...(hides || salt === undefined ? {} : { salt }) };
}

/** The very same object where nothing of it is hidden. */
function sealSection(id: string, values: SectionContent): SectionContent {
  const hidden = sectionById(id)?.fields.filter((field) => sealValue(field, values[field.id]) !== values[field.id]) ?? [];
  return hidden.length === 0 ? values : { ...values, ...Object.fromEntries(hidden.map((field) => [field.id, sealValue(field, values[field.id])])) };
}
