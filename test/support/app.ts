/** The real application in this process, on a free port, with a database of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import type { PersonId } from '../../shared/ids.ts';
import { createApp } from '../../server/app.ts';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { redisBus } from '../../server/bus/redis.ts';
import { systemClock, systemRandom } from '../../server/config/system.ts';
import { readMigrations } from '../../server/db/migrate.ts';
import { openDatabase } from '../../server/db/pool.ts';
import { findPerson } from '../../server/identity/store.ts';
import type { Bus, Database, Deps, Settings } from '../../server/ports.ts';
import { makeDatabase } from './database.ts';
import { freePort } from './redis.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or undefined when the answer has none. */
  readonly body: Record<string, unknown>;
}
export interface Api {
  get(path: string): Promise<Answer>;
  send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}
export interface TestApp {
  readonly url: string;
  readonly db: Database;
  readonly bus: Bus;
  readonly deps: Deps;
  readonly settings: Settings;
  readonly databaseUrl: string;
  /** Signs in through the public route; answers the Cookie header. */
  signIn(personId: string): Promise<string>;
  /** Calls as the browser would: same-origin, with the cookie when there is one. */
  api(cookie?: string): Api;
  /** Adds an organisation. */
  organisation(id: string, kind?: string): Promise<string>;
  /** Adds a person (their organisation too, when it is not there). */
  person(slug: string, role: Role, extra?: { organisationId?: string; senior?: boolean; simulated?: boolean }): Promise<Actor>;
  close(): Promise<void>;
}
export interface TestAppOptions {
  readonly redisUrl?: string;
  /** Another node on the same database: that database's address. */
  readonly databaseUrl?: string;
  readonly settings?: Partial<Settings>;
  /** Where log lines go; nowhere when left out. */
  readonly logTo?: (line: string) => void;
  /** Fill the database with the demo community and its patients (takes seconds). */
  readonly seed?: boolean;
}

export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const own = options.databaseUrl === undefined ? await makeDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? own?.url ?? '';
  const log = options.logTo ? pino({ level: 'info' }, { write: options.logTo }) : pino({ level: 'silent' });
  const db = own?.db ?? openDatabase({ url: databaseUrl, log });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const dataDir = await mkdtemp(path.join(tmpdir(), 'accord-app-'));
  const settings: Settings = {
    host: '127.0.0.1', port, publicUrl: url, databaseUrl, redisUrl: options.redisUrl, dataDir, demo: true, logLevel: 'silent', nodeId: `test-${randomBytes(3).toString('hex')}`,
    checkpointsDir: path.join(dataDir, 'checkpoints'), witnesses: [], witnessFor: [], namesForPatients: false, ...options.settings,
  };
  const bus = options.redisUrl === undefined ? inProcessBus(systemClock) : await redisBus(options.redisUrl, log);
  const app = await createApp({ settings, db, bus, log, clock: systemClock, random: systemRandom, migrations: (await readMigrations()).length, version: 'test' });
  if (options.seed) await app.seedDemo();
  await app.listen();

  const api = (cookie?: string): Api => {
    const call = async (method: string, path: string, body?: unknown, extra: Record<string, string> = {}): Promise<Answer> => {
      const headers: Record<string, string> = { ...(cookie ? { cookie } : {}), ...(method === 'GET' ? {} : { origin: settings.publicUrl }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...extra };
      const response = await fetch(url + path, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
      const text = await response.text();
      const json = response.headers.get('content-type')?.includes('json') ?? false;
      return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Record<string, unknown> };
    };
    return { get: (path) => call('GET', path), send: call, post: (path, body, headers) => call('POST', path, body, headers) };
  };
  const organisation = async (id: string, kind = 'hospice') => {
    await db.query('INSERT INTO organisations (id, name, kind) SELECT $1, $2, $3 WHERE NOT EXISTS (SELECT FROM organisations WHERE id = $1)', [id, `Organisation ${id.slice(4)}`, kind]);
    return id;
  };

  return {
    url, db, bus, deps: app.deps, settings, databaseUrl, api, organisation,
    signIn: async (personId) => {
      const answer = await api().post('/api/session', { personId });
      const cookie = answer.headers.get('set-cookie')?.split(';')[0];
      if (answer.status !== 200 || !cookie) throw new Error(`${personId} could not sign in: ${answer.status} ${JSON.stringify(answer.body)}`);
      return cookie;
    },
    person: async (slug, role, { organisationId = 'org_one', senior = false, simulated = false } = {}) => {
      await organisation(organisationId);
      const id = `person_${slug}` as PersonId;
      await db.query(
        'INSERT INTO people (id, name, role, job_title, organisation_id, senior_clinician, simulated) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [id, `Person ${slug}`, role, role, organisationId, senior, simulated],
      );
      const actor = await findPerson(db, id);
      if (!actor) throw new Error(`${id} was not added`);
      return actor;
    },
    close: async () => {
      await app.close();
      await bus.close();
      await (own ? own.drop() : db.close());
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
