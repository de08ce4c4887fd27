/** Sessions: a random token in a cookie, only its SHA-256 in the database. One way in for HTTP, `/sync` and meetings alike. */
import { createHash } from 'node:crypto';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { LockedBy } from '../../shared/wire/session.ts';
import type { Standing } from '../http/route.ts';
import type { Bus, Queryable, Random } from '../ports.ts';
import { endSession, findSession, insertSession, touchSession, type EndedSession, type NewSession, type SessionRow } from './store.ts';

const cookieName = 'accord_session';
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;
/** On the bus: the name (see `sessionNameOf`) of a session that was signed out or locked. A hint; the row in the database is the truth. */
export const sessionEndedChannel = 'session-ended';

/** Cookies of a request by name; the first of a name wins. */
export function readCookies(header: string | undefined): Readonly<Record<string, string>> {
  const cookies: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    const name = part.slice(0, equals).trim();
    if (equals > 0) cookies[name] ??= part.slice(equals + 1).trim();
  }
  return cookies;
}

/** Who is signed in and awake with this Cookie header, asked afresh each time; undefined when nobody is. Throws `DatabaseUnavailable`. */
export async function actorOf(db: Queryable, cookieHeader: string | undefined): Promise<Actor | undefined> {
  const session = await sessionOf(db, cookieHeader);
  return session && !session.locked ? session.actor : undefined;
}

/** The session of this Cookie header, locked or not. */
export async function sessionOf(db: Queryable, cookieHeader: string | undefined): Promise<SessionRow | undefined> {
  const hash = tokenHashOf(cookieHeader);
  return hash && findSession(db, hash);
}

/** What a request's Cookie header is worth. One that a person made (`byPerson`) keeps the session awake; a poll does not. */
export async function standingOf(db: Queryable, cookieHeader: string | undefined, byPerson: boolean): Promise<Standing> {
  const session = await sessionOf(db, cookieHeader);
  if (!session) return { kind: 'nobody' };
  const { actor, method } = session;
  if (session.locked) return { kind: 'locked', actor, shown: { person: { id: actor.id, name: actor.name }, method } satisfies LockedBy };
  if (byPerson && session.stale) await noteActivity(db, cookieHeader);
  return { kind: 'open', actor, fresh: session.fresh || method === 'demo' };
}

/** Writes down that the person did something just now; at most once a minute, and never to wake a session that is locked. */
export async function noteActivity(db: Queryable, cookieHeader: string | undefined): Promise<void> {
  const hash = tokenHashOf(cookieHeader);
  if (hash) await touchSession(db, hash);
}

/** A name for the session that is safe to compare and to pass between nodes: the hash of its token in hex. */
export const sessionNameOf = (cookieHeader: string | undefined): string | undefined => tokenHashOf(cookieHeader)?.toString('hex');

/** Opens a session and answers its Set-Cookie header. */
export async function beginSession(db: Queryable, random: Random, personId: PersonId, publicUrl: string, made: NewSession = { method: 'demo' }): Promise<string> {
  const token = newToken(random);
  await insertSession(db, hashOf(token), personId, limits.sessionAbsoluteMs, made);
  return setCookie(cookieName, token, limits.sessionAbsoluteMs, publicUrl);
}

/** Ends the session of this Cookie header, tells the other nodes, and answers the header that removes the cookie. */
export async function finishSession(db: Queryable, bus: Bus, cookieHeader: string, publicUrl: string): Promise<string> {
  const hash = tokenHashOf(cookieHeader);
  if (hash) {
    await endSession(db, hash);
    sayEnded(bus, [{ name: hash.toString('hex') }]);
  }
  return sessionCookie('', publicUrl, 0);
}

/** Tells every node that nothing more is to be sent to these sessions. */
export function sayEnded(bus: Bus, sessions: readonly Pick<EndedSession, 'name'>[]): void {
  for (const { name } of sessions) bus.publish(sessionEndedChannel, Buffer.from(name));
}

export const newToken = (random: Random): string => Buffer.from(random(32)).toString('base64url');
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The token in the cookie of this name, if there is one of the right shape. */
export function tokenOf(cookieHeader: string | undefined, name: string): string | undefined {
  const token = readCookies(cookieHeader)[name];
  return token !== undefined && tokenPattern.test(token) ? token : undefined;
}
export function tokenHashOf(cookieHeader: string | undefined, name: string = cookieName): Buffer | undefined {
  const token = tokenOf(cookieHeader, name);
  return token === undefined ? undefined : hashOf(token);
}

export const sessionCookie = (token: string, publicUrl: string, lifeMs: number): string => setCookie(cookieName, token, lifeMs, publicUrl);

/** A cookie that no script and no other site's form can use. */
export const setCookie = (name: string, value: string, lifeMs: number, publicUrl: string): string =>
  [`${name}=${value}`, 'Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${Math.max(0, Math.floor(lifeMs / 1000))}`, ...(publicUrl.startsWith('https:') ? ['Secure'] : [])].join('; ');
