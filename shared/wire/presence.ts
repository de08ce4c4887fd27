/** Presence in a section's awareness. A client says only where its person is; `user` is always the server's. */
import { z } from 'zod';

/** What a client may say. Cursor is y-prosemirror's pair of relative positions. */
export const whereabouts = z.object({
  section: z.string().max(60).optional(),
  field: z.string().max(60).optional(),
  cursor: z.object({ anchor: z.unknown(), head: z.unknown() }).nullable().optional(),
});
export type Whereabouts = z.infer<typeof whereabouts>;

/** Who it is, stamped by the server from the session on every state. */
export interface PresentUser {
  readonly id: string;
  readonly name: string;
  readonly initials: string;
  readonly role: string;
  readonly roleLabel: string;
  readonly organisation: string;
  /** Hex colour; people's colours mean only people. */
  readonly color: string;
  readonly simulated: boolean;
  /** Id of the connection: one person with two tabs has two. */
  readonly connection: string;
}
export interface PresenceState extends Whereabouts {
  readonly user: PresentUser;
}
