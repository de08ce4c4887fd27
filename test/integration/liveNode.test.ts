/** One node under its own limits: floods, slow readers, memory, copies, and decisions that no longer fit. */
import { describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import type { PlanLog } from '../../server/collab/planLog.ts';
import { documentFrom } from '../../server/collab/document.ts';
import { contentAt } from '../../server/collab/content.ts';
import { recordOnPlan } from '../../server/audit/chain.ts';
import { chainHead } from '../../server/audit/store.ts';
import { verifyPlan } from '../../server/audit/verify.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { sections } from '../../shared/content/standard.ts';
import { readField, writeProse } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { eventually } from '../support/eventually.ts';
import { field, liveStand, section } from '../support/liveStand.ts';
import { PlayedSocket } from '../support/liveWorld.ts';
import { people } from '../support/provider.ts';
import { Typist } from '../support/letterByLetter.ts';

const stand = liveStand();
const { world } = stand;
const rows = () => stand.db.query<{ position: number; author_id: string; fields: string[] }>('SELECT position, author_id, fields FROM plan_log WHERE plan_id = $1 ORDER BY position', [stand.planId]);

describe('what one connection may say', () => {
  test('[CO25] a socket that says too much is not read for a while, then goes on; others are read all the time', async () => {
    const { admit, clock } = world();
    const [flood, other] = [await admit(stand.planId, 'gp'), await admit(stand.planId, 'nurse')];
    await flood.saved('identity');
    for (let count = 0; count <= limits.framesBurstMax; count += 1) flood.say('identity', { kind: 'query-awareness' });
    expect([flood.socket.paused, other.socket.paused, flood.socket.closedWith]).toEqual([true, false, undefined]);
    clock.pass(limits.pauseMsMax);
    expect(flood.socket.paused).toBe(false);
    flood.say('identity', { kind: 'update', update: Y.encodeStateAsUpdate(new Y.Doc()) });
    await flood.saved('identity');
  });

  test('[CO25] bytes count as well as frames', async () => {
    const { admit } = world();
    const flood = await admit(stand.planId, 'gp');
    const page = new Uint8Array(60 * 1024);
    for (let sent = 0; sent <= limits.bytesBurstMax; sent += page.length) flood.say('identity', { kind: 'awareness', update: page });
    expect(flood.socket.paused).toBe(true);
  });

  test('[CO39] one person’s connections are bounded; the next is asked to come back', async () => {
    const { node } = world();
    const admit = () => node.admit({ socket: new PlayedSocket(), actor: people.gp, credential: 'gp', planId: stand.planId, sectionId: undefined });
    for (let count = 0; count < limits.connectionsPerPersonMax; count += 1) expect(await admit()).toMatchObject({ kind: 'in' });
    expect(await admit()).toEqual({ kind: 'away', name: 'tryLater' });
    expect(await node.admit({ socket: new PlayedSocket(), actor: people.nurse, credential: 'nurse', planId: stand.planId, sectionId: undefined })).toMatchObject({ kind: 'in' });
  });

  test('[CO38] writers hear that they should slow down, once, before anything is refused', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => { release = resolve; });
    const { admit } = world({ wrap: (store): PlanLog => ({ ...store, append: async (shares) => { if (shares.some(({ rows: own }) => own.length > 0)) await held; return store.append(shares); } }) });
    const nurse = await admit(stand.planId, 'nurse');
    await nurse.saved('wishes');
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    typist.type('b'.repeat(limits.waitingBeforeSlowDown + 5));
    expect(nurse.socket.of('notice').map(({ value }) => value)).toEqual([{ kind: 'slow-down' }]);
    expect(nurse.socket.closedWith).toBeUndefined();
    release();
    await nurse.saved('wishes');
  });
});

describe('a slow reader', () => {
  test('[CO30] gets nothing more while the line is full, then one update, and ends with the same text', async () => {
    const { admit } = world();
    const [nurse, gp] = [await admit(stand.planId, 'nurse'), await admit(stand.planId, 'gp')];
    gp.say('wishes', { kind: 'step1', stateVector: Uint8Array.of(0) });
    await gp.saved('wishes');
    gp.socket.stuck = true;
    gp.socket.bufferedAmount = limits.socketBufferedBytesMax + 1;
    const before = gp.socket.heard.length;
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    for (const letter of 'bcdefgh') {
      typist.type(letter);
      await nurse.saved('wishes');
    }
    expect(gp.socket.heard.length).toBe(before);
    gp.socket.flush();
    // A frame that left tells that the line is free; here nothing was under way, so the next word does.
    typist.type('i');
    await nurse.saved('wishes');
    await eventually(() => expect(gp.socket.of('update').length).toBeGreaterThan(0));
    const doc = documentFrom([Y.encodeStateAsUpdate(new Y.Doc())], section('wishes'));
    for (const { update } of gp.socket.of('update')) Y.applyUpdate(doc, update);
    expect(readField(doc, field('whatMatters'))).toEqual([{ type: 'paragraph', text: 'abcdefghi' }]);
    expect(gp.socket.of('update').length).toBeLessThan(4);
    expect(gp.socket.closedWith).toBeUndefined();
  });

  test('[CO30] who stays slow for half a minute is asked to come back, and nobody else notices', async () => {
    const { admit, passing } = world();
    const [nurse, gp] = [await admit(stand.planId, 'nurse'), await admit(stand.planId, 'gp')];
    gp.say('wishes', { kind: 'step1', stateVector: Uint8Array.of(0) });
    await gp.saved('wishes');
    gp.socket.stuck = true;
    gp.socket.bufferedAmount = limits.socketBufferedBytesMax + 1;
    Typist.begin(nurse, 'wishes', 'whatMatters');
    await nurse.saved('wishes');
    await passing(limits.slowReaderMs, [nurse, gp]);
    expect([gp.socket.closedWith, nurse.socket.closedWith]).toEqual([1013, undefined]);
  });
});

describe('a commit', () => {
  test('[CO34] what was typed while the last commit was on its way is one row of one author, and others’ words are rows of their own', async () => {
    const { admit } = world();
    const [nurse, gp] = [await admit(stand.planId, 'nurse'), await admit(stand.planId, 'gp')];
    const [one, two] = [Typist.begin(nurse, 'wishes', 'whatMatters'), Typist.begin(gp, 'wishes', 'whatMatters')];
    one.type('bcdef');
    two.type('xyz');
    await Promise.all([nurse.saved('wishes'), gp.saved('wishes')]);
    const written = await rows();
    expect(written.length).toBeLessThan(8);
    expect(new Set(written.map(({ author_id: author }) => author))).toEqual(new Set([people.nurse.id, people.gp.id]));
    const content = (await contentAt(stand.db, stand.planId)).sections['wishes']?.['whatMatters'] as { text: string }[];
    expect(content.map(({ text }) => text).toSorted()).toEqual(['abcdef', 'axyz']);
  });

  test('[CO34] one bad part among good ones is refused by itself; what was said before it stands', async () => {
    const { admit } = world();
    const nurse = await admit(stand.planId, 'nurse');
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    typist.type('bc');
    const foreign = new Y.Doc();
    foreign.getMap('nowhere').set('field', 1);
    nurse.say('wishes', { kind: 'update', update: Y.encodeStateAsUpdate(foreign) });
    typist.type('de');
    await eventually(() => expect(nurse.socket.closedWith).toBe(4403));
    expect((await contentAt(stand.db, stand.planId)).sections['wishes']?.['whatMatters']).toEqual([{ type: 'paragraph', text: 'abc' }]);
  });

  test('[CO34] [GA9] bytes behind the end of one part are refused, also when parts are put together', async () => {
    const { admit } = world();
    const nurse = await admit(stand.planId, 'nurse');
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    const update = typist.change((text) => text.insert(1, 'b'));
    nurse.say('wishes', { kind: 'update', update: Uint8Array.from([...update, 7]) });
    await eventually(() => expect(nurse.socket.closedWith).toBe(4403));
    expect((await contentAt(stand.db, stand.planId)).sections['wishes']?.['whatMatters']).toEqual([{ type: 'paragraph', text: 'a' }]);
  });

  test('[CO31] [CO32] a plan that moved elsewhere after it was decided on is decided on again, and nothing is written twice', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const { admit } = world({
      wrap: (store): PlanLog => ({
        ...store,
        append: async (shares) => {
          const work = meanwhile;
          if (work && shares.some(({ rows: own }) => own.length > 0)) {
            meanwhile = undefined;
            await work();
          }
          return store.append(shares);
        },
      }),
    });
    const elsewhere = world();
    const [nurse, gp] = [await admit(stand.planId, 'nurse'), await elsewhere.admit(stand.planId, 'gp')];
    await Promise.all([nurse.saved('wishes'), gp.saved('wishes')]);
    meanwhile = async () => {
      Typist.begin(gp, 'wishes', 'whatMatters');
      await gp.saved('wishes');
    };
    Typist.begin(nurse, 'wishes', 'whatMatters');
    await nurse.saved('wishes');
    const written = await rows();
    expect(written.map(({ position, author_id: author }) => [position, author])).toEqual([[1, people.gp.id], [2, people.nurse.id]]);
    expect(written.map(({ fields }) => fields)).toEqual([['whatMatters'], ['whatMatters']]);
    expect(await verifyPlan(stand.db, stand.planId)).toMatchObject({ ok: true });
  });

  test('[CO32] somebody who reads the plan meanwhile moves its audit chain only: the same decision stands', async () => {
    let appends = 0;
    const { admit } = world({
      wrap: (store): PlanLog => ({
        ...store,
        append: async (shares) => {
          if (!shares.some(({ rows: own }) => own.length > 0)) return store.append(shares);
          appends += 1;
          if (appends === 1) {
            await recordOnPlan(stand.db, stand.planId, { action: 'open-plan', actor: people.gp.id, outcome: 'done' });
          }
          return store.append(shares);
        },
        hold: () => { throw new Error('not needed'); },
      }),
    });
    const nurse = await admit(stand.planId, 'nurse');
    Typist.begin(nurse, 'wishes', 'whatMatters');
    await nurse.saved('wishes');
    expect(appends).toBe(2);
    expect((await rows()).length).toBe(1);
    expect((await chainHead(stand.db, stand.planId))?.seq).toBe(3);
    expect(await verifyPlan(stand.db, stand.planId)).toMatchObject({ ok: true });
  });

  test('[CO33] HAZ-09 a role that was changed in the database writes nothing more as it was', async () => {
    const changed = { ...people.social, role: 'care-home-nurse' as const };
    let now = people.social;
    const { admit } = world({ actorOf: (name) => (name === 'social' ? now : people[name]) });
    const social = await admit(stand.planId, 'social');
    const writable = sections.find(({ writers, fields }) => writers.includes('social-worker') && !writers.includes('care-home-nurse') && fields.some(({ merge }) => merge === 'T')) as Section;
    social.say(writable.id, { kind: 'step1', stateVector: Uint8Array.of(0) });
    await social.saved(writable.id);
    await stand.db.query('UPDATE people SET role = $2 WHERE id = $1', [changed.id, changed.role]);
    now = changed;
    const doc = new Y.Doc();
    const choice = writable.fields.find(({ merge }) => merge === 'T') as Field;
    writeProse(doc, choice, [{ type: 'paragraph', text: 'As I was' }]);
    social.say(writable.id, { kind: 'update', update: Y.encodeStateAsUpdate(doc) });
    await eventually(() => expect(social.socket.closedWith).toBe(4403));
    expect(await rows()).toEqual([]);
    await stand.db.query('UPDATE people SET role = $2 WHERE id = $1', [people.social.id, people.social.role]);
  });
});
