/** Demo sign-in, who is signed in, and what people do with their own sessions. */
import { z } from 'zod';
import { parseId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import { chooseRole, demoPeople, roleChoice, sessionList, sessionView, signedOut, signIn, signInMethod, unlock, type SessionView } from '../../shared/wire/session.ts';
import { open, signedIn, type Route } from '../http/route.ts';
import type { Deps } from '../ports.ts';
import { countFailure, mayAttempt } from './attempts.ts';
import { changeRole, endOwnSession, lock, signOut, unlockDemo, type SessionNeeds } from './commands.ts';
import { presentListed, presentSession } from './present.ts';
import type { Provider } from './provider.ts';
import { providerRoutes } from './providerRoutes.ts';
import { presentRole, roleKey, type RoleMap } from './roleMap.ts';
import { beginSession, finishSession, sayEnded, sessionOf, tokenHashOf } from './sessions.ts';
import { done, refused, type RecordSignIn } from './signInRecord.ts';
import { endSurplus, findPerson, listDemoPeople, listSessions } from './store.ts';

const noDemo = () => refuse('not-found', 'This service has no demo sign-in.');

export interface IdentityOptions {
  /** Undefined in the demonstration. */
  readonly provider: Provider | undefined;
  readonly roles: RoleMap;
  readonly record: RecordSignIn;
}

export function identityRoutes(deps: Omit<Deps, 'text'>, { provider, roles, record }: IdentityOptions): Route[] {
  const { db, bus, random, log, settings } = deps;
  const needs: SessionNeeds = { db, bus, random, log, publicUrl: settings.publicUrl, record };
  const viewOf = async (cookieHeader: string): Promise<Result<SessionView>> => {
    const session = await sessionOf(db, cookieHeader);
    return session ? ok(presentSession(session, settings.demo)) : refuse('not-signed-in', 'There is no session, or it is over.');
  };
  return [
    open({
      method: 'get', path: '/api/sign-in', summary: 'How one signs in here', answer: signInMethod,
      handle: async () => ok({ method: provider ? 'provider' as const : 'demo' as const, provider: roles.provider, askWhom: roles.askWhom }),
    }),
    open({
      method: 'get', path: '/api/demo/people', summary: 'The invented people of demo mode', answer: demoPeople,
      handle: async () => {
        if (!settings.demo) return noDemo();
        const people = await listDemoPeople(db);
        return ok({ people: people.map(({ id, name, role, organisation, jobTitle }) => ({ id, name, role, organisation, jobTitle })) });
      },
    }),
    open({
      method: 'post', path: '/api/session', summary: 'Sign in as a person of demo mode', body: signIn, answer: sessionView,
      handle: async ({ body, cookieHeader, caller, header }) => {
        if (!settings.demo) return noDemo();
        const attempted = { address: caller.address, person: body.personId };
        const may = await mayAttempt(db, attempted);
        if (!may.ok) return may;
        const id = parseId('person', body.personId);
        const person = id && (await findPerson(db, id));
        if (!person || person.simulated) {
          await countFailure(db, attempted);
          await record(refused('sign-in', 'unknown'));
          return refuse('invalid', 'Choose one of the people listed.', { problems: [{ field: 'personId', message: 'Nobody with this id can sign in' }] });
        }
        await record(done('sign-in', person));
        const cookie = await beginSession(db, random, person.id, settings.publicUrl, { method: 'demo', agent: caller.agent });
        header('Set-Cookie', cookie);
        // The cookie is replaced in every tab of that browser: what is still open there under the old one must not go on.
        await finishSession(db, bus, cookieHeader, settings.publicUrl);
        sayEnded(bus, await endSurplus(db, person.id, limits.demoSessionsPerPersonMax));
        return viewOf(cookie);
      },
    }),
    signedIn({
      method: 'get', path: '/api/session', summary: 'Who is signed in, and what they may do', answer: sessionView,
      handle: ({ cookieHeader }) => viewOf(cookieHeader),
    }),
    signedIn({
      method: 'delete', path: '/api/session', summary: 'Sign out', answer: z.undefined(), status: 204, evenLocked: true,
      handle: async ({ actor, cookieHeader, header }) => {
        header('Set-Cookie', await finishSession(db, bus, cookieHeader, settings.publicUrl));
        await record(done('sign-out', actor));
        return ok(undefined);
      },
    }),
    signedIn({
      method: 'post', path: '/api/session/sign-out', summary: 'Sign out here, and learn where to sign out at the provider', answer: signedOut, evenLocked: true,
      handle: async ({ actor, cookieHeader, header }) => {
        const next = await signOut(needs, provider, actor, cookieHeader);
        header('Set-Cookie', await finishSession(db, bus, '', settings.publicUrl));
        return ok({ next });
      },
    }),
    signedIn({
      method: 'post', path: '/api/session/lock', summary: 'Lock the screen', answer: z.undefined(), status: 204, evenLocked: true,
      handle: ({ actor, cookieHeader }) => lock(needs, actor, cookieHeader),
    }),
    signedIn({
      method: 'post', path: '/api/session/unlock', summary: 'Unlock the screen in demo mode', body: unlock, answer: sessionView, evenLocked: true,
      handle: async ({ actor, body, cookieHeader, caller }) => {
        if (!settings.demo) return noDemo();
        const unlocked = await unlockDemo(needs, actor, cookieHeader, body.personId, caller.address);
        return unlocked.ok ? viewOf(cookieHeader) : unlocked;
      },
    }),
    signedIn({
      method: 'get', path: '/api/session/roles', summary: 'The roles that one may act in', answer: roleChoice,
      handle: async ({ actor, cookieHeader }) => {
        const session = await sessionOf(db, cookieHeader);
        return ok({ name: actor.name, roles: (session?.heldRoles ?? []).map(presentRole), current: roleKey(actor) });
      },
    }),
    signedIn({
      method: 'post', path: '/api/session/role', summary: 'Act in another of one’s roles from now on', body: chooseRole, answer: sessionView,
      handle: async ({ body, cookieHeader, header }) => {
        const changed = await changeRole(needs, cookieHeader, body.key);
        if (!changed.ok) return changed;
        header('Set-Cookie', changed.value);
        return viewOf(changed.value);
      },
    }),
    signedIn({
      method: 'get', path: '/api/sessions', summary: 'Where one is signed in', answer: sessionList,
      handle: async ({ actor, cookieHeader }) => ok({ sessions: (await listSessions(db, actor.id, tokenHashOf(cookieHeader) ?? new Uint8Array())).map(presentListed) }),
    }),
    signedIn({
      method: 'delete', path: '/api/sessions/:sessionId', summary: 'End one of one’s own sessions', answer: z.undefined(), status: 204,
      handle: ({ actor, params }) => endOwnSession(needs, actor, params['sessionId'] ?? ''),
    }),
    ...(provider ? providerRoutes({ ...needs, provider, roles }) : []),
  ];
}
