/** Demo sign-in, sign-out, and who is signed in. */
import { z } from 'zod';
import { house, may } from '../../shared/domain/access.ts';
import { plainFacts } from '../../shared/domain/planFacts.ts';
import { roleLabels, type Actor } from '../../shared/domain/roles.ts';
import { parseId, type PlanId } from '../../shared/ids.ts';
import { ok, refuse } from '../../shared/refusal.ts';
import { demoPeople, sessionView, signIn, type SessionView } from '../../shared/wire/session.ts';
import { by } from '../audit/entries.ts';
import { open, signedIn, type Route } from '../http/route.ts';
import type { Deps } from '../ports.ts';
import { beginSession, finishSession } from './sessions.ts';
import { findPerson, listDemoPeople } from './store.ts';

const noDemo = () => refuse('not-found', 'This service has no demo sign-in.');

export function identityRoutes({ db, bus, random, settings, recordAccess }: Omit<Deps, 'text'>): Route[] {
  return [
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
      handle: async ({ body, cookieHeader, header }) => {
        if (!settings.demo) return noDemo();
        const id = parseId('person', body.personId);
        const person = id && (await findPerson(db, id));
        if (!person || person.simulated) {
          void recordAccess({ actor: 'unknown', action: 'sign-in', outcome: 'refused', reason: 'invalid' }, { soon: true });
          return refuse('invalid', 'Choose one of the people listed.', { problems: [{ field: 'personId', message: 'Nobody with this id can sign in' }] });
        }
        await recordAccess({ ...by(person), action: 'sign-in', outcome: 'done' });
        header('Set-Cookie', await beginSession(db, random, person.id, settings.publicUrl));
        // The cookie is replaced in every tab of that browser: what is still open there under the old one must not go on.
        await finishSession(db, bus, cookieHeader, settings.publicUrl);
        return ok(present(person, settings.demo));
      },
    }),
    signedIn({
      method: 'get', path: '/api/session', summary: 'Who is signed in, and what they may do', answer: sessionView,
      handle: async ({ actor }) => ok(present(actor, settings.demo)),
    }),
    signedIn({
      method: 'delete', path: '/api/session', summary: 'Sign out', answer: z.undefined(), status: 204,
      handle: async ({ actor, cookieHeader, header }) => {
        header('Set-Cookie', await finishSession(db, bus, cookieHeader, settings.publicUrl));
        void recordAccess({ ...by(actor), action: 'sign-out', outcome: 'done' }, { soon: true });
        return ok(undefined);
      },
    }),
  ];
}

function present(actor: Actor, demo: boolean): SessionView {
  const { id, name, role, jobTitle, organisation } = actor;
  return {
    person: { id, name, role, roleLabel: roleLabels[role], jobTitle, organisation },
    may: {
      createPlan: may(actor, 'create-plan', house).ok,
      createMeeting: may(actor, 'create-meeting', house).ok,
      seeCaseload: may(actor, 'see-caseload', house).ok,
      seeMeetings: may(actor, 'see-meetings', house).ok,
      breakGlass: may(actor, 'look-up-for-break-glass', house).ok,
      privacyAlerts: may(actor, 'see-privacy-alerts', house).ok,
      urgentView: may(actor, 'look-up-urgently', house).ok,
      readDrafts: may(actor, 'read-draft', { kind: 'plan', plan: plainFacts('' as PlanId, [actor.organisationId]) }).ok,
    },
    demo,
  };
}
