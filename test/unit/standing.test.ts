/** Whether a plan on screen is called signed: by the server's word, and never for text that may be newer. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { PlanConnection } from '../../client/collab/planConnection.ts';
import { Subject } from '../../client/collab/subject.ts';
import { writeField } from '../../client/collab/writing.ts';
import { askWhenUnexplained, standing, type LiveFacts } from '../../client/plan/standing.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { eventually } from '../support/eventually.ts';
import { nodeSurroundings } from '../support/nodeSurroundings.ts';
import { CollabClientServer } from './collabClientServer.ts';

const version = (position: number, number = 1) => ({ number, position, signedAt: '2026-11-05T14:03:00Z', signedBy: 'S. Malik' });
const signedAt = (position: number) => ({ status: 'signed' as const, latestVersion: version(position) });
const quiet: LiveFacts = { changedTo: 0, unsaved: false };

describe('standing', () => {
  test('[PG7] HAZ-05 a change that somebody is known to have made after the signed position, or one on its way from here, makes it a draft', () => {
    expect(standing(signedAt(40), quiet)).toBe('signed');
    expect(standing(signedAt(40), { changedTo: 40, unsaved: false })).toBe('signed');
    expect(standing(signedAt(40), { changedTo: 42, unsaved: false })).toBe('changed');
    expect(standing(signedAt(40), { changedTo: 0, unsaved: true })).toBe('changed');
    // Signed anew: only once the server's answer covers what was heard of.
    expect(standing(signedAt(43), { changedTo: 42, unsaved: false })).toBe('signed');
  });

  test('[PG7] HAZ-05 nothing heard of on this device makes signed what the server does not call so', () => {
    const facts = fc.record({ changedTo: fc.nat(100), unsaved: fc.boolean() });
    fc.assert(fc.property(fc.constantFrom('draft' as const, 'changed' as const, 'closed' as const), fc.option(fc.nat(100).map((position) => version(position)), { nil: null }), facts,
      (status, latestVersion, live) => standing({ status, latestVersion }, live) === status));
    fc.assert(fc.property(fc.nat(100), facts, (position, live) => standing(signedAt(position), live) === (live.unsaved || live.changedTo > position ? 'changed' : 'signed')));
  });
});

describe('a change without a notice', () => {
  beforeEach(() => { jest.useFakeTimers(); });
  afterEach(() => { jest.useRealTimers(); });

  test('[PG7] HAZ-05 is asked about within half a second, however fast changes follow, and not while the plan is called a draft anyway', () => {
    const revision = new Subject(0);
    let signed = true;
    let asked = 0;
    const stop = askWhenUnexplained({ revision }, () => signed, () => { asked += 1; });
    // Somebody types without a pause: a key every 100 ms for two seconds.
    for (let key = 1; key <= 20; key += 1) {
      revision.set(key);
      jest.advanceTimersByTime(100);
    }
    expect(asked).toBe(4);
    signed = false;
    revision.set(21);
    jest.advanceTimersByTime(5_000);
    expect(asked).toBe(4);
    signed = true;
    revision.set(22);
    stop();
    jest.advanceTimersByTime(5_000);
    expect(asked).toBe(4);
  });
});

describe('with a server', () => {
  let server: CollabClientServer;
  let around: ReturnType<typeof nodeSurroundings>;
  let plan: PlanConnection;
  beforeEach(async () => {
    server = await CollabClientServer.start();
    around = nodeSurroundings();
    plan = new PlanConnection({ url: server.url, sections: [{ id: 'identity', mayEdit: true }], around, onAccessChanged: () => undefined });
    await eventually(() => expect(plan.status.value.kind).toBe('saved'));
  });
  afterEach(async () => {
    plan.destroy();
    around.end();
    await server.stop();
  });
  const now = () => standing(signedAt(40), { changedTo: plan.changedTo.value, unsaved: plan.unsavedFields > 0 });
  const notice = (position: number) => ({ kind: 'notice' as const, value: { kind: 'changed', section: 'identity', fields: ['preferredName'], position, at: '2026-11-23T14:00:00Z', by: { id: 'person_x', name: 'Ann Reid', role: 'gp' } } });

  test('[PG7] HAZ-05 one notice of what somebody else wrote is enough, while they go on writing; an older one that comes late takes nothing back', async () => {
    expect(now()).toBe('signed');
    server.say('identity', notice(42));
    await eventually(() => expect(now()).toBe('changed'));
    server.say('identity', notice(41));
    server.say('identity', notice(43));
    await eventually(() => expect(plan.changedTo.value).toBe(43));
    expect(now()).toBe('changed');
  });

  test('[PG7] HAZ-05 the first key pressed here is enough, before the server has heard of it', () => {
    server.holding = true;
    expect(writeField(plan, 'identity', fieldById('preferredName') as Field, 'P')).toBeUndefined();
    expect(now()).toBe('changed');
  });
});
