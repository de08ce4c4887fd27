/** Access taken in an emergency by somebody who has no relationship to the person: why it may be taken, and what can be found about it afterwards. */
import { checkText } from '../content/checkText.ts';
import { limits } from '../limits.ts';
import type { Problem } from '../refusal.ts';

export const breakGlassReasons = ['emergency', 'out-of-hours', 'covering', 'transferred', 'safeguarding'] as const;
export type BreakGlassReason = (typeof breakGlassReasons)[number];
export const breakGlassReasonLabels: Readonly<Record<BreakGlassReason, string>> = {
  'emergency': 'I am treating the person in an emergency',
  'out-of-hours': 'The person or their family has called out of hours',
  'covering': 'I stand in for a colleague who looks after the person',
  'transferred': 'The person has just come to us and our organisation is not on the team yet',
  'safeguarding': 'I have to prevent serious harm to somebody',
};

export const reviewOutcomes = ['justified', 'follow-up', 'not-justified'] as const;
export type ReviewOutcome = (typeof reviewOutcomes)[number];
export const reviewOutcomeLabels: Readonly<Record<ReviewOutcome, string>> = {
  'justified': 'Justified',
  'follow-up': 'Justified, but something has to change',
  'not-justified': 'Not justified',
};

/** What is wrong with the words that go with an emergency access or its review; undefined when nothing is. */
export function noteProblem(note: string): Problem | undefined {
  const words = note.trim();
  // Blanks say nothing: a run of them counts as one.
  if (words.replaceAll(/\s+/g, ' ').length < limits.breakGlassNoteLengthMin) return { field: 'note', message: `Say why in ${limits.breakGlassNoteLengthMin} characters or more: somebody will read it.` };
  const fault = checkText(words, limits.breakGlassNoteLengthMax, true);
  return fault === undefined ? undefined : { field: 'note', message: `Note: ${fault}` };
}
