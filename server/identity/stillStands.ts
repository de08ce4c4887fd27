/** Asks in the transaction that writes whether who was let in at the door is still who they were, and holds it until the transaction ends. */
import type { Actor } from '../../shared/domain/roles.ts';
import { RefusalError } from '../../shared/refusal.ts';
import type { Tx } from '../ports.ts';
import { tokenHashOf } from './sessions.ts';
import { holdPerson, holdSession } from './store.ts';

/** Who does something, and the Cookie header that they came with; none where the service acts for them by itself. */
export interface Acting {
  readonly actor: Actor;
  readonly cookieHeader?: string;
}

/**
 * A change of role, organisation or seniority, the end of the session or its lock either stood before this and is refused here, or
 * waits until this has committed. Throws `RefusalError`: not-allowed (another role by now), not-signed-in (the session is over or locked).
 */
export async function refuseUnlessStands(tx: Tx, { actor, cookieHeader }: Acting): Promise<void> {
  if (!(await holdPerson(tx, actor))) throw new RefusalError({ code: 'not-allowed', detail: 'Your role was changed a moment ago. Nothing was done; load the page again to see what you may do now.' });
  const session = tokenHashOf(cookieHeader);
  if (session && !(await holdSession(tx, session))) throw new RefusalError({ code: 'not-signed-in', detail: 'Your session was ended or locked a moment ago. Nothing was done; sign in again.' });
}
