/** Allergies in one of three states that cannot be taken for each other: each has its own sign, words and look. */
import type { ReactNode } from 'react';
import { allergyState, factFields, type AllergyState, type BannerFacts } from './facts.ts';

export function AllergyLine({ facts, onOpenField }: { readonly facts: BannerFacts; readonly onOpenField?: ((field: string) => void) | undefined }): ReactNode {
  if (facts.withheld) return null;
  const state = allergyState(facts);
  const look = `accord-allergies accord-allergies--${state.kind}`;
  if (!onOpenField) return <p className={look}><AllergyWords state={state} /></p>;
  return <button type="button" className={look} onClick={() => onOpenField(factFields.allergyStatus)}><AllergyWords state={state} /></button>;
}

function AllergyWords({ state }: { readonly state: AllergyState }): ReactNode {
  if (state.kind === 'known') return <><span aria-hidden="true">⚠ </span><strong>Allergies:</strong> {state.list.join('; ')}</>;
  if (state.kind === 'none') return <><span aria-hidden="true">✓ </span>No known allergies</>;
  if (state.kind === 'disputed') return <strong>{state.words}</strong>;
  return <><span aria-hidden="true">? </span>{state.words}</>;
}
