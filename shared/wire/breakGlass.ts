/** Requests and answers about access in an emergency, and the notices of it that privacy officers see. */
import { z } from 'zod';
import { breakGlassReasons, reviewOutcomes } from '../domain/breakGlass.ts';

const instant = z.string();
// Length and characters of the note are judged with the rest of the order, in words that say what to write.
const note = z.string().max(4_000);

export const newBreakGlass = z.object({ reason: z.enum(breakGlassReasons), note }).strict();
export type NewBreakGlass = z.infer<typeof newBreakGlass>;
/** For somebody who cannot know the plan's id: both must belong to the same person. */
export const newBreakGlassByIdentity = newBreakGlass.extend({ nhsNumber: z.string().max(20), birthDate: z.string().max(10) }).strict();
export type NewBreakGlassByIdentity = z.infer<typeof newBreakGlassByIdentity>;

/** The person's own emergency access to a plan. */
export const breakGlassView = z.object({ id: z.string(), planId: z.string(), reason: z.enum(breakGlassReasons), beganAt: instant, until: instant });
export type BreakGlassView = z.infer<typeof breakGlassView>;

/**
 * One emergency access as a privacy officer is told of it: nothing that names the patient. Plan and note only for whoever has oversight of the plan,
 * since the note may name somebody.
 */
export const privacyAlert = z.object({
  id: z.string(), person: z.object({ id: z.string(), name: z.string(), role: z.string(), organisation: z.string() }), reason: z.enum(breakGlassReasons),
  beganAt: instant, until: instant, endedAt: instant.nullable(), reviewDue: instant, overdue: z.boolean(), planId: z.string().nullable(), note: z.string().nullable(),
  review: z.object({ at: instant, by: z.string(), outcome: z.enum(reviewOutcomes), note: z.string() }).nullable(),
});
export type PrivacyAlert = z.infer<typeof privacyAlert>;
export const privacyAlerts = z.object({ items: z.array(privacyAlert) });

export const newReview = z.object({ outcome: z.enum(reviewOutcomes), note }).strict();
export type NewReview = z.infer<typeof newReview>;
