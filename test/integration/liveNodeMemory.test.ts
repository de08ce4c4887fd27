/** What a node keeps in memory, what it gives up, and the copies from which long sections are opened. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { verify } from '../../server/collab/checkpoints.ts';
import { contentAt } from '../../server/collab/content.ts';
import type { PlanLog } from '../../server/collab/planLog.ts';
import { copyOf, documentFrom } from '../../server/collab/document.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { liveWorld, type Guest, type LiveWorld } from '../support/liveWorld.ts';
import { makePlan, settlePeople } from '../support/provider.ts';
import { Typist } from '../support/letterByLetter.ts';

const field = (id: string): Field => fieldById(id) as Field;
const section = (id: string): Section => sectionById(id) as Section;
let base: TestDatabase;
let planId: PlanId;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  base = await makeDatabase();
  await settlePeople(base.db);
});
afterAll(() => base.drop());
beforeEach(async () => { planId = await makePlan(base.db); });
afterEach(async () => { for (const end of ends.splice(0)) await end(); });

function world(...options: Parameters<typeof liveWorld> extends [unknown, ...infer Rest] ? Rest : never): LiveWorld {
  const made = liveWorld(base.db, ...options);
  ends.push(() => made.stop());
  return made;
}
const rows = () => base.db.query<{ position: number }>('SELECT position FROM plan_log WHERE plan_id = $1 ORDER BY position', [planId]);

describe('memory', () => {
  /** Moves the clock past the time that counts as idle, with everybody alive. */
  async function rest({ clock, node }: LiveWorld, guests: readonly Guest[]): Promise<void> {
    for (let passed = 0; passed < limits.idleMs + 5_000; passed += 1_000) {
      for (const guest of guests) guest.session.answered();
      clock.pass(1_000);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    await node.committer.idle();
  }

  test('[CO36] reading makes no document, the first change makes one, and it is given up when nobody has written for a while', async () => {
    const here = world();
    const [nurse, gp] = [await here.admit(planId, 'nurse'), await here.admit(planId, 'gp')];
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    await nurse.saved('wishes');
    gp.say('identity', { kind: 'step1', stateVector: Uint8Array.of(0) });
    await gp.saved('identity');
    const room = (id: string) => here.node.plans.get(planId)?.rooms.get(id);
    expect([room('wishes')?.built, room('identity')?.built]).toEqual([true, false]);
    await eventually(async () => {
      await rest(here, [nurse, gp]);
      expect(room('wishes')?.built).toBe(false);
    });
    // Whoever comes now gets everything, and the writer goes on where they were.
    gp.say('wishes', { kind: 'step1', stateVector: Uint8Array.of(0) });
    typist.type('bc');
    await Promise.all([nurse.saved('wishes'), gp.saved('wishes')]);
    expect((await contentAt(base.db, planId)).sections['wishes']?.['whatMatters']).toEqual([{ type: 'paragraph', text: 'abc' }]);
  });

  test('[CO37] a plan that everybody has left is gone from memory', async () => {
    const here = world();
    const nurse = await here.admit(planId, 'nurse');
    Typist.begin(nurse, 'wishes', 'whatMatters');
    await nurse.saved('wishes');
    nurse.socket.terminate();
    await eventually(async () => {
      await rest(here, []);
      expect(here.node.plans.all()).toEqual([]);
    });
  });

  test('[CO35] HAZ-04 a long section is opened from its copy and the rows after it; a damaged copy is passed over', async () => {
    const first = world();
    const nurse = await first.admit(planId, 'nurse');
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    const copies = () => base.db.query<{ position: number }>('SELECT position FROM section_checkpoints WHERE plan_id = $1 AND section_id = $2', [planId, 'wishes']);
    for (let count = 0; count < limits.rowsPerCheckpointAtRest + 5; count += 1) {
      typist.type('b');
      await nurse.saved('wishes');
    }
    await first.stop();
    ends.length = 0;
    const [copy] = await copies();
    expect(copy?.position).toBe((await rows()).length);
    const text = [{ type: 'paragraph', text: `a${'b'.repeat(limits.rowsPerCheckpointAtRest + 5)}` }];
    for (const damage of [false, true]) {
      if (damage) await base.asAdministrator(`UPDATE section_checkpoints SET bytes = bytes || '\\x00' WHERE plan_id = '${planId}'`);
      const read: number[] = [];
      const again = world({
        wrap: (store): PlanLog => ({
          ...store,
          sections: async (id, wanted) => {
            const stored = await store.sections(id, wanted);
            read.push(stored?.sections.get('wishes')?.rows.length ?? -1);
            return stored;
          },
        }),
      });
      const gp = await again.admit(planId, 'gp');
      gp.say('wishes', { kind: 'step1', stateVector: Uint8Array.of(0) });
      await gp.saved('wishes');
      const [answer] = gp.socket.of('step2');
      expect(readField(documentFrom([answer?.update ?? new Uint8Array()], section('wishes')), field('whatMatters'))).toEqual(text);
      expect(read).toEqual([damage ? (await rows()).length : 0]);
    }
  });

  test('[CO35] a copy that differs from what it was made from is not kept', () => {
    const doc = documentFrom([Y.encodeStateAsUpdate(new Y.Doc())], section('identity'));
    writeValue(doc, field('preferredName'), 'Peggy');
    expect(() => verify(doc, Y.encodeStateAsUpdate(doc), section('identity'))).not.toThrow();
    const other = copyOf(doc, section('identity'));
    writeValue(other, field('preferredName'), 'Margaret');
    expect(() => verify(doc, Y.encodeStateAsUpdate(other), section('identity'))).toThrow('differs');
  });
});
