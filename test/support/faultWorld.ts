/** What fault runs happen in: two real nodes on a PostgreSQL and a Redis of their own, and a faulty network between every two of them. */
import { readdir, readFile, rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { verifyPlan } from '../../server/audit/verify.ts';
import { startEmbedded, type EmbeddedPostgres } from '../../server/db/embedded.ts';
import { openDatabase } from '../../server/db/pool.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { PlanId } from '../../shared/ids.ts';
import type { StoredRow } from './checker.ts';
import { administer } from './postgres.ts';
import { startPostgresProxy, type PostgresProxy } from './postgresProxy.ts';
import { startProduct, type Product } from './product.ts';
import { Proxy } from './proxy.ts';
import { freePort, startRedis, type TestRedis } from './redis.ts';

/** People of the demonstration who may write what matters to a person, each of another organisation. */
export const cast = { coordinator: 'person_helen-carter', gp: 'person_amara-osei', nurse: 'person_ann-reid', hospice: 'person_priya-nair' } as const;
export type CastName = keyof typeof cast;
const organisations = { gp: 'org_elm-street', nurse: 'org_northmere-nursing', hospice: 'org_lantern-house' } as const;

export interface FaultNode {
  readonly name: 'A' | 'B';
  readonly product: Product;
  /** Between people and the node. */
  readonly front: Proxy;
  /** Between the node and PostgreSQL. */
  readonly storage: PostgresProxy;
  /** Between the node and Redis. */
  readonly bus: Proxy;
  /** `http://…` and `ws://…` through the front. */
  readonly http: string;
  readonly ws: string;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const memoryEveryMs = 250;

export class FaultWorld {
  readonly cookies = new Map<CastName, string>();
  #worstMemoryKb = 0;
  #plans = Math.floor(performance.timeOrigin) % 90_000;
  readonly #watch: NodeJS.Timeout;

  private constructor(
    readonly postgres: EmbeddedPostgres, private readonly folder: string, public redis: TestRedis, readonly redisPort: number,
    readonly nodes: readonly [FaultNode, FaultNode], private readonly origin: string, readonly random: () => number,
  ) {
    this.#watch = setInterval(() => void this.#measure(), memoryEveryMs);
    process.once('exit', this.#lastResort);
  }
  /** Nodes never outlive the run, however it ends. */
  readonly #lastResort = (): void => { for (const { product } of this.nodes) product.signal('SIGKILL'); };

  static async start(seed = 1): Promise<FaultWorld> {
    const folder = await mkdtemp(path.join(tmpdir(), 'accord-faults-'));
    const random = seeded(seed);
    // Durable: what is killed here must come back as it would in earnest.
    const postgres = await startEmbedded(folder, { keep: 'durable' });
    await administer(postgres.urlOf('postgres'), 'CREATE DATABASE accord');
    const redisPort = await freePort();
    const redis = await startRedis(redisPort, 'own');
    const socket = path.join(new URL(postgres.urlOf('accord').replace('accord@/', 'accord@localhost/')).searchParams.get('host') ?? '', '.s.PGSQL.5432');
    const ports = [await freePort(), await freePort()] as const;
    const origin = `http://127.0.0.1:${ports[0]}`;
    const node = async (name: 'A' | 'B', port: number): Promise<FaultNode> => {
      const storage = await startPostgresProxy({ path: socket });
      const bus = await Proxy.start({ target: { host: '127.0.0.1', port: redisPort }, random });
      const front = await Proxy.start({ target: { host: '127.0.0.1', port }, random });
      const product = await startProduct({
        port,
        env: { DEMO: 'true', PUBLIC_URL: origin, DATABASE_URL: `postgres://accord@127.0.0.1:${storage.proxy.port}/accord`, REDIS_URL: `redis://127.0.0.1:${bus.port}`, LOG_LEVEL: 'warn' },
      });
      return { name, product, front, storage, bus, http: `http://127.0.0.1:${front.port}`, ws: `ws://127.0.0.1:${front.port}` };
    };
    // One after the other: the first makes the schema and the invented people.
    const first = await node('A', ports[0]);
    const world = new FaultWorld(postgres, folder, redis, redisPort, [first, await node('B', ports[1])], origin, random);
    for (const name of Object.keys(cast) as CastName[]) world.cookies.set(name, await world.#signIn(name));
    return world;
  }

  get a(): FaultNode {
    return this.nodes[0];
  }
  get b(): FaultNode {
    return this.nodes[1];
  }
  get postgresUrl(): string {
    return this.postgres.urlOf('accord');
  }
  cookie(who: CastName): string {
    return this.cookies.get(who) ?? '';
  }
  get worstMemoryMb(): number {
    return Math.round(this.#worstMemoryKb / 1024);
  }
  forgetMemory(): void {
    this.#worstMemoryKb = 0;
  }

  async call(node: FaultNode, who: CastName, method: 'GET' | 'POST' | 'DELETE', address: string, body?: unknown, deadlineMs = 20_000): Promise<Answer> {
    const answer = await fetch(node.http + address, {
      method, headers: { 'content-type': 'application/json', origin: this.origin, cookie: this.cookies.get(who) ?? '' }, signal: AbortSignal.timeout(deadlineMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: await answer.json() };
  }
  /** As `call`, for what has to succeed. */
  async get<T>(node: FaultNode, who: CastName, address: string): Promise<T> {
    const { status, body } = await this.call(node, who, 'GET', address);
    if (status !== 200) throw new Error(`${address} answered ${status}: ${JSON.stringify(body)}`);
    return body as T;
  }
  /** Status of `/livez` or `/readyz`, 0 when nothing comes in time. Past the front: the platform asks the node itself. */
  async health(node: FaultNode, which: 'livez' | 'readyz', deadlineMs = 8_000): Promise<number> {
    return fetch(`${node.product.url}/${which}`, { signal: AbortSignal.timeout(deadlineMs) }).then(async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    }, () => 0);
  }

  async #signIn(who: CastName): Promise<string> {
    const answer = await fetch(`${this.a.http}/api/session`, {
      method: 'POST', headers: { 'content-type': 'application/json', origin: this.origin }, body: JSON.stringify({ personId: cast[who] }),
    });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    if (!cookie) throw new Error(`${who} could not sign in: ${answer.status}`);
    return cookie;
  }

  /** A new plan with the whole cast on its team. */
  async newPlan(): Promise<PlanId> {
    let nhsNumber: string | undefined;
    while (nhsNumber === undefined) nhsNumber = makeNhsNumber(String(999_300_000 + (this.#plans += 1)));
    const made = await this.call(this.a, 'coordinator', 'POST', '/api/plans', { patient: { nhsNumber, familyName: 'Faultrun', givenName: 'Test', birthDate: '1940-02-03' } });
    if (made.status !== 201) throw new Error(`no plan: ${JSON.stringify(made.body)}`);
    const { id } = made.body as { id: PlanId };
    for (const organisationId of Object.values(organisations)) await this.call(this.a, 'coordinator', 'POST', `/api/plans/${id}/team`, { organisationId, relationship: 'Takes part' });
    return id;
  }
  async endAccess(planId: PlanId, who: keyof typeof organisations): Promise<void> {
    await this.call(this.b, 'coordinator', 'DELETE', `/api/plans/${planId}/team/${organisations[who]}`);
  }

  /** The plan's log, read past every proxy. */
  async rows(planId: PlanId): Promise<StoredRow[]> {
    const found = await this.sql<{ position: string; section_id: string | null; bytes: Buffer | null }>('SELECT position, section_id, bytes FROM plan_log WHERE plan_id = $1 ORDER BY position', [planId]);
    return found.map((row) => ({ position: Number(row.position), sectionId: row.section_id, bytes: row.bytes && new Uint8Array(row.bytes) }));
  }
  async sql<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.connected(async (client) => (await client.query<Row>(text, [...values])).rows);
  }
  /** A connection of the test's own to PostgreSQL, as its administrator. */
  async connected<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.postgresUrl });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
  /** What the product's own verifier says of the plan's audit chain; undefined when it holds. */
  async brokenChain(planId: PlanId): Promise<string | undefined> {
    const db = openDatabase({ url: this.postgresUrl, log: pino({ level: 'silent' }), role: 'owner', connectionsMax: 1 });
    try {
      const verdict = await verifyPlan(db, planId);
      return verdict.ok ? undefined : `entry ${verdict.firstBad}: ${verdict.why}`;
    } finally {
      await db.close();
    }
  }

  /** PostgreSQL's first process and every process of its. */
  async postgresProcesses(): Promise<number[]> {
    const first = this.postgres.pid();
    const all = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      return { pid: Number(name), parent: Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) };
    }));
    return [first, ...all.filter(({ parent }) => parent === first).map(({ pid }) => pid)];
  }
  async signalPostgres(signal: NodeJS.Signals): Promise<void> {
    for (const pid of await this.postgresProcesses()) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        // One that ended between the two looks needs no signal.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
  /** An empty Redis where the old one was. */
  async restartRedis(): Promise<void> {
    await this.redis.stop();
    this.redis = await startRedis(this.redisPort, 'own');
  }

  async #measure(): Promise<void> {
    for (const { product } of this.nodes) {
      const status = await readFile(`/proc/${product.pid}/status`, 'utf8').catch(() => '');
      this.#worstMemoryKb = Math.max(this.#worstMemoryKb, Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    }
  }

  /** Everything as it was before a scenario hurt it, as far as the network goes. */
  heal(): void {
    for (const { front, storage, bus } of this.nodes) for (const proxy of [front, storage.proxy, bus]) proxy.heal();
  }
  async dispose(): Promise<void> {
    clearInterval(this.#watch);
    process.off('exit', this.#lastResort);
    this.heal();
    this.redis.process?.kill('SIGCONT');
    await this.signalPostgres('SIGCONT');
    for (const { product } of this.nodes) await product.dispose();
    for (const { front, storage, bus } of this.nodes) for (const proxy of [front, storage.proxy, bus]) await proxy.close();
    await this.redis.stop();
    await this.postgres.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Chance that can be had again: a small generator (mulberry32), good enough to choose when to type. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
