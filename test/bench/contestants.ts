/** The servers that are compared: how each is started, filled and spoken to. */
import path from 'node:path';
import { freePort } from '../support/redis.ts';
import type { Content, Target } from './orders.ts';
import { startServer, type Running } from './processes.ts';
import { copyTemplate, type World } from './world.ts';

export const contestantNames = ['bare relay', 'durable relay', 'hocuspocus', 'y-websocket', 'accord'] as const;
export type ContestantName = (typeof contestantNames)[number];

export interface Contestant {
  readonly name: ContestantName;
  /** Keeps what it is given over a restart. */
  readonly keeps: boolean;
  readonly target: Omit<Target, 'port'>;
  start(world: World, options?: readonly string[]): Promise<Running & { readonly port: number; readonly target: Target }>;
  /** Makes these plans in its storage, each with the content; `undefined` where only a client can. */
  readonly fill: ((world: World, plans: readonly string[], content: Content) => Promise<void>) | undefined;
}

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

async function started(contestant: Pick<Contestant, 'target'>, file: string, env: Readonly<Record<string, string>>, ready: RegExp, options: readonly string[] | undefined) {
  const port = await freePort();
  const running = await startServer({ file, env: { PORT: String(port), HOST: '127.0.0.1', ...env }, ready, ...(options ? { options } : {}) });
  return { ...running, port, target: { ...contestant.target, port } };
}

const bareRelay: Contestant = {
  name: 'bare relay', keeps: false, target: { dialect: 'sections', path: '/', answers: false },
  start: (_world, options) => started(bareRelay, 'test/bench/bareRelay.ts', {}, /is ready/, options),
  fill: async () => undefined,
};

const durableRelay: Contestant = {
  name: 'durable relay', keeps: true, target: { dialect: 'sections', path: '/', answers: true },
  start: (world, options) => started(durableRelay, 'test/bench/durableRelay.ts', { DATABASE_URL: world.urlOf('durable') }, /is ready/, options),
  fill: async (world, plans, { sections }) => {
    const rows = Object.entries(sections);
    await world.query('durable', `INSERT INTO log (room, section, bytes)
      SELECT room, section, bytes FROM unnest($1::text[]) AS room, unnest($2::text[], $3::bytea[]) AS part (section, bytes)`,
    [plans, rows.map(([section]) => section), rows.map(([, bytes]) => bytesOf(bytes))]);
  },
};

const hocuspocus: Contestant = {
  name: 'hocuspocus', keeps: true, target: { dialect: 'named', path: '/', answers: true },
  start: (world, options) => started(hocuspocus, 'test/bench/hocuspocus.ts', { DATABASE_URL: world.urlOf('hocuspocus') }, /is ready/, options),
  fill: async (world, plans, { whole }) => void (await world.query('hocuspocus', 'INSERT INTO documents SELECT name, $2 FROM unnest($1::text[]) AS name', [plans, bytesOf(whole)])),
};

const yWebsocket: Contestant = {
  name: 'y-websocket', keeps: true, target: { dialect: 'plain', path: '/', answers: false },
  start: (world, options) => started(yWebsocket, 'node_modules/@y/websocket-server/src/server.js', { YPERSISTENCE: path.join(world.folder, 'y-websocket') }, /running at/, options),
  fill: undefined,
};

const accord: Contestant = {
  name: 'accord', keeps: true, target: { dialect: 'sections', path: '/sync/', answers: true },
  start: (world, options) => started(accord, 'server/main.ts',
    { DATABASE_URL: world.urlOf('accord'), DATA_DIR: path.join(world.folder, 'service'), DEMO: 'true', LOG_LEVEL: 'warn' }, /is ready at/, options),
  fill: (world, plans) => copyTemplate(world, plans),
};

export const contestants: readonly Contestant[] = [bareRelay, durableRelay, hocuspocus, yWebsocket, accord];

/** Signs the people in, each in a session of their own, and answers their cookies. */
export async function signIn(port: number, ids: readonly string[]): Promise<Map<string, string>> {
  const url = `http://127.0.0.1:${port}`;
  const cookies = new Map<string, string>();
  for (const id of ids) {
    const answer = await fetch(`${url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body: JSON.stringify({ personId: id }) });
    if (answer.status !== 200) throw new Error(`${id} could not sign in: ${answer.status} ${await answer.text()}`);
    cookies.set(id, answer.headers.get('set-cookie')?.split(';')[0] ?? '');
  }
  return cookies;
}
