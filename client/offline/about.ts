/** What a copy says about itself; lies on the device sealed only. Read back with schemas, as anything that comes from outside. */
import { z } from 'zod';
import { patientBrief, planView } from '../../shared/wire/plans.ts';
import { sessionView } from '../../shared/wire/session.ts';

export const about = z.object({
  planId: z.string(),
  /** The plan's page as the service answered it. */
  view: planView,
  /** Who took it. */
  session: sessionView,
  /** When the device last had what the service had, by its own clock; milliseconds since 1970. */
  asOf: z.number(),
  /** A position of the plan's log that the copy holds at least. */
  position: z.number().int(),
});
export type About = z.infer<typeof about>;

const keptText = z.object({ section: z.string(), field: z.string(), value: z.unknown(), why: z.string() });
export const sealedWords = z.object({ planId: z.string(), patient: patientBrief, unsent: z.array(keptText), refused: z.array(keptText) });
export type SealedWords = z.infer<typeof sealedWords>;
