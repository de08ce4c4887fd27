/** What people do with their own sessions: another role, lock, unlock, end, sign out. */
import type { Logger } from 'pino';
import type { Actor } from '../../shared/domain/roles.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { Bus, Database, Random } from '../ports.ts';
import { countFailure, mayAttempt } from './attempts.ts';
import type { Provider } from './provider.ts';
import { roleKey } from './roleMap.ts';
import { hashOf, newToken, sayEnded, sessionCookie, sessionOf, tokenHashOf } from './sessions.ts';
import { actAs } from './signingIn.ts';
import { done, refused, type RecordSignIn } from './signInRecord.ts';
import { putOrganisation } from './signInStore.ts';
import { copySession, endSession, endSessionOf, lockSession, unlockSession } from './store.ts';

export interface SessionNeeds {
  readonly db: Database;
  readonly bus: Bus;
  readonly random: Random;
  readonly log: Logger;
  readonly publicUrl: string;
  readonly record: RecordSignIn;
}
const over = () => refuse('not-signed-in', 'There is no session, or it is over.');

/** Goes on in another of the roles that the provider vouched for at sign-in, under a new session name. Answers the cookie. */
export async function changeRole({ db, bus, random, publicUrl, record }: SessionNeeds, cookieHeader: string, key: string): Promise<Result<string>> {
  const [session, old] = [await sessionOf(db, cookieHeader), tokenHashOf(cookieHeader)];
  if (!session || !old) return over();
  const chosen = session.heldRoles.find((held) => roleKey(held) === key);
  if (!chosen) return refuse('invalid', 'Choose one of the roles listed.', { problems: [{ field: 'key', message: 'This is not one of your roles' }] });
  await record(done('change-role', { ...session.actor, role: chosen.role, organisationId: chosen.organisationId }));
  const token = newToken(random);
  const ended = await db.transaction(async (tx) => {
    // The copy names the organisation, and is made while the session still stands.
    await putOrganisation(tx, chosen);
    if (!(await copySession(tx, old, hashOf(token), chosen))) return undefined;
    const others = await actAs(tx, session.actor.id, session.actor.name, chosen);
    return [...others, ...(await endSession(tx, old))];
  });
  if (!ended) return over();
  sayEnded(bus, ended);
  return ok(sessionCookie(token, publicUrl, session.endsAt.getTime() - session.now.getTime()));
}

/** Locks the session at once, on every node. */
export async function lock({ db, bus, record }: SessionNeeds, actor: Actor, cookieHeader: string): Promise<Result<undefined>> {
  const hash = tokenHashOf(cookieHeader);
  if (!hash) return over();
  await lockSession(db, hash);
  sayEnded(bus, [{ name: hash.toString('hex') }]);
  await record(done('lock', actor));
  return ok(undefined);
}

/** Unlocks in the demonstration, where one click on one's own name is all there is. Anybody else's name unlocks nothing. */
export async function unlockDemo({ db, record }: SessionNeeds, actor: Actor, cookieHeader: string, personId: string, address: string): Promise<Result<undefined>> {
  const attempted = { address, person: actor.id };
  const may = await mayAttempt(db, attempted);
  if (!may.ok) return may;
  if (personId !== actor.id) {
    await countFailure(db, attempted);
    await record(refused('unlock', 'other-person', actor.id));
    return refuse('not-allowed', `Only ${actor.name} can unlock this. Sign out to sign in as somebody else.`);
  }
  const hash = tokenHashOf(cookieHeader);
  if (!hash || !(await unlockSession(db, hash))) return over();
  await record(done('unlock', actor));
  return ok(undefined);
}

/** Ends one of one's own sessions, this one or another. Refuses `not-found` for whatever is not one of them. */
export async function endOwnSession({ db, bus, record }: SessionNeeds, actor: Actor, sessionId: string): Promise<Result<undefined>> {
  const ended = await endSessionOf(db, actor.id, sessionId);
  if (ended.length === 0) return refuse('not-found', 'There is no such session of yours; it may have ended already.');
  sayEnded(bus, ended);
  await record(done('end-session', actor));
  return ok(undefined);
}

/** Ends the session; answers where the provider lets the person sign out there as well. */
export async function signOut({ db, bus, record }: SessionNeeds, provider: Provider | undefined, actor: Actor, cookieHeader: string): Promise<string | null> {
  const hash = tokenHashOf(cookieHeader);
  const ended = hash ? await endSession(db, hash) : [];
  sayEnded(bus, ended);
  await record(done('sign-out', actor));
  return (await provider?.signOutAddress(ended[0]?.idToken ?? null)) ?? null;
}
