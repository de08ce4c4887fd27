/** What is recorded of sign-ins, and the one way to record it. Ids only: never a name, a token or an address. */
import type { Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId } from '../../shared/ids.ts';

export interface SignInEntry {
  readonly action: 'sign-in' | 'sign-out' | 'lock' | 'unlock' | 'sign-in-afresh' | 'change-role' | 'end-session' | 'provider-sign-out';
  /** Undefined where nobody was recognised. */
  readonly actor: PersonId | undefined;
  readonly role?: Role | undefined;
  readonly organisation?: OrganisationId | undefined;
  readonly outcome: 'done' | 'refused';
  /** Why it was refused, in a word. */
  readonly reason?: string | undefined;
}
/** Resolves once it stands. A sign-in that cannot be recorded is not let through; whoever hands this in decides whether it throws. */
export type RecordSignIn = (entry: SignInEntry) => Promise<void>;

/** The person's part of an entry. */
export const done = (action: SignInEntry['action'], { id, role, organisationId }: { readonly id: PersonId; readonly role: Role | null; readonly organisationId: OrganisationId | null }): SignInEntry =>
  ({ action, actor: id, role: role ?? undefined, organisation: organisationId ?? undefined, outcome: 'done' });
export const refused = (action: SignInEntry['action'], reason: string, actor?: PersonId): SignInEntry => ({ action, actor, outcome: 'refused', reason });
