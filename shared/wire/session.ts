/** Signing in, choosing a role, who is signed in, and where. */
import { z } from 'zod';
import { roles } from '../domain/roles.ts';

/** Marks a request that no person made: a poll, a refresh. It does not keep a session awake. */
export const backgroundHeader = 'accord-background';

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
    /** See the people of their organisation; see plans that are theirs, or that they inspect. */
    seeColleagues: z.boolean(), seeOwnPlans: z.boolean(),
  }),
  demo: z.boolean(),
  /** The sign-in itself. Left out in what was kept on a device before there was such a thing. */
  session: z.object({
    method: z.enum(['demo', 'provider']),
    /** When it ends whatever the person does, and the service's clock now. */
    endsAt: z.string(), now: z.string(),
    /** How many roles the person may choose between. */
    roles: z.number().int(),
  }).optional(),
});
export type SessionView = z.infer<typeof sessionView>;

/** How one signs in to this service. `askWhom`: whom to ask who has no role here. */
export const signInMethod = z.object({ method: z.enum(['demo', 'provider']), provider: z.string(), askWhom: z.string() });
export type SignInMethod = z.infer<typeof signInMethod>;

export const heldRole = z.object({ key: z.string(), role: z.enum(roles), roleLabel: z.string(), jobTitle: z.string(), organisation: z.string() });
/** Roles to choose between; `current` is the key of the one that is in force. */
export const roleChoice = z.object({ name: z.string(), roles: z.array(heldRole), current: z.string().nullable() });
export type RoleChoice = z.infer<typeof roleChoice>;
export const chooseRole = z.object({ key: z.string().max(200) }).strict();
export const chosenRole = z.object({ back: z.string() });

export const unlock = z.object({ personId: z.string().max(60) }).strict();

export const sessionList = z.object({
  sessions: z.array(z.object({
    id: z.string(),
    /** The one that asks. */
    here: z.boolean(),
    /** "Chrome on Windows". */
    device: z.string(), role: z.string(), startedAt: z.string(), activeAt: z.string(), endsAt: z.string(), locked: z.boolean(),
  })),
});
export type SessionItem = z.infer<typeof sessionList>['sessions'][number];

/** `next`: where the provider lets the person sign out there too. */
export const signedOut = z.object({ next: z.string().nullable() });

/** What a locked session still says: whose it is and how it is unlocked. */
export const lockedBy = z.object({ person: z.object({ id: z.string(), name: z.string() }), method: z.enum(['demo', 'provider']) });
export type LockedBy = z.infer<typeof lockedBy>;

/** Why a sign-in came to nothing, as the page that says so is told in its address. */
export const signInProblems = ['failed', 'refused', 'away', 'too-many', 'other-person', 'start-here'] as const;
export type SignInProblem = (typeof signInProblems)[number];
