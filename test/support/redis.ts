/** A real Redis for tests: REDIS_URL's when given, else a redis-server of the test's own, which dies with the test. */
import { execFile } from 'node:child_process';
import { createServer, connect } from 'node:net';
import { promisify } from 'node:util';
import { startTied } from '../../server/db/tiedProcess.ts';

const run = promisify(execFile);
const installation = 'apt-get install -y redis-server';

export interface TestRedis {
  readonly url: string;
  /** Undefined when the server is not ours to hurt. */
  readonly process: { readonly pid: number; kill(signal: NodeJS.Signals): void } | undefined;
  stop(): Promise<void>;
}

/** Starts one, on `port` when given (to come back after a kill), empty and keeping nothing. `own` is for tests that kill or freeze it. */
export async function startRedis(port?: number, whose: 'any' | 'own' = 'any'): Promise<TestRedis> {
  const given = whose === 'any' ? process.env['REDIS_URL'] : undefined;
  if (given) return { url: given, process: undefined, stop: async () => {} };
  await ensureRedis();
  const chosen = port ?? (await freePort());
  const server = await startTied('redis-server', ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { stdio: 'ignore', lastSignal: 'KILL' });
  const deadline = Date.now() + 10_000;
  while (!(await answers(chosen))) {
    if (!server.running() || Date.now() > deadline) throw new Error(`redis-server did not start on port ${chosen}`);
  }
  return {
    url: `redis://127.0.0.1:${chosen}`,
    process: { pid: server.pid, kill: (signal) => server.kill(signal) },
    stop: async () => {
      server.kill('SIGKILL');
      await server.ended;
    },
  };
}

/** Makes sure that a redis-server program is on the path, installing it where that is possible. Throws the one command to type where it is not. */
export async function ensureRedis(): Promise<void> {
  if (await found()) return;
  const privileged = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const apt = async (...args: string[]) => {
    const [file = '', ...rest] = [...privileged, 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args];
    await run(file, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, maxBuffer: 64 * 1024 * 1024 });
  };
  await apt('install', '-y', 'redis-server')
    .catch(async () => {
      await apt('update');
      await apt('install', '-y', 'redis-server');
    })
    .catch((error: unknown) => {
      throw new Error(`The tests need a Redis server. Type: ${process.getuid?.() === 0 ? '' : 'sudo '}${installation}`, { cause: error });
    });
  if (!(await found())) throw new Error(`The tests need redis-server on the path. Type: sudo ${installation}`);
}

/** A port nobody listens on at this moment. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

const found = (): Promise<boolean> => run('redis-server', ['--version']).then(() => true, () => false);

/** True once the server answers a PING. Waits for the answer itself, so asking again at once is no busy loop. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => void socket.write('PING\r\n'));
    const end = (answer: boolean) => {
      socket.destroy();
      setTimeout(() => resolve(answer), answer ? 0 : 10);
    };
    socket.setTimeout(1_000, () => end(false));
    socket.once('data', (data) => end(data.toString().startsWith('+PONG')));
    socket.once('error', () => end(false));
  });
