/** Sessions: a random token in a cookie, only its SHA-256 in the database. One way in for HTTP, `/sync` and meetings alike. */
import { createHash } from 'node:crypto';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Bus, Queryable, Random } from '../ports.ts';
import { endSession, findSessionPerson, insertSession } from './store.ts';

const cookieName = 'accord_session';
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;
/** On the bus: the name (see `sessionNameOf`) of a session that was signed out. A hint; the row in the database is the truth. */
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

/** Who is signed in with this Cookie header, asked afresh each time; undefined when nobody is. Throws `DatabaseUnavailable`. */
export async function actorOf(db: Queryable, cookieHeader: string | undefined): Promise<Actor | undefined> {
  const hash = tokenHashOf(cookieHeader);
  return hash && findSessionPerson(db, hash);
}

/** A name for the session that is safe to compare and to pass between nodes: the hash of its token in hex. */
export const sessionNameOf = (cookieHeader: string | undefined): string | undefined => tokenHashOf(cookieHeader)?.toString('hex');

/** Opens a session and answers its Set-Cookie header. */
export async function beginSession(db: Queryable, random: Random, personId: PersonId, publicUrl: string): Promise<string> {
  const token = Buffer.from(random(32)).toString('base64url');
  await insertSession(db, hashOf(token), personId, limits.sessionAbsoluteMs);
  return setCookie(token, limits.sessionAbsoluteMs / 1000, publicUrl);
}

/** Ends the session of this Cookie header, tells the other nodes, and answers the header that removes the cookie. */
export async function finishSession(db: Queryable, bus: Bus, cookieHeader: string, publicUrl: string): Promise<string> {
  const hash = tokenHashOf(cookieHeader);
  if (hash) {
    await endSession(db, hash);
    bus.publish(sessionEndedChannel, Buffer.from(hash.toString('hex')));
  }
  return setCookie('', 0, publicUrl);
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

function tokenHashOf(cookieHeader: string | undefined): Buffer | undefined {
  const token = readCookies(cookieHeader)[cookieName];
  return token !== undefined && tokenPattern.test(token) ? hashOf(token) : undefined;
}

const setCookie = (token: string, maxAgeSeconds: number, publicUrl: string): string =>
  [`${cookieName}=${token}`, 'Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${maxAgeSeconds}`, ...(publicUrl.startsWith('https:') ? ['Secure'] : [])].join('; ');
