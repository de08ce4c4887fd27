/** Calls to the server as the screen makes them: schemas, refusals, lost answers, keys; and small pure parts of pages. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { z } from 'zod';
import { byDay, kindOptions, type AuditItem } from '../../client/audit/auditDays.ts';
import { everything, filterSearch } from '../../client/data/audit.ts';
import { apiGet, apiSend } from '../../client/data/api.ts';
import { ApiProblem, messageFor } from '../../client/data/problem.ts';
import { backFrom, signInAddress } from '../../client/identity/back.ts';
import { announce, announcements } from '../../client/ui/announce.ts';
import { personColour, personColours } from '../../shared/domain/personColour.ts';
import { ageWords, minutesSince } from '../../client/versions/age.ts';

const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
  jest.useRealTimers();
});

const answerWith = (status: number, body: string): jest.Mock<typeof fetch> => {
  const fake = jest.fn<typeof fetch>(async () => new Response(status === 204 ? null : body, { status }));
  globalThis.fetch = fake;
  return fake;
};
const failure = async (work: Promise<unknown>): Promise<ApiProblem> => {
  const error: unknown = await work.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof ApiProblem)) throw new Error(`expected a problem, got ${String(error)}`);
  return error;
};
const shape = z.object({ number: z.number() });

describe('calls', () => {
  test('[SC8] an answer that does not keep to its schema is a problem, not a half-read screen', async () => {
    answerWith(200, '{"number":"three"}');
    expect(await failure(apiGet('/api/x', shape))).toMatchObject({ code: 'unreadable', detail: expect.stringContaining('number') });
  });

  test('[SC8] a refusal keeps its code, its fields and its further members', async () => {
    answerWith(422, JSON.stringify({ type: 'about:blank', title: 'Some values cannot be accepted', status: 422, code: 'invalid', detail: 'No.', planId: 'plan_abc', problems: [{ field: 'patient.nhsNumber', message: 'Ten digits.' }] }));
    const problem = await failure(apiGet('/api/x', shape));
    expect(problem).toMatchObject({ code: 'invalid', status: 422, title: 'Some values cannot be accepted', more: { planId: 'plan_abc' } });
    expect(messageFor(problem, 'patient.nhsNumber')).toBe('Ten digits.');
    expect(messageFor(problem, 'patient.familyName')).toBeUndefined();
  });

  test('[SC8] a lost connection and an answer of some proxy each become a sentence', async () => {
    globalThis.fetch = async () => Promise.reject(new TypeError('network'));
    expect(await failure(apiGet('/api/x', shape))).toMatchObject({ code: 'unreachable', status: 0 });
    answerWith(502, '<html>Bad gateway</html>');
    expect(await failure(apiGet('/api/x', shape))).toMatchObject({ code: 'unexpected', status: 502 });
  });

  test('[SC9] an order carries an Idempotency-Key, the one that was given when it is sent again', async () => {
    const fake = answerWith(200, '{"number":3}');
    await apiSend('POST', '/api/x', { a: 1 }, shape);
    await apiSend('POST', '/api/x', { a: 1 }, shape, 'the-same-key');
    const keyOf = (call: number): unknown => new Headers(fake.mock.calls[call]?.[1]?.headers).get('Idempotency-Key');
    expect(keyOf(0)).toMatch(/^[0-9a-f-]{36}$/);
    expect(keyOf(1)).toBe('the-same-key');
  });

  test('[SC8] a success without a body is read as nothing', async () => {
    answerWith(204, '');
    await expect(apiSend('DELETE', '/api/x', undefined, z.unknown())).resolves.toBeUndefined();
  });
});

describe('signing in and back', () => {
  test('[SC10] after signing in one is back where one was', () => {
    expect(signInAddress('/plans/plan_abc#wishes.ppd1')).toBe('/sign-in?back=%2Fplans%2Fplan_abc%23wishes.ppd1');
    expect(backFrom('back=%2Fplans%2Fplan_abc%23wishes.ppd1')).toBe('/plans/plan_abc#wishes.ppd1');
    expect(backFrom('')).toBe('/');
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/sign-in?back=/'])('[SC10] “%s” is never gone to', (address) => {
    expect(backFrom(new URLSearchParams({ back: address }).toString())).toBe('/');
  });
});

describe('small parts', () => {
  test('[SC6] age is said in whole units, rounded down', () => {
    expect([0, 1, 59, 60, 60 * 24, 60 * 24 * 59, 60 * 24 * 61, 60 * 24 * 800].map(ageWords)).toEqual(['just now', '1 minute ago', '59 minutes ago', '1 hour ago', '1 day ago', '59 days ago', '2 months ago', '2 years ago']);
    expect(minutesSince('2026-11-23T10:00:00Z', new Date('2026-11-23T09:00:00Z'))).toBe(0);
  });

  test('[SC11] a person’s colour is always the same and none of the stages’ colours', () => {
    expect(personColour('person_amara-osei')).toBe(personColour('person_amara-osei'));
    for (const colour of personColours) expect(['#005eb8', '#00703c', '#ffdd00', '#c4271b', '#002053']).not.toContain(colour);
  });

  test('[SC12] announcements that come together are said together', () => {
    jest.useFakeTimers();
    const heard = jest.fn();
    const stop = announcements.subscribe(heard);
    announce('SM changed Ceiling of treatment.');
    announce('JR came.');
    jest.runAllTimers();
    stop();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(announcements.current().trim()).toBe('SM changed Ceiling of treatment. JR came.');
  });

  test('[SC13] audit entries are grouped by London’s day, and the service is asked for those that were chosen', () => {
    const entry = (seq: number, at: string, who: string, action: string): AuditItem => ({ seq, at, action, sentence: 's', outcome: 'done', actor: { id: who, name: who.toUpperCase() }, hash: 'h', previousHash: null });
    const items = [entry(3, '2026-07-02T00:30:00Z', 'b', 'open-plan'), entry(2, '2026-07-01T23:30:00Z', 'a', 'sign-version'), entry(1, '2026-07-01T22:30:00Z', 'a', 'open-plan')];
    expect(byDay(items).map(({ day, items: of }) => [day, of.map(({ seq }) => seq)])).toEqual([['2026-07-02', [3, 2]], ['2026-07-01', [1]]]);
    expect(filterSearch(everything)).toBe('');
    expect(filterSearch({ ...everything, person: 'person_a', kind: 'signed', from: '2026-07-01' })).toBe('person=person_a&kind=signed&from=2026-07-01');
    expect(kindOptions.map(({ label }) => label)).toContain('Refused attempts');
  });
});
