/** Signing in as a demo person, and who is signed in. */
import { z } from 'zod';
import { roles } from '../domain/roles.ts';

export const demoPeople = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string(), role: z.enum(roles), organisation: z.string(), jobTitle: z.string() })),
});

export const signIn = z.object({ personId: z.string().max(60) }).strict();

export const sessionView = z.object({
  person: z.object({ id: z.string(), name: z.string(), role: z.enum(roles), roleLabel: z.string(), jobTitle: z.string(), organisation: z.string() }),
  /** What the screen offers. The server asks again at every step. */
  may: z.object({
    createPlan: z.boolean(), createMeeting: z.boolean(), seeCaseload: z.boolean(), seeMeetings: z.boolean(), urgentView: z.boolean(),
    /** Read what the plans of one's own organisation say; without it one sees only that there are such plans, and who did what with them. */
    readDrafts: z.boolean(),
    /** Open a plan in an emergency; look at who did. */
    breakGlass: z.boolean(), privacyAlerts: z.boolean(),
  }),
  demo: z.boolean(),
});
export type SessionView = z.infer<typeof sessionView>;
