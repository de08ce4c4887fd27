/** What the meeting's screen decides and says, without a browser. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { aboutItem, blankDraft, typed } from '../../client/meetings/entry.ts';
import { openFollowing, typingHoldMs } from '../../client/meetings/following.ts';
import type { MeetingView } from '../../client/meetings/meetingLink.ts';
import { drawnBefore, talkedAbout } from '../../client/plan/MeetingHeadings.tsx';
import { attendanceWords, duration, londonInstant, nextHour, nextItem, outcomeWords, previousItem, quorumWords, readDue, readStart, spentOn } from '../../client/meetings/words.ts';
import { PageHeading } from '../../client/ui/Page.tsx';
import { TypedDay, TypedTime } from '../../client/ui/TypedDay.tsx';
import { headings, sections } from '../../shared/content/standard.ts';
import { formatTime, londonDate } from '../../shared/domain/dates.ts';
import type { AgendaItem, MeetingState } from '../../shared/wire/meetings.ts';

/** A meeting whose chair moves, and a person at a keyboard. */
function room() {
  const listeners = new Set<() => void>();
  let currentItemId: string | null = 'item_a';
  const desk = { inEditor: false, nowMs: 1_000_000 };
  const following = openFollowing({
    link: { view: () => ({ state: { currentItemId } }) as unknown as MeetingView, subscribe: (heard) => { listeners.add(heard); return () => listeners.delete(heard); } },
    inPlanEditor: () => desk.inEditor,
    now: () => desk.nowMs,
  });
  return { desk, following, chairGoesTo: (item: string | null) => { currentItemId = item; for (const heard of listeners) heard(); } };
}

describe('following the chair', () => {
  test('[ME23] the screen goes where the meeting goes', () => {
    const { following, chairGoesTo } = room();
    chairGoesTo('item_b');
    expect(following.view()).toEqual({ kind: 'following', shownItemId: 'item_b' });
    chairGoesTo(null);
    expect(following.view()).toEqual({ kind: 'following', shownItemId: undefined });
  });

  test('[ME23] HAZ-03 somebody in the middle of a word stays with the patient they write about, until they go on', () => {
    const { desk, following, chairGoesTo } = room();
    desk.inEditor = true;
    following.keyPressed();
    chairGoesTo('item_b');
    expect(following.view()).toEqual({ kind: 'held', shownItemId: 'item_a' });
    desk.nowMs += 10 * typingHoldMs;
    chairGoesTo('item_c');
    expect(following.view()).toEqual({ kind: 'held', shownItemId: 'item_a' });
    following.follow();
    expect(following.view()).toEqual({ kind: 'following', shownItemId: 'item_c' });
  });

  test('[ME23] a cursor that only stands in a field, or keys pressed outside the plan, hold nobody back', () => {
    const { desk, following, chairGoesTo } = room();
    desk.inEditor = true;
    following.keyPressed();
    desk.nowMs += typingHoldMs;
    chairGoesTo('item_b');
    expect(following.view().kind).toBe('following');
    desk.inEditor = false;
    following.keyPressed();
    chairGoesTo('item_c');
    expect(following.view()).toEqual({ kind: 'following', shownItemId: 'item_c' });
  });

  test('[ME23] who looks around stays where they look; who was held is let go when the chair comes back', () => {
    const { desk, following, chairGoesTo } = room();
    following.look('item_x');
    chairGoesTo('item_b');
    expect(following.view()).toEqual({ kind: 'looking', shownItemId: 'item_x' });
    following.look('item_b');
    expect(following.view().kind).toBe('following');
    desk.inEditor = true;
    following.keyPressed();
    chairGoesTo('item_c');
    chairGoesTo('item_b');
    expect(following.view()).toEqual({ kind: 'following', shownItemId: 'item_b' });
  });

  test('[ME23] HAZ-03 whatever the chair and the person do, the patient on screen never changes while a word is being written', () => {
    const moves = fc.array(fc.record({ item: fc.constantFrom('item_a', 'item_b', 'item_c', null), typing: fc.boolean() }), { maxLength: 20 });
    fc.assert(fc.property(moves, (steps) => {
      const { desk, following, chairGoesTo } = room();
      for (const { item, typing } of steps) {
        desk.inEditor = typing && following.view().shownItemId !== undefined;
        if (desk.inEditor) following.keyPressed();
        const before = following.view().shownItemId;
        chairGoesTo(item);
        if (desk.inEditor) expect(following.view().shownItemId).toBe(before);
      }
    }));
  });
});

describe('an entry being typed', () => {
  test('[ME24] HAZ-03 it stays with the patient for whom its first letter was typed, whoever is on screen later', () => {
    let draft = blankDraft({ text: '', due: '' });
    expect(aboutItem(draft, 'item_a')).toBe('item_a');
    draft = typed(draft, { text: 'S' }, 'item_a');
    draft = typed(draft, { text: 'Start' }, 'item_b');
    draft = typed(draft, { due: '2026-12-01' }, 'item_c');
    expect(draft.values).toEqual({ text: 'Start', due: '2026-12-01' });
    expect(aboutItem(draft, 'item_b')).toBe('item_a');
  });
  test('[ME24] once it is empty again it belongs to whoever is on screen', () => {
    const emptied = typed(typed(blankDraft({ text: '' }), { text: 'S' }, 'item_a'), { text: ' ' }, 'item_b');
    expect(aboutItem(emptied, 'item_b')).toBe('item_b');
  });
});

describe('words', () => {
  const item = (id: string, status: AgendaItem['status']) => ({ id, status }) as AgendaItem;
  const state = (currentItemId: string | null, ...agenda: AgendaItem[]) => ({ agenda, currentItemId }) as Pick<MeetingState, 'agenda' | 'currentItemId'>;

  test('[ME3] next is the next who waits, or one who was passed over; previous is the one before', () => {
    const agenda = [item('a', 'waiting'), item('b', 'done'), item('c', 'now'), item('d', 'deferred'), item('e', 'waiting')];
    expect(nextItem(state('c', ...agenda))?.id).toBe('e');
    expect(nextItem(state('c', ...agenda.slice(0, 4)))?.id).toBe('a');
    expect(nextItem(state(null, ...agenda))?.id).toBe('a');
    expect(nextItem(state('b', item('b', 'now')))).toBeUndefined();
    expect(previousItem(state('c', ...agenda))?.id).toBe('b');
    expect(previousItem(state('a', item('a', 'now')))).toBeUndefined();
    expect(previousItem(state(null, ...agenda))?.id).toBe('b');
  });

  test('[ME3] time is counted by the server’s clock', () => {
    expect(spentOn({ secondsSpent: 60, openedAt: '2026-11-23T13:00:00.000Z' }, Date.parse('2026-11-23T13:01:30.000Z'))).toBe(150);
    expect(spentOn({ secondsSpent: 60, openedAt: null }, 0)).toBe(60);
    expect([0, 59.9, 192, 3_729].map(duration)).toEqual(['0:00', '0:59', '3:12', '1:02:09']);
  });

  test('[ME21] HAZ-04 what was not recorded is said so, with the reason', () => {
    expect(outcomeWords({ ok: true })).toBeUndefined();
    expect(outcomeWords({ ok: false, refusal: undefined })).toContain('Not recorded: no connection');
    expect(outcomeWords({ ok: false, refusal: { code: 'invalid', detail: 'It cannot be.', problems: [{ field: 'due', message: 'The date lies in the past.' }] } })).toBe('Not recorded: It cannot be. The date lies in the past.');
  });

  test('[ME7] HAZ-26 a missing quorum is said in words', () => {
    expect(quorumWords({ met: true, missing: [] })).toBe('Quorum met');
    expect(quorumWords({ met: false, missing: ['a doctor', 'the coordinator', 'the hospice'] })).toBe('Needs a doctor, the coordinator and the hospice');
  });

  test('[ME19] attendance is said as here since, from to, apologies or not here yet', () => {
    const at = '2026-11-23T13:02:00.000Z';
    expect(attendanceWords({ present: true, arrivedAt: at, leftAt: null, apologies: false })).toBe('here since 13:02');
    expect(attendanceWords({ present: false, arrivedAt: at, leftAt: '2026-11-23T13:40:00.000Z', apologies: false })).toBe('13:02 to 13:40');
    expect(attendanceWords({ present: false, arrivedAt: null, leftAt: null, apologies: true })).toBe('apologies');
    expect(attendanceWords({ present: false, arrivedAt: null, leftAt: null, apologies: false })).toBe('not here yet');
  });

  test('[ME26] HAZ-14 a start is read as day, month, year and the 24-hour clock; what cannot be read is said by field, with what to type instead', () => {
    expect(readStart('5 6 2026', '1705')).toEqual({ ok: true, startsAt: '2026-06-05T16:05:00.000Z' });
    expect(readStart('05-Jun-2026', '17:05')).toEqual({ ok: true, startsAt: '2026-06-05T16:05:00.000Z' });
    expect(readStart('11/23/2026', '5 PM')).toEqual({ ok: false, problems: [
      { field: 'date', message: 'Day: There is no such day: check day, month and year.' }, { field: 'time', message: 'Starts at: Type the time on the 24-hour clock, such as 14:30.' },
    ] });
    expect(readStart('', '09:00')).toMatchObject({ ok: false, problems: [{ field: 'date' }] });
    expect(readStart('29 3 2026', '01:30')).toEqual({ ok: false, problems: [{ field: 'time', message: 'Starts at: there is no 01:30 on that day, the clocks go forward.' }] });
  });

  test('[ME26] HAZ-14 the day an action is due is typed the same way and has not passed', () => {
    expect(readDue('23 11 2026', '2026-11-23')).toEqual({ ok: true, due: '2026-11-23' });
    expect(readDue('22-Nov-2026', '2026-11-23')).toEqual({ ok: false, problem: '22-Nov-2026 has passed: choose today or a later day.' });
    expect(readDue('soon', '2026-11-23')).toMatchObject({ ok: false, problem: expect.stringContaining('Type day, month and year') });
  });

  test('[ME26] HAZ-14 what was understood is shown back under the field, never in the device’s own order; an error takes its place', () => {
    const drawn = (text: string, error?: string): string => renderToStaticMarkup(createElement(TypedDay, { id: 'day', label: 'Day', text, error, onText: () => undefined }));
    expect(drawn('5/6/2026')).toContain('Understood as 05-Jun-2026');
    expect(drawn('05-Jun-2026')).not.toContain('Understood');
    expect(drawn('13/32/2026')).toContain('There is no such day');
    expect(drawn('', 'Day: type one.')).toContain('Day: type one.');
    expect(drawn('13/32/2026', 'Day: type one.')).not.toContain('There is no such day');
    // The browser's own field is only the button of its calendar: what people read is typed text.
    expect(drawn('5/6/2026')).toMatch(/<input class="nhsuk-input[^>]*type="text"[^>]*value="5\/6\/2026"/);
    expect(renderToStaticMarkup(createElement(TypedTime, { id: 'time', label: 'Starts at', text: '1705', onText: () => undefined }))).toContain('Understood as 17:05');
  });

  test('[ME14] a start typed as London time is that time in London, summer and winter; an hour that does not exist is refused', () => {
    expect(londonInstant('2026-11-23', '13:00')).toBe('2026-11-23T13:00:00.000Z');
    expect(londonInstant('2026-07-01', '13:00')).toBe('2026-07-01T12:00:00.000Z');
    expect(londonInstant('2026-03-29', '01:30')).toBeUndefined();
    expect(londonInstant('', '13:00')).toBeUndefined();
    fc.assert(fc.property(fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }), (at) => {
      const [date, time] = [londonDate(at), formatTime(at).slice(0, 5)];
      const found = londonInstant(date, time);
      expect(found && londonDate(new Date(found))).toBe(date);
      expect(found && formatTime(found).slice(0, 5)).toBe(time);
      const next = nextHour(at);
      const nextAt = Date.parse(londonInstant(next.date, next.time) ?? '');
      expect(next.time.endsWith(':00')).toBe(true);
      expect(nextAt - at.getTime()).toBeLessThanOrEqual(3_600_000);
    }));
  });
});

describe('the plan in the room', () => {
  test('[ME27] what meetings talk about is one step away, in the order of the document', () => {
    const inOrder = headings.map(({ id }) => id).filter((id) => talkedAbout.some(({ heading }) => heading === id));
    expect(talkedAbout.map(({ heading }) => heading)).toEqual(inOrder);
    expect(inOrder).toEqual(['clinical', 'status', 'wishes', 'emergency', 'medicines', 'mdt']);
  });

  test('[ME27] the plan goes to its clinical part only when everything above it, and that part, is drawn', () => {
    const waitedFor = new Set(drawnBefore(sections));
    for (const { id, heading } of sections) expect(waitedFor.has(id)).toBe(['identity', 'home', 'communication', 'consent', 'people', 'team', 'clinical'].includes(heading));
    expect(drawnBefore(sections.filter(({ heading }) => heading === 'mdt'))).toEqual([]);
  });

  test('[ME28] the meeting’s name is the heading of its page', () => {
    expect(renderToStaticMarkup(createElement(PageHeading, { title: 'Northmere MDT', tabTitle: 'Meeting' }))).toMatch(/^<h1 [^>]*>Northmere MDT<\/h1>$/);
  });
});
