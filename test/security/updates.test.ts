/** Attempts with updates of documents, over a real socket, while somebody else works in the same section. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { putRow, readField, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import { campaign } from '../fuzz/campaign.ts';
import { raw, text, type as madeType, values, write, type Piece } from '../fuzz/update.ts';
import { makeAttackStand, type AttackStand, type Who } from '../support/attackStand.ts';
import { eventually } from '../support/eventually.ts';
import { updateOf, type Writer } from '../support/provider.ts';
import { field } from '../support/stand.ts';

let stand: AttackStand;
beforeAll(async () => { stand = await makeAttackStand(); });
afterEach(() => stand.closeSockets());
afterAll(() => stand.close());

const fieldsRoot = 'fields';
let clients = 40_000;
/** A piece under a client id that nobody has used. */
const piece = (over: Partial<Piece> = {}): Piece => ({ client: (clients += 1), clock: 0, ref: 8, length: 1, parent: fieldsRoot, key: 'address', body: values(['x']), ...over });
const one = (over: Partial<Piece>): Uint8Array => write({ pieces: [piece(over)], deletions: [] });
const varUints = (...numbers: number[]): Uint8Array => encoding.encode((encoder) => { for (const number of numbers) encoding.writeVarUint(encoder, number); });
const logRows = async (): Promise<number> => (await stand.app.db.query<{ count: number }>('SELECT count(*) AS count FROM plan_log WHERE plan_id = $1 AND author_id = $2', [stand.planId, stand.people.social.id]))[0]?.count ?? -1;

interface Outcome {
  readonly code: number;
  readonly reason: string | undefined;
}
/** Says one change on a socket of its own and answers how that was closed and why. */
async function attempt(update: Uint8Array, { as = 'update', who = 'social', section = 'identity' }: { as?: 'update' | 'step2'; who?: Who; section?: string } = {}): Promise<Outcome> {
  const socket = stand.socket(`/${stand.planId}/${section}`, who);
  await socket.opened();
  socket.say({ kind: 'barrier', number: 1 });
  await eventually(() => { if (!socket.frames.some(({ kind }) => kind === 'step1')) throw new Error('not asked yet'); });
  socket.say(as === 'update' ? { kind: 'update', update } : { kind: 'step2', update });
  // An early change waits for the answer to the service's question; then both are judged.
  if (as === 'update') socket.say({ kind: 'step2', update: Uint8Array.of(0, 0) });
  const code = await socket.closed();
  const refused = socket.notices.find((notice) => notice.kind === 'refused');
  return { code, reason: refused?.kind === 'refused' ? refused.code : undefined };
}
/** Each of these is refused for one of these reasons, nothing of them is kept, and nobody else notices. */
async function refusedAll(updates: readonly Uint8Array[], reasons: readonly string[], options: Parameters<typeof attempt>[1] = {}): Promise<void> {
  const before = await logRows();
  await stand.undisturbed(async () => {
    for (const [at, update] of updates.entries()) {
      const { code, reason } = await attempt(update, options);
      expect([at, code, reason]).toEqual([at, code === 4413 ? 4413 : 4403, reasons.includes(reason ?? '') ? reason : reasons]);
    }
  });
  expect(await logRows()).toBe(before);
}
async function victim(): Promise<Writer> {
  const writer = stand.writer('identity', 'gp');
  await writer.synced();
  writeValue(writer.doc, field('address'), `1 High Street ${(clients += 1)}`);
  return writer;
}

describe('bytes', () => {
  test('A26 claims of 30 million, 2^32 and 2^53 parts cost no memory', async () => {
    const before = process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
    const claims = [30_000_000, 2 ** 32, Number.MAX_SAFE_INTEGER].flatMap((claim) => [varUints(1, claim, 7, 0), varUints(claim), varUints(0, claim), varUints(0, 1, 7, claim), one({ body: (encoder) => encoding.writeVarUint(encoder, claim) })]);
    await refusedAll(claims, ['malformed']);
    expect(process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024);
  });

  test('A27 every prefix of a real update is refused', async () => {
    const update = updateOf('identity', (doc) => writeValue(doc, field('address'), 'x'), (clients += 1));
    await refusedAll(Array.from({ length: update.length - 1 }, (_, at) => update.subarray(0, at + 1)), ['malformed']);
  });

  test('A28 mutations of real updates, seeded: nothing thrown, nothing pending, nothing that the standard does not allow', async () => {
    await stand.undisturbed(async () => {
      const report = campaign(28, 2_000, { timed: false });
      expect(report.failures).toEqual([]);
      expect(report.count).toBeGreaterThanOrEqual(2_000);
    });
  }, 120_000);

  test('A29 numbers without end, lengths beyond the end, pieces of no length', async () => {
    const zeros = (count: number): number[] => [...Array.from({ length: count }, () => 0x80), 0];
    const good = [1, 1, 7, 0, 8, 1, 6, ...Buffer.from('fields'), 1, 119, 1, 120, 0];
    await refusedAll([
      ...[0, 1, 2, 3].flatMap((at) => [9, 400].map((count) => Uint8Array.of(...good.slice(0, at), ...zeros(count), ...good.slice(at + 1)))),
      Uint8Array.of(1, 1, 7, 0, 4, 1, 200, 1, 120, 0), one({ ref: 0, length: 0 }), one({ ref: 1, length: 0 }), one({ body: values([]) }), one({ ref: 4, body: text('') }),
    ], ['malformed']);
  });
});

describe('other people’s names', () => {
  test('A30 a hole where an online person’s next words will go is refused, and their words arrive', async () => {
    const [gp, reader] = [await victim(), stand.writer('identity', 'nurse')];
    await eventually(() => expect(readField(reader.doc, field('address'))).toBe(readField(gp.doc, field('address'))));
    const client = gp.doc.clientID;
    const clock = Y.getState(gp.doc.store, client);
    for (const ref of [0, 1]) expect(await attempt(one({ client, clock, ref, length: 1_000 }))).toEqual({ code: 4403, reason: 'foreign-client' });
    writeValue(gp.doc, field('address'), 'Where they really live');
    await eventually(() => expect(readField(reader.doc, field('address'))).toBe('Where they really live'));
    expect(gp.stopped()).toBeUndefined();
  });

  test('A31 another person’s client id with the right next clock is refused, and stands in the trail as refused', async () => {
    const gp = await victim();
    const client = gp.doc.clientID;
    await eventually(async () => {
      const clock = Y.getState(gp.doc.store, client);
      expect(await attempt(one({ client, clock, parent: undefined, key: null, origin: { client, clock: clock - 1 } }))).toEqual({ code: 4403, reason: 'foreign-client' });
    });
    const trail = await stand.as('coordinator').get(`/api/plans/${stand.planId}/audit`);
    expect(trail.body['items']).toEqual(expect.arrayContaining([expect.objectContaining({ outcome: 'refused', reason: 'foreign-client', actor: expect.objectContaining({ id: stand.people.social.id }) })]));
  });

  test('A32 a gap of one and of 10^9 in one’s own clock is refused and nothing is left pending', async () => {
    await refusedAll([1, 10 ** 9].map((clock) => one({ clock })), ['gap']);
    const fresh = stand.writer('identity', 'nurse');
    await fresh.synced();
    expect([fresh.doc.store.pendingStructs, fresh.doc.store.pendingDs]).toEqual([null, null]);
  });

  test('A33 deletions under ids that nobody has, and beyond what somebody wrote', async () => {
    const gp = await victim();
    const many = Array.from({ length: 1_000 }, (_, at) => ({ client: 900_000 + at, clock: 0, length: 1 }));
    await refusedAll([write({ pieces: [], deletions: many }), write({ pieces: [], deletions: [{ client: gp.doc.clientID, clock: 0, length: 5_000 }] })], ['gap', 'over-limit']);
  });

  test('A44 presence for another’s id, of a clock without end, of a hundred thousand people or a megabyte is not shown', async () => {
    const gp = await victim();
    gp.provider.awareness.setLocalState({ section: 'identity', field: 'address' });
    const watcher = stand.socket(`/${stand.planId}/identity`, 'nurse');
    await watcher.opened();
    const state = (entries: readonly (readonly [number, number, string])[]): Uint8Array => encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, entries.length);
      for (const [id, clock, json] of entries) {
        encoding.writeVarUint(encoder, id);
        encoding.writeVarUint(encoder, clock);
        encoding.writeVarString(encoder, json);
      }
    });
    await stand.undisturbed(async () => {
      const forged = '{"user":{"name":"Dr Forged"},"section":"identity"}';
      for (const update of [state([[gp.doc.clientID, 2 ** 40, forged]]), state([[gp.doc.clientID, Number.MAX_SAFE_INTEGER, 'null']]), state(Array.from({ length: 10_000 }, (_, at) => [at, 1, forged] as const)), state([[7, 1, `{"section":"${'x'.repeat(60_000)}"}`]])]) {
        const attacker = stand.socket(`/${stand.planId}/identity`, 'social');
        await attacker.opened();
        attacker.say({ kind: 'awareness', update });
        attacker.say({ kind: 'barrier', number: 1 });
        await Promise.race([attacker.saved(1), attacker.closed()]);
      }
    });
    const shown = watcher.frames.flatMap((frame) => (frame.kind === 'awareness' ? [Buffer.from(frame.update).toString()] : [])).join('');
    expect(shown).not.toContain('Dr Forged');
    expect(shown).not.toContain('xxxxxxxx');
    expect(gp.stopped()).toBeUndefined();
  });

  test('A45 whatever name a client gives itself, others are shown the one in the directory', async () => {
    const watcher = stand.socket(`/${stand.planId}/identity`, 'nurse');
    await watcher.opened();
    const gp = await victim();
    gp.provider.awareness.setLocalState({ section: 'identity', field: 'address', user: { name: `<img src=x onerror=alert(1)>\u202e${'x'.repeat(1_000)}` } });
    const shown = await eventually(() => {
      const all = watcher.frames.flatMap((frame) => (frame.kind === 'awareness' ? [Buffer.from(frame.update).toString()] : [])).join('');
      expect(all).toContain(stand.people.gp.name);
      return all;
    });
    expect(shown).not.toMatch(/onerror|\u202e/);
  });
});

describe('too much, and what does not belong', () => {
  test('A35 a state vector of a million entries, or none at all, is not answered', async () => {
    const vector = (entries: number): Uint8Array => encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, entries);
      for (let client = 1; client <= Math.min(entries, 300_000); client += 1) for (const number of [client, 1]) encoding.writeVarUint(encoder, number);
    });
    await stand.undisturbed(async () => {
      for (const [stateVector, code] of [[vector(1_000_000), 4413], [vector(3_000), 4413], [Uint8Array.of(255, 255, 255), 4400], [varUints(2, 1, 1), 4400]] as const) {
        const socket = stand.socket(`/${stand.planId}/identity`, 'social');
        await socket.opened();
        socket.say({ kind: 'step1', stateVector });
        expect(await socket.closed()).toBe(code);
        expect(socket.frames.filter(({ kind }) => kind === 'step2')).toEqual([]);
      }
    });
  });

  test('A36 keys by the ten thousand, roots by the ten thousand, a root that the section does not have', async () => {
    const client = (clients += 1);
    const keys = Array.from({ length: 50_000 }, (_, clock) => piece({ client, clock, key: `k${clock}`, body: values([1]) }));
    const roots = Array.from({ length: 50_000 }, (_, clock) => piece({ client, clock, key: null, parent: `r${clock}` }));
    await refusedAll([write({ pieces: keys, deletions: [] }), write({ pieces: roots, deletions: [] })], ['over-limit'], { as: 'step2' });
    await refusedAll([one({ key: null, parent: 'nosuchroot' }), one({ key: 'nosuchfield' }), one({ key: 'k'.repeat(limits.keyLengthMax + 1) })], ['unknown-field', 'over-limit']);
  });

  test('A37 documents within documents, bytes, embedded objects, kinds that do not exist', async () => {
    await refusedAll([
      { ref: 9, body: (encoder: encoding.Encoder) => { encoding.writeVarString(encoder, 'guid'); encoding.writeAny(encoder, {}); } }, { ref: 3, body: raw(2, 1, 2) }, { ref: 5, body: text('{"image":"x"}') },
      { ref: 2, body: raw(1, 1, 49) }, { ref: 7, body: madeType(1) }, { ref: 7, body: madeType(5, 'hook') }, { ref: 11, body: raw(1) }, { ref: 31, body: raw(1) }, { ref: 7, body: madeType(99) },
    ].map((over) => one(over)), ['wrong-content', 'malformed']);
  });

  test('A38 keys that reach an object’s prototype', async () => {
    const names = ['__proto__', 'constructor', 'prototype'];
    await refusedAll([...names.map((key) => one({ key })), ...names.map((key) => one({ parent: 'g:phones', key, ref: 7, body: madeType(0) })),
      ...names.map((key) => one({ key: null, parent: 'x:birthDate', body: raw(1, 118, 1, 5, ...Buffer.from('value'), 118, 1, key.length, ...Buffer.from(key), 125, 1) }))], ['unknown-field', 'wrong-content', 'service-only']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('A40 thousands of changes between bold and plain', async () => {
    const update = updateOf('wishes', (doc) => {
      writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: 'home' }]);
      const letters = (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
      for (let at = 0; at < limits.structsPerUpdateMax; at += 1) letters.insert(0, 'x', at % 2 === 0 ? { bold: {} } : {});
    }, (clients += 1));
    await refusedAll([update], ['over-limit'], { section: 'wishes' });
  });
});

describe('all or nothing', () => {
  test('A41 a field that the writer may not write spoils the whole update', async () => {
    const update = updateOf('identity', (doc) => { writeValue(doc, field('address'), 'Smuggled along'); putRow(doc, field('phones'), { id: 'r1', number: '1' }); writeValue(doc, field('nhsNumber'), '9990000018'); }, (clients += 1));
    await refusedAll([update], ['service-only']);
    expect(JSON.stringify((await stand.as('coordinator').get(`/api/plans/${stand.planId}/content`)).body)).not.toContain('Smuggled along');
  });

  test('T1 A42 who may only read cannot write by a sync reply either', async () => {
    const { of: kind } = field('cprDecision');
    const answer = kind.kind === 'choice' ? kind.valueSet.options[0]?.value : undefined;
    const update = updateOf('resuscitation', (doc) => writeValue(doc, field('cprDecision'), answer), (clients += 1));
    for (const as of ['update', 'step2'] as const) await refusedAll([update], ['not-allowed'], { as, section: 'resuscitation' });
  });

  test('A43 undo takes back one’s own words only; to the service it is an edit like any other', async () => {
    const [gp, nurse] = [stand.writer('wishes', 'gp'), stand.writer('wishes', 'nurse')];
    await Promise.all([gp.synced(), nurse.synced()]);
    const undo = new Y.UndoManager([nurse.doc.getMap(fieldsRoot)], { trackedOrigins: new Set(['nurse']) });
    gp.doc.transact(() => gp.doc.getMap(fieldsRoot).set('religion', 'buddhist'), 'gp');
    await eventually(() => expect(nurse.doc.getMap(fieldsRoot).get('religion')).toBe('buddhist'));
    nurse.doc.transact(() => nurse.doc.getMap(fieldsRoot).set('preferredPlaceOfCare', 'care-home'), 'nurse');
    undo.undo();
    expect(undo.undo()).toBeNull();
    await eventually(() => expect(gp.doc.getMap(fieldsRoot).get('preferredPlaceOfCare')).toBeUndefined());
    expect(gp.doc.getMap(fieldsRoot).get('religion')).toBe('buddhist');
  });

  test('A46 a captured update, said again after the team was left, is refused; a signature said again with its key is answered, not repeated, and by nobody else', async () => {
    const planId = await stand.newPlan();
    const api = stand.as('coordinator');
    await api.post(`/api/plans/${planId}/team`, { organisationId: 'org_elm', relationship: 'GP practice' });
    const captured = { kind: 'update', update: updateOf('identity', (doc) => writeValue(doc, field('address'), 'Captured'), (clients += 1)) } as const;
    const member = stand.socket(`/${planId}/identity`, 'gp');
    await member.opened();
    member.say({ kind: 'step2', update: Uint8Array.of(0, 0) });
    member.say(captured);
    member.say({ kind: 'barrier', number: 1 });
    const position = await member.saved(1);
    expect((await api.send('DELETE', `/api/plans/${planId}/team/org_elm`)).status).toBe(200);
    expect(await member.closed()).toBe(4403);
    const again = stand.socket(`/${planId}/identity`, 'gp');
    expect(await again.closed()).toBe(4404);
    expect(again.frames).toEqual([]);
    expect((await api.get(`/api/plans/${planId}`)).body['position']).toBe(position);
    const order = { organisationId: 'org_ambulance', relationship: 'Ambulance' };
    const once = { 'idempotency-key': 'captured-key' };
    const first = await api.post(`/api/plans/${planId}/team`, order, once);
    expect((await api.post(`/api/plans/${planId}/team`, order, once)).body).toEqual(first.body);
    expect(await api.post(`/api/plans/${planId}/team`, { ...order, relationship: 'Another' }, once)).toMatchObject({ status: 409, body: { code: 'idempotency-reused' } });
    expect(await stand.as('outsider').post(`/api/plans/${planId}/team`, order, once)).toMatchObject({ status: 404 });
  });

  test('A47 a plan that is closed takes no change', async () => {
    const planId = await stand.newPlan();
    await stand.app.db.query('UPDATE plans SET closed_at = clock_timestamp() WHERE id = $1', [planId]);
    const socket = stand.socket(`/${planId}/identity`, 'coordinator');
    await socket.opened();
    socket.say({ kind: 'barrier', number: 1 });
    socket.say({ kind: 'step2', update: updateOf('identity', (doc) => writeValue(doc, field('address'), 'Too late'), (clients += 1)) });
    expect(await socket.closed()).toBe(4403);
    expect(JSON.stringify((await stand.as('coordinator').get(`/api/plans/${planId}/content`)).body)).not.toContain('Too late');
  });

  test('A49 a copy that was edited on the device, with others’ ids in it, is refused whole on return', async () => {
    const gp = await victim();
    const copy = new Y.Doc();
    await eventually(() => { if (!gp.provider.synced) throw new Error('not synced'); });
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(gp.doc));
    copy.clientID = gp.doc.clientID;
    copy.getMap(fieldsRoot).set('address', 'Forged in the GP’s name');
    expect(await attempt(Y.encodeStateAsUpdate(copy), { as: 'step2' })).toMatchObject({ code: 4403, reason: 'foreign-client' });
    expect(readField(gp.doc, field('address'))).not.toBe('Forged in the GP’s name');
  });
});
