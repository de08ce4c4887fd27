/** Spelling, hashing and telling of audit entries. */
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { entryHash } from '../../server/audit/hash.ts';
import { sentenceOf } from '../../server/audit/sentences.ts';
import { readEntry, readPlace } from '../../server/audit/entryText.ts';
import { auditEntry, purposes, spellEntry, type AuditEntry } from '../../shared/domain/audit.ts';
import { canonical } from '../../shared/domain/canonical.ts';

const entry: AuditEntry = {
  v: 1, stream: 'plan:plan_x', seq: 1, at: '2026-11-05T14:03:07.120Z', actor: { id: 'person_a', role: 'gp', org: 'org_a' }, action: 'edit', plan: 'plan_x', section: 'wishes', outcome: 'done', prev: null,
};
const name = (id: string): string => `<${id}>`;

describe('an entry', () => {
  test('[AU1] is spelled with its keys in order and no blank', () => {
    expect(spellEntry(entry)).toBe(
      '{"action":"edit","actor":{"id":"person_a","org":"org_a","role":"gp"},"at":"2026-11-05T14:03:07.120Z","outcome":"done","plan":"plan_x","prev":null,"section":"wishes","seq":1,"stream":"plan:plan_x","v":1}');
  });

  test('[AU1] is hashed behind one zero byte, as UTF-8', () => {
    const text = spellEntry({ ...entry, reason: 'é😀' });
    expect(entryHash(text)).toEqual(createHash('sha256').update(Buffer.concat([Buffer.of(0), Buffer.from(text, 'utf8')])).digest());
  });

  test.each([
    ['a key more', spellEntry(entry).replace('{"action"', '{"a":1,"action"')], ['a blank', spellEntry(entry).replace(':1,', ': 1,')], ['keys in another order', JSON.stringify(entry)],
    ['a key missing', spellEntry(entry).replace('"prev":null,', '')], ['no JSON', 'x'], ['another kind', '[]'],
  ])('[AU7] is not read as one of ours with %s', (_name, text) => {
    expect(readEntry(spellEntry(entry))).toEqual(entry);
    expect(readEntry(text)).toBeUndefined();
  });
});

describe('a sentence', () => {
  test.each([
    [{}, '<person_a> wrote in “What matters and preferences”.'],
    [{ ref: { from: 3, to: 7 } }, '<person_a> wrote in “What matters and preferences” (log 3 to 7).'],
    [{ outcome: 'refused', reason: 'not-allowed' }, '<person_a> was refused a change in “What matters and preferences”: the role may not do this.'],
    [{ action: 'sign-version', ref: { version: 3 } }, '<person_a> signed version 3.'],
    [{ action: 'urgent-read', outcome: 'refused', reason: 'never-signed' }, '<person_a> asked for the plan in urgent care and was shown nothing: nothing was ever signed.'],
    [{ action: 'compare-versions', ref: { from: 2, to: 'draft' } }, '<person_a> compared version 2 with the draft.'],
    [{ action: 'add-to-team', ref: { organisation: 'org_b' } }, '<person_a> brought <org_b> to the care team.'],
  ] as const)('[AU4] %j is told as “%s”', (changes, sentence) => {
    expect(sentenceOf({ ...entry, ...changes }, name, () => true)).toBe(sentence);
  });

  test('[AU4] every action that the service records has words of its own', () => {
    const server = path.join(__dirname, '../../server');
    const sources = readdirSync(server, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => readFileSync(path.join(server, file), 'utf8'));
    const done = sources.flatMap((text) => [...text.matchAll(/action: '([a-z-]+)',[^\n]*outcome: 'done'/g)].map(([, action]) => action ?? ''));
    expect(done).toEqual(expect.arrayContaining(['create-plan', 'sign-version', 'open-plan']));
    // Words made up from the action's own name put the section in brackets behind it.
    for (const action of new Set(done)) expect(sentenceOf({ ...entry, action }, name, () => true)).not.toMatch(/\(“/);
  });
});

describe('reading quickly', () => {
  const slow = (text: string): AuditEntry | undefined => {
    try {
      const parsed = auditEntry.safeParse(JSON.parse(text));
      return parsed.success && spellEntry(parsed.data) === text ? parsed.data : undefined;
    } catch {
      return undefined;
    }
  };
  const word = fc.oneof(fc.constantFrom('a', 'edit', 'person_a', 'plan:plan_x', 'b2c3', 'done', '', 'é😀', '\ud800', '\u0001', '__proto__', '10', '9'), fc.stringMatching(/^[a-z_-]{1,6}$/), fc.string({ maxLength: 4 }));
  const wrong = fc.oneof(fc.constantFrom<unknown>(null, 0, -1, 1.5, 2 ** 60, true, [], {}, '-0'), word);
  const whole = fc.record({
    v: fc.constant(1 as const), stream: word, seq: fc.integer({ min: 1 }), at: word, actor: fc.record({ id: word, role: word, org: word }, { requiredKeys: ['id'] }), action: word, plan: word,
    purpose: fc.constantFrom(...purposes), section: word, outcome: fc.constantFrom('done' as const, 'refused' as const), reason: word, ref: fc.dictionary(word, fc.oneof(word, fc.integer())), prev: fc.oneof(word, fc.constant(null)),
  }, { requiredKeys: ['v', 'stream', 'seq', 'at', 'actor', 'action', 'outcome', 'prev'] });

  test('[ML15] accepts every entry that we would write, and answers the same as the thorough reading of anything else', () => {
    let [accepted, refused] = [0, 0];
    fc.assert(fc.property(whole, fc.constantFrom('none', 'member', 'more', 'order', 'letter'), word, wrong, fc.nat(), (entry, harm, key, value, at) => {
      const keys = Object.keys(entry);
      const harmed: Record<string, unknown> = { none: entry, member: { ...entry, [keys[at % keys.length] ?? '']: value }, more: { ...entry, [key]: value }, order: entry, letter: entry }[harm];
      let text: string;
      try {
        text = harm === 'order' ? JSON.stringify(harmed) : canonical(harmed);
      } catch {
        return;
      }
      if (harm === 'letter') text = text.slice(0, at % text.length) + key + text.slice(at % text.length);
      const [quick, thorough] = [readEntry(text), slow(text)];
      expect(quick).toEqual(thorough);
      const place = readPlace(text);
      expect(place && [place.stream, place.seq, place.plan, place.prev]).toEqual(thorough && [thorough.stream, thorough.seq, thorough.plan, thorough.prev]);
      if (thorough) accepted += 1;
      else refused += 1;
    }), { numRuns: 3_000 });
    expect(Math.min(accepted, refused)).toBeGreaterThan(300);
  });
});
