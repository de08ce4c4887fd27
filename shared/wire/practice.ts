/** Practice mode: simulated colleagues in a plan or a meeting of the demo. */
import { z } from 'zod';

export const practiceOrder = z.object({ colleagues: z.number().int().min(1).max(4) }).strict();
export const practiceState = z.object({
  running: z.boolean(),
  colleagues: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
  /** When they leave by themselves; null when nobody is there, or when another node plays them. */
  endsAt: z.string().nullable(),
});
export type PracticeState = z.infer<typeof practiceState>;
