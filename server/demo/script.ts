/** What simulated colleagues write and choose: believable, harmless, and marked so that nobody takes it for real. */
import type { Field, Section } from '../../shared/content/kinds.ts';
import { sections } from '../../shared/content/standard.ts';
import { may } from '../../shared/domain/access.ts';
import type { PlanFacts } from '../../shared/domain/planFacts.ts';
import type { Actor } from '../../shared/domain/roles.ts';

/** Only prose in which nothing could hurt anybody; never a resuscitation, a refusal, a medicine, or the summary for urgent care. */
const sentences: Readonly<Record<string, readonly string[]>> = {
  carerNeeds: ['Spoke with the family this morning; everybody would welcome one quiet night.', 'The main carer asks whether somebody could sit in on Thursday afternoon.'],
  clinicalSummary: ['Seen today: comfortable at rest, slept through, no new symptoms.', 'Ate half a bowl of soup and was glad of the company.'],
  whatMatters: ['Would like the window open and the radio low.', 'Asked again for a visit from the old choir.'],
  fearsAvoid: ['Said once more: not to be a burden to anyone.'],
  otherPreferences: ['Prefers visits after ten in the morning.', 'Likes to be asked before the television is switched off.'],
  socialWorkPlan: ['The care agency confirms the same two carers for next week.', 'Will ring about the ramp on Monday.'],
  discussion: ['Agreed so far: keep the present plan and look again at the next meeting.', 'Question for the room: who tells the family about the change of visiting times?'],
};
/** Ordinary choices, each with answers to go between. */
const choices: Readonly<Record<string, readonly unknown[]>> = {
  infoFormat: [['large-print'], ['standard-print', 'audio'], ['easy-read']],
  patientCopyOffered: ['accepted', 'not-yet'],
};

export interface Spot {
  readonly section: Section;
  readonly field: Field;
  readonly does: { readonly kind: 'write'; readonly sentences: readonly string[] } | { readonly kind: 'choose'; readonly values: readonly unknown[] };
}

/** Places of this plan in which the colleague may write. */
export function spotsFor(actor: Actor, plan: PlanFacts): readonly Spot[] {
  return sections.filter((section) => may(actor, 'edit-section', { kind: 'section', plan, section: section.id }).ok).flatMap((section) =>
    section.fields.flatMap((field): Spot[] => {
      const written = sentences[field.id];
      const chosen = choices[field.id];
      if (written && field.merge === 'T' && !field.safetyCritical) return [{ section, field, does: { kind: 'write', sentences: written } }];
      return chosen && field.merge === 'L' && !field.safetyCritical ? [{ section, field, does: { kind: 'choose', values: chosen } }] : [];
    }));
}
