/** Whatever a stock client sends, under whatever name, the history names the person whose session it was. */
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { readField, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { FieldHistoryView } from '../../shared/wire/history.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { eventually } from '../support/eventually.ts';
import { openProvider, openSocket, updateOf, type Writer } from '../support/provider.ts';

const field = (id: string): Field => fieldById(id) as Field;
const [whatMatters, preferredName] = [field('whatMatters'), field('preferredName')];

let app: TestApp;
let planId: string;
let cookies: Readonly<Record<'gp' | 'nurse', string>>;
const writers: Writer[] = [];

beforeAll(async () => {
  app = await startApp();
  await app.person('doctor', 'gp', { senior: true });
  await app.person('nurse', 'community-nurse');
  cookies = { gp: await app.signIn('person_doctor'), nurse: await app.signIn('person_nurse') };
  const made = await app.api(cookies.gp).post('/api/plans', { patient: { nhsNumber: makeNhsNumber('999000201') ?? makeNhsNumber('999000202'), familyName: 'Testwell', givenName: 'Ada', birthDate: '1941-06-05' } });
  planId = made.body['id'] as string;
});
afterEach(() => { for (const writer of writers.splice(0)) writer.end(); });
afterAll(() => app.close());

const sync = (): string => `${app.url.replace('http', 'ws')}/sync`;
async function open(who: 'gp' | 'nurse', sectionId: string): Promise<Writer> {
  const writer = openProvider(sync(), planId, sectionId, cookies[who]);
  writers.push(writer);
  await writer.synced();
  return writer;
}
const history = async (section: string, fieldId: string): Promise<FieldHistoryView> =>
  (await app.api(cookies.gp).get(`/api/plans/${planId}/history?section=${section}&field=${fieldId}`)).body as unknown as FieldHistoryView;
const paragraph = (text: string) => [{ type: 'paragraph' as const, text }];

test('[HI1] HAZ-09 words that name somebody else, presence in somebody else’s name and a copied client id change nothing about who wrote', async () => {
  const gp = await open('gp', 'wishes');
  writeProse(gp.doc, whatMatters, paragraph('She wants to be at home.'));
  await eventually(async () => expect((await history('wishes', 'whatMatters')).standing.runs.map(([, by]) => by)).toEqual(['person_doctor']));

  const nurse = await open('nurse', 'wishes');
  await eventually(() => expect(readField(nurse.doc, whatMatters)).toEqual(paragraph('She wants to be at home.')));
  nurse.provider.awareness.setLocalState({ section: 'wishes', field: 'whatMatters', user: { id: 'person_doctor', name: 'Person doctor' } });
  const text = (nurse.doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
  text.insert(text.length, ' Written by Person doctor.');
  await eventually(async () => expect((await history('wishes', 'whatMatters')).standing.runs.map(([words, by]) => [words, by])).toEqual([
    ['She wants to be at home.', 'person_doctor'], [' Written by Person doctor.', 'person_nurse'],
  ]));

  // The doctor's own words, taken out and put back by somebody else, are that somebody's now.
  nurse.doc.transact(() => {
    text.delete(4, 5);
    text.insert(4, 'wants');
  });
  await eventually(async () => expect((await history('wishes', 'whatMatters')).standing.runs.map(([words, by]) => [words, by])).toEqual([
    ['She ', 'person_doctor'], ['wants', 'person_nurse'], [' to be at home.', 'person_doctor'], [' Written by Person doctor.', 'person_nurse'],
  ]));

  // Under the doctor's client id, continuing the doctor's clock: refused, and nobody is named for it.
  const forged = new Y.Doc();
  Y.applyUpdate(forged, Y.encodeStateAsUpdate(nurse.doc));
  forged.clientID = gp.doc.clientID;
  const before = Y.encodeStateVector(forged);
  const entries = (await history('wishes', 'whatMatters')).items.length;
  ((forged.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(0, 'Not true: ');
  const socket = openSocket(sync(), `/${planId}/wishes`, { cookie: cookies.nurse });
  await socket.opened();
  socket.say({ kind: 'update', update: Y.encodeStateAsUpdate(forged, before) });
  expect(await socket.closed()).toBe(4403);
  forged.destroy();
  const after = await history('wishes', 'whatMatters');
  expect(after.items).toHaveLength(entries);
  expect(JSON.stringify(after)).not.toContain('Not true');
});

test('[HI1] HAZ-09 a value that claims a writer or a time of its own is not taken; a plain one is its sender’s, at the database’s time', async () => {
  const nurse = await open('nurse', 'identity');
  writeValue(nurse.doc, preferredName, 'Peggy');
  await eventually(async () => expect((await history('identity', 'preferredName')).items).toMatchObject([{ by: { id: 'person_nurse', name: 'Person nurse' }, to: 'Peggy' }]));
  const [row] = await app.db.query<{ at: Date }>(`SELECT at FROM plan_log WHERE plan_id = $1 AND author_id = 'person_nurse' AND section_id = 'identity'`, [planId]);
  const told = await history('identity', 'preferredName');
  expect(told.items[0]?.at).toBe(row?.at.toISOString());

  const socket = openSocket(sync(), `/${planId}/identity`, { cookie: cookies.nurse });
  await socket.opened();
  socket.say({ kind: 'update', update: updateOf('identity', (doc) => doc.getMap('fields').set('preferredName', { value: 'Peg', by: 'person_doctor', at: '2020-01-01T00:00:00Z' })) });
  expect(await socket.closed()).toBe(4403);
  expect(await history('identity', 'preferredName')).toMatchObject({ items: told.items, standing: told.standing });
});

test('[HI4] the routes of history are in the description of the interface', async () => {
  const { paths } = (await app.api().get('/api/openapi.json')).body as { paths: Record<string, Record<string, unknown>> };
  expect(Object.keys(paths['/api/plans/{planId}/history'] ?? {})).toEqual(['get']);
  expect(Object.keys(paths['/api/plans/{planId}/changes'] ?? {})).toEqual(['get']);
  expect(Object.keys(paths['/api/plans/{planId}/looked'] ?? {})).toContain('post');
});
