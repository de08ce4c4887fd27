/** The gate: a short campaign of mutated real updates (`npm run fuzz` runs the long one), and mutations that once got through. */
import { describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { documentFault, difference } from '../fuzz/checks.ts';
import { campaign, lines } from '../fuzz/campaign.ts';
import { Chance } from '../fuzz/random.ts';
import { newDocument } from '../fuzz/world.ts';
import { text, write, type Piece } from '../fuzz/update.ts';
import { writeProse } from '../../shared/crdt/sectionDocument.ts';
import { code, field, section, Stand } from '../support/stand.ts';

/** A campaign is all computing: on a machine that does much else it may take long without anything being wrong. */
const longMs = 600_000;

describe('mutations of real updates', () => {
  test('[GA24] A28 tens of thousands: no crash, nothing pending, every value allowed, all copies the same', () => {
    const report = campaign(20_261, 30_000, { timed: false });
    if (report.failures.length > 0) throw new Error(lines(report, 0).join('\n'));
    expect(report.count).toBe(30_000);
    // A campaign in which everything is refused, or everything let in, shows nothing.
    for (const verdict of ['accept', 'nothing', 'malformed', 'gap', 'foreign-client', 'wrong-content', 'unknown-field', 'over-limit', 'invalid']) expect(report.verdicts.get(verdict) ?? 0).toBeGreaterThan(10);
    expect(report.realTaken / report.realSent).toBeGreaterThan(0.9);
  }, longMs);

  test('[GA24] the same seed gives the same campaign', () => {
    const [one, other] = [campaign(7, 400), campaign(7, 400)];
    expect([...one.verdicts]).toEqual([...other.verdicts]);
    const chance = new Chance(1);
    expect(new Set(Array.from({ length: 1_000 }, () => chance.next())).size).toBeGreaterThan(990);
  });
});

describe('once let in', () => {
  const piece = (over: Partial<Piece>): Piece => ({ client: 7, clock: 0, ref: 4, length: 1, body: text('x'), ...over });
  function paragraph(letters: string): { readonly stand: Stand; readonly at: (letter: number) => { client: number; clock: number } } {
    const stand = new Stand('wishes');
    stand.change((doc) => { doc.clientID = 5; writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text: letters }]); });
    const first = Y.getState(stand.staging.store, 5) - letters.length;
    return { stand, at: (letter) => ({ client: 5, clock: first + letter }) };
  }

  test('[GA21] a repeated piece that names a root of its own makes no root', () => {
    const stand = new Stand('wishes');
    const roots = [...stand.staging.share.keys()];
    stand.judge(write({ pieces: [piece({ ref: 1, parent: 't:whatMatters' })], deletions: [] }));
    const again = [piece({ ref: 1, parent: 'elsewhere' }), piece({ ref: 1, clock: 1, parent: 't:whatMatters' })];
    stand.judge(write({ pieces: again, deletions: [] }), { kind: 'sync-reply' });
    expect([...stand.staging.share.keys()]).toEqual(roots);
  });

  test('[GA21] a piece that is known in part is put beside its known part, whatever place it names', () => {
    const { stand, at } = paragraph('home');
    expect(code(stand.judge(write({ pieces: [piece({ origin: at(0), rightOrigin: at(1), body: text('ab') })], deletions: [] })))).toBe('accept');
    expect(stand.judge(write({ pieces: [piece({ parent: { client: 5, clock: 0 }, body: text('abcd') })], deletions: [] }), { kind: 'sync-reply' })).toMatchObject({ code: 'malformed', touched: false });
    expect(code(stand.judge(write({ pieces: [piece({ origin: at(0), rightOrigin: at(1), body: text('abcd') })], deletions: [] }), { kind: 'sync-reply' }))).toBe('accept');
    expect(documentFault(stand.staging, section('wishes'), '2026-06-01')).toBeUndefined();
    expect(stand.staging.getXmlFragment('t:whatMatters').toJSON()).toContain('habcdome');
  });

  test('[GA17] a block that is named as deleted together with half of its text goes whole', () => {
    const { stand, at } = paragraph('home');
    // The paragraph, the text in it and the first two letters.
    expect(code(stand.judge(write({ pieces: [], deletions: [{ client: 5, clock: 0, length: at(2).clock }] })))).toBe('accept');
    expect(stand.staging.getXmlFragment('t:whatMatters').toJSON()).toBe('');
  });

  test('[GA21] an insertion past letters that its writer has seen would stand in different places on different copies', () => {
    const { stand, at } = paragraph('wishful');
    for (const client of [881, 5_049]) expect(code(stand.judge(write({ pieces: [piece({ client, origin: at(3), rightOrigin: at(4), body: text('ward 4') })], deletions: [] })))).toBe('accept');
    expect(stand.judge(write({ pieces: [piece({ client: 8_689, rightOrigin: { client: 5_049, clock: 5 } })], deletions: [] }))).toMatchObject({ code: 'malformed', touched: false });
    const loaded = newDocument(section('wishes'));
    Y.applyUpdate(loaded, Y.encodeStateAsUpdate(stand.staging));
    expect(difference(loaded, stand.staging, section('wishes'))).toBeUndefined();
  });
});
