/** Meetings on real storage and real sockets: a whole meeting of three, and everything that is refused. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { londonDate } from '../../shared/domain/dates.ts';
import type { PlanId } from '../../shared/ids.ts';
import { minutes as minutesShape } from '../../shared/wire/meetings.ts';
import { agendaGroups } from '../../shared/domain/meetingAgenda.ts';
import { createMeeting } from '../../server/meetings/commands.ts';
import { minutesOf } from '../../server/meetings/minutes.ts';
import { withWallShut, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { makePerson, makePlan, write, type Node, type Person } from '../support/meetingRoom.ts';
import { inAWeek, type MeetingWorld, once, openMeetingWorld, soon } from '../support/meetingWorld.ts';

let world: MeetingWorld;
let made: TestDatabase;
let node: Node;
let gp: Person, nurse: Person, coordinator: Person, hospice: Person, social: Person, paramedic: Person;
let red: PlanId, green: PlanId;

beforeAll(async () => {
  world = await openMeetingWorld();
  ({ made, node, red, green } = world);
  ({ gp, nurse, coordinator, hospice, social, paramedic } = world.people);
});
afterEach(() => world.closeSockets());
afterAll(() => world.close());

describe('a whole meeting', () => {
  test('[ST17] [ME10] three people join, follow, decide, act and end; everybody sees the same, and the plan and the minutes say the same', async () => {
    const meetingId = await world.newMeeting({ invited: [social.actor.id] });
    const [chair, second, third] = [world.enter(gp), world.enter(nurse), world.enter(coordinator)];
    for (const each of [chair, second, third]) await each.must('join', { meetingId });
    const apologies = await third.must('apologies', { meetingId, personId: social.actor.id, sent: true });
    expect(apologies.attendance.find(({ id }) => id === social.actor.id)).toMatchObject({ apologies: true, present: false });
    const started = await chair.must('start', { meetingId });
    expect(started).toMatchObject({ status: 'running', currentItemId: null });
    expect(started.agenda.map(({ planId, group, order }) => ({ planId, group, order }))).toEqual([{ planId: red, group: 'red', order: 1 }, { planId: green, group: 'new', order: 2 }]);

    const first = world.itemOf(started, red);
    await chair.must('goTo', { meetingId, itemId: first });
    await eventually(() => { for (const each of [second, third]) expect(each.latest.currentItemId).toBe(first); });
    expect(second.latest.quorum).toEqual({ met: false, missing: ['the hospice'] });
    await second.must('decide', { meetingId, itemId: first, once: once(), text: 'Syringe driver from tomorrow', dissent: 'Family would rather wait', rationale: 'Cannot swallow' });
    await third.must('act', { meetingId, itemId: first, once: once(), text: 'Order the driver', ownerId: nurse.actor.id, due: inAWeek(), priority: 'urgent' });
    await write(node.deps, red, gp.actor, 'status', 'gsfStage', 'yellow');
    await write(node.deps, red, gp.actor, 'mdt', 'reviewDue', inAWeek());
    const before = (await world.mdtOf(red)).decisions;
    expect(before).toEqual([expect.objectContaining({ text: 'Syringe driver from tomorrow', dissent: 'Family would rather wait', rationale: 'Cannot swallow', decidedBy: { name: 'Ann Reid', personId: nurse.actor.id, role: 'Community nurse', organisation: 'Nursing Trust' } })]);

    await chair.must('goTo', { meetingId, itemId: world.itemOf(started, green) });
    const actionId = third.latest.actions[0]?.id ?? '';
    await second.must('finishAction', { meetingId, actionId, done: true });
    expect((await world.mdtOf(red)).actions).toEqual([expect.objectContaining({ text: 'Order the driver', status: 'done', doneOn: londonDate(new Date()) })]);
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
    await withWallShut(made, async () => expect(minutesOf(node.deps, coordinator.actor, meetingId)).rejects.toMatchObject({ refusal: { code: 'not-found' } }));
  });

  test('[ME11] the plan itself says in which meeting and who was there, once the patient was left', async () => {
    const { meetingId, chair, state } = await world.running(red, [nurse]);
    await chair.must('goTo', { meetingId, itemId: world.itemOf(state, green) });
    await eventually(async () => {
      const mdt = await world.mdtOf(red);
      expect(mdt.meetingRef).toContain(meetingId);
      expect(mdt.attendance).toContainEqual(expect.objectContaining({ id: nurse.actor.id, attendance: 'present', joined: expect.stringMatching(/^\d\d:\d\d/) }));
    }, 4_000);
    expect((await world.mdtOf(green)).meetingRef ?? '').not.toContain(meetingId);
  });
});

describe('the agenda', () => {
  test('[ME6] it is arranged again at the start: somebody may have got worse since it was made', async () => {
    const plan = await makePlan(node.deps, gp.actor, 'Ash', [nurse.actor], 'green');
    const meetingId = await world.newMeeting({ planIds: [plan, green, red] });
    const chair = world.enter(gp);
    const planned = await chair.must('join', { meetingId });
    expect(planned.agenda.find(({ planId }) => planId === plan)?.group).toBe('new');
    await write(node.deps, plan, gp.actor, 'status', 'gsfStage', 'red');
    const { agenda } = await chair.must('start', { meetingId });
    const first = agenda.findIndex(({ planId }) => planId === plan);
    expect(agenda[first]).toMatchObject({ group: 'red', order: first + 1 });
    expect(first).toBeLessThan(agenda.findIndex(({ planId }) => planId === green));
    expect(agenda.map(({ group }) => group)).toEqual(agenda.map(({ group }) => group).toSorted((one, other) => agendaGroups.indexOf(one) - agendaGroups.indexOf(other)));
  });
});

describe('refusals', () => {
  test('[ME1] HAZ-26 nobody runs a meeting from outside the room, not even its chair', async () => {
    const meetingId = await world.newMeeting();
    const chair = world.enter(gp);
    await chair.refused('start', { meetingId }, 'not-allowed');
    await chair.must('join', { meetingId });
    expect(await chair.must('start', { meetingId })).toMatchObject({ status: 'running' });
  });

  test('[ME1] somebody who is not the chair moves nothing', async () => {
    const { meetingId, itemId, others: [second] } = await world.running(red, [nurse]);
    const before = await made.db.query('SELECT revision FROM meetings WHERE id = $1', [meetingId]);
    await second?.refused('goTo', { meetingId, itemId }, 'not-allowed');
    await second?.refused('end', { meetingId }, 'not-allowed');
    await second?.refused('defer', { meetingId, itemId, because: 'no time' }, 'not-allowed');
    await second?.refused('handOver', { meetingId, personId: nurse.actor.id }, 'not-allowed');
    await second?.refused('apologies', { meetingId, personId: social.actor.id, sent: true }, 'not-allowed');
    expect(await made.db.query('SELECT revision FROM meetings WHERE id = $1', [meetingId])).toEqual(before);
  });

  test('[ME12] the chair is handed only to somebody who is here and may see every patient still to come', async () => {
    const { meetingId, chair, others: [second] } = await world.running(green, [nurse, social]);
    await chair.refused('handOver', { meetingId, personId: hospice.actor.id }, 'conflict');
    await chair.refused('handOver', { meetingId, personId: social.actor.id }, 'conflict');
    expect(await chair.must('handOver', { meetingId, personId: nurse.actor.id })).toMatchObject({ chair: { id: nurse.actor.id } });
    await chair.refused('end', { meetingId }, 'not-allowed');
    expect(await second?.must('end', { meetingId })).toMatchObject({ status: 'ended' });
  });

  test('[ME2] an ended meeting refuses whatever would change it, and nobody can join it', async () => {
    const { meetingId, chair, itemId } = await world.running();
    await chair.must('end', { meetingId });
    await chair.refused('decide', { meetingId, itemId, once: once(), text: 'Too late' }, 'meeting-ended');
    await chair.refused('goTo', { meetingId, itemId }, 'meeting-ended');
    await world.enter(nurse).refused('join', { meetingId }, 'meeting-ended');
  });

  test('[ME9] unknown events, unknown fields and nonsense are refused and disturb nobody', async () => {
    const { meetingId, chair, others: [second] } = await world.running(red, [nurse]);
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
      const chair = world.enter(person, headers);
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
    const { meetingId, itemId } = await world.running();
    const socket = world.enter(visitor);
    await socket.must('join', { meetingId });
    await made.db.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE person_id = $1', [visitor.actor.id]);
    await socket.refused('decide', { meetingId, itemId, once: once(), text: 'From a closed session' }, 'not-signed-in');
  });

  test('[ME14] a new meeting names every field at fault and makes nothing', async () => {
    const count = async () => (await made.db.query<{ n: number }>('SELECT count(*)::int AS n FROM meetings'))[0]?.n;
    const before = await count();
    const refused = await createMeeting(node.deps, { actor: coordinator.actor }, {
      title: 'MDT', startsAt: '2020-01-01T10:00:00Z', planIds: [red, 'plan_nobody', red], invited: [paramedic.actor.id], chairId: social.actor.id,
    });
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    expect(refused.ok ? [] : refused.refusal.problems?.map(({ field }) => field)).toEqual(['startsAt', 'planIds.0', 'planIds.1', 'planIds.2', 'invited.0']);
    expect(await createMeeting(node.deps, { actor: nurse.actor }, { title: 'MDT', startsAt: soon(), planIds: [red] })).toMatchObject({ ok: false, refusal: { code: 'not-allowed' } });
    expect(await count()).toBe(before);
  });

  test('[ME5] an action needs an owner of this meeting who is on the care team, and a day that is not past', async () => {
    const { meetingId, chair, itemId } = await world.running(red, [social]);
    const act = { meetingId, itemId, once: once(), text: 'Visit', ownerId: gp.actor.id, due: inAWeek(), priority: 'soon' as const };
    expect(await chair.ask('act', { ...act, ownerId: social.actor.id })).toMatchObject({ ok: false, refusal: { code: 'invalid', problems: [{ field: 'ownerId' }] } });
    expect(await chair.ask('act', { ...act, due: '2020-01-01' })).toMatchObject({ ok: false, refusal: { code: 'invalid', problems: [{ field: 'due' }] } });
    expect((await chair.must('act', act)).actions).toHaveLength(1);
  });

  test('[ME5] HAZ-03 what arrives after the chair moved on is kept with its own patient, and never with one not yet discussed', async () => {
    const { meetingId, chair, itemId, state, others: [second] } = await world.running(red, [nurse]);
    const next = world.itemOf(state, green);
    await second?.refused('decide', { meetingId, itemId: next, once: once(), text: 'Meant for later' }, 'conflict');
    await chair.must('goTo', { meetingId, itemId: next });
    const after = await second?.must('decide', { meetingId, itemId, once: once(), text: 'Finished the sentence' });
    expect(after?.decisions).toEqual([expect.objectContaining({ itemId, planId: red, text: 'Finished the sentence' })]);
    expect(((await world.mdtOf(green)).decisions ?? []).map(({ text }) => text)).not.toContain('Finished the sentence');
  });

  test('[ME5] text that no plan can hold is refused with its reason and stands nowhere', async () => {
    const { meetingId, chair, itemId } = await world.running();
    await chair.refused('decide', { meetingId, itemId, once: once(), text: 'turned \u202e around' }, 'invalid');
    expect(await made.db.query('SELECT 1 FROM meeting_decisions WHERE meeting_id = $1', [meetingId])).toEqual([]);
  });
});

