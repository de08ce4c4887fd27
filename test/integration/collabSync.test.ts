/** Live editing over real sockets and a real database, with the stock client. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type * as Y from 'yjs';
import { fieldById } from '../../shared/content/standard.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { readField, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { connect, makePlan, people, settlePeople, socketTo, startNode, updateOf, type Node, type PersonName, type RawSocket, type Writer } from '../support/provider.ts';

const field = (id: string): Field => fieldById(id) as Field;
const [whatMatters, preferredName, cpr] = [field('whatMatters'), field('preferredName'), field('cprDecision')];

let base: TestDatabase;
let node: Node;
let planId: PlanId;
const ends: (() => void)[] = [];

beforeAll(async () => {
  base = await makeDatabase();
  await settlePeople(base.db);
});
afterAll(() => base.drop());
beforeEach(async () => {
  node = await startNode(base.db);
  planId = await makePlan(base.db);
});
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  await node.stop();
});

function open(sectionId: string, name: PersonName, doc?: Y.Doc): Writer {
  const writer = connect(node, planId, sectionId, name, doc);
  ends.push(writer.end);
  return writer;
}
function raw(address: string, name: PersonName | undefined, headers?: Record<string, string>): RawSocket {
  const socket = socketTo(node, address, name, headers);
  ends.push(socket.end);
  return socket;
}
const rows = (): Promise<{ position: number; section_id: string; author_id: string }[]> => base.db.query('SELECT position, section_id, author_id FROM plan_log WHERE plan_id = $1 ORDER BY position', [planId]);
const same = (a: Y.Doc, b: Y.Doc, of: Field, value: unknown): Promise<void> => eventually(() => {
  expect(readField(a, of)).toEqual(value);
  expect(readField(b, of)).toEqual(value);
});
const paragraph = (text: string) => [{ type: 'paragraph' as const, text }];

describe('two people in one section', () => {
  test('[CO1] stock clients converge, and a third reads the same from the log after a restart', async () => {
    const [nurse, gp] = [open('wishes', 'nurse'), open('wishes', 'gp')];
    await Promise.all([nurse.synced(), gp.synced()]);
    writeProse(nurse.doc, whatMatters, paragraph('Her garden'));
    await same(nurse.doc, gp.doc, whatMatters, paragraph('Her garden'));
    const text = gp.doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement;
    (text.get(0) as Y.XmlText).insert(10, ', and her dog');
    await same(nurse.doc, gp.doc, whatMatters, paragraph('Her garden, and her dog'));

    await node.stop();
    node = await startNode(base.db);
    const social = open('wishes', 'social');
    await social.synced();
    expect(readField(social.doc, whatMatters)).toEqual(paragraph('Her garden, and her dog'));
  });

  test('[CO2] HAZ-01 resuscitation written by two who had not seen each other is shown as disputed to both', async () => {
    const [gp, hospice] = [open('resuscitation', 'gp'), open('resuscitation', 'hospice')];
    await Promise.all([gp.synced(), hospice.synced()]);
    gp.provider.disconnect();
    hospice.provider.disconnect();
    writeValue(gp.doc, cpr, 'for-attempted-cpr');
    writeValue(hospice.doc, cpr, 'not-for-attempted-cpr');
    gp.provider.connect();
    hospice.provider.connect();
    await eventually(() => {
      const seen = [gp, hospice].map(({ doc }) => (readField(doc, cpr) as { disputed: string[] }).disputed?.toSorted());
      expect(seen).toEqual([['for-attempted-cpr', 'not-for-attempted-cpr'], ['for-attempted-cpr', 'not-for-attempted-cpr']]);
    });
    const content = await node.sync.text.contentAt(base.db, planId);
    const disputed = (content.sections['resuscitation'] as { cprDecision: { disputed: { value: string; by: { id: string } }[] } }).cprDecision.disputed;
    expect(new Map(disputed.map((each) => [each.value, each.by.id]))).toEqual(new Map([['for-attempted-cpr', people.gp.id], ['not-for-attempted-cpr', people.hospice.id]]));
    const [plan] = await base.db.query<{ summary: { disputed: unknown } }>('SELECT summary FROM plans WHERE id = $1', [planId]);
    expect(plan?.summary.disputed).toEqual({ resuscitation: ['cprDecision'] });
    writeValue(hospice.doc, cpr, 'not-for-attempted-cpr', 'Agreed with the GP on the telephone.');
    await same(gp.doc, hospice.doc, cpr, 'not-for-attempted-cpr');
  });

  test('[CO3] what was written offline and partly taken away again arrives when the client is back', async () => {
    const nurse = open('wishes', 'nurse');
    await nurse.synced();
    nurse.provider.disconnect();
    const fragment = nurse.doc.getXmlFragment('t:whatMatters');
    writeProse(nurse.doc, whatMatters, [{ type: 'bulletItem', text: 'first thought' }, { type: 'bulletItem', text: 'second thought' }]);
    fragment.delete(0, 1);
    writeProse(nurse.doc, whatMatters, paragraph('Being at home'));
    nurse.provider.connect();
    const gp = open('wishes', 'gp');
    await same(nurse.doc, gp.doc, whatMatters, paragraph('Being at home'));
    expect(nurse.stopped()).toBeUndefined();
  });
});

describe('saved', () => {
  test('[CO4] a barrier is answered once everything sent before it stands in the database', async () => {
    const socket = raw(`/${planId}/identity`, 'coordinator');
    await socket.opened();
    socket.say({ kind: 'update', update: updateOf('identity', (doc) => writeValue(doc, preferredName, 'Peggy')) });
    socket.say({ kind: 'barrier', number: 7 });
    const position = await socket.saved(7);
    expect(await rows()).toEqual([{ position: 1, section_id: 'identity', author_id: people.coordinator.id }]);
    expect(position).toBeGreaterThanOrEqual(1);
    const [plan] = await base.db.query('SELECT position, content_position FROM plans WHERE id = $1', [planId]);
    expect(plan).toEqual({ position: 1, content_position: 1 });
  });

  test('[CO5] the sender hears its own change, others hear who changed which field, and only those who asked hear notices', async () => {
    const [sender, reader, stock] = [raw(`/${planId}/identity`, 'coordinator'), raw(`/${planId}/identity`, 'gp'), raw(`/${planId}/identity`, 'nurse')];
    await Promise.all([sender, reader, stock].map((socket) => socket.opened()));
    reader.say({ kind: 'barrier', number: 1 });
    stock.say({ kind: 'step1', stateVector: Uint8Array.of(0) });
    await reader.saved(1);
    sender.say({ kind: 'update', update: updateOf('identity', (doc) => writeValue(doc, preferredName, 'Peggy')) });
    sender.say({ kind: 'barrier', number: 1 });
    await sender.saved(1);
    await eventually(() => {
      for (const socket of [sender, reader, stock]) expect(socket.frames.some((frame) => frame.kind === 'update')).toBe(true);
      expect(reader.notices).toMatchObject([{ kind: 'changed', section: 'identity', fields: ['preferredName'], position: 1, by: { id: people.coordinator.id } }]);
    });
    expect(stock.notices).toEqual([]);
    expect(stock.frames.some((frame) => frame.kind === 'barrier-answer')).toBe(false);
  });

  test('[CO6] each commit leaves one audit entry for each author and section, and opening a plan leaves one', async () => {
    const socket = raw(`/${planId}/identity`, 'coordinator');
    await socket.opened();
    socket.say({ kind: 'update', update: updateOf('identity', (doc) => writeValue(doc, preferredName, 'Peggy')) });
    socket.say({ kind: 'barrier', number: 1 });
    await socket.saved(1);
    const entries = await base.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream = $1 ORDER BY seq', [`plan:${planId}`]);
    expect(entries.map(({ entry }) => JSON.parse(entry) as unknown)).toMatchObject([
      { action: 'open-plan', actor: { id: people.coordinator.id }, outcome: 'done' },
      { action: 'edit', section: 'identity', actor: { id: people.coordinator.id }, outcome: 'done', ref: { from: 1, to: 1, rows: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    ]);
  });
});
