/** What can still be written once a date of death is recorded: decided where it is written, whoever asks and wherever. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { connect, makePlan, settlePeople, socketTo, startNode, updateOf, type Node, type PersonName, type RawSocket } from '../support/provider.ts';

let base: TestDatabase;
let node: Node;
let planId: PlanId;
const ends: (() => void)[] = [];

beforeAll(async () => {
  base = await makeDatabase();
  await settlePeople(base.db);
  node = await startNode(base.db);
});
afterAll(async () => {
  await node.stop();
  await base.drop();
});
beforeEach(async () => { planId = await makePlan(base.db); });
afterEach(() => { for (const end of ends.splice(0)) end(); });

function raw(address: string, name: PersonName): RawSocket {
  const socket = socketTo(node, address, name);
  ends.push(socket.end);
  return socket;
}
const logRows = async (): Promise<number> => (await base.db.query<{ count: number }>('SELECT count(*) AS count FROM plan_log WHERE plan_id = $1', [planId]))[0]?.count ?? -1;
const field = (id: string): Field => fieldById(id) as Field;
const naming = (name: string): Uint8Array => updateOf('identity', (doc) => writeValue(doc, field('preferredName'), name));

describe('after a death', () => {
  const died = (value: unknown): Uint8Array => updateOf('death', (doc) => writeValue(doc, field('dateOfDeath'), value));
  const barrier = async (socket: RawSocket, section: string, number: number): Promise<number> => {
    socket.say({ kind: 'barrier', number }, section);
    return socket.saved(number);
  };

  test('[CO26] HAZ-12 once a date of death is committed the rest of the plan is refused, in a plain sentence; death and review are still written', async () => {
    const socket = raw(`/${planId}`, 'gp');
    await socket.opened();
    socket.say({ kind: 'update', update: died('2026-01-02') }, 'death');
    await barrier(socket, 'death', 1);
    socket.say({ kind: 'update', update: updateOf('mdt', (doc) => writeProse(doc, field('discussion'), [{ type: 'paragraph', text: 'Everybody told.' }])) }, 'mdt');
    await barrier(socket, 'mdt', 2);
    const late = raw(`/${planId}`, 'coordinator');
    await late.opened();
    await barrier(late, 'identity', 1);
    late.say({ kind: 'update', update: naming('Too late') }, 'identity');
    expect(await late.closed()).toBe(4403);
    expect(late.notices).toEqual([expect.objectContaining({ kind: 'refused', section: 'identity', code: 'not-allowed', reason: expect.stringContaining('A date of death is recorded') })]);
    expect(await logRows()).toBe(2);
  });

  test('[CO26] HAZ-12 a date recorded by mistake is taken back and the plan is written again; everybody is told both times', async () => {
    const watching = raw(`/${planId}`, 'nurse');
    await watching.opened();
    await barrier(watching, 'identity', 1);
    const writer = connect(node, planId, 'death', 'gp');
    ends.push(writer.end);
    await writer.synced();
    writeValue(writer.doc, field('dateOfDeath'), '2026-01-02');
    await eventually(() => expect(watching.notices).toEqual([{ kind: 'access-changed' }]));
    writeValue(writer.doc, field('dateOfDeath'), undefined);
    await eventually(() => expect(watching.notices).toEqual([{ kind: 'access-changed' }, { kind: 'access-changed' }]));
    watching.say({ kind: 'update', update: naming('Alive and well') }, 'identity');
    await barrier(watching, 'identity', 2);
    expect((await node.sync.text.contentAt(base.db, planId)).sections['identity']).toMatchObject({ preferredName: 'Alive and well' });
  });

  test('[CO26] HAZ-12 what another node committed counts here', async () => {
    const other = await startNode(base.db, { nodeId: 'other' });
    try {
      const waiting = raw(`/${planId}`, 'coordinator');
      await waiting.opened();
      await barrier(waiting, 'identity', 1);
      const elsewhere = socketTo(other, `/${planId}`, 'gp');
      ends.push(elsewhere.end);
      await elsewhere.opened();
      elsewhere.say({ kind: 'update', update: died('2026-01-02') }, 'death');
      await barrier(elsewhere, 'death', 1);
      waiting.say({ kind: 'update', update: naming('Not knowing') }, 'identity');
      expect(await waiting.closed()).toBe(4403);
    } finally {
      await other.stop();
    }
  });
});
