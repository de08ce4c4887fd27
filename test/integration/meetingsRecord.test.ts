/** What a meeting records stands; who sees what of it; who was there. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { elementsOf } from '../../shared/crdt/sectionDocument.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import { carryOut } from '../../server/meetings/events.ts';
import { minutesOf } from '../../server/meetings/minutes.ts';
import { presentMeeting } from '../../server/meetings/present.ts';
import { openMeeting } from '../../server/meetings/record.ts';
import type { TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makePlan, type Node, type Person } from '../support/meetingRoom.ts';
import { inAWeek, type MeetingWorld, once, openMeetingWorld } from '../support/meetingWorld.ts';

let world: MeetingWorld;
let made: TestDatabase;
let node: Node;
let gp: Person, nurse: Person, coordinator: Person, hospice: Person, social: Person;
let red: PlanId, green: PlanId;

beforeAll(async () => {
  world = await openMeetingWorld();
  ({ made, node, red, green } = world);
  ({ gp, nurse, coordinator, hospice, social } = world.people);
});
afterEach(() => world.closeSockets());
afterAll(() => world.close());

describe('what is recorded stands', () => {
  test('[ME15] HAZ-04 what was acknowledged is in the database, in the plan and in the plan’s audit chain', async () => {
    const { meetingId, chair, itemId } = await world.running();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => chair.must('decide', { meetingId, itemId, once: once(), text: `Decision number ${index}` })));
    expect(answers).toHaveLength(8);
    const rows = await made.db.query<{ row_id: string }>('SELECT row_id FROM meeting_decisions WHERE meeting_id = $1', [meetingId]);
    expect(rows).toHaveLength(8);
    const inPlan = ((await world.mdtOf(red)).decisions ?? []);
    for (const { row_id: id } of rows) expect(inPlan.some((row) => row.id === id)).toBe(true);
    const audited = await made.db.query('SELECT 1 FROM audit_entries WHERE stream = $1 AND entry LIKE $2', [`plan:${red}`, `%record-decision%${meetingId}%`]);
    expect(audited).toHaveLength(8);
  });

  test('[ME16] the same order sent again, one after the other or at once, is recorded once', async () => {
    const { meetingId, chair, itemId, others: [second] } = await world.running(red, [nurse]);
    const order = { meetingId, itemId, once: once(), text: 'Said twice' };
    await Promise.all([chair.must('decide', order), chair.must('decide', order)]);
    await chair.must('decide', order);
    const elsewhere = [world.enter(gp), world.enter(gp)];
    await Promise.all(elsewhere.map((each) => each.must('decide', order)));
    const act = { meetingId, itemId, once: once(), text: 'Done twice', ownerId: gp.actor.id, due: inAWeek(), priority: 'routine' as const };
    await Promise.all(elsewhere.map((each) => each.must('act', act)));
    // The key is the sender's own: another person's order with the same one is another order.
    const state = await second?.must('decide', { ...order, text: 'By somebody else' });
    expect(state?.decisions.map(({ text }) => text).toSorted()).toEqual(['By somebody else', 'Said twice']);
    expect(state?.actions.map(({ text }) => text)).toEqual(['Done twice']);
    const inPlan = await world.mdtOf(red);
    expect(inPlan.decisions?.filter(({ text }) => text === 'Said twice')).toHaveLength(1);
    expect(inPlan.actions?.filter(({ text }) => text === 'Done twice')).toHaveLength(1);
  });

  test('[ME15] what was decided and who moved the meeting can be changed by nobody', async () => {
    const { meetingId, chair, itemId } = await world.running();
    await chair.must('decide', { meetingId, itemId, once: once(), text: 'Stands' });
    for (const sql of [`UPDATE meeting_decisions SET text = 'other' WHERE meeting_id = '${meetingId}'`, `DELETE FROM meeting_log WHERE meeting_id = '${meetingId}'`]) {
      await expect(made.db.query(sql)).rejects.toMatchObject({ code: '42501' });
      await expect(made.asAdministrator(sql)).rejects.toThrow('never changed or removed');
    }
    const log = await made.db.query<{ event: string; revision: number }>('SELECT event, revision FROM meeting_log WHERE meeting_id = $1 ORDER BY revision', [meetingId]);
    expect(log.map(({ event }) => event)).toEqual(['created', 'joined', 'start', 'go-to', 'decided']);
  });

  test('[ME17] an action changed in the plan keeps that change when it is finished; one struck out there is not brought back', async () => {
    const { meetingId, chair, itemId } = await world.running();
    const act = (text: string) => chair.must('act', { meetingId, itemId, once: once(), text, ownerId: gp.actor.id, due: inAWeek(), priority: 'soon' });
    const first = (await act('Ring the daughter')).actions[0]?.id ?? '';
    const second = (await act('Ring the son')).actions.find(({ text }) => text === 'Ring the son')?.id ?? '';
    const rowOf = async (id: string) => (await made.db.query<{ row_id: string }>('SELECT row_id FROM meeting_actions WHERE id = $1', [id]))[0]?.row_id ?? '';
    const [firstRow, secondRow] = [await rowOf(first), await rowOf(second)];
    await node.deps.text.write({ planId: red, sectionId: 'mdt', actor: nurse.actor, as: 'person', change: (doc) => {
      for (const [row, part] of [[firstRow, { evidence: 'Rang at two' }], [secondRow, { removed: true, reason: 'She has no son' }]] as const) {
        const array = doc.getMap('g:actions').get(row) as Parameters<typeof elementsOf>[0];
        const value = elementsOf(array)[0]?.value as object;
        array.delete(0, array.length);
        array.insert(0, [{ ...value, ...part }]);
      }
    } });
    await chair.must('finishAction', { meetingId, actionId: first, done: true });
    await chair.refused('finishAction', { meetingId, actionId: second, done: true }, 'conflict');
    const rows = (await world.mdtOf(red)).actions;
    expect(rows?.find(({ id }) => id === firstRow)).toMatchObject({ evidence: 'Rang at two', status: 'done' });
    expect(rows?.find(({ id }) => id === secondRow)).toMatchObject({ removed: true, status: 'open' });
  });
});

describe('who sees what', () => {
  test('[ME18] HAZ-18 a patient whose team the reader is not on is in nothing they receive: states, answers, HTTP, minutes', async () => {
    const { meetingId, chair, itemId, state } = await world.running(red);
    const outsider = world.enter(social);
    const raw: string[] = [];
    outsider.socket.onAny((_event, ...args) => raw.push(JSON.stringify(args)));
    await outsider.must('join', { meetingId });
    await chair.must('decide', { meetingId, itemId, once: once(), text: 'Secret of Walker' });
    await eventually(() => expect(outsider.latest.revision).toBe(chair.latest.revision));
    expect(outsider.latest).toMatchObject({ currentItemId: null, elsewhere: true, decisions: [] });
    expect(outsider.latest.agenda.map(({ planId, order }) => ({ planId, order }))).toEqual([{ planId: green, order: 1 }]);
    raw.push(JSON.stringify(await outsider.ask('raiseHand', { meetingId, up: true })));
    const record = await openMeeting(made.db, social.actor, meetingId);
    if (record.ok) raw.push(JSON.stringify(presentMeeting(record.value, social.actor)));
    raw.push(JSON.stringify(await minutesOf(node.deps, social.actor, meetingId)));
    for (const trace of ['Walker', 'Secret', red, itemId]) expect(raw.join('\n')).not.toContain(trace);
    await outsider.refused('decide', { meetingId, itemId, once: once(), text: 'On a stranger' }, 'not-found');
    await chair.must('goTo', { meetingId, itemId: world.itemOf(state, green) });
    await eventually(() => expect(outsider.latest).toMatchObject({ currentItemId: world.itemOf(state, green), elsewhere: false }));
  });

  test('[ME18] somebody who leaves a care team in the middle of a meeting loses the patient with the next change', async () => {
    const plan = await makePlan(node.deps, gp.actor, 'Quill', [gp, nurse].map(({ actor }) => actor), 'green');
    const meetingId = await world.newMeeting({ planIds: [plan, green] });
    const [chair, second] = [world.enter(gp), world.enter(nurse)];
    for (const each of [chair, second]) await each.must('join', { meetingId });
    expect(second.latest.agenda).toHaveLength(2);
    await made.db.query('UPDATE care_team SET until = clock_timestamp() WHERE plan_id = $1 AND organisation_id = $2', [plan, nurse.actor.organisationId]);
    await chair.must('start', { meetingId });
    await eventually(() => expect(second.latest.agenda.map(({ planId }) => planId)).toEqual([green]));
  });

  test('[ME8] a meeting that does not concern somebody answers like one that does not exist', async () => {
    const meetingId = await world.newMeeting({ planIds: [red] });
    const outsider = world.enter(social);
    const [hidden, unknown] = [await outsider.ask('join', { meetingId }), await outsider.ask('join', { meetingId: 'meeting_00000000000000' })];
    expect(hidden).toEqual(unknown);
    expect(hidden).toMatchObject({ ok: false, refusal: { code: 'not-found' } });
  });
});

describe('attendance', () => {
  const me = (state: MeetingState, person: Person) => state.attendance.find(({ id }) => id === person.actor.id);

  test('[ME19] HAZ-26 arrival and departure are what signed-in sockets did; a return keeps the first arrival; two tabs are one person', async () => {
    const { meetingId, chair } = await world.running();
    const [tab, otherTab] = [world.enter(nurse), world.enter(nurse)];
    const arrivedAt = me(await tab.must('join', { meetingId }), nurse)?.arrivedAt;
    expect(arrivedAt).not.toBeNull();
    await otherTab.must('join', { meetingId });
    tab.close();
    await eventually(async () => expect(await made.db.query('SELECT 1 FROM meeting_connections WHERE meeting_id = $1 AND person_id = $2 AND left_at IS NOT NULL', [meetingId, nurse.actor.id])).toHaveLength(1));
    expect(me(await chair.must('raiseHand', { meetingId, up: true }), nurse)).toMatchObject({ present: true, leftAt: null });
    await otherTab.must('leave', { meetingId });
    await eventually(() => expect(me(chair.latest, nurse)).toMatchObject({ present: false, arrivedAt, leftAt: expect.any(String) }));
    await otherTab.refused('raiseHand', { meetingId, up: true }, 'not-allowed');
    expect(me(await world.enter(nurse).must('join', { meetingId }), nurse)).toMatchObject({ present: true, arrivedAt, leftAt: null });
  });

  test('[ME19] apologies end when the person comes after all, and cannot be entered for somebody who is here', async () => {
    const { meetingId, chair } = await world.running();
    expect(me(await chair.must('apologies', { meetingId, personId: nurse.actor.id, sent: true }), nurse)).toMatchObject({ apologies: true });
    expect(me(await world.enter(nurse).must('join', { meetingId }), nurse)).toMatchObject({ apologies: false, present: true });
    await chair.refused('apologies', { meetingId, personId: nurse.actor.id, sent: true }, 'conflict');
    await chair.refused('apologies', { meetingId, personId: 'person_nobody', sent: true }, 'not-found');
  });

  test('[ME7] HAZ-26 quorum follows who is here and whom it is about; a decision without it says who was missing', async () => {
    const { meetingId, chair, itemId, state } = await world.running(red);
    expect(state.quorum.missing).toEqual(['a community nurse', 'the coordinator', 'the hospice']);
    for (const person of [nurse, coordinator]) await world.enter(person).must('join', { meetingId });
    const alone = await chair.must('decide', { meetingId, itemId, once: once(), text: 'Before the hospice came' });
    expect(alone.decisions[0]?.quorumMissing).toEqual(['the hospice']);
    expect((await world.enter(hospice).must('join', { meetingId })).quorum).toEqual({ met: true, missing: [] });
    const met = await chair.must('decide', { meetingId, itemId, once: once(), text: 'With everybody' });
    expect(met.decisions.find(({ text }) => text === 'With everybody')).not.toHaveProperty('quorumMissing');
  });

  test('[ME3] the time spent on a patient is kept over several visits', async () => {
    const { meetingId, chair, itemId, state } = await world.running(red);
    await made.db.query(`UPDATE meeting_visits SET opened_at = opened_at - interval '90 seconds' WHERE item_id = $1`, [itemId]);
    await chair.must('goTo', { meetingId, itemId: world.itemOf(state, green) });
    const back = await chair.must('goTo', { meetingId, itemId });
    const item = back.agenda.find(({ id }) => id === itemId);
    expect(item?.secondsSpent).toBeGreaterThanOrEqual(90);
    expect(item?.openedAt).not.toBeNull();
    expect(await carryOut(node.deps, { actor: gp.actor }, 'goTo', { meetingId, itemId })).toEqual({ ok: true, value: false });
  });
});
