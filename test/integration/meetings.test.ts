/** Meetings on real storage and real sockets: a whole meeting of three, refusals, restarts, two nodes, what each may see, minutes. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { elementsOf } from '../../shared/crdt/sectionDocument.ts';
import { carryOut } from '../../server/meetings/events.ts';
import { createMeeting } from '../../server/meetings/commands.ts';
import { minutesOf } from '../../server/meetings/minutes.ts';
import { openMeeting } from '../../server/meetings/record.ts';
import { presentMeeting } from '../../server/meetings/present.ts';
import { minutes as minutesShape, type MeetingState, type NewMeeting } from '../../shared/wire/meetings.ts';
import { addDays, londonDate } from '../../shared/domain/dates.ts';
import type { MeetingId, PlanId } from '../../shared/ids.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { Chair, makePerson, makePlan, startNode, write, type Node, type Person } from '../support/meetingRoom.ts';

const soon = () => new Date(Date.now() + 60_000).toISOString();
const inAWeek = () => addDays(londonDate(new Date()), 7);
const once = () => `once-${Math.random().toString(36).slice(2)}-${Date.now()}`;

let made: TestDatabase;
let node: Node;
let gp: Person, nurse: Person, coordinator: Person, hospice: Person, social: Person, paramedic: Person;
let red: PlanId, green: PlanId;
const open: Chair[] = [];
const nodes: Node[] = [];

beforeAll(async () => {
  made = await makeDatabase();
  gp = await makePerson(made.db, 'Dr Osei', 'gp', 'Elm Surgery', { senior: true });
  nurse = await makePerson(made.db, 'Ann Reid', 'community-nurse', 'Nursing Trust');
  coordinator = await makePerson(made.db, 'Helen Carter', 'coordinator', 'Hub');
  hospice = await makePerson(made.db, 'Grace Lind', 'hospice-clinician', 'Hospice');
  social = await makePerson(made.db, 'Dan Moss', 'social-worker', 'Council');
  paramedic = await makePerson(made.db, 'Owen Price', 'urgent-care', 'Ambulance');
  node = await startNode(made.db);
  const everyone = [gp, nurse, coordinator, hospice].map(({ actor }) => actor);
  red = await makePlan(node.deps, gp.actor, 'Walker', everyone, 'red');
  green = await makePlan(node.deps, gp.actor, 'Byrne', [gp, nurse, coordinator, hospice, social].map(({ actor }) => actor), 'green');
});
beforeEach(async () => {
  if (!nodes.includes(node)) nodes.push(node);
});
afterEach(() => {
  for (const chair of open.splice(0)) chair.close();
});
afterAll(async () => {
  for (const each of nodes) await each.stop();
  await made.drop();
});

const enter = (person: Person, where: Node = node): Chair => {
  const chair = new Chair(where, person);
  open.push(chair);
  return chair;
};
async function newMeeting(order: Partial<NewMeeting> = {}, by: Actor = gp.actor): Promise<MeetingId> {
  const meeting = await createMeeting(node.deps, by, { title: 'Elm MDT', startsAt: soon(), planIds: [green, red], ...order });
  if (!meeting.ok) throw new Error(JSON.stringify(meeting.refusal));
  return meeting.value;
}
const itemOf = (state: MeetingState, planId: PlanId): string => {
  const item = state.agenda.find((found) => found.planId === planId);
  if (!item) throw new Error('not on the agenda');
  return item.id;
};
/** A running meeting with the chair in it, on the given patient. */
async function running(on: PlanId = red, people: readonly Person[] = []): Promise<{ meetingId: MeetingId; chair: Chair; others: Chair[]; itemId: string; state: MeetingState }> {
  const meetingId = await newMeeting();
  const chair = enter(gp);
  await chair.must('join', { meetingId });
  const others = people.map((person) => enter(person));
  for (const other of others) await other.must('join', { meetingId });
  const started = await chair.must('start', { meetingId });
  const itemId = itemOf(started, on);
  return { meetingId, chair, others, itemId, state: await chair.must('goTo', { meetingId, itemId }) };
}
const mdtOf = async (planId: PlanId, where: Node = node) => (await where.deps.text.contentAt(made.db, planId)).sections['mdt'] as { decisions?: { text: string }[]; actions?: { text: string; status: string; doneOn?: string }[]; meetingRef?: string; attendance?: { id: string; attendance: string; joined?: string }[] } | undefined;

describe('a whole meeting', () => {
  test('[ME10] three people join, follow, decide, act and end; everybody sees the same, and the plan and the minutes say the same', async () => {
    const meetingId = await newMeeting({ invited: [social.actor.id] });
    const [chair, second, third] = [enter(gp), enter(nurse), enter(coordinator)];
    for (const each of [chair, second, third]) await each.must('join', { meetingId });
    const apologies = await third.must('apologies', { meetingId, personId: social.actor.id, sent: true });
    expect(apologies.attendance.find(({ id }) => id === social.actor.id)).toMatchObject({ apologies: true, present: false });
    const started = await chair.must('start', { meetingId });
    expect(started).toMatchObject({ status: 'running', currentItemId: null });
    expect(started.agenda.map(({ planId, group, order }) => ({ planId, group, order }))).toEqual([{ planId: red, group: 'red', order: 1 }, { planId: green, group: 'new', order: 2 }]);

    const first = itemOf(started, red);
    await chair.must('goTo', { meetingId, itemId: first });
    await eventually(() => { for (const each of [second, third]) expect(each.latest.currentItemId).toBe(first); });
    expect(second.latest.quorum).toEqual({ met: false, missing: ['the hospice'] });
    await second.must('decide', { meetingId, itemId: first, once: once(), text: 'Syringe driver from tomorrow', dissent: 'Family would rather wait', rationale: 'Cannot swallow' });
    await third.must('act', { meetingId, itemId: first, once: once(), text: 'Order the driver', ownerId: nurse.actor.id, due: inAWeek(), priority: 'urgent' });
    await write(node.deps, red, gp.actor, 'status', 'gsfStage', 'yellow');
    await write(node.deps, red, gp.actor, 'mdt', 'reviewDue', inAWeek());
    const before = (await mdtOf(red))?.decisions;
    expect(before).toEqual([expect.objectContaining({ text: 'Syringe driver from tomorrow', dissent: 'Family would rather wait', rationale: 'Cannot swallow', decidedBy: { name: 'Ann Reid', personId: nurse.actor.id, role: 'Community nurse', organisation: 'Nursing Trust' } })]);

    await chair.must('goTo', { meetingId, itemId: itemOf(started, green) });
    const actionId = third.latest.actions[0]?.id ?? '';
    await second.must('finishAction', { meetingId, actionId, done: true });
    expect((await mdtOf(red))?.actions).toEqual([expect.objectContaining({ text: 'Order the driver', status: 'done', doneOn: londonDate(new Date()) })]);
    const ended = await chair.must('end', { meetingId });
    expect(ended).toMatchObject({ status: 'ended', currentItemId: null });
    expect(ended.attendance.every(({ present }) => !present)).toBe(true);
    await eventually(() => { for (const each of [second, third]) expect(each.latest.status).toBe('ended'); });

    const got = await minutesOf(node.deps, coordinator.actor, meetingId);
    const minutes = minutesShape.parse(got.ok ? got.value : undefined);
    expect(minutes.present.map(({ name }) => name)).toEqual(['Ann Reid', 'Dr Osei', 'Helen Carter']);
    expect(minutes.present.every(({ arrivedAt, leftAt }) => arrivedAt !== null && leftAt !== null)).toBe(true);
    expect(minutes.apologies.map(({ name }) => name)).toEqual(['Dan Moss']);
    expect(minutes.quorum).toEqual({ met: false, missing: ['the hospice'] });
    const [walker, byrne] = minutes.patients;
    expect(walker).toMatchObject({ stageBefore: 'red', stageAfter: 'yellow', nextReview: inAWeek(), decisions: [{ text: 'Syringe driver from tomorrow', quorumMissing: ['the hospice'] }], actions: [{ status: 'done', owner: { id: nurse.actor.id } }] });
    expect(walker?.changes).toContainEqual(expect.stringContaining('Stage changed from'));
    expect(walker?.changes.join(' ')).not.toContain('Syringe driver');
    expect(byrne).toMatchObject({ changes: [], decisions: [], item: { status: 'done' } });
  });

  test('[ME11] the plan itself says in which meeting and who was there, once the patient was left', async () => {
    const { meetingId, chair, state } = await running(red, [nurse]);
    await chair.must('goTo', { meetingId, itemId: itemOf(state, green) });
    await eventually(async () => {
      const mdt = await mdtOf(red);
      expect(mdt?.meetingRef).toContain(meetingId);
      expect(mdt?.attendance).toContainEqual(expect.objectContaining({ id: nurse.actor.id, attendance: 'present', joined: expect.stringMatching(/^\d\d:\d\d/) }));
    });
    expect((await mdtOf(green))?.meetingRef ?? '').not.toContain(meetingId);
  });
});

describe('refusals', () => {
  test('[ME1] somebody who is not the chair moves nothing', async () => {
    const { meetingId, itemId, others: [second] } = await running(red, [nurse]);
    const before = await made.db.query('SELECT revision FROM meetings WHERE id = $1', [meetingId]);
    await second?.refused('goTo', { meetingId, itemId }, 'not-allowed');
    await second?.refused('end', { meetingId }, 'not-allowed');
    await second?.refused('defer', { meetingId, itemId, because: 'no time' }, 'not-allowed');
    await second?.refused('handOver', { meetingId, personId: nurse.actor.id }, 'not-allowed');
    await second?.refused('apologies', { meetingId, personId: social.actor.id, sent: true }, 'not-allowed');
    expect(await made.db.query('SELECT revision FROM meetings WHERE id = $1', [meetingId])).toEqual(before);
  });

  test('[ME12] the chair is handed only to somebody who is here and may see every patient still to come', async () => {
    const { meetingId, chair, others: [second] } = await running(green, [nurse, social]);
    await chair.refused('handOver', { meetingId, personId: hospice.actor.id }, 'conflict');
    await chair.refused('handOver', { meetingId, personId: social.actor.id }, 'conflict');
    expect(await chair.must('handOver', { meetingId, personId: nurse.actor.id })).toMatchObject({ chair: { id: nurse.actor.id } });
    await chair.refused('end', { meetingId }, 'not-allowed');
    expect(await second?.must('end', { meetingId })).toMatchObject({ status: 'ended' });
  });

  test('[ME2] an ended meeting refuses whatever would change it, and nobody can join it', async () => {
    const { meetingId, chair, itemId } = await running();
    await chair.must('end', { meetingId });
    await chair.refused('decide', { meetingId, itemId, once: once(), text: 'Too late' }, 'meeting-ended');
    await chair.refused('goTo', { meetingId, itemId }, 'meeting-ended');
    await enter(nurse).refused('join', { meetingId }, 'meeting-ended');
  });

  test('[ME9] unknown events, unknown fields and nonsense are refused and disturb nobody', async () => {
    const { meetingId, chair, others: [second] } = await running(red, [nurse]);
    const odd = chair.socket as unknown as { timeout(ms: number): { emitWithAck(event: string, ...args: unknown[]): Promise<unknown> } };
    expect(await odd.timeout(5_000).emitWithAck('constructor', { meetingId })).toMatchObject({ ok: false, refusal: { code: 'bad-request' } });
    expect(await odd.timeout(5_000).emitWithAck('start', { meetingId, force: true })).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    for (const args of [[], [null], ['x'], [{ meetingId }, { meetingId }], [{ meetingId: 7 }]]) expect(await odd.timeout(5_000).emitWithAck('raiseHand', ...args)).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    chair.socket.emit('start');
    chair.socket.emit('decide', { meetingId: { $ne: 1 } });
    expect(await second?.must('raiseHand', { meetingId, up: true })).toMatchObject({ status: 'running' });
    await eventually(() => expect(chair.latest.attendance.find(({ id }) => id === nurse.actor.id)?.handRaised).toBe(true));
  });

  test('[ME13] HAZ-10 without a session, from another site or with a role that has no meetings there is no way in', async () => {
    const tryToEnter = (person: Person, headers: Record<string, string>) => new Promise<string>((resolve) => {
      const chair = new Chair(node, person, headers);
      open.push(chair);
      chair.socket.once('connect', () => resolve('in'));
      chair.socket.once('connect_error', (error: Error & { data?: { code: string } }) => { chair.close(); resolve(error.data?.code ?? 'closed'); });
    });
    expect(await tryToEnter(gp, { cookie: 'accord_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' })).toBe('not-signed-in');
    expect(await tryToEnter(paramedic, {})).toBe('not-allowed');
    expect(await tryToEnter(gp, { origin: 'http://elsewhere.test' })).toBe('closed');
    expect(await tryToEnter(gp, {})).toBe('in');
  });

  test('[ME13] a session that ended records nothing more, however long its socket has been open', async () => {
    const visitor = await makePerson(made.db, 'Kit Visitor', 'gp', 'Elm Surgery');
    const { meetingId, itemId } = await running();
    const socket = enter(visitor);
    await socket.must('join', { meetingId });
    await made.db.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE person_id = $1', [visitor.actor.id]);
    await socket.refused('decide', { meetingId, itemId, once: once(), text: 'From a closed session' }, 'not-signed-in');
  });

  test('[ME14] a new meeting names every field at fault and makes nothing', async () => {
    const count = async () => (await made.db.query<{ n: number }>('SELECT count(*)::int AS n FROM meetings'))[0]?.n;
    const before = await count();
    const refused = await createMeeting(node.deps, coordinator.actor, {
      title: 'MDT', startsAt: '2020-01-01T10:00:00Z', planIds: [red, 'plan_nobody', red], invited: [paramedic.actor.id], chairId: social.actor.id,
    });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    expect(refused.ok ? [] : refused.refusal.problems?.map(({ field }) => field)).toEqual(['startsAt', 'planIds.0', 'planIds.1', 'planIds.2', 'invited.0']);
    expect(await createMeeting(node.deps, nurse.actor, { title: 'MDT', startsAt: soon(), planIds: [red] })).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
    expect(await count()).toBe(before);
  });

  test('[ME5] an action needs an owner of this meeting who is on the care team, and a day that is not past', async () => {
    const { meetingId, chair, itemId } = await running(red, [social]);
    const act = { meetingId, itemId, once: once(), text: 'Visit', ownerId: gp.actor.id, due: inAWeek(), priority: 'soon' as const };
    expect(await chair.ask('act', { ...act, ownerId: social.actor.id })).toMatchObject({ ok: false, refusal: { code: 'invalid', problems: [{ field: 'ownerId' }] } });
    expect(await chair.ask('act', { ...act, due: '2020-01-01' })).toMatchObject({ ok: false, refusal: { code: 'invalid', problems: [{ field: 'due' }] } });
    expect((await chair.must('act', act)).actions).toHaveLength(1);
  });

  test('[ME5] HAZ-03 what arrives after the chair moved on is kept with its own patient, and never with one not yet discussed', async () => {
    const { meetingId, chair, itemId, state, others: [second] } = await running(red, [nurse]);
    const next = itemOf(state, green);
    await second?.refused('decide', { meetingId, itemId: next, once: once(), text: 'Meant for later' }, 'conflict');
    await chair.must('goTo', { meetingId, itemId: next });
    const after = await second?.must('decide', { meetingId, itemId, once: once(), text: 'Finished the sentence' });
    expect(after?.decisions).toEqual([expect.objectContaining({ itemId, planId: red, text: 'Finished the sentence' })]);
    expect(((await mdtOf(green))?.decisions ?? []).map(({ text }) => text)).not.toContain('Finished the sentence');
  });

  test('[ME5] text that no plan can hold is refused with its reason and stands nowhere', async () => {
    const { meetingId, chair, itemId } = await running();
    await chair.refused('decide', { meetingId, itemId, once: once(), text: 'turned \u202e around' }, 'invalid');
    expect(await made.db.query('SELECT 1 FROM meeting_decisions WHERE meeting_id = $1', [meetingId])).toEqual([]);
  });
});

describe('what is recorded stands', () => {
  test('[ME15] HAZ-04 what was acknowledged is in the database, in the plan and in the plan’s audit chain', async () => {
    const { meetingId, chair, itemId } = await running();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => chair.must('decide', { meetingId, itemId, once: once(), text: `Decision number ${index}` })));
    expect(answers).toHaveLength(8);
    const rows = await made.db.query<{ row_id: string }>('SELECT row_id FROM meeting_decisions WHERE meeting_id = $1', [meetingId]);
    expect(rows).toHaveLength(8);
    const inPlan = ((await mdtOf(red))?.decisions ?? []) as { id?: string; text: string }[];
    for (const { row_id: id } of rows) expect(inPlan.some((row) => row.id === id)).toBe(true);
    const audited = await made.db.query('SELECT 1 FROM audit_entries WHERE stream = $1 AND entry LIKE $2', [`plan:${red}`, `%record-decision%${meetingId}%`]);
    expect(audited).toHaveLength(8);
  });

  test('[ME16] the same order sent again, one after the other or at once, is recorded once', async () => {
    const { meetingId, chair, itemId, others: [second] } = await running(red, [nurse]);
    const order = { meetingId, itemId, once: once(), text: 'Said twice' };
    await Promise.all([chair.must('decide', order), chair.must('decide', order)]);
    await chair.must('decide', order);
    const elsewhere = [enter(gp), enter(gp)];
    await Promise.all(elsewhere.map((each) => each.must('decide', order)));
    const act = { meetingId, itemId, once: once(), text: 'Done twice', ownerId: gp.actor.id, due: inAWeek(), priority: 'routine' as const };
    await Promise.all(elsewhere.map((each) => each.must('act', act)));
    // The key is the sender's own: another person's order with the same one is another order.
    const state = await second?.must('decide', { ...order, text: 'By somebody else' });
    expect(state?.decisions.map(({ text }) => text).toSorted()).toEqual(['By somebody else', 'Said twice']);
    expect(state?.actions.map(({ text }) => text)).toEqual(['Done twice']);
    const inPlan = await mdtOf(red);
    expect(inPlan?.decisions?.filter(({ text }) => text === 'Said twice')).toHaveLength(1);
    expect(inPlan?.actions?.filter(({ text }) => text === 'Done twice')).toHaveLength(1);
  });

  test('[ME15] what was decided and who moved the meeting can be changed by nobody', async () => {
    const { meetingId, chair, itemId } = await running();
    await chair.must('decide', { meetingId, itemId, once: once(), text: 'Stands' });
    for (const sql of [`UPDATE meeting_decisions SET text = 'other' WHERE meeting_id = '${meetingId}'`, `DELETE FROM meeting_log WHERE meeting_id = '${meetingId}'`]) {
      await expect(made.db.query(sql)).rejects.toMatchObject({ code: '42501' });
      await expect(made.asAdministrator(sql)).rejects.toThrow('never changed or removed');
    }
    const log = await made.db.query<{ event: string; revision: number }>('SELECT event, revision FROM meeting_log WHERE meeting_id = $1 ORDER BY revision', [meetingId]);
    expect(log.map(({ event }) => event)).toEqual(['created', 'joined', 'start', 'go-to', 'decided']);
  });

  test('[ME17] an action changed in the plan keeps that change when it is finished; one struck out there is not brought back', async () => {
    const { meetingId, chair, itemId } = await running();
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
    const rows = (await mdtOf(red))?.actions as { id?: string }[] | undefined;
    expect(rows?.find(({ id }) => id === firstRow)).toMatchObject({ evidence: 'Rang at two', status: 'done' });
    expect(rows?.find(({ id }) => id === secondRow)).toMatchObject({ removed: true, status: 'open' });
  });
});

describe('who sees what', () => {
  test('[ME18] HAZ-18 a patient whose team the reader is not on is in nothing they receive: states, answers, HTTP, minutes', async () => {
    const { meetingId, chair, itemId, state } = await running(red);
    const outsider = enter(social);
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
    await chair.must('goTo', { meetingId, itemId: itemOf(state, green) });
    await eventually(() => expect(outsider.latest).toMatchObject({ currentItemId: itemOf(state, green), elsewhere: false }));
  });

  test('[ME18] somebody who leaves a care team in the middle of a meeting loses the patient with the next change', async () => {
    const plan = await makePlan(node.deps, gp.actor, 'Quill', [gp, nurse].map(({ actor }) => actor), 'green');
    const meetingId = await newMeeting({ planIds: [plan, green] });
    const [chair, second] = [enter(gp), enter(nurse)];
    for (const each of [chair, second]) await each.must('join', { meetingId });
    expect(second.latest.agenda).toHaveLength(2);
    await made.db.query('UPDATE care_team SET until = clock_timestamp() WHERE plan_id = $1 AND organisation_id = $2', [plan, nurse.actor.organisationId]);
    await chair.must('start', { meetingId });
    await eventually(() => expect(second.latest.agenda.map(({ planId }) => planId)).toEqual([green]));
  });

  test('[ME8] a meeting that does not concern somebody answers like one that does not exist', async () => {
    const meetingId = await newMeeting({ planIds: [red] });
    const outsider = enter(social);
    const [hidden, unknown] = [await outsider.ask('join', { meetingId }), await outsider.ask('join', { meetingId: 'meeting_00000000000000' })];
    expect(hidden).toEqual(unknown);
    expect(hidden).toMatchObject({ ok: false, refusal: { code: 'not-found' } });
  });
});

describe('attendance', () => {
  const me = (state: MeetingState, person: Person) => state.attendance.find(({ id }) => id === person.actor.id);

  test('[ME19] HAZ-26 arrival and departure are what signed-in sockets did; a return keeps the first arrival; two tabs are one person', async () => {
    const { meetingId, chair } = await running();
    const [tab, otherTab] = [enter(nurse), enter(nurse)];
    const arrivedAt = me(await tab.must('join', { meetingId }), nurse)?.arrivedAt;
    expect(arrivedAt).not.toBeNull();
    await otherTab.must('join', { meetingId });
    tab.close();
    await eventually(async () => expect(await made.db.query('SELECT 1 FROM meeting_connections WHERE meeting_id = $1 AND person_id = $2 AND left_at IS NOT NULL', [meetingId, nurse.actor.id])).toHaveLength(1));
    expect(me(await chair.must('raiseHand', { meetingId, up: true }), nurse)).toMatchObject({ present: true, leftAt: null });
    await otherTab.must('leave', { meetingId });
    await eventually(() => expect(me(chair.latest, nurse)).toMatchObject({ present: false, arrivedAt, leftAt: expect.any(String) }));
    await otherTab.refused('raiseHand', { meetingId, up: true }, 'not-allowed');
    expect(me(await enter(nurse).must('join', { meetingId }), nurse)).toMatchObject({ present: true, arrivedAt, leftAt: null });
  });

  test('[ME19] apologies end when the person comes after all, and cannot be entered for somebody who is here', async () => {
    const { meetingId, chair } = await running();
    expect(me(await chair.must('apologies', { meetingId, personId: nurse.actor.id, sent: true }), nurse)).toMatchObject({ apologies: true });
    expect(me(await enter(nurse).must('join', { meetingId }), nurse)).toMatchObject({ apologies: false, present: true });
    await chair.refused('apologies', { meetingId, personId: nurse.actor.id, sent: true }, 'conflict');
    await chair.refused('apologies', { meetingId, personId: 'person_nobody', sent: true }, 'not-found');
  });

  test('[ME7] HAZ-26 quorum follows who is here and whom it is about; a decision without it says who was missing', async () => {
    const { meetingId, chair, itemId, state } = await running(red);
    expect(state.quorum.missing).toEqual(['a community nurse', 'the coordinator', 'the hospice']);
    for (const person of [nurse, coordinator]) await enter(person).must('join', { meetingId });
    const alone = await chair.must('decide', { meetingId, itemId, once: once(), text: 'Before the hospice came' });
    expect(alone.decisions[0]?.quorumMissing).toEqual(['the hospice']);
    expect((await enter(hospice).must('join', { meetingId })).quorum).toEqual({ met: true, missing: [] });
    const met = await chair.must('decide', { meetingId, itemId, once: once(), text: 'With everybody' });
    expect(met.decisions.find(({ text }) => text === 'With everybody')).not.toHaveProperty('quorumMissing');
  });

  test('[ME3] the time spent on a patient is kept over several visits', async () => {
    const { meetingId, chair, itemId, state } = await running(red);
    await made.db.query(`UPDATE meeting_visits SET opened_at = opened_at - interval '90 seconds' WHERE item_id = $1`, [itemId]);
    await chair.must('goTo', { meetingId, itemId: itemOf(state, green) });
    const back = await chair.must('goTo', { meetingId, itemId });
    const item = back.agenda.find(({ id }) => id === itemId);
    expect(item?.secondsSpent).toBeGreaterThanOrEqual(90);
    expect(item?.openedAt).not.toBeNull();
    expect(await carryOut(node.deps, gp.actor, 'goTo', { meetingId, itemId })).toEqual({ ok: true, value: false });
  });
});
