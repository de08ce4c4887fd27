/** The routes of history on a real database: rights, what is recorded, and that nothing a client sends changes who wrote what. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import type { Field, Row, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionById, sectionOfField } from '../../shared/content/standard.ts';
import { putRow, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { ChangesSince, FieldHistoryView } from '../../shared/wire/history.ts';
import type { AuditList } from '../../shared/wire/plans.ts';
import { Replays } from '../../server/history/replay.ts';
import { makePlanWorld, must, refusalOf, type Name, type PlanWorld } from '../support/planWorld.ts';

let world: PlanWorld;
let planId: PlanId;
beforeAll(async () => {
  world = await makePlanWorld();
  planId = (await world.newPlan()).id as PlanId;
});
afterAll(() => world.close());

const field = (id: string): Field => fieldById(id) as Field;
const write = async (who: Name, sectionId: string, change: (doc: Y.Doc) => void, plan = planId): Promise<number> =>
  must(await world.deps.text.write({ planId: plan, sectionId, actor: world.people[who], as: 'person', change })).position;
const history = (who: Name, section: string, fieldId: string, rest: Record<string, string> = {}, plan = planId) =>
  world.get<FieldHistoryView>(who, `/api/plans/${plan}/history`, { section, field: fieldId, ...rest });
const changes = (who: Name, query: Record<string, string> = {}, plan = planId) => world.get<ChangesSince>(who, `/api/plans/${plan}/changes`, query);
const look = (who: Name, position: number, plan = planId) => world.call<{ position: number }>(who, 'post', `/api/plans/${plan}/looked`, { body: { position } });
const trail = (plan = planId) => world.get<AuditList>('coordinator', `/api/plans/${plan}/audit`);

describe('the history of a field', () => {
  test('[HI1] a value, a row and prose are told with who, when, from what and to what, in plain English', async () => {
    const first = await write('coordinator', 'identity', (doc) => writeValue(doc, field('preferredName'), 'Peg'));
    const second = await write('nurse', 'identity', (doc) => writeValue(doc, field('preferredName'), 'Peggy'));
    const named = await history('nurse', 'identity', 'preferredName');
    expect(named.items).toMatchObject([
      { kind: 'value', position: second, by: { id: 'person_nurse', role: 'community-nurse' }, from: 'Peg', to: 'Peggy', became: 'changed', sentences: [expect.stringContaining('“Peg” to “Peggy”')] },
      { kind: 'value', position: first, by: { id: 'person_coordinator' }, to: 'Peg', became: 'changed' },
    ]);
    const [row] = await world.base.db.query<{ at: Date }>('SELECT at FROM plan_log WHERE plan_id = $1 AND position = $2', [planId, second]);
    expect(named.items[0]?.at).toBe(row?.at.toISOString());
    expect(named.standing.values).toMatchObject([{ value: 'Peggy', by: { id: 'person_nurse' }, position: second }]);

    await write('nurse', 'identity', (doc) => putRow(doc, field('phones'), { id: 'r1', number: '01632 960001' } as Row));
    expect((await history('nurse', 'identity', 'phones')).items).toMatchObject([{ row: 'r1', to: { id: 'r1', number: '01632 960001' }, by: { id: 'person_nurse' } }]);

    const long = `${'She likes the garden. '.repeat(40)}Her dog.`;
    await write('nurse', 'wishes', (doc) => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: long }]));
    await write('coordinator', 'wishes', (doc) => {
      const text = (doc.getXmlFragment('t:whatMatters').get(0) as Y.XmlElement).get(0) as Y.XmlText;
      text.insert(text.length, ' Her two cats.');
    });
    const wishes = await history('coordinator', 'wishes', 'whatMatters');
    expect(wishes.standing.runs.map(([text, by]) => [text, by])).toEqual([[long, 'person_nurse'], [' Her two cats.', 'person_coordinator']]);
    expect(wishes.standing.people.map(({ id }) => id).toSorted()).toEqual(['person_coordinator', 'person_nurse']);
    const [latest] = wishes.items;
    expect(latest).toMatchObject({ kind: 'text', by: { id: 'person_coordinator' }, sentences: [expect.stringContaining('3 words added')] });
    const words = latest?.kind === 'text' ? latest.words : [];
    expect(words.filter(({ change }) => change === 'added').map(({ text }) => text).join('')).toBe(' Her two cats.');
    // [HI5] What did not change is shown near the change only, and says that it was shortened.
    expect(words[0]?.text.startsWith('…')).toBe(true);
    expect(words[0]?.text.length).toBeLessThanOrEqual(limits.historyContextLength + 1);
  });

  test('[HI1] HAZ-01 both sides of a dispute are named, as answered in the draft', async () => {
    await world.dispute(planId, 'resuscitation', 'cprDecision', ['for-attempted-cpr', 'not-for-attempted-cpr']);
    const told = await history('nurse', 'resuscitation', 'cprDecision');
    expect(told.items[0]).toMatchObject({ became: 'disputed', to: { disputed: [{ by: { id: 'person_coordinator' } }, { by: { id: 'person_coordinator' } }] } });
    expect(told.standing.values).toHaveLength(2);
  });

  test('[HI4] a hidden section is answered like one that does not exist; both are recorded, and so is a reading, before it is answered', async () => {
    const ask = (who: Name, section: string, fieldId: string) => world.call(who, 'get', `/api/plans/${planId}/history`, { query: { section, field: fieldId } });
    const hidden = refusalOf(await ask('socialWorker', 'prognosis', 'prognosis'));
    const missing = refusalOf(await ask('socialWorker', 'nothing-such', 'prognosis'));
    expect(hidden?.code).toBe('not-found');
    expect(hidden).toEqual(missing);
    expect(refusalOf(await ask('nurse', 'identity', 'nothingSuch'))?.code).toBe('not-found');
    expect(refusalOf(await ask('nurse', 'identity', 'cprDecision'))?.code).toBe('not-found');
    expect(refusalOf(await ask('outsider', 'identity', 'preferredName'))).toEqual(refusalOf(await world.call('outsider', 'get', '/api/plans/plan_nothing-such/history', { query: { section: 'identity', field: 'preferredName' } })));
    expect(refusalOf(await ask('privacyOfficer', 'identity', 'preferredName'))?.code).toBe('not-allowed');
    expect(refusalOf(await ask('paramedic', 'identity', 'preferredName'))?.code).toBe('not-found');
    await history('nurse', 'wishes', 'whatMatters');
    const items = (await trail()).items.filter(({ action }) => action === 'read-history');
    expect(items[0]).toMatchObject({ outcome: 'done', section: 'wishes', actor: { id: 'person_nurse' } });
    expect(items[0]?.sentence).toContain('read the history of a field in');
    expect(items.filter(({ outcome }) => outcome === 'refused').map(({ actor }) => actor.id).toSorted()).toEqual(['person_outsider', 'person_paramedic', 'person_privacyofficer', 'person_socialworker', 'person_socialworker']);
  });

  test('[HI5] a long history comes in pages, newest first, each change once', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    const count = limits.historyPageSize * 2 + 3;
    for (let index = 0; index < count; index += 1) await write('nurse', 'identity', (doc) => writeValue(doc, field('preferredName'), `Name ${index}`), plan);
    const seen: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: FieldHistoryView = await history('nurse', 'identity', 'preferredName', cursor === '' ? {} : { cursor }, plan);
      expect(page.items.length).toBeLessThanOrEqual(limits.historyPageSize);
      seen.push(...page.items.map((item) => (item.kind === 'value' ? item.to : undefined)));
      cursor = page.next;
    }
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => `Name ${count - 1 - index}`));
  });

  test('[HI5] more histories than may wait are refused at once, and one that fails does not hold up the next', async () => {
    const replays = new Replays();
    const section = sectionById('identity') as Section;
    const ask = (work: () => string) => replays.replay(world.deps.db, planId, section, 1, work);
    const answers = await Promise.all(Array.from({ length: limits.historyWaitingMax + 1 }, () => ask(() => 'told')));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(limits.historyWaitingMax);
    expect(refusalOf(answers.at(-1) ?? { ok: true, value: '' })?.code).toBe('unavailable');
    await expect(ask(() => { throw new Error('a row that cannot be read'); })).rejects.toThrow('a row that cannot be read');
    expect(must(await ask(() => 'told'))).toBe('told');
  });

  test('[HI5] twenty thousand single letters in one field are put together piece by piece, with memory to spare', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    const count = 20_000;
    const rows = typedLetters(count);
    await world.base.db.transaction(async (tx) => {
      const [{ position } = { position: 0 }] = await tx.query<{ position: number }>('SELECT position FROM plans WHERE id = $1', [plan]);
      for (let at = 0; at < rows.length; at += 10_000) {
        const some = rows.slice(at, at + 10_000);
        await tx.query(
          `INSERT INTO plan_log (plan_id, position, kind, section_id, bytes, spans, author_id, at)
           SELECT $1, $2 + n, 'update', 'wishes', bytes, spans::jsonb, author, '2026-06-01T09:00:00Z'::timestamptz + n * interval '1 second'
           FROM unnest($3::int[], $4::bytea[], $5::text[], $6::text[]) AS row (n, bytes, spans, author)`,
          [plan, position, some.map((_, index) => at + index + 1), some.map(({ bytes }) => Buffer.from(bytes)), some.map(({ span }) => JSON.stringify([span])), some.map(({ who }) => `person_${who}`)],
        );
      }
      await tx.query('UPDATE plans SET position = $2, content_position = $2 WHERE id = $1', [plan, position + count]);
    });
    const before = process.memoryUsage().rss;
    const told = await history('nurse', 'wishes', 'whatMatters', {}, plan);

    expect(told.standing.runs.map(([text]) => text).join('')).toHaveLength(count);
    expect(new Set(told.standing.runs.map(([, by]) => by))).toEqual(new Set(['person_nurse', 'person_gp']));
    expect(told.items).toHaveLength(limits.historyPageSize);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  }, 120_000);
});

/** One letter a row, by two people in turns of five hundred. */
function typedLetters(count: number): { readonly bytes: Uint8Array; readonly span: readonly [number, number, number]; readonly who: Name }[] {
  const rows: { bytes: Uint8Array; span: [number, number, number]; who: Name }[] = [];
  const doc = new Y.Doc();
  const paragraph = new Y.XmlElement('paragraph');
  const text = new Y.XmlText();
  let bytes = new Uint8Array();
  doc.on('update', (update: Uint8Array) => { bytes = new Uint8Array(update); });
  for (let index = 0; index < count; index += 1) {
    const turn = Math.floor(index / 500) % 2;
    doc.clientID = 1_000 + turn;
    const from = Y.getState(doc.store, doc.clientID);
    doc.transact(() => {
      if (index === 0) {
        paragraph.insert(0, [text]);
        doc.getXmlFragment('t:whatMatters').insert(0, [paragraph]);
      }
      text.insert(index, 'x');
    });
    rows.push({ bytes, span: [doc.clientID, from, Y.getState(doc.store, doc.clientID)], who: turn === 0 ? 'nurse' : 'gp' });
  }
  doc.destroy();
  return rows;
}

describe('what is new to somebody', () => {
  test('[HI7] a look moves forward only, never past the plan’s end, and is each person’s own', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    const at = await write('nurse', 'identity', (doc) => writeValue(doc, field('preferredName'), 'Ida'), plan);
    expect((await changes('coordinator', {}, plan)).after).toBeNull();
    expect(must(await look('coordinator', at - 1, plan)).position).toBe(at - 1);
    expect(must(await look('coordinator', 1, plan)).position).toBe(at - 1);
    expect((await changes('coordinator', {}, plan)).after).toBe(at - 1);
    expect(must(await look('coordinator', 999_999, plan)).position).toBe(at);
    expect((await changes('nurse', {}, plan)).after).toBeNull();
    expect(refusalOf(await look('outsider', 1, plan))?.code).toBe('not-found');
    expect(refusalOf(await look('privacyOfficer', 1, plan))?.code).toBe('not-allowed');
  });

  test('[HI8] only others’ writing since, only in sections that the reader may read, and none of the text', async () => {
    const plan = (await world.newPlan()).id as PlanId;
    must(await world.call('coordinator', 'post', `/api/plans/${plan}/team`, { body: { organisationId: 'org_surgery', relationship: 'GP practice' } }));
    const { position } = await changes('socialWorker', {}, plan);
    await look('socialWorker', position, plan);
    await write('nurse', 'wishes', (doc) => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: 'Nightingales' }]), plan);
    await write('coordinator', 'wishes', (doc) => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: 'Blackbirds' }]), plan);
    await write('gp', 'prognosis', (doc) => writeValue(doc, field('prognosis'), 'weeks'), plan);
    await write('socialWorker', sectionOfField('keySafeLocation')?.id ?? '?', (doc) => writeValue(doc, field('keySafeLocation'), 'Behind the bins'), plan);
    const told = await changes('socialWorker', {}, plan);
    expect(told).toMatchObject({ after: position, cut: false });
    expect(told.strokes.map(({ section, by }) => [section, by.id])).toEqual([['wishes', 'person_nurse'], ['wishes', 'person_coordinator']]);
    expect(told.strokes[1]?.taken.length).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toMatch(/Nightingales|Blackbirds|prognosis/);
    expect((await changes('nurse', { after: String(position) }, plan)).strokes.every(({ by }) => by.id !== 'person_nurse')).toBe(true);
  });
});
