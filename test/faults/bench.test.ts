/** The benchmark measures what it says: it counts what arrives, its relay keeps what it acknowledged, and it ends in a table. Never a time. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import * as Y from 'yjs';
import { decodeFrames, encodeBarrier, encodeFrame, splitSection, withSection } from '../../shared/crdt/frame.ts';
import { measureAudit } from '../bench/audit.ts';
import { contestant, fillLive, filledPlans, onServer, startBench, type Bench } from '../bench/bench.ts';
import { contestantNames, type ContestantName } from '../bench/contestants.ts';
import { Member, Room, Tally } from '../bench/crew.ts';
import type { Outcome } from '../bench/orders.ts';
import { endServers } from '../bench/processes.ts';
import { measureAll, type Sample } from '../bench/rounds.ts';
import { showTable } from '../bench/table.ts';
import { verdicts } from '../bench/targets.ts';
import { streamOf } from '../bench/typing.ts';
import { quickSizes, workloads } from '../bench/workloads.ts';
import { startWorld, type World } from '../bench/world.ts';
import { eventually } from '../support/eventually.ts';

const slow = 10 * 60_000;
let world: World;
let bench: Bench;
beforeAll(async () => {
  world = await startWorld();
  bench = await startBench(world);
}, slow);
afterAll(async () => {
  bench?.load.stop();
  endServers();
  await world?.stop();
}, slow);

/** Three people on each of two plans type forty characters each, some before anything is counted. */
const type = (name: ContestantName, besides: (port: number, plans: readonly string[], when: 'before' | 'after') => Promise<void> = async () => undefined): Promise<Outcome> => {
  const one = contestant(name);
  return filledPlans(bench, one, 2).then((plans) => onServer(bench, one, async (on) => {
    await fillLive(bench, one, on, plans);
    await besides(on.target.port, plans, 'before');
    const { outcome } = await on.order({ kind: 'saturation', target: on.target, plans, people: bench.people.slice(0, 3), warmEdits: 10, edits: 30, window: 8, deadlineMs: 60_000 });
    await besides(on.target.port, plans, 'after');
    return outcome;
  }));
};
const everything = { sent: 2 * 3 * 40, owed: 2 * 3 * 40 * 2, delivered: 2 * 3 * 40 * 2, deliveredMeasured: 2 * 3 * 30 * 2, disorder: 0, closed: 0 };

describe('what is counted', () => {
  test('[BE1] of every edit that somebody types in Accord each of the others receives exactly one, and it stands in the plan', async () => {
    const lengths = { before: 0, after: 0 };
    const outcome = await type('accord', async (port, plans, when) => {
      for (const plan of plans) {
        const answer = await fetch(`http://127.0.0.1:${port}/api/plans/${plan}/content`, { headers: { cookie: bench.people[0]?.cookies[0] ?? '' } });
        lengths[when] += proseLength(((await answer.json()) as { sections: unknown }).sections);
      }
    });
    expect(outcome).toMatchObject(everything);
    expect(lengths.after - lengths.before).toBe(everything.sent);
  }, slow);

  /** Characters of all prose, wherever it stands. */
  const proseLength = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + (isBlock(each) ? each.text.length : proseLength(each)), 0);
    return typeof value === 'object' && value !== null ? Object.values(value).reduce<number>((sum, each) => sum + proseLength(each), 0) : 0;
  };
  const isBlock = (value: unknown): value is { readonly text: string } => typeof value === 'object' && value !== null && 'text' in value && 'type' in value && typeof value.text === 'string';

  test('[BE1] what a server loses or repeats is missing or out of order in the count', async () => {
    const [person] = bench.people;
    if (!person) throw new Error('nobody');
    // Passes on what it hears, but loses every fifth edit and says every seventh twice.
    const relay = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    let edits = 0;
    let visitors = 0;
    relay.on('connection', (socket) => {
      visitors += 1;
      // Whoever comes first is asked to come back later, and does.
      if (visitors === 1) socket.close(1013);
      else socket.on('message', (data: Buffer) => hear(socket, data));
    });
    const hear = (socket: WebSocket, data: Buffer): void => {
      const split = splitSection(data);
      const [frame] = decodeFrames(split?.frame ?? new Uint8Array()) ?? [];
      if (frame?.kind === 'step1') socket.send(withSection(split?.section ?? '', encodeFrame({ kind: 'step2', update: Uint8Array.of(0, 0) })));
      if (frame?.kind !== 'update') return;
      edits += 1;
      for (let times = edits % 5 === 0 ? 0 : edits % 7 === 0 ? 2 : 1; times > 0; times -= 1) for (const other of relay.clients) other.send(data);
    };
    await eventually(() => { if (relay.address() === null) throw new Error('not listening'); });
    const tally = new Tally();
    const target = { dialect: 'sections', port: (relay.address() as AddressInfo).port, path: '/', answers: false } as const;
    const room = new Room('plan', 0, target, [0, 1].map((index) => streamOf(bench.content, person, index, 30)), tally);
    const [writer, reader] = [0, 1].map((index) => new Member(room, index, person, { barriers: false, presence: false, timed: false, answers: false }));
    await Promise.all([writer?.open(), reader?.open()]);
    expect({ visitors, closed: tally.closed }).toEqual({ visitors: 3, closed: 1 });
    writer?.type(28);
    // Of 28, five are lost; 7, 14, 21 and 28 come twice; after each that is lost the next does not follow.
    await eventually(() => expect({ delivered: tally.delivered, disorder: tally.disorder, echoed: writer?.echoed }).toEqual({ delivered: 23, disorder: 2 * (4 + 5), echoed: 23 }));
    writer?.cut();
    reader?.cut();
    relay.close();
  }, slow);

  test.each(contestantNames.filter((name) => name !== 'accord'))('[BE3] %s delivers every edit of a run to everybody else', async (name) => {
    expect(await type(name)).toMatchObject(everything);
  }, slow);
});

describe('the durable relay', () => {
  test('[BE2] what it said was saved is there after it was killed, and comes back to whoever opens the plan', async () => {
    const one = contestant('durable relay');
    const [plan = ''] = bench.newPlans(1);
    const [person] = bench.people;
    if (!person) throw new Error('nobody');
    const { section } = person;
    const stream = streamOf(bench.content, person, 0, 50);
    const server = await one.start(bench.world);
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/${plan}`);
    const answered = new Set<number>();
    socket.on('message', (data: Buffer) => {
      for (const frame of decodeFrames(splitSection(data)?.frame ?? new Uint8Array()) ?? []) if (frame.kind === 'barrier-answer') answered.add(frame.number);
    });
    socket.on('open', () => stream.edits.forEach((update, index) => {
      socket.send(withSection(section, encodeFrame({ kind: 'update', update })));
      socket.send(withSection(section, encodeBarrier(index)));
    }));
    await eventually(() => expect(answered.size).toBeGreaterThan(20), 60_000);
    await server.stop('SIGKILL');
    const promised = Math.max(...answered) + 1;
    socket.terminate();

    const rows = await bench.world.query<{ bytes: Buffer }>('durable', 'SELECT bytes FROM log WHERE room = $1 ORDER BY id', [plan]);
    expect(rows.length).toBeGreaterThanOrEqual(promised);
    rows.forEach(({ bytes }, index) => expect(bytes.equals(stream.edits[index] as Uint8Array)).toBe(true));

    const again = await one.start(bench.world);
    const reader = new WebSocket(`ws://127.0.0.1:${again.port}/${plan}`);
    const state = await new Promise<Uint8Array>((resolve) => {
      reader.on('open', () => reader.send(withSection(section, encodeFrame({ kind: 'step1', stateVector: Uint8Array.of(0) }))));
      reader.on('message', (data: Buffer) => {
        const [frame] = decodeFrames(splitSection(data)?.frame ?? new Uint8Array()) ?? [];
        if (frame?.kind === 'step2') resolve(frame.update);
      });
    });
    reader.terminate();
    await again.stop();
    expect(Y.parseUpdateMeta(state).to.get(stream.client)).toBe(rows.length);
  }, slow);
});

describe('the table', () => {
  test('[BE4] a run of Accord and the durable relay ends in a table with their medians and a verdict for each target that was measured', async () => {
    const lines: string[] = [];
    const { samples, failures } = await measureAll(bench, {
      workloads: workloads.filter(({ name }) => name === 'meeting'), rounds: 1, sizes: { ...quickSizes, measureMs: 2_000 }, takesPart: (name) => name === 'accord' || name === 'durable relay',
    }, (line) => lines.push(line));
    expect(failures).toEqual([]);
    expect(lines).toHaveLength(2);
    for (const name of ['accord', 'durable relay']) {
      const of = (figure: string) => samples.find((sample) => sample.contestant === name && sample.figure === figure)?.value;
      expect({ lost: of('not delivered'), disorder: of('out of order'), closed: of('closed') }).toEqual({ lost: 0, disorder: 0, closed: 0 });
      for (const figure of ['to others p50 ms', 'to others p99 ms', 'saved p50 ms', 'saved p99 ms', 'delivered/s', 'presence frames/s']) expect(of(figure)).toBeGreaterThan(0);
    }
    const table = showTable(samples).split('\n');
    expect(table.find((line) => line.startsWith('meeting'))).toMatch(/durable relay +accord$/);
    expect(table.find((line) => line.includes('to others p50 ms'))).toMatch(/ [\d.,]+ +[\d.,]+$/);
    expect(verdicts(samples).map(({ text }) => text.replace(/ms .*/, 'ms'))).toEqual(['to others p50', 'to others p99', 'saved p50', 'saved p99'].map((figure) => `meeting: ${figure} ms`));
  }, slow);

  const sampled = (contestantName: ContestantName, row: string, figure: string, values: readonly number[]): Sample[] =>
    values.map((value, index) => ({ contestant: contestantName, row, figure, value, round: index + 1 }));

  test('[BE4] a target is judged by the ratio of the medians, in its own direction', () => {
    const judged = (ours: readonly number[], theirs: readonly number[]): readonly boolean[] => verdicts([
      ...sampled('accord', 'saturation 1 × 20', 'delivered/s', ours), ...sampled('hocuspocus', 'saturation 1 × 20', 'delivered/s', theirs), ...sampled('durable relay', 'saturation 1 × 20', 'delivered/s', theirs),
    ]).map(({ reached }) => reached);
    expect(judged([160, 1, 150], [100, 100, 100])).toEqual([true, true]);
    expect(judged([149, 1, 999], [100, 100, 100])).toEqual([false, true]);
    expect(judged([50, 59, 70], [100, 1, 999])).toEqual([false, false]);
    const meeting = [...sampled('accord', 'meeting', 'saved p50 ms', [3]), ...sampled('durable relay', 'meeting', 'saved p50 ms', [2])];
    expect(verdicts(meeting)).toEqual([{ reached: true, text: 'meeting: saved p50 ms 1.50 × durable relay, wanted ≤ 1.5' }]);
    expect(verdicts(meeting.filter((sample) => sample.contestant === 'accord'))).toEqual([]);
  });

  test('[BE5] a figure for which the load itself was the limit is marked, in the table and beside the verdict', () => {
    const samples = [
      ...sampled('accord', 'saturation 1 × 20', 'delivered/s', [200]), ...sampled('accord', 'saturation 1 × 20', 'load busy', [0.97]),
      ...sampled('hocuspocus', 'saturation 1 × 20', 'delivered/s', [100]), ...sampled('hocuspocus', 'saturation 1 × 20', 'load busy', [0.5]),
    ];
    expect(showTable(samples)).toMatch(/delivered\/s +200\* +100\n/);
    expect(showTable(samples)).toMatch(/\* the load’s own process/);
    expect(verdicts(samples)[0]?.text).toMatch(/; the load was the limit of Accord$/);
    expect(showTable(samples.filter((sample) => sample.contestant === 'hocuspocus'))).not.toContain('*');
  });
});

test('[BE6] the audit log is walked from its first entry to its last root, beside hashing the same bytes, and a log that does not hold is no measurement', async () => {
  const figures = Object.fromEntries((await measureAudit(bench, 1_600)).map(({ figure, value }) => [figure, value]));
  expect(figures).toMatchObject({ 'entries': 1_600, 'entries/s': expect.any(Number), 'hashing alone/s': expect.any(Number) });
  expect(figures['leaves']).toBeGreaterThanOrEqual(1_600);
  expect(figures['× hashing alone']).toBeGreaterThan(1);
  await world.query('accord', `ALTER TABLE audit_entries DISABLE TRIGGER never_changes`);
  await world.query('accord', `UPDATE audit_entries SET entry = replace(entry, '"done"', '"refused"') WHERE stream = 'access:org_bench-audit:3' AND seq = 7`);
  await expect(measureAudit(bench, 1_600)).rejects.toThrow('access:org_bench-audit:3');
}, slow);
