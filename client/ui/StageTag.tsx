/** The stage of the illness: letter, colour and words together, never colour alone. */
import type { ReactNode } from 'react';
import { fieldById } from '../../shared/content/standard.ts';
import { choiceCode } from '../../shared/content/values.ts';
import { Tag } from './Tag.tsx';

const stageField = fieldById('gsfStage');
/** The stages with their labels and colours, in the order of the value set. */
export const stageOptions = stageField?.of.kind === 'choice' ? stageField.of.valueSet.options : [];

/** `stage` as stored: a slug, or an object with one. */
export function StageTag({ stage }: { readonly stage: unknown }): ReactNode {
  const code = choiceCode(stage);
  const option = stageOptions.find((one) => one.value === code);
  if (!option) return <Tag colour="white">No stage yet</Tag>;
  return <Tag colour={option.colour ?? 'grey'}>{option.label}</Tag>;
}
