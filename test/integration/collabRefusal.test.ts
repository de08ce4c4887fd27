/** What `/sync` turns away: people, addresses, frames and changes; and that nobody else notices. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { fieldById } from '../../shared/content/standard.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { encodeFrame } from '../../shared/crdt/frame.ts';
import { putRow, readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { connect, makePlan, people, settlePeople, socketTo, startNode, updateOf, type Node, type PersonName, type RawSocket, type Writer } from '../support/provider.ts';

const field = (id: string): Field => fieldById(id) as Field;
const preferredName = field('preferredName');

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
const naming = (name: string, client?: number): Uint8Array => updateOf('identity', (doc) => writeValue(doc, preferredName, name), client);
const logRows = async (): Promise<number> => (await base.db.query<{ count: number }>('SELECT count(*) AS count FROM plan_log WHERE plan_id = $1', [planId]))[0]?.count ?? -1;
const auditOf = async (): Promise<Record<string, unknown>[]> =>
  (await base.db.query<{ entry: string }>('SELECT entry FROM audit_entries WHERE stream = $1 ORDER BY seq', [`plan:${planId}`])).map(({ entry }) => JSON.parse(entry) as Record<string, unknown>);

/** Sends one change, asks for a barrier first so that notices may come, and answers how it was closed and why. */
async function tryChange(sectionId: string, name: PersonName, update: Uint8Array): Promise<{ code: number; reason: string | undefined; socket: RawSocket }> {
  const socket = raw(`/${planId}/${sectionId}`, name);
  await socket.opened();
  socket.say({ kind: 'barrier', number: 1 });
  await socket.saved(1);
  socket.say({ kind: 'update', update });
  const code = await socket.closed();
  const [notice] = socket.notices;
  return { code, reason: notice?.kind === 'refused' ? notice.code : undefined, socket };
}

describe('the door', () => {
  test('[CO7] nobody signed in is closed with 4401, also when they are signed out while connected', async () => {
    expect(await raw(`/${planId}/identity`, undefined).closed()).toBe(4401);
    expect(await raw(`/${planId}`, undefined).closed()).toBe(4401);
    const own = await startNode(base.db);
    try {
      const socket = socketTo(own, `/${planId}/identity`, 'gp');
      await socket.opened();
      own.signOut('gp');
      expect(await socket.closed()).toBe(4401);
    } finally {
      await own.stop();
    }
  });

  test('[CO8] unknown, hidden and misspelt plans and sections are closed with 4404 alike', async () => {
    const addresses: readonly [string, PersonName][] = [
      ['/plan_doesnotexist/identity', 'gp'], [`/${planId}/nosuchsection`, 'gp'], [`/${planId}/prognosis`, 'social'], [`/${planId}/keysafe`, 'home'],
      [`/${planId}/identity`, 'outsider'], [`/${planId}/identity`, 'privacy'], [`/${planId}`, 'outsider'], ['', 'gp'], ['/nonsense', 'gp'], [`/${planId}/identity/more`, 'gp'],
    ];
    for (const [address, name] of addresses) {
      const socket = raw(address, name);
      expect(await socket.closed()).toBe(4404);
      expect(socket.frames).toEqual([]);
    }
    // Refused, and recorded as such with the plan that there is; nothing was opened.
    await eventually(async () => expect((await auditOf()).length).toBe(6));
    expect((await auditOf()).every(({ outcome }) => outcome === 'refused')).toBe(true);
  });

  test('[CO9] a browser of another site is refused before the upgrade; our own and programs without an Origin come in', async () => {
    for (const origin of ['https://evil.example', 'null', `${node.origin}.evil.example`]) {
      await expect(raw(`/${planId}/identity`, 'gp', { origin }).opened()).rejects.toThrow('403');
    }
    await raw(`/${planId}/identity`, 'gp', { origin: node.origin }).opened();
    await raw(`/${planId}/identity`, 'gp').opened();
  });

  test('[CO10] over one socket every section that the person may open is answered, and a hidden one closes it', async () => {
    await node.sync.text.write({ planId, sectionId: 'identity', actor: people.coordinator, as: 'person', change: (doc) => writeValue(doc, preferredName, 'Peggy') });
    const socket = raw(`/${planId}`, 'social');
    await socket.opened();
    for (const section of ['identity', 'wishes']) socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) }, section);
    socket.say({ kind: 'barrier', number: 3 }, 'wishes');
    await socket.saved(3);
    await eventually(() => expect(new Set(socket.sections)).toEqual(new Set(['identity', 'wishes'])));
    const doc = new Y.Doc();
    for (const [index, frame] of socket.frames.entries()) if (frame.kind === 'step2' && socket.sections[index] === 'identity') Y.applyUpdate(doc, frame.update);
    expect(readField(doc, preferredName)).toBe('Peggy');
    socket.say({ kind: 'step1', stateVector: Uint8Array.of(0) }, 'prognosis');
    expect(await socket.closed()).toBe(4404);
  });
});

describe('what is sent', () => {
  test('[CO11] frames that cannot be read close their own socket with 4400 and disturb nobody', async () => {
    const [nurse, gp] = [open('identity', 'nurse'), open('identity', 'gp')];
    await Promise.all([nurse.synced(), gp.synced()]);
    const frames: readonly (Uint8Array | string)[] = ['text', Uint8Array.of(), Uint8Array.of(99), Uint8Array.of(0, 7, 0), Uint8Array.of(0, 0, 200), encodeFrame({ kind: 'step1', stateVector: Uint8Array.of(255, 255, 255) })];
    for (const bytes of frames) {
      const socket = raw(`/${planId}/identity`, 'gp');
      await socket.opened();
      socket.sayBytes(bytes);
      expect(await socket.closed()).toBe(4400);
    }
    writeValue(nurse.doc, preferredName, 'Still here');
    await eventually(() => expect(readField(gp.doc, preferredName)).toBe('Still here'));
    expect([nurse.stopped(), gp.stopped()]).toEqual([undefined, undefined]);
  });

  test('[CO12] what is too large is refused: 4413 for a change, 1009 for a frame', async () => {
    expect(await tryChange('identity', 'coordinator', new Uint8Array(limits.frameBytesMax + 1))).toMatchObject({ code: 4413, reason: 'over-limit' });
    const socket = raw(`/${planId}/identity`, 'gp');
    await socket.opened();
    socket.sayBytes(new Uint8Array(limits.syncReplyBytesMax + 10_000));
    expect(await socket.closed()).toBe(1009);
    expect(await logRows()).toBe(0);
  });

  test('[GA20] A35 a state vector that names thousands is not answered: 4413', async () => {
    const socket = raw(`/${planId}/identity`, 'gp');
    await socket.opened();
    const stateVector = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, 3_000);
      for (let client = 1; client <= 3_000; client += 1) for (const number of [client, 1]) encoding.writeVarUint(encoder, number);
    });
    socket.say({ kind: 'step1', stateVector });
    expect(await socket.closed()).toBe(4413);
    expect(socket.frames.filter(({ kind }) => kind === 'step2')).toEqual([]);
  });

  test('[CO25] a connection that floods is heard to the end, slowly, and the others go on', async () => {
    const nurse = open('identity', 'nurse');
    await nurse.synced();
    const flood = raw(`/${planId}/identity`, 'gp');
    await flood.opened();
    for (let count = 0; count < 2 * limits.framesBurstMax; count += 1) flood.sayBytes(encodeFrame({ kind: 'query-awareness' }));
    flood.say({ kind: 'barrier', number: 1 });
    writeValue(nurse.doc, preferredName, 'Unmoved');
    await eventually(async () => expect((await node.sync.text.contentAt(base.db, planId)).sections['identity']).toMatchObject({ preferredName: 'Unmoved' }));
    await flood.saved(1);
  });

  test('[CO13] a change by somebody who may only read is refused with a notice and 4403, seen by nobody, and audited without its content', async () => {
    const gp = open('keysafe', 'gp');
    await gp.synced();
    const update = updateOf('keysafe', (doc) => writeValue(doc, field('keySafeLocation'), 'By the back door'));
    expect(await tryChange('keysafe', 'gp', update)).toMatchObject({ code: 4403, reason: 'not-allowed' });
    expect(await logRows()).toBe(0);
    expect(readField(gp.doc, field('keySafeLocation'))).toBeUndefined();
    const entries = await auditOf();
    expect(entries.at(-1)).toMatchObject({ action: 'edit', outcome: 'refused', reason: 'not-allowed', section: 'keysafe', actor: { id: people.gp.id } });
    expect(JSON.stringify(entries)).not.toContain('back door');
    // A stock provider that may only read and wrote offline stops for good instead of trying for ever.
    const offline = open('keysafe', 'gp', docWith('keysafe', (doc) => writeValue(doc, field('keySafeLocation'), 'Offline')));
    await eventually(() => expect(offline.stopped()).toBe(4403));
  });

  test('[CO14] HAZ-09 a refused change leaves the log untouched and the next honest change goes through', async () => {
    await node.sync.text.write({ planId, sectionId: 'identity', actor: people.coordinator, as: 'person', change: (doc) => writeValue(doc, preferredName, 'Peggy') });
    const [{ client_id: victim }] = await base.db.query<{ client_id: number }>('SELECT client_id FROM client_leases WHERE plan_id = $1', [planId]) as [{ client_id: number }];
    const attempts: readonly [string, Uint8Array][] = [
      ['unknown-field', updateOf('identity', (doc) => doc.getMap('fields').set('nosuchfield', 'x'))],
      ['service-only', updateOf('identity', (doc) => writeValue(doc, field('nhsNumber'), '9990000018'))],
      ['invalid', updateOf('identity', (doc) => { writeValue(doc, field('address'), 'fine'); putRow(doc, field('phones'), { id: 'r1', type: 'carrier pigeon' }); })],
      ['foreign-client', forgedAfter(victim)],
      ['malformed', Uint8Array.of(1, 2, 3)],
    ];
    for (const [reason, update] of attempts) expect(await tryChange('identity', 'gp', update)).toMatchObject({ code: 4403, reason });
    expect(await logRows()).toBe(1);
    const content = await node.sync.text.contentAt(base.db, planId);
    expect(content.sections['identity']).toMatchObject({ preferredName: 'Peggy' });
    expect(content.sections['identity']).not.toHaveProperty('address');
    const nurse = open('identity', 'nurse');
    await nurse.synced();
    writeValue(nurse.doc, field('address'), '1 Elm Lane');
    await eventually(async () => expect((await node.sync.text.contentAt(base.db, planId)).sections['identity']).toMatchObject({ preferredName: 'Peggy', address: '1 Elm Lane' }));
  });

  test('[CO15] a reader who comes back repeats what is known, deletions too, and stays', async () => {
    const nurse = open('keysafe', 'nurse');
    await nurse.synced();
    for (const place of ['One', 'Two', 'Three']) writeValue(nurse.doc, field('keySafeLocation'), place);
    const reader = open('keysafe', 'gp');
    await eventually(() => expect(readField(reader.doc, field('keySafeLocation'))).toBe('Three'));
    reader.provider.disconnect();
    reader.provider.connect();
    await reader.synced();
    const asking = raw(`/${planId}/keysafe`, 'gp');
    await asking.opened();
    asking.say({ kind: 'step2', update: Y.encodeStateAsUpdate(reader.doc) });
    asking.say({ kind: 'barrier', number: 1 });
    await asking.saved(1);
    expect(reader.stopped()).toBeUndefined();
  });

  test('[CO16] losing the right while connected closes with 4403, and a change on its way is refused', async () => {
    const socket = raw(`/${planId}/identity`, 'gp');
    await socket.opened();
    socket.say({ kind: 'barrier', number: 1 });
    await socket.saved(1);
    await base.db.query('UPDATE care_team SET until = clock_timestamp() WHERE plan_id = $1 AND organisation_id = $2', [planId, people.gp.organisationId]);
    socket.say({ kind: 'update', update: naming('Too late') });
    expect(await socket.closed()).toBe(4403);
    expect(await logRows()).toBe(0);
    const idle = raw(`/${planId}`, 'nurse');
    await idle.opened();
    idle.say({ kind: 'barrier', number: 1 }, 'identity');
    await idle.saved(1);
    await base.db.query('UPDATE care_team SET until = clock_timestamp() WHERE plan_id = $1', [planId]);
    node.sync.text.announce(planId, { kind: 'access-changed' });
    expect(await idle.closed()).toBe(4403);
    expect(idle.notices).toEqual([{ kind: 'access-changed' }]);
  });

  test('[CO17] a closed plan can be read and not written', async () => {
    await base.db.query('UPDATE plans SET closed_at = clock_timestamp() WHERE id = $1', [planId]);
    expect(await tryChange('identity', 'coordinator', naming('After death'))).toMatchObject({ code: 4403, reason: 'not-allowed' });
  });
});

describe('the service’s own writes', () => {
  test('[CO18] they pass the same gate; what goes with them is in the same commit or not at all', async () => {
    const write = (as: 'person' | 'service', change: (doc: Y.Doc) => void, also?: Parameters<typeof node.sync.text.write>[0]['also']) =>
      node.sync.text.write({ planId, sectionId: 'identity', actor: people.coordinator, as, change, ...(also ? { also } : {}) });
    expect(await write('person', (doc) => writeValue(doc, field('nhsNumber'), '9990000018'))).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    let seen = -1;
    expect(await write('service', (doc) => writeValue(doc, field('nhsNumberStatus'), '01'), async (tx, position) => {
      seen = position;
      expect(await tx.query('SELECT position FROM plans WHERE id = $1', [planId])).toEqual([{ position }]);
    })).toEqual({ ok: true, value: { position: 1 } });
    expect(seen).toBe(1);
    await expect(write('service', (doc) => writeValue(doc, preferredName, 'Lost'), async () => { throw new Error('went wrong'); })).rejects.toThrow('went wrong');
    expect(await logRows()).toBe(1);
    expect(await write('person', (doc) => writeValue(doc, preferredName, 'Kept'))).toEqual({ ok: true, value: { position: 2 } });
    const content = await node.sync.text.contentAt(base.db, planId);
    expect(content.sections['identity']).toMatchObject({ preferredName: 'Kept', nhsNumberStatus: '01' });
    expect((await node.sync.text.contentAt(base.db, planId, 1)).sections['identity']).not.toHaveProperty('preferredName');
  });
});

function docWith(sectionId: string, change: (doc: Y.Doc) => void): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, updateOf(sectionId, change));
  return doc;
}

/** A change under somebody else's client id, with the right next clock. */
function forgedAfter(client: number): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = client;
  writeValue(doc, preferredName, 'first');
  const before = Y.encodeStateVector(doc);
  doc.getMap('fields').set('address', 'forged');
  return Y.encodeStateAsUpdate(doc, before);
}
