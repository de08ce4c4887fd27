/** Rows of the log after which the plan reads as before. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as encoding from 'lib0/encoding';
import { fieldById } from '../../shared/content/standard.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { makePlan, settlePeople, socketTo, startNode, updateOf, type Node } from '../support/provider.ts';

let base: TestDatabase;
let node: Node;
beforeAll(async () => {
  base = await makeDatabase();
  await settlePeople(base.db);
  node = await startNode(base.db);
});
afterAll(async () => {
  await node.stop();
  await base.drop();
});

test('[CO29] text taken away before it was sent is logged and acknowledged, and the text does not count as changed', async () => {
  const planId = await makePlan(base.db);
  const socket = socketTo(node, `/${planId}/identity`, 'coordinator');
  await socket.opened();
  const headOf = async () => (await base.db.query('SELECT position, content_position, content_at FROM plans WHERE id = $1', [planId]))[0];
  const hole = (client: number): Uint8Array => encoding.encode((encoder) => {
    for (const each of [1, 1, client, 0]) encoding.writeVarUint(encoder, each);
    encoding.writeUint8(encoder, 0);
    for (const each of [40, 0]) encoding.writeVarUint(encoder, each);
  });
  socket.say({ kind: 'update', update: hole(71) });
  socket.say({ kind: 'barrier', number: 1 });
  await socket.saved(1);
  expect(await headOf()).toEqual({ position: 1, content_position: 0, content_at: null });
  socket.say({ kind: 'update', update: updateOf('identity', (doc) => writeValue(doc, fieldById('preferredName') as Field, 'Peggy')) });
  socket.say({ kind: 'barrier', number: 2 });
  await socket.saved(2);
  const written = await headOf();
  expect(written).toMatchObject({ position: 2, content_position: 2, content_at: expect.any(Date) });
  socket.say({ kind: 'update', update: hole(72) });
  socket.say({ kind: 'barrier', number: 3 });
  await socket.saved(3);
  expect(await headOf()).toEqual({ ...written, position: 3 });
  socket.end();
});
