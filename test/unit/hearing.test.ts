/** What comes over one connection, and how much of it is acted on at once. */
import { afterEach, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import * as Y from 'yjs';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { LiveNode } from '../../server/collab/liveNode.ts';
import { encodeFrame, withSection, type ClientFrame } from '../../shared/crdt/frame.ts';
import { writeProse } from '../../shared/crdt/sectionDocument.ts';
import type { OrganisationId, PlanId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { eventually } from '../support/eventually.ts';
import { handClock } from '../support/handClock.ts';
import { PlayedSocket } from '../support/liveWorld.ts';
import { direct, memoryLog } from '../support/memoryLog.ts';
import { MemoryTables } from '../support/memoryTables.ts';
import { people } from '../support/provider.ts';
import { field, newDoc } from '../support/stand.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => { for (const end of ends.splice(0)) await end(); });

/** Two pieces in the wishes, of so many bytes, and somebody who has them open. */
async function visited(bytes: number) {
  const clock = handClock();
  const tables = new MemoryTables(() => clock.now());
  for (const person of Object.values(people)) tables.people.set(person.id, person);
  const plan = tables.addPlan('plan_heard' as PlanId, ['org_hub'] as OrganisationId[]);
  const doc = new Y.Doc();
  doc.getMap('fields').set('preferredPlace', 'home');
  const half = Y.encodeStateVector(doc);
  doc.getMap('fields').set('whatMatters', 'x'.repeat(bytes));
  const head = tables.headOf(plan);
  const row = { position: 1, sectionId: 'wishes', bytes: Y.encodeStateAsUpdate(doc), spans: [[doc.clientID, 0, 2] as const], fields: ['preferredPlace'], authorId: people.gp.id };
  tables.write(tables.prepare([{ head, rows: [row], leases: [], summary: { set: {}, removed: [], disputed: {} }, audit: [], writers: [people.gp] }], undefined));
  const node = new LiveNode({
    store: memoryLog(tables, direct, clock), bus: inProcessBus(clock), clock, random: (count) => new Uint8Array(count),
    log: pino({ level: 'silent' }), nodeId: 'heard', actorOf: async () => people.nurse, refused: () => undefined,
  });
  ends.push(async () => {
    const turning = setInterval(() => clock.pass(1), 5);
    await node.stop().finally(() => clearInterval(turning));
  });
  const socket = new PlayedSocket();
  const admission = await node.admit({ socket, actor: people.nurse, credential: 'a cookie', planId: plan.id, sectionId: undefined });
  if (admission.kind !== 'in') throw new Error('not let in');
  const { session } = admission;
  /** All of them in one frame. */
  const say = (...messages: readonly ClientFrame[]): void => session.heard(withSection('wishes', Buffer.concat(messages.map(encodeFrame))));
  return { clock, tables, plan, socket, session, say, doc, half };
}
const empty = Uint8Array.of(0);
const ask = (stateVector: Uint8Array): ClientFrame => ({ kind: 'step1', stateVector });
const barrier = (number: number): ClientFrame => ({ kind: 'barrier', number });
/** What was answered, in order. */
const answers = ({ heard }: PlayedSocket): string[] => heard.flatMap(({ frame }) => {
  if (frame.kind === 'step2') return ['step2'];
  return frame.kind === 'barrier-answer' ? [`saved ${frame.number}`] : [];
});

describe('what one frame holds', () => {
  test('[CO61] each message counts: frames full of them are not read for a moment as soon as frames of one are', async () => {
    const { clock, socket, say } = await visited(10);
    say(ask(empty));
    await eventually(() => expect(answers(socket)).toEqual(['step2']));
    const full = Array.from({ length: limits.messagesPerFrameMax }, () => ({ kind: 'query-awareness' }) as const);
    const frames = Math.floor((limits.framesBurstMax - 1) / limits.messagesPerFrameMax);
    for (let frame = 0; frame < frames; frame += 1) say(...full);
    expect(socket.paused).toBe(false);
    say(...full);
    say(barrier(1));
    expect([socket.paused, answers(socket).length]).toEqual([true, 1]);
    clock.pass(limits.pauseMsMax);
    await eventually(() => expect(answers(socket)).toEqual(['step2', 'saved 1']));
    expect([socket.paused, socket.isOpen]).toEqual([false, true]);
  });

  test('[CO62] of several questions one is answered, for all of them, before what stood behind the first', async () => {
    const { socket, say, doc, half } = await visited(10);
    say(ask(empty), barrier(1), ask(empty), barrier(2), ask(half), ask(half));
    await eventually(() => expect(answers(socket)).toEqual(['step2', 'saved 1', 'saved 2']));
    const [answer] = socket.of('step2');
    expect(answer?.update).toEqual(Y.encodeStateAsUpdate(doc, half));
  });
});

describe('questions that are dear', () => {
  test('[CO61] cost what is read for them: whoever asks on and on waits, in order, and is answered in the end', async () => {
    const megabytes = 1;
    const { clock, socket, session, say, half } = await visited(megabytes * 1024 * 1024);
    say(ask(half));
    await eventually(() => expect(answers(socket)).toHaveLength(1));
    const asked = 40;
    for (let number = 1; number <= asked; number += 1) {
      say(ask(half));
      say(barrier(number));
    }
    expect(answers(socket).length).toBeLessThan(2 * (2 + limits.bytesBurstMax / 1024 / 1024 / megabytes));
    expect(socket.paused).toBe(true);
    for (let passed = 0; passed < 2 * asked; passed += 1) {
      session.answered();
      clock.pass(1_000);
      await new Promise((resolve) => void setImmediate(resolve));
    }
    await eventually(() => expect(answers(socket).at(-1)).toBe(`saved ${asked}`));
    const numbers = Array.from({ length: asked }, (_, index) => index + 1);
    expect(answers(socket).filter((answer) => answer !== 'step2')).toEqual(numbers.map((number) => `saved ${number}`));
    for (const number of numbers) expect(answers(socket).slice(0, answers(socket).indexOf(`saved ${number}`)).filter((answer) => answer === 'step2').length).toBeGreaterThan(number);
    expect(socket.isOpen).toBe(true);
  });

  test('[CO61] those that were put before the section was open are no exception', async () => {
    const { socket, say, half } = await visited(1024 * 1024);
    for (let number = 1; number <= 40; number += 1) say(ask(half));
    await eventually(() => expect(socket.paused).toBe(true));
    expect(answers(socket).length).toBeLessThan(10);
  });

  test('[CO61] what nobody has to read anything for stays free: everything, or nothing, is asked for as often as anybody likes', async () => {
    const { socket, say, doc } = await visited(1024 * 1024);
    for (let number = 1; number <= 20; number += 1) {
      say(ask(empty));
      say(ask(Y.encodeStateVector(doc)));
    }
    await eventually(() => expect(answers(socket)).toHaveLength(40));
    expect(socket.paused).toBe(false);
  });

  test('[CO61] whoever is gone before it was their turn has what they wrote still counted', async () => {
    const { tables, plan, socket, session, say, half } = await visited(2 * 1024 * 1024);
    say(ask(half));
    await eventually(() => expect(answers(socket)).toHaveLength(1));
    say({ kind: 'step2', update: Uint8Array.of(0, 0) });
    for (let number = 1; number <= 5; number += 1) say(ask(half));
    expect(socket.paused).toBe(true);
    const written = newDoc('wishes');
    writeProse(written, field('whatMatters'), [{ type: 'paragraph', text: 'Music' }]);
    say({ kind: 'update', update: Y.encodeStateAsUpdate(written) });
    const count = answers(socket).length;
    socket.terminate();
    await eventually(() => expect(tables.headOf(plan).position).toBe(2));
    expect([answers(socket).length, session.isOpen]).toEqual([count, false]);
  });
});
