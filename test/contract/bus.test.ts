/** One suite for both buses: a feature cannot tell which one it has. Then what only a bus over a network must survive. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import pino from 'pino';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { redisBus } from '../../server/bus/redis.ts';
import { systemClock } from '../../server/config/system.ts';
import type { Bus } from '../../server/ports.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { eventually } from '../support/eventually.ts';

const quiet = pino({ level: 'silent' });
const bytes = (...values: number[]) => Uint8Array.from(values);
const awkward = bytes(0, 255, 1, 254, 128, 10, 13, 195, 40);
let redis: TestRedis;
beforeAll(async () => { redis = await startRedis(); });
afterAll(() => redis.stop());

describe.each([
  ['in process', async (): Promise<Bus> => inProcessBus(systemClock)],
  ['over Redis', (): Promise<Bus> => redisBus(redis.url, quiet)],
])('bus %s', (_name, open) => {
  let bus: Bus;
  beforeAll(async () => { bus = await open(); });
  afterAll(() => bus.close());

  test('[BU1] every listener of a channel hears every message byte for byte and in order, and no other channel does', async () => {
    const first: Uint8Array[] = [];
    const second: Uint8Array[] = [];
    const elsewhere: Uint8Array[] = [];
    const stops = await Promise.all([
      bus.subscribe('plan-a', (message) => void first.push(message)),
      bus.subscribe('plan-a', (message) => void second.push(message)),
      bus.subscribe('plan-b', (message) => void elsewhere.push(message)),
    ]);
    const sent = [awkward, bytes(), bytes(7)];
    for (const message of sent) bus.publish('plan-a', message);
    await eventually(() => expect(second).toEqual(sent));
    expect(first).toEqual(sent);
    expect(elsewhere).toEqual([]);
    await Promise.all(stops.map((stop) => stop()));
  });

  test('[BU1] a message is the bytes as they were when published', async () => {
    const heard: Uint8Array[] = [];
    const stop = await bus.subscribe('copied', (message) => void heard.push(message));
    const message = bytes(1, 2, 3);
    bus.publish('copied', message);
    message.fill(9);
    await eventually(() => expect(heard).toEqual([bytes(1, 2, 3)]));
    await stop();
  });

  test('[BU2] who stopped listening hears nothing more, and the others go on', async () => {
    const stopped: Uint8Array[] = [];
    const going: Uint8Array[] = [];
    const stop = await bus.subscribe('stopping', (message) => void stopped.push(message));
    const stopOther = await bus.subscribe('stopping', (message) => void going.push(message));
    await stop();
    bus.publish('stopping', bytes(1));
    await eventually(() => expect(going).toHaveLength(1));
    expect(stopped).toEqual([]);
    await stopOther();
    const again: Uint8Array[] = [];
    const stopAgain = await bus.subscribe('stopping', (message) => void again.push(message));
    bus.publish('stopping', bytes(2));
    await eventually(() => expect(again).toEqual([bytes(2)]));
    await stopAgain();
  });

  test('[BU3] a fact is listed until it is removed or its time is over, each member by itself', async () => {
    await bus.put('presence', 'amina', awkward, 60_000);
    await bus.put('presence', 'bartek', bytes(2), 60_000);
    await bus.put('presence', 'chidi', bytes(3), 60);
    expect((await bus.list('presence')).get('amina')).toEqual(awkward);
    await bus.remove('presence', 'bartek');
    await eventually(async () => expect([...(await bus.list('presence')).keys()]).toEqual(['amina']));
    await bus.put('presence', 'amina', bytes(4), 60_000);
    expect(await bus.list('presence')).toEqual(new Map([['amina', bytes(4)]]));
    expect(await bus.list('nobody')).toEqual(new Map());
    await bus.remove('presence', 'amina');
  });

  test('[BU3] a fact put again lives as long as its last putting says', async () => {
    await bus.put('renewed', 'amina', bytes(1), 50);
    await bus.put('renewed', 'amina', bytes(1), 60_000);
    await bus.put('renewed', 'mark', bytes(1), 80);
    await eventually(async () => expect([...(await bus.list('renewed')).keys()]).toEqual(['amina']));
  });
});

describe('bus over Redis, when Redis fails', () => {
  const opened: { close(): Promise<void> }[] = [];
  const servers: TestRedis[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    for (const server of servers.splice(0)) await server.stop();
  });
  const own = async (port?: number) => {
    const server = await startRedis(port, 'own');
    servers.push(server);
    return server;
  };

  test('[BU4] two nodes hear each other', async () => {
    const [one, two] = [await redisBus(redis.url, quiet), await redisBus(redis.url, quiet)];
    opened.push(one, two);
    const heard: Uint8Array[] = [];
    await two.subscribe('across', (message) => void heard.push(message));
    one.publish('across', awkward);
    await eventually(() => expect(heard).toEqual([awkward]));
    await one.put('across', 'amina', bytes(1), 60_000);
    expect((await two.list('across')).has('amina')).toBe(true);
  });

  test('[BU5] HAZ-07 a killed Redis is noticed, stops nobody, and is taken up again by itself', async () => {
    const server = await own();
    const bus = await redisBus(server.url, quiet);
    opened.push(bus);
    const heard: Uint8Array[] = [];
    let reconnections = 0;
    bus.onReconnect(() => { reconnections += 1; });
    await bus.subscribe('lost', (message) => void heard.push(message));
    await server.stop();
    await eventually(() => expect(bus.connected).toBe(false));
    bus.publish('lost', bytes(1));
    await bus.put('presence', 'amina', bytes(1), 60_000);
    expect(await bus.list('presence')).toEqual(new Map());
    const later: Uint8Array[] = [];
    await bus.subscribe('asked while away', (message) => void later.push(message));
    await own(Number(new URL(server.url).port));
    await eventually(() => expect(bus.connected).toBe(true));
    expect(reconnections).toBeGreaterThan(0);
    await eventually(() => {
      bus.publish('lost', bytes(2));
      bus.publish('asked while away', bytes(3));
      expect(heard).toContainEqual(bytes(2));
      expect(later).toContainEqual(bytes(3));
    });
  });

  test('[BU6] HAZ-07 nobody waits for a frozen Redis longer than the limit', async () => {
    const server = await own();
    const bus = await redisBus(server.url, quiet);
    opened.push(bus);
    server.process?.kill('SIGSTOP');
    const began = performance.now();
    await Promise.all([bus.put('presence', 'amina', bytes(1), 60_000), bus.list('presence'), bus.subscribe('frozen', () => undefined)]);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(bus.connected).toBe(false);
    const afterwards = performance.now();
    await bus.list('presence');
    expect(performance.now() - afterwards).toBeLessThan(100);
    server.process?.kill('SIGCONT');
    await eventually(() => expect(bus.connected).toBe(true));
  });

  test('[BU7] a service starts without Redis and has it once it is there', async () => {
    const server = await own();
    const port = Number(new URL(server.url).port);
    await server.stop();
    const bus = await redisBus(server.url, quiet);
    opened.push(bus);
    expect(bus.connected).toBe(false);
    await own(port);
    await eventually(() => expect(bus.connected).toBe(true));
  });
});
