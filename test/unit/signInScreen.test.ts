/** What the screen knows of its session: who is here, how long it lasts, whose lock is on it, and what a refusal means. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { SomebodyElse } from '../../client/app/SomebodyElse.tsx';
import { apiGet } from '../../client/data/api.ts';
import { somebodyHere, watchForPerson } from '../../client/data/byPerson.ts';
import { ApiProblem } from '../../client/data/problem.ts';
import { makeQueryClient } from '../../client/data/queryClient.ts';
import { lockOf, type Session } from '../../client/data/session.ts';
import { remainingMs } from '../../client/identity/remaining.ts';
import { backgroundHeader } from '../../shared/wire/session.ts';
import { z } from 'zod';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
  jest.useRealTimers();
});
const may = { createPlan: true, createMeeting: true, seeCaseload: true, seeMeetings: true, urgentView: false, readDrafts: true, breakGlass: true, seeColleagues: false, seeOwnPlans: false, privacyAlerts: false };
const session = (name: string): Session => ({
  person: { id: `person_${name}`, name, role: 'gp', roleLabel: 'GP', jobTitle: 'GP', organisation: 'Elm Surgery' }, may, demo: true,
  session: { method: 'demo', now: '2026-11-26T08:00:00.000Z', endsAt: '2026-11-26T20:00:00.000Z', roles: 0 },
});

test('[SE2] what the screen asks while nobody touches it is marked; a key, a click or the wheel ends that for half a minute, what a script makes up does not', async () => {
  jest.useFakeTimers();
  const listeners: ((event: Event) => void)[] = [];
  watchForPerson({ addEventListener: (_: string, heard: unknown) => void listeners.push(heard as (event: Event) => void) } as never);
  const marked = async (): Promise<boolean> => {
    const fake = jest.fn<typeof fetch>(async () => new Response('{}', { status: 200 }));
    globalThis.fetch = fake;
    await apiGet('/api/x', z.object({}));
    return new Headers(fake.mock.calls[0]?.[1]?.headers).has(backgroundHeader);
  };
  jest.setSystemTime(Date.now() + 31_000);
  expect([somebodyHere(), await marked()]).toEqual([false, true]);
  listeners[0]?.({ isTrusted: false } as Event);
  expect(await marked()).toBe(true);
  listeners[0]?.({ isTrusted: true } as Event);
  expect([somebodyHere(), await marked()]).toEqual([true, false]);
});

test('[SE6] what is left of a session is told by the service’s clock, whatever this computer’s says', () => {
  const heardAt = Date.parse('2031-01-01T00:00:00Z');
  expect(remainingMs(session('a'), heardAt, heardAt + 60_000)).toBe(12 * 3_600_000 - 60_000);
  const { session: _, ...older } = session('a');
  expect([remainingMs(older, heardAt, heardAt), remainingMs(session('a'), 0, heardAt)]).toEqual([undefined, undefined]);
});

test('[SE1] only the refusal that says so is a lock, and it says whose', () => {
  const shown = { person: { id: 'person_a', name: 'A' }, method: 'demo' };
  expect(lockOf(new ApiProblem('session-locked', 401, 'The screen is locked', '', [], shown))).toEqual(shown);
  for (const other of [new ApiProblem('not-signed-in', 401, '', '', [], shown), new ApiProblem('session-locked', 401, '', ''), new Error('x'), null]) expect(lockOf(other)).toBeUndefined();
});

test('[SE1] [SE9] a lock and the wish for a fresh proof are not taken for the end of the session', async () => {
  const heard: string[] = [];
  const client = makeQueryClient({ signedOut: () => void heard.push('signed out'), locked: () => void heard.push('locked') });
  for (const code of ['session-locked', 'fresh-sign-in-needed', 'not-signed-in'] as const) {
    await client.fetchQuery({ queryKey: [code], queryFn: () => Promise.reject(new ApiProblem(code, 401, '', '')) }).catch(() => undefined);
  }
  expect(heard).toEqual(['locked', 'signed out']);
  client.clear();
});

test('[SE11] HAZ-09 after a lock somebody else reads how many changes there are, and none of them', () => {
  const texts = [{ section: 'identity', field: 'preferredName', value: 'Peggy', why: 'x' }] as never;
  const shown = (withheld: boolean, now: Session | null): string => renderToStaticMarkup(createElement(SomebodyElse, { owner: session('Amara'), now, texts, withheld, here: '/' }));
  expect(shown(false, session('Ann'))).toContain('Peggy');
  for (const now of [session('Ann'), null]) {
    expect(shown(true, now)).not.toContain('Peggy');
    expect(shown(true, now)).toContain('One change by Amara could not be saved');
  }
});
