/** Requests and answers about plans that somebody took offline for a visit. */
import { z } from 'zod';

const instant = z.string();

/** A copy was let out: this device may keep the plan, as it stands at `position` at least, for `lifeMs` from now. */
export const takenOffline = z.object({ id: z.string(), until: instant, lifeMs: z.number().int(), position: z.number().int() });
export type TakenOffline = z.infer<typeof takenOffline>;

/**
 * What became of a copy. held: it may be kept and read. Otherwise the plan is to be wiped from the device; what its person wrote and
 * did not send stays sealed there, for them alone.
 */
export const copyState = z.enum(['held', 'over', 'signed-out', 'no-access']);
export type CopyState = z.infer<typeof copyState>;
export const offlineCopies = z.object({ items: z.array(z.object({ id: z.string(), state: copyState, until: instant })) });
export type OfflineCopies = z.infer<typeof offlineCopies>;

/** The service's half of the keys, base64url. `plan` is null once the plan may not be read from this copy any more. */
export const copyKey = z.object({ plan: z.string().nullable(), words: z.string() });
export type CopyKey = z.infer<typeof copyKey>;
