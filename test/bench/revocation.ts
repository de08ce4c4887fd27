/**
 * `npm run revocation [-- --count N]`: how long after a right has ended the live line on another node is cut, with hints between the nodes and without. Two
 * nodes in one process on one real database; the time runs from the answer to whoever ended the right. Loopback only, stops by itself.
 */
import { parseArgs } from 'node:util';
import { startApp, type TestApp } from '../support/app.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { startTestPostgres } from '../support/postgres.ts';
import { openSocket, type RawSocket } from '../support/provider.ts';
import { startRedis } from '../support/redis.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
let numbers = 999_700_000;
const nextNumber = (): string => makeNhsNumber(String((numbers += 1))) ?? nextNumber();

interface Pair {
  readonly here: TestApp;
  readonly there: TestApp;
  readonly coordinator: string;
}
/** Ends a right of the person on the first node; `cookie` is theirs. */
type Ending = (pair: Pair, planId: string, personId: string, cookie: string) => Promise<unknown>;

const endings: Readonly<Record<string, Ending>> = {
  'organisation leaves the care team': ({ here, coordinator }, planId) => here.api(coordinator).send('DELETE', `/api/plans/${planId}/team/org_two`),
  'signed out elsewhere': ({ here }, _planId, _personId, cookie) => here.api(cookie).send('DELETE', '/api/session'),
  'screen locked elsewhere': ({ here }, _planId, _personId, cookie) => here.api(cookie).post('/api/session/lock'),
  'role changed in storage': ({ here }, _planId, personId) => here.db.query(`UPDATE people SET role = 'privacy-officer' WHERE id = $1`, [personId]),
};

async function opened(there: TestApp, planId: string, cookie: string): Promise<RawSocket> {
  const socket = openSocket(there.url.replace('http', 'ws') + '/sync', `/${planId}/identity`, { cookie });
  await socket.opened();
  socket.say({ kind: 'barrier', number: 1 });
  await socket.saved(1);
  return socket;
}

async function timesOf(pair: Pair, ending: Ending, count: number, label: string): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const { id } = await pair.here.person(`${label}-${at}`, 'gp', { organisationId: 'org_two' });
    const made = await pair.here.api(pair.coordinator).post('/api/plans', { patient: { nhsNumber: nextNumber(), familyName: 'Testwell', givenName: 'Ada', birthDate: '1941-06-05' } });
    const planId = String(made.body['id']);
    await pair.here.api(pair.coordinator).post(`/api/plans/${planId}/team`, { organisationId: 'org_two', relationship: 'GP practice' });
    const cookie = await pair.there.signIn(id);
    const socket = await opened(pair.there, planId, cookie);
    await ending(pair, planId, id, cookie);
    const ended = performance.now();
    await socket.closed();
    times.push(performance.now() - ended);
  }
  return times.toSorted((a, b) => a - b);
}

const at = (times: readonly number[], share: number): string => `${((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN) / 1000).toFixed(2)} s`;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { count: { type: 'string', default: '20' } } });
  const count = Number(values.count);
  if (!Number.isInteger(count) || count < 1 || count > 500) throw new Error('--count wants a whole number from 1 to 500.');
  const postgres = await startTestPostgres();
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  process.env['TEST_POSTGRES_TEMPLATE'] = postgres.template;
  for (const hints of [true, false]) {
    const redis = hints ? await startRedis() : undefined;
    const here = await startApp(redis ? { redisUrl: redis.url } : {});
    const there = await startApp({ databaseUrl: here.databaseUrl, ...(redis ? { redisUrl: redis.url } : {}) });
    const coordinator = await here.signIn((await here.person('coordinator', 'coordinator')).id);
    await here.organisation('org_two');
    for (const [name, ending] of Object.entries(endings)) {
      const times = await timesOf({ here, there, coordinator }, ending, count, `${hints ? 'h' : 'n'}${name.replaceAll(' ', '')}`);
      say(`${hints ? 'with Redis   ' : 'without Redis'}  ${name.padEnd(34)}  median ${at(times, 0.5)}  p95 ${at(times, 0.95)}  most ${at(times, 1)}  (${times.length})`);
    }
    await there.close();
    await here.close();
    await redis?.stop();
  }
  await postgres.stop();
}

main().then(() => process.exit(0), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
