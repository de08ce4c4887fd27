/** Signing in through the provider: begun, come back, and let in, each step good for one browser and one time. */
import { timingSafeEqual } from 'node:crypto';
import { safeBack } from '../../shared/domain/backAddress.ts';
import { newId, type PersonId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { SignInProblem } from '../../shared/wire/session.ts';
import type { Caller } from '../http/route.ts';
import type { Bus, Database, Random, Tx } from '../ports.ts';
import type { Logger } from 'pino';
import { addressHash, countFailure, forgetFailuresOf, mayAttempt } from './attempts.ts';
import { ProviderFailure, type Provider, type Return } from './provider.ts';
import { roleKey, rolesOf, type HeldRole, type RoleMap } from './roleMap.ts';
import { beginSession, finishSession, hashOf, newToken, sayEnded, sessionOf, setCookie, tokenHashOf, tokenOf } from './sessions.ts';
import { done, refused, type RecordSignIn, type SignInEntry } from './signInRecord.ts';
import { endSignIn, findWaiting, forgetWaiting, insertIdentity, insertSignIn, keepFound, lockIdentity, personOf, putOrganisation, putPerson, takeSignIn, type Found, type SignInUnderWay } from './signInStore.ts';
import { endOtherRoles, endSession, endSurplus, unlockSession, type EndedSession } from './store.ts';

export interface SignInNeeds {
  readonly db: Database;
  readonly bus: Bus;
  readonly random: Random;
  readonly log: Logger;
  readonly publicUrl: string;
  readonly provider: Provider;
  readonly roles: RoleMap;
  readonly record: RecordSignIn;
}
/** Where the browser goes next, and the cookies that it takes along. */
export interface Onwards {
  readonly to: string;
  readonly cookies: readonly string[];
}
interface Visit {
  readonly cookieHeader: string;
  readonly caller: Caller;
}

/** Names this browser while it signs in: what comes back to another browser is nobody's. Over https no neighbouring site can plant it (RFC 6265bis, `__Host-`). */
const cookieFor = ({ publicUrl }: Pick<SignInNeeds, 'publicUrl'>): string => (publicUrl.startsWith('https:') ? '__Host-accord_sign_in' : 'accord_sign_in');
const failed = (problem: SignInProblem, back: string): Onwards => ({ to: `/sign-in?${new URLSearchParams({ problem, back })}`, cookies: [] });

export interface Wish {
  readonly back: string;
  /** Unlock the session of this browser, or prove afresh who its person is. */
  readonly wants: 'sign-in' | 'unlock' | 'fresh';
  /** Ask for a proof even of whoever is signed in at the provider. */
  readonly afresh: boolean;
}

/** Sends the browser to the provider. */
export async function beginSignIn(needs: SignInNeeds, { cookieHeader, caller }: Visit, wish: Wish): Promise<Onwards> {
  const { db, random, provider, log, publicUrl } = needs;
  const back = safeBack(wish.back);
  // A page of another site must not be what begins a sign-in: the person presses the button themselves.
  if (caller.elsewhere) return failed('start-here', back);
  if (!(await mayAttempt(db, { address: caller.address })).ok) return failed('too-many', back);
  const session = await sessionOf(db, cookieHeader);
  const purpose = session?.method === 'provider' ? wish.wants : 'sign-in';
  if (purpose !== 'sign-in' && !(await mayAttempt(db, { address: caller.address, person: session?.actor.id })).ok) return failed('too-many', back);
  // A browser with several tabs signs in under one name in each of them.
  const browser = tokenOf(cookieHeader, cookieFor(needs)) ?? newToken(random);
  const [state, nonce, verifier] = [newToken(random), newToken(random), newToken(random)];
  try {
    const to = await provider.begin({ state, nonce, verifier, afresh: wish.afresh || purpose !== 'sign-in' });
    const fits = await insertSignIn(db, {
      state: hashOf(state), browser: hashOf(browser), address: addressHash(caller.address), purpose,
      session: purpose === 'sign-in' ? undefined : tokenHashOf(cookieHeader), nonce, verifier, back,
    });
    return fits ? { to, cookies: [setCookie(cookieFor(needs), browser, limits.signInMs, publicUrl)] } : failed('too-many', back);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    log.warn({ err: error }, 'the identity provider did not answer');
    return failed('away', back);
  }
}

/** The browser is back. Everything that does not hold ends alike, on the sign-in page. */
export async function finishSignIn(needs: SignInNeeds, { cookieHeader, caller }: Visit, query: Readonly<Record<string, string>>): Promise<Onwards> {
  const { db, provider, log, roles, record } = needs;
  const address = { address: caller.address };
  if (!(await mayAttempt(db, address)).ok) return failed('too-many', '/');
  const [browser, state] = [tokenHashOf(cookieHeader, cookieFor(needs)), query['state'] ?? ''];
  const asked = browser && (await takeSignIn(db, hashOf(state), browser));
  if (!asked) {
    // Not counted: any page can make a browser call this address, and a state cannot be guessed.
    await record(refused('sign-in', 'not-begun-here'));
    return failed('failed', '/');
  }
  await forgetWaiting(db, browser);
  let came: Return;
  try {
    came = await provider.finish(new URLSearchParams(query), { state, nonce: asked.nonce, verifier: asked.verifier, afresh: asked.purpose !== 'sign-in' });
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    log.warn({ err: error, kind: error.kind }, 'a sign-in came to nothing');
    if (error.kind === 'unsound') await countFailure(db, address);
    await record(refused(actionOf(asked), error.kind));
    return failed(error.kind === 'unsound' ? 'failed' : error.kind, asked.back);
  }
  const found: Found = {
    subject: came.subject, name: nameOf(came), heldRoles: rolesOf(roles, came.claims), authenticatedAt: came.authenticatedAt, providerSession: came.providerSession, idToken: came.idToken,
  };
  if (asked.purpose !== 'sign-in') return proveAgain(needs, { cookieHeader, caller }, asked, found);
  const [only] = found.heldRoles;
  if (!only) {
    await record(refused('sign-in', 'no-role', await personOf(db, provider.issuer, found.subject)));
    return { to: '/no-role', cookies: [] };
  }
  if (found.heldRoles.length > 1) {
    await keepFound(db, hashOf(state), found);
    return { to: `/choose-role?${new URLSearchParams({ back: asked.back })}`, cookies: [] };
  }
  await endSignIn(db, hashOf(state));
  return { to: asked.back, cookies: await letIn(needs, { cookieHeader, caller }, found, only) };
}

/** Somebody's session goes on because they proved again who they are: the same person, in a role that they still hold. */
async function proveAgain(needs: SignInNeeds, { cookieHeader, caller }: Visit, asked: SignInUnderWay, found: Found): Promise<Onwards> {
  const { db, bus, provider, record } = needs;
  const [session, hash] = [await sessionOf(db, cookieHeader), tokenHashOf(cookieHeader)];
  const personId = await personOf(db, provider.issuer, found.subject);
  const sameSession = hash !== undefined && asked.sessionHash !== null && timingSafeEqual(hash, asked.sessionHash);
  const late = found.authenticatedAt * 1000 < asked.startedAt.getTime() - limits.clockSkewMs;
  if (!session || !sameSession || personId !== session.actor.id || late) {
    await countFailure(db, { address: caller.address, person: session?.actor.id });
    await record(refused(actionOf(asked), late ? 'not-proved-afresh' : 'other-person', personId));
    return failed(!session || late ? 'failed' : 'other-person', asked.back);
  }
  if (!found.heldRoles.some((held) => roleKey(held) === roleKey(session.actor))) {
    sayEnded(bus, await endSession(db, hash));
    await record(refused(actionOf(asked), 'role-lost', personId));
    return found.heldRoles.length === 0 ? { to: '/no-role', cookies: [] } : failed('failed', asked.back);
  }
  await record(done(actionOf(asked), session.actor));
  const woken = await unlockSession(db, hash, { authenticatedAt: found.authenticatedAt, heldRoles: found.heldRoles, providerSession: found.providerSession, idToken: found.idToken });
  if (woken) await forgetFailuresOf(db, session.actor.id);
  return woken ? { to: asked.back, cookies: [] } : failed('failed', asked.back);
}

/** The roles that this browser's sign-in waits to have chosen from. */
export async function waitingChoice(needs: SignInNeeds, cookieHeader: string): Promise<Found | undefined> {
  const browser = tokenHashOf(cookieHeader, cookieFor(needs));
  return browser && (await findWaiting(needs.db, browser))?.found;
}

/** Lets the person in, in the role that they chose. Refuses `not-signed-in` when no sign-in waits here, `invalid` for a role that is not theirs. */
export async function enterAs(needs: SignInNeeds, visit: Visit, key: string): Promise<Result<Onwards>> {
  const browser = tokenHashOf(visit.cookieHeader, cookieFor(needs));
  const waiting = browser && (await findWaiting(needs.db, browser));
  if (!waiting) return refuse('not-signed-in', 'The sign-in took too long, or was finished already. Begin again.');
  const chosen = waiting.found.heldRoles.find((held) => roleKey(held) === key);
  if (!chosen) return refuse('invalid', 'Choose one of the roles listed.', { problems: [{ field: 'key', message: 'This is not one of your roles' }] });
  if (!(await endSignIn(needs.db, waiting.state))) return refuse('not-signed-in', 'The sign-in was finished already. Begin again.');
  return ok({ to: waiting.back, cookies: await letIn(needs, visit, waiting.found, chosen) });
}

/** Makes or updates the person, puts them in the role, and opens a session of a new name. Answers its cookie. */
async function letIn(needs: SignInNeeds, { cookieHeader, caller }: Visit, found: Found, chosen: HeldRole): Promise<readonly string[]> {
  const { db, bus, random, provider, publicUrl, record } = needs;
  const { issuer } = provider;
  const { personId, ended } = await db.transaction(async (tx) => {
    await lockIdentity(tx, issuer, found.subject);
    const known = await personOf(tx, issuer, found.subject);
    const id = known ?? newId('person', random);
    const others = await actAs(tx, id, found.name, chosen);
    if (!known) await insertIdentity(tx, issuer, found.subject, id);
    return { personId: id, ended: others };
  });
  sayEnded(bus, ended);
  await record(done('sign-in', { id: personId, role: chosen.role, organisationId: chosen.organisationId }));
  const cookie = await beginSession(db, random, personId, publicUrl, {
    method: 'provider', role: chosen, heldRoles: found.heldRoles, issuer, providerSession: found.providerSession, idToken: found.idToken, authenticatedAt: found.authenticatedAt, agent: caller.agent,
  });
  // The cookie is replaced in every tab of that browser: what is still open there under the old one must not go on.
  await finishSession(db, bus, cookieHeader, publicUrl);
  sayEnded(bus, await endSurplus(db, personId, limits.sessionsPerPersonMax));
  return [cookie];
}

/** Puts the person in this role, in one transaction with the end of their sessions in any other: a person acts in one role at a time. */
export async function actAs(tx: Tx, personId: PersonId, name: string, chosen: HeldRole): Promise<readonly EndedSession[]> {
  await putOrganisation(tx, chosen);
  await putPerson(tx, personId, name, chosen);
  return endOtherRoles(tx, personId, chosen);
}

const actionOf = ({ purpose }: Pick<SignInUnderWay, 'purpose'>): SignInEntry['action'] => (purpose === 'sign-in' ? 'sign-in' : purpose === 'unlock' ? 'unlock' : 'sign-in-afresh');

const text = (value: unknown): string => (typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cf}]/gu, '').trim().slice(0, 200) : '');
/** What the person is called: "Amara Osei". */
function nameOf({ claims, subject }: Return): string {
  return text(claims['display_name']) || text(claims['name']) || [text(claims['given_name']), text(claims['family_name'])].filter((part) => part !== '').join(' ') || `Person ${text(subject).slice(-6)}`;
}

