/** Meetings as they are in the product: real storage, real `/sync`, real sockets; as many nodes and people as a test wants. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import pino from 'pino';
import { io, type Socket } from 'socket.io-client';
import type * as Y from 'yjs';
import { openAccess } from '../../server/audit/access.ts';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { attachSync, type Sync } from '../../server/collab/gateway.ts';
import { systemClock, systemRandom } from '../../server/config/system.ts';
import { actorOf, beginSession } from '../../server/identity/sessions.ts';
import { attachMeetings, type MeetingGateway } from '../../server/meetings/gateway.ts';
import { createPlan } from '../../server/plans/commands.ts';
import type { Bus, Database, Deps } from '../../server/ports.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { writeValue } from '../../shared/crdt/sectionDocument.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { meetingState, type Acknowledgement, type ClientEvent, type MeetingState, type Order } from '../../shared/wire/meetings.ts';

export const publicUrl = 'http://accord.test';

export interface Node {
  readonly port: number;
  readonly deps: Deps;
  /** Stops in order, as on SIGTERM. */
  stop(): Promise<void>;
  /** Goes without a word, as on kill -9: nothing is written, sockets break. */
  die(): Promise<void>;
}

/** One server process' worth of meetings and live editing, inside this one. */
export async function startNode(db: Database, { bus, port = 0, name = randomBytes(4).toString('hex') }: { bus?: Bus; port?: number; name?: string } = {}): Promise<Node> {
  const server: Server = createServer();
  const settings: Deps['settings'] = { host: '127.0.0.1', port, publicUrl, databaseUrl: undefined, redisUrl: undefined, dataDir: '', demo: true, logLevel: 'silent', nodeId: name, checkpointsDir: '', witnesses: [], witnessFor: [], namesForPatients: false };
  let gone = false;
  // After death not even the database hears of it.
  const mine: Database = {
    query: (sql, values) => (gone ? Promise.reject(new Error('this node is dead')) : db.query(sql, values)),
    transaction: (work) => (gone ? Promise.reject(new Error('this node is dead')) : db.transaction(work)),
    close: () => Promise.resolve(),
  };
  const base = { settings, db: mine, bus: bus ?? inProcessBus(systemClock), clock: systemClock, random: systemRandom, log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }) };
  const whoIs = (cookie: string | undefined) => actorOf(mine, cookie);
  const sync: Sync = attachSync({ server, deps: base, actorOf: whoIs });
  const deps: Deps = { ...base, text: sync.text, recordAccess: openAccess(base).record };
  const meetings: MeetingGateway = attachMeetings({ server, deps, actorOf: whoIs });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    await meetings.close().catch(() => undefined);
    await sync.close().catch(() => undefined);
    await base.bus.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return {
    port: (server.address() as AddressInfo).port,
    deps,
    stop: close,
    die: async () => {
      gone = true;
      await close();
    },
  };
}

export interface Person {
  readonly actor: Actor;
  readonly cookie: string;
}

/** Adds somebody with an organisation of this name, signed in. */
export async function makePerson(db: Database, name: string, role: Role, organisation: string, extras: { senior?: boolean; simulated?: boolean } = {}): Promise<Person> {
  const slug = (text: string): string => text.toLowerCase().replace(/[^a-z]+/g, '-');
  const organisationId = `org_${slug(organisation)}`;
  await db.query('INSERT INTO organisations (id, name, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [organisationId, organisation, 'gp']);
  const id = `person_${slug(name)}` as PersonId;
  await db.query('INSERT INTO people (id, name, role, job_title, organisation_id, senior_clinician, simulated) VALUES ($1, $2, $3, $4, $5, $6, $7)',
    [id, name, role, role, organisationId, extras.senior ?? false, extras.simulated ?? false]);
  const cookie = (await beginSession(db, systemRandom, id, publicUrl)).split(';')[0] as string;
  const actor = await actorOf(db, cookie);
  if (!actor) throw new Error('not signed in');
  return { actor, cookie };
}

let numbers = 0;
/** A plan made as people make them, with these organisations on its care team besides the maker's. */
export async function makePlan(deps: Deps, by: Actor, familyName: string, team: readonly Actor[], stage?: string): Promise<PlanId> {
  let nhsNumber: string | undefined;
  while (nhsNumber === undefined) nhsNumber = makeNhsNumber(`9990${String((numbers += 1)).padStart(5, '0')}`);
  const made = await createPlan(deps, by, { patient: { nhsNumber, familyName, givenName: 'Test', birthDate: '1941-06-05' } });
  if (!made.ok) throw new Error(JSON.stringify(made.refusal));
  const id = made.value.id;
  for (const organisationId of new Set(team.map((actor) => actor.organisationId))) {
    if (organisationId !== by.organisationId) await deps.db.query(`INSERT INTO care_team (plan_id, organisation_id, relationship) VALUES ($1, $2, 'Care')`, [id, organisationId]);
  }
  if (stage) await write(deps, id, by, 'status', 'gsfStage', stage);
  return id;
}

/** Writes one value into a plan, as its author would. */
export async function write(deps: Deps, planId: PlanId, actor: Actor, sectionId: string, fieldId: string, value: unknown): Promise<void> {
  const field = fieldById(fieldId);
  if (!field) throw new Error(fieldId);
  const written = await deps.text.write({ planId, sectionId, actor, as: 'service', change: (doc: Y.Doc) => writeValue(doc, field, value) });
  if (!written.ok) throw new Error(JSON.stringify(written.refusal));
}

/** One browser in the meeting. */
export class Chair {
  readonly socket: Socket;
  readonly states: MeetingState[] = [];

  constructor(node: { readonly port: number }, person: Person, headers: Record<string, string> = {}) {
    this.socket = io(`http://127.0.0.1:${node.port}/meetings`, {
      transports: ['websocket'], forceNew: true, reconnectionDelay: 20, reconnectionDelayMax: 60, extraHeaders: { cookie: person.cookie, origin: publicUrl, ...headers },
    });
    this.socket.on('state', (state) => this.states.push(meetingState.parse(state)));
  }
  get latest(): MeetingState {
    const last = this.states.toSorted((a, b) => a.revision - b.revision).at(-1);
    if (!last) throw new Error('no state was shown yet');
    return last;
  }
  async ask<E extends ClientEvent>(event: E, order: Order<E>): Promise<Acknowledgement> {
    return (await this.socket.timeout(8_000).emitWithAck(event, order)) as Acknowledgement;
  }
  /** Asks and expects yes. */
  async must<E extends ClientEvent>(event: E, order: Order<E>): Promise<MeetingState> {
    const answer = await this.ask(event, order);
    if (!answer.ok) throw new Error(`${event}: ${JSON.stringify(answer.refusal)}`);
    return meetingState.parse(answer.state);
  }
  /** Asks and expects this refusal. */
  async refused<E extends ClientEvent>(event: E, order: Order<E>, code: string): Promise<void> {
    expect(await this.ask(event, order)).toMatchObject({ ok: false, refusal: { code } });
  }
  close(): void {
    this.socket.disconnect();
  }
}
