/** One node and what is not there: a client that comes back with what it wrote while away, and storage that says nothing. */
import { describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import type { PlanLog } from '../../server/collab/planLog.ts';
import { contentAt } from '../../server/collab/content.ts';
import { readField, writeProse } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { eventually } from '../support/eventually.ts';
import { field, liveStand } from '../support/liveStand.ts';
import { Typist } from '../support/letterByLetter.ts';

const stand = liveStand();
const { world } = stand;

describe('a client that returns', () => {
  test.each<[string, (away: Y.Doc) => Uint8Array]>([
    ['what goes on in', (away) => {
      const before = Y.encodeStateVector(away);
      ((away.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(12, ', and here');
      return Y.encodeStateAsUpdate(away, before);
    }],
    ['a deletion in', (away) => {
      const before = Y.encodeStateVector(away);
      ((away.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText).delete(0, 8);
      return Y.encodeStateAsUpdate(away, before);
    }],
    ['words of another client id in', (away) => {
      const next = new Y.Doc();
      Y.applyUpdate(next, Y.encodeStateAsUpdate(away));
      const before = Y.encodeStateVector(next);
      ((next.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(7, ' down');
      return Y.encodeStateAsUpdate(next, before);
    }],
  ])('[CO48] HAZ-04 %s what it wrote while away, said before it has answered the server’s question, waits for that, and so does the barrier', async (_what, change) => {
    const { admit } = world();
    const nurse = await admit(stand.planId, 'nurse');
    nurse.say('wishes', { kind: 'step1', stateVector: Uint8Array.of(0) });
    await eventually(() => expect(nurse.socket.of('step1')).toHaveLength(1));
    const away = new Y.Doc();
    writeProse(away, field('whatMatters'), [{ type: 'paragraph', text: 'written away' }]);
    const all = Y.encodeStateAsUpdate(away);
    const update = change(away);
    nurse.say('wishes', { kind: 'update', update });
    const saved = nurse.saved('wishes');
    nurse.say('wishes', { kind: 'step2', update: all });
    await saved;
    expect(nurse.socket.closedWith).toBeUndefined();
    const expected = new Y.Doc();
    for (const each of [all, update]) Y.applyUpdate(expected, each);
    expect((await contentAt(stand.db, stand.planId)).sections['wishes']?.['whatMatters']).toEqual(readField(expected, field('whatMatters')));
  });

  test('[CO49] HAZ-09 when storage says nothing for long, nobody is shown anything more, whatever other nodes say', async () => {
    let away = false;
    const { admit, clock, node } = world({ wrap: (store): PlanLog => ({ ...store, heads: async (ids) => { if (away) throw new Error('away'); return store.heads(ids); } }) });
    const nurse = await admit(stand.planId, 'nurse');
    await nurse.saved('wishes');
    away = true;
    await eventually(() => {
      nurse.session.answered();
      clock.pass(500);
      expect(nurse.socket.closedWith).toBe(1013);
    });
    expect(node.plans.all()).toEqual([]);
  });
});

describe('storage that says nothing at all', () => {
  /** Storage whose answers to these questions never come, once told to fall silent, until told to speak. */
  function silent(...questions: readonly (keyof PlanLog)[]) {
    let fallen = false;
    let speak: () => void = () => undefined;
    const spoken = new Promise<void>((resolve) => { speak = resolve; });
    const wrap = (store: PlanLog): PlanLog => ({
      ...store,
      ...Object.fromEntries(questions.map((question) => [question, async (...given: unknown[]) => {
        if (fallen) await spoken;
        return (store[question] as (...given: unknown[]) => unknown)(...given);
      }])),
    });
    return { wrap, fall: () => { fallen = true; }, speak: () => speak() };
  }

  test('[CO49] HAZ-09 a question that is never answered, and never fails, counts as silence from when storage last spoke', async () => {
    const storage = silent('heads');
    const { admit, clock, node, passing } = world({ wrap: storage.wrap });
    const nurse = await admit(stand.planId, 'nurse');
    await passing(3_000, [nurse]);
    storage.fall();
    clock.pass(limits.storageSilenceMs - 1_501);
    expect(nurse.socket.closedWith).toBeUndefined();
    clock.pass(1_501);
    expect(nurse.socket.closedWith).toBe(1013);
    expect(node.plans.all()).toEqual([]);
    storage.speak();
  });

  test('[CO56] a node that is asked to stop sends everybody away after a bounded time, and says of nothing that it is saved', async () => {
    const storage = silent('append');
    const { admit, clock, node } = world({ wrap: storage.wrap });
    const nurse = await admit(stand.planId, 'nurse');
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    await nurse.saved('wishes');
    storage.fall();
    typist.type('bc');
    nurse.say('wishes', { kind: 'barrier', number: 77 });
    const stopped = node.stop();
    clock.pass(5_000);
    expect(nurse.socket.closedWith).toBeUndefined();
    clock.pass(1_000);
    await eventually(() => expect(nurse.socket.closedWith).toBe(1012));
    expect(nurse.socket.of('barrier-answer').map(({ number }) => number)).not.toContain(77);
    storage.speak();
    const turning = setInterval(() => clock.pass(1), 5);
    await stopped;
    clearInterval(turning);
  });
});
