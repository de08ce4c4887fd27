/** Starts the service and stops it: each step that was taken is taken back in reverse order. */
import { readFile } from 'node:fs/promises';
import { buildIfStale } from '../client/build.ts';
import { limits } from '../shared/limits.ts';
import { checkAddress, createApp } from './app.ts';
import { inProcessBus } from './bus/inProcess.ts';
import { redisBus } from './bus/redis.ts';
import { plainLine } from './config/command.ts';
import { createLog } from './config/log.ts';
import { readSettings } from './config/settings.ts';
import { systemClock, systemRandom } from './config/system.ts';
import { openDatabase } from './db/pool.ts';
import { openStorage } from './db/storage.ts';
import { measureProcess } from './http/observe.ts';
import type { Settings } from './ports.ts';

const undo: (() => Promise<void>)[] = [];

async function start(settings: Settings): Promise<void> {
  const log = createLog(settings.logLevel, settings.nodeId);
  measureProcess();
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error that nobody expected; stopping');
    void stop(1);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));

  await checkAddress(settings.host, settings.port);
  await buildIfStale();
  const storage = await openStorage(settings, log);
  undo.push(storage.stop);
  const db = openDatabase({ url: storage.url, log, connectionsKept: limits.databaseConnectionsKept });
  undo.push(() => db.close());
  const bus = settings.redisUrl === undefined ? inProcessBus(systemClock, 'only-node') : await redisBus(settings.redisUrl, log);
  undo.push(() => bus.close());
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  const app = await createApp({ settings, db, bus, log, clock: systemClock, random: systemRandom, migrations: storage.migrations, version });
  undo.push(() => app.close());
  if (settings.demo) await app.seedDemo();
  await db.connect();
  await app.listen();
  void storage.lost.then((error) => {
    if (stopping) return;
    log.fatal({ err: error }, 'storage is gone; stopping');
    void stop(1);
  });
  if (!stopping) process.stdout.write(`Accord is ready at ${settings.publicUrl}\n`);
}

let stopping: Promise<void> | undefined;

/** Takes back what was started. A second request to stop does not wait for the first to end. */
function stop(code: number): Promise<void> {
  if (stopping) process.exit(code || 1);
  stopping = (async () => {
    for (const step of undo.splice(0).reverse()) await step().catch((error: unknown) => complain(error));
    process.exit(code);
  })();
  return stopping;
}

const complain = (error: unknown): void => void process.stderr.write(`${plainLine(error)}\n`);

const answer = readSettings(process.env);
if ('complaint' in answer) {
  complain(answer.complaint);
  process.exit(1);
}
start(answer.settings).catch((error: unknown) => {
  complain(error);
  void stop(1);
});
