/** Meetings when servers come and go: restarts, a node that dies, two nodes with and without Redis, answers that get lost. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { once as happens } from 'node:events';
import pino from 'pino';
import { io, type Socket } from 'socket.io-client';
import { openMeetingLink, type MeetingLink } from '../../client/meetings/meetingLink.ts';
import { redisBus } from '../../server/bus/redis.ts';
import { createMeeting } from '../../server/meetings/commands.ts';
import { payAllNotes } from '../../server/meetings/planNote.ts';
import type { Bus } from '../../server/ports.ts';
import { limits } from '../../shared/limits.ts';
import type { MeetingId, PlanId } from '../../shared/ids.ts';
import { makeDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { nodeSurroundings } from '../support/nodeSurroundings.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { Chair, makePerson, makePlan, publicUrl, startNode, type Node, type Person } from '../support/meetingRoom.ts';

let made: TestDatabase;
let first: Node;
let gp: Person, nurse: Person;
let plan: PlanId, other: PlanId;
const open: { close(): void }[] = [];
const nodes: Node[] = [];
let key = 0;
const once = () => `order-number-${(key += 1)}`;
const around = nodeSurroundings();
const silent = pino({ level: 'silent' });

beforeAll(async () => {
  made = await makeDatabase();
  gp = await makePerson(made.db, 'Dr Osei', 'gp', 'Elm Surgery', { senior: true });
  nurse = await makePerson(made.db, 'Ann Reid', 'community-nurse', 'Nursing Trust');
  first = await node();
  plan = await makePlan(first.deps, gp.actor, 'Walker', [nurse.actor], 'red');
  other = await makePlan(first.deps, gp.actor, 'Byrne', [nurse.actor], 'green');
});
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});
afterAll(async () => {
  for (const each of nodes) await each.stop();
  around.end();
  await made.drop();
});

async function node(options: Parameters<typeof startNode>[1] = {}): Promise<Node> {
  const started = await startNode(made.db, options);
  nodes.push(started);
  return started;
}
async function gone(which: Node, how: 'stop' | 'die'): Promise<void> {
  nodes.splice(nodes.indexOf(which), 1);
  await which[how]();
}
const enter = (person: Person, where: Node): Chair => {
  const chair = new Chair(where, person);
  open.push(chair);
  return chair;
};
async function newMeeting(): Promise<MeetingId> {
  const meeting = await createMeeting(first.deps, { actor: gp.actor }, { title: 'Elm MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [plan, other] });
  if (!meeting.ok) throw new Error(JSON.stringify(meeting.refusal));
  return meeting.value;
}
async function running(chair: Chair): Promise<{ meetingId: MeetingId; itemId: string; nextId: string }> {
  const meetingId = await newMeeting();
  await chair.must('join', { meetingId });
  const { agenda } = await chair.must('start', { meetingId });
  const [itemId, nextId] = [agenda[0]?.id ?? '', agenda[1]?.id ?? ''];
  await chair.must('goTo', { meetingId, itemId });
  return { meetingId, itemId, nextId };
}
/** The screen's own line to the meeting. */
function link(person: Person, port: number, meetingId: string, answerTimeoutMs = 2_000): { link: MeetingLink; socket: Socket } {
  const socket = io(`http://127.0.0.1:${port}/meetings`, { transports: ['websocket'], autoConnect: false, forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 60, extraHeaders: { cookie: person.cookie, origin: publicUrl } });
  const opened = openMeetingLink({ meetingId, socket, answerTimeoutMs, around });
  open.push(opened);
  return { link: opened, socket };
}
const inTheRoom = (opened: MeetingLink) => eventually(() => expect(opened.view().link).toBe('in-the-room'));

describe('one node that comes back', () => {
  test('[ME20] a meeting survives a restart in the middle: everybody is back by themselves, on the same patient, with everything recorded', async () => {
    const before = await node();
    const { port } = before;
    const chair = enter(gp, before);
    const { meetingId, itemId, nextId } = await running(chair);
    const { link: screen } = link(nurse, port, meetingId);
    await inTheRoom(screen);
    expect(await screen.order('decide', { itemId, once: once(), text: 'Before the restart' })).toEqual({ ok: true });
    const arrived = screen.view().state?.attendance.find(({ id }) => id === nurse.actor.id)?.arrivedAt;

    await gone(before, 'stop');
    await eventually(() => expect(screen.view().link).toBe('lost'));
    const left = await made.db.query('SELECT 1 FROM meeting_connections WHERE meeting_id = $1 AND left_at IS NULL', [meetingId]);
    expect(left).toEqual([]);
    expect(await screen.order('decide', { itemId, once: once(), text: 'While it is away' })).toEqual({ ok: false, refusal: undefined });

    const after = await node({ port });
    await inTheRoom(screen);
    expect(screen.view().state).toMatchObject({ status: 'running', currentItemId: itemId });
    expect(screen.view().state?.decisions.map(({ text }) => text)).toEqual(['Before the restart']);
    expect(screen.view().state?.attendance.find(({ id }) => id === nurse.actor.id)).toMatchObject({ present: true, arrivedAt: arrived, leftAt: null });
    const back = enter(gp, after);
    await back.must('join', { meetingId });
    await back.must('goTo', { meetingId, itemId: nextId });
    await eventually(() => expect(screen.view().state?.currentItemId).toBe(nextId));
  });

  test('[ME25] HAZ-04 the moment the device says that it has no network nothing is recorded any more, and the way back is found alone', async () => {
    const chair = enter(gp, first);
    const { meetingId, itemId } = await running(chair);
    const { link: screen } = link(nurse, first.port, meetingId);
    await inTheRoom(screen);
    around.network(false);
    expect(screen.view().link).toBe('lost');
    expect(await screen.order('decide', { itemId, once: once(), text: 'Into the void' })).toEqual({ ok: false, refusal: undefined });
    await inTheRoom(screen);
    expect(await screen.order('decide', { itemId, once: once(), text: 'Heard again' })).toEqual({ ok: true });
    expect(screen.view().state?.decisions.map(({ text }) => text)).toEqual(['Heard again']);
  });

  test('[ME20] somebody whose node died without a word is shown as gone from when they were last heard of', async () => {
    const dying = await node();
    const [chair, second] = [enter(gp, first), enter(nurse, dying)];
    const { meetingId } = await running(chair);
    await second.must('join', { meetingId });
    second.socket.io.reconnection(false);
    await gone(dying, 'die');
    const present = () => made.db.query('SELECT 1 FROM meeting_connections WHERE meeting_id = $1 AND person_id = $2 AND left_at IS NULL', [meetingId, nurse.actor.id]);
    expect(await present()).toHaveLength(1);
    await made.db.query(`UPDATE meeting_connections SET seen_at = seen_at - $3 * interval '1 millisecond' WHERE meeting_id = $1 AND person_id = $2`, [meetingId, nurse.actor.id, limits.presenceExpiryMs]);
    const [row] = await made.db.query<{ seen_at: Date }>('SELECT seen_at FROM meeting_connections WHERE meeting_id = $1 AND person_id = $2', [meetingId, nurse.actor.id]);
    await eventually(() => expect(chair.latest.attendance.find(({ id }) => id === nurse.actor.id)).toMatchObject({ present: false, leftAt: row?.seen_at.toISOString() }), 15_000);
  });

  test('[ME11] a note that a dead node still owed a plan is written by another', async () => {
    const chair = enter(gp, first);
    const { meetingId, itemId } = await running(chair);
    await made.db.query(`UPDATE meeting_visits SET closed_at = clock_timestamp(), position_to = position_from WHERE item_id = $1`, [itemId]);
    await payAllNotes(first.deps);
    expect((await first.deps.text.contentAt(made.db, plan)).sections['mdt']?.['meetingRef']).toContain(meetingId);
    expect(await made.db.query('SELECT 1 FROM meeting_items WHERE id = $1 AND noted_at IS NOT NULL', [itemId])).toHaveLength(1);
  });
});

describe('the screen’s line', () => {
  test('[ME16] HAZ-04 an order whose answer was lost is sent again and recorded once', async () => {
    const chair = enter(gp, first);
    const { meetingId, itemId } = await running(chair);
    const { link: screen, socket } = link(nurse, first.port, meetingId, 400);
    await inTheRoom(screen);
    const lost: string[] = [];
    // The transport goes after the order was committed and before its answer is read.
    const sent = happens(chair.socket as unknown as NodeJS.EventEmitter, 'state').then(() => { lost.push('answer'); socket.io.engine.close(); });
    const real = socket.timeout.bind(socket);
    let first_ = true;
    socket.timeout = ((ms: number) => {
      const timed = real(ms);
      if (!first_) return timed;
      first_ = false;
      return { emitWithAck: async (event: string, order: unknown) => { const answer = (await timed.emitWithAck(event, order)) as { ok: boolean }; await sent; throw new Error(`the answer ${String(answer.ok)} never arrived`); } };
    }) as typeof socket.timeout;
    expect(await screen.order('decide', { itemId, once: once(), text: 'Sent twice' })).toEqual({ ok: true });
    expect(lost).toEqual(['answer']);
    await eventually(() => expect(screen.view().state?.decisions.map(({ text }) => text)).toEqual(['Sent twice']));
    expect(await made.db.query('SELECT 1 FROM meeting_decisions WHERE meeting_id = $1', [meetingId])).toHaveLength(1);
  });

  test('[ME21] HAZ-04 an order given while there is no connection is handed back at once and never sent later', async () => {
    const meetingId = await newMeeting();
    const { link: screen } = link(nurse, 9, meetingId);
    expect(await screen.order('raiseHand', { up: true })).toEqual({ ok: false, refusal: undefined });
    expect(screen.view().link).toBe('connecting');
  });

  test('[ME21] a state that was overtaken by a newer one is not shown', async () => {
    const chair = enter(gp, first);
    const { meetingId, itemId } = await running(chair);
    const { link: screen, socket } = link(nurse, first.port, meetingId);
    await inTheRoom(screen);
    const old = screen.view().state;
    await chair.must('decide', { meetingId, itemId, once: once(), text: 'Newer' });
    await eventually(() => expect(screen.view().state?.decisions).toHaveLength(1));
    for (const hear of socket.listeners('state')) hear(old);
    expect(screen.view().state?.decisions).toHaveLength(1);
  });

  test('[ME13] who was signed out is told so and is not let back in', async () => {
    const leaver = await makePerson(made.db, 'Kim Vale', 'community-nurse', 'Nursing Trust');
    const chair = enter(gp, first);
    const { meetingId } = await running(chair);
    const { link: screen } = link(leaver, first.port, meetingId);
    await inTheRoom(screen);
    await made.db.query('UPDATE sessions SET ended_at = clock_timestamp() WHERE person_id = $1', [leaver.actor.id]);
    expect(await screen.order('raiseHand', { up: true })).toMatchObject({ ok: false, refusal: { code: 'not-signed-in' } });
    await eventually(() => expect(screen.view()).toMatchObject({ link: 'refused', refusal: { code: 'not-signed-in' } }));
    await eventually(() => expect(chair.latest.attendance.find(({ id }) => id === leaver.actor.id)?.present).toBe(false));
  });
});

describe('two nodes', () => {
  let redis: TestRedis;
  beforeAll(async () => { redis = await startRedis(undefined, 'own'); });
  afterAll(() => redis.stop());

  async function follow(a: Node, b: Node, withinMs: number): Promise<void> {
    const [chair, second] = [enter(gp, a), enter(nurse, b)];
    const { meetingId, itemId, nextId } = await running(chair);
    await second.must('join', { meetingId });
    await eventually(() => expect(chair.latest.attendance.find(({ id }) => id === nurse.actor.id)?.present).toBe(true));
    const began = performance.now();
    await chair.must('goTo', { meetingId, itemId: nextId });
    await eventually(() => expect(second.latest.currentItemId).toBe(nextId));
    expect(performance.now() - began).toBeLessThan(withinMs);
    await second.must('decide', { meetingId, itemId, once: once(), text: 'From the other node' });
    await eventually(() => expect(chair.latest.decisions.map(({ text }) => text)).toEqual(['From the other node']));
    await chair.must('end', { meetingId });
    await eventually(() => expect(second.latest.status).toBe('ended'));
  }

  test('[ME22] people on two nodes are in one meeting; the hint over Redis names the meeting and nothing else', async () => {
    const heard: string[] = [];
    const spying = async (): Promise<Bus> => {
      const bus = await redisBus(redis.url, silent);
      return { ...bus, get connected() { return bus.connected; }, publish: (channel, message) => { if (channel === 'meetings') heard.push(Buffer.from(message).toString('utf8')); bus.publish(channel, message); } };
    };
    await follow(await node({ bus: await spying() }), await node({ bus: await spying() }), 1_400);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.every((message) => /^meeting_[0-9a-z]+$/.test(message))).toBe(true);
  });

  test('[ME22] without any hint the other node still follows within two seconds and a little', async () => {
    await follow(await node(), await node(), limits.meetingPollMs + 2_500);
  });
});
