/** One entry being typed: about whom it is. Pure. */

export interface Draft<Values> {
  readonly values: Values;
  /** The item for which the first letter was typed; undefined while nothing is. */
  readonly boundTo: string | undefined;
}

export const blankDraft = <Values>(values: Values): Draft<Values> => ({ values, boundTo: undefined });

/** What was typed, bound to the patient on screen with its first letter and to nobody once it is empty again. */
export function typed<Values extends { readonly text: string }>(draft: Draft<Values>, part: Partial<Values>, shownItemId: string | undefined): Draft<Values> {
  const values = { ...draft.values, ...part };
  return { values, boundTo: values.text.trim() === '' ? undefined : (draft.boundTo ?? shownItemId) };
}

/** The item that the entry is about: its own, or the one on screen while nothing is typed. */
export const aboutItem = (draft: Draft<unknown>, shownItemId: string | undefined): string | undefined => draft.boundTo ?? shownItemId;
