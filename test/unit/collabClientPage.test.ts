/** What the plan page says and decides, apart from drawing it. */
import { describe, expect, test } from '@jest/globals';
import { withNotice, type ActivityLine } from '../../client/collab/activity.ts';
import { gatherPresence, writingIn } from '../../client/collab/presence.ts';
import { liveFacts } from '../../client/plan/LiveBanner.tsx';
import { summarise } from '../../client/plan/liveSummary.ts';
import { saveWords } from '../../client/plan/SaveIndicator.tsx';
import { dateText, londonInstant, readTime, timeText } from '../../client/ui/clockTime.ts';
import { sections } from '../../shared/content/standard.ts';

const values: Record<string, unknown> = { cprDecision: { disputed: [{ code: 'not-for-attempted-cpr', note: 'A long story' }, 'for-attempted-cpr'] }, gsfStage: 'yellow', allergies: [{ id: 'r1', disputed: [{ id: 'r1', substance: 'Penicillin' }, { id: 'r1', substance: 'Latex' }] }] };
const live = () => summarise('plan_x', sections, (_, field) => values[field]);
const before = { disputed: [] };

describe('the plan page', () => {
  test('[PG1] says in words whether what was written is saved, and how much is only on this device', () => {
    expect(saveWords({ kind: 'saved', at: Date.parse('2026-11-23T14:03:07Z') })).toBe('Saved 14:03:07');
    expect(saveWords({ kind: 'saved', at: null })).toBe('Up to date');
    expect(saveWords({ kind: 'offline', changes: 1 })).toBe('Offline: 1 change only on this device');
    expect(saveWords({ kind: 'stopped', why: 'sign-in', changes: 2 })).toBe('Signed out: 2 changes only on this device');
    const kinds = [{ kind: 'loading' }, { kind: 'saving' }, { kind: 'offline', changes: 0 }, { kind: 'moving', changes: 0 }, { kind: 'refused', why: 'no' }] as const;
    for (const status of kinds) expect(saveWords(status)).not.toMatch(/^Saved|up to date/i);
  });

  test('[PG2] HAZ-01 marks contradictory values and rows as disputed wherever they stand, and asks for what is missing', () => {
    const { disputed, missing, needed } = live();
    expect([...disputed].toSorted()).toEqual(['allergies', 'cprDecision']);
    // A decision for or against is among the disputed ones: what goes with it is needed.
    expect(needed.has('cprDecisionMaker')).toBe(true);
    expect(missing.has('cprDecisionMaker')).toBe(true);
    expect(missing.has('gsfStage')).toBe(false);
  });

  test('[PG3] HAZ-01 the banner shows both sides of a contradiction, and what the server said for sections that are not open here', () => {
    expect(liveFacts(live(), before)).toMatchObject({ stage: 'yellow', cpr: { disputed: [{ value: 'not-for-attempted-cpr' }, { value: 'for-attempted-cpr' }] }, disputed: expect.arrayContaining(['cprDecision']) });
    const nothingOpen = summarise('plan_x', [], () => undefined);
    expect(liveFacts(nothingOpen, { stage: 'red', disputed: ['cprDecision'] })).toEqual({ stage: 'red', disputed: ['cprDecision'] });
    expect(nothingOpen.missing.size).toBe(0);
  });

  test('[PG4] one line of activity for one person in one field, however many keys', () => {
    const changed = (position: number, at: string, name = 'Ann Reid') => ({ kind: 'changed' as const, section: 'wishes', fields: ['whatMatters'], position, at, by: { id: 'person_x', name, role: 'gp' } });
    let lines: readonly ActivityLine[] = [];
    for (let key = 0; key < 20; key += 1) lines = withNotice(lines, changed(key, `2026-11-23T14:00:${String(key).padStart(2, '0')}Z`));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.at).toBe('2026-11-23T14:00:19Z');
    lines = withNotice(lines, changed(30, '2026-11-23T14:00:20Z', 'Ben Shah'));
    lines = withNotice(lines, changed(31, '2026-11-23T14:10:00Z'));
    expect(lines.map((line) => line.by)).toEqual(['Ann Reid', 'Ben Shah', 'Ann Reid']);
    const signed = { kind: 'signed' as const, number: 4, position: 40, by: 'Helen Carter', at: '2026-11-23T14:11:00Z' };
    expect(withNotice(withNotice(lines, signed), signed)).toHaveLength(4);
  });

  test('[PG5] HAZ-09 people are shown from the server’s stamp only, each once, with all their places', () => {
    const user = { id: 'person_a', name: 'Ann Reid', initials: 'AR', role: 'gp', roleLabel: 'GP', organisation: 'Elm', color: '#5b2a86', simulated: false, connection: 'c1' };
    const people = gatherPresence([
      { section: 'identity', own: 1, states: new Map<number, Record<string, unknown>>([[1, { user }], [2, { user }], [3, { field: 'whatMatters', cursor: {} }], [4, { user: { ...user, id: 'person_b', color: 'red;}' } }]]) },
      { section: 'wishes', own: 9, states: new Map<number, Record<string, unknown>>([[5, { user, section: 'wishes', field: 'whatMatters', cursor: { anchor: 1, head: 1 } }]]) },
    ]);
    expect(people.map((one) => one.name)).toEqual(['Ann Reid']);
    expect(people[0]?.places).toEqual([{ section: 'wishes', field: 'whatMatters', writing: true }]);
    expect(writingIn(people, 'wishes', 'whatMatters')).toHaveLength(1);
    expect(writingIn(people, 'wishes', 'fearsAvoid')).toHaveLength(0);
  });

  test('[PG6] HAZ-14 clock times are London’s, kept as instants, and read back the same', () => {
    expect(readTime('0905')).toEqual({ ok: true, time: '09:05' });
    expect(readTime('25:00')).toMatchObject({ ok: false });
    expect(londonInstant('2026-07-01', '09:30')).toBe('2026-07-01T08:30:00.000Z');
    expect(londonInstant('2026-12-01', '09:30')).toBe('2026-12-01T09:30:00.000Z');
    // The hour that happens twice: the first is meant. The one that does not happen at all is not lost.
    expect(londonInstant('2026-10-25', '01:30')).toBe('2026-10-25T00:30:00.000Z');
    expect(Number.isNaN(Date.parse(londonInstant('2026-03-29', '01:30')))).toBe(false);
    const kept = londonInstant('2026-07-01', '23:45');
    expect([dateText(kept), timeText(kept)]).toEqual(['01-Jul-2026', '23:45']);
    expect([dateText('2026-07-01'), timeText('2026-07-01')]).toEqual(['01-Jul-2026', '']);
  });
});
