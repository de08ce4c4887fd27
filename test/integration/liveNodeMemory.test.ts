/** What a node keeps in memory, what it gives up, and the copies from which long sections are opened. */
import { describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { verify } from '../../server/collab/checkpoints.ts';
import { copyFault } from '../../server/collab/copies.ts';
import { contentAt } from '../../server/collab/content.ts';
import type { PlanLog } from '../../server/collab/planLog.ts';
import { copyOf, documentFrom } from '../../server/collab/document.ts';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { eventually } from '../support/eventually.ts';
import { field, liveStand, section } from '../support/liveStand.ts';
import type { Guest, LiveWorld } from '../support/liveWorld.ts';
import { Typist } from '../support/letterByLetter.ts';

const stand = liveStand();
const { world } = stand;
const rows = () => stand.db.query<{ position: number }>('SELECT position FROM plan_log WHERE plan_id = $1 ORDER BY position', [stand.planId]);

describe('memory', () => {
  /** Moves the clock past the time that counts as idle, with everybody alive. */
  async function rest({ node, passing }: LiveWorld, guests: readonly Guest[]): Promise<void> {
    await passing(limits.idleMs + 5_000, guests);
    await node.committer.idle();
  }

  test('[CO36] reading makes no document, the first change makes one, and it is given up when nobody has written for a while', async () => {
    const here = world();
    const [nurse, gp] = [await here.admit(stand.planId, 'nurse'), await here.admit(stand.planId, 'gp')];
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    await nurse.saved('wishes');
    gp.say('identity', { kind: 'step1', stateVector: Uint8Array.of(0) });
    await gp.saved('identity');
    const room = (id: string) => here.node.plans.get(stand.planId)?.rooms.get(id);
    expect([room('wishes')?.built, room('identity')?.built]).toEqual([true, false]);
    await eventually(async () => {
      await rest(here, [nurse, gp]);
      expect(room('wishes')?.built).toBe(false);
    });
    // Whoever comes now gets everything, and the writer goes on where they were.
    gp.say('wishes', { kind: 'step1', stateVector: Uint8Array.of(0) });
    typist.type('bc');
    await Promise.all([nurse.saved('wishes'), gp.saved('wishes')]);
    expect((await contentAt(stand.db, stand.planId)).sections['wishes']?.['whatMatters']).toEqual([{ type: 'paragraph', text: 'abc' }]);
  });

  test('[CO37] a plan that everybody has left is gone from memory', async () => {
    const here = world();
    const nurse = await here.admit(stand.planId, 'nurse');
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
    const nurse = await first.admit(stand.planId, 'nurse');
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    const copies = () => stand.db.query<{ position: number }>('SELECT position FROM section_checkpoints WHERE plan_id = $1 AND section_id = $2', [stand.planId, 'wishes']);
    for (let count = 0; count < limits.rowsPerCheckpointAtRest + 5; count += 1) {
      typist.type('b');
      await nurse.saved('wishes');
    }
    await first.stop();
    const [copy] = await copies();
    expect(copy?.position).toBe((await rows()).length);
    const text = [{ type: 'paragraph', text: `a${'b'.repeat(limits.rowsPerCheckpointAtRest + 5)}` }];
    for (const damage of [false, true]) {
      if (damage) await stand.asAdministrator(`UPDATE section_checkpoints SET bytes = bytes || '\\x00' WHERE plan_id = '${stand.planId}'`);
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
      const gp = await again.admit(stand.planId, 'gp');
      gp.say('wishes', { kind: 'step1', stateVector: Uint8Array.of(0) });
      await gp.saved('wishes');
      const [answer] = gp.socket.of('step2');
      expect(readField(documentFrom([answer?.update ?? new Uint8Array()], section('wishes')), field('whatMatters'))).toEqual(text);
      expect(read).toEqual([damage ? (await rows()).length : 0]);
    }
  });

  test('[AU20] HAZ-04 a copy that was changed by hand, its hash with it, is found by the walk, which would show other words than the log holds', async () => {
    const first = world();
    const nurse = await first.admit(stand.planId, 'nurse');
    const typist = Typist.begin(nurse, 'wishes', 'whatMatters');
    for (let count = 0; count < limits.rowsPerCheckpointAtRest + 5; count += 1) {
      typist.type('b');
      await nurse.saved('wishes');
    }
    await first.stop();
    const [copy] = await stand.db.query<{ position: number; bytes: Buffer; vector: Buffer }>(`SELECT position, bytes, state_vector AS vector FROM section_checkpoints WHERE plan_id = $1 AND section_id = 'wishes'`, [stand.planId]);
    if (!copy) throw new Error('no copy was kept');
    expect(await copyFault(stand.db, stand.planId)).toBeUndefined();
    // As many letters as before, other ones: the same clocks.
    const forged = Buffer.from(copy.bytes.toString('latin1').replace('bbbb', 'bxxb'), 'latin1');
    expect(forged.equals(copy.bytes)).toBe(false);
    const put = (bytes: Buffer, vector: Buffer) =>
      stand.asAdministrator(`UPDATE section_checkpoints SET bytes = '\\x${bytes.toString('hex')}', state_vector = '\\x${vector.toString('hex')}', hash = sha256('\\x${vector.toString('hex')}'::bytea || '\\x${bytes.toString('hex')}'::bytea) WHERE plan_id = '${stand.planId}' AND section_id = 'wishes'`);
    await put(forged, copy.vector);
    expect(await copyFault(stand.db, stand.planId)).toBe(`the copy of section wishes up to row ${copy.position} does not say what the log says`);
    await put(copy.bytes, Buffer.of(0));
    expect(await copyFault(stand.db, stand.planId)).toBe(`the copy of section wishes up to row ${copy.position} is not of the log that it was made from`);
    await stand.asAdministrator(`UPDATE section_checkpoints SET hash = '\\x00' WHERE plan_id = '${stand.planId}'`);
    expect(await copyFault(stand.db, stand.planId)).toMatch(/is damaged$/);
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
