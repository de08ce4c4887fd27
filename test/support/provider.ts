/** Live editing as outside programs do it: nodes on a real database, stock y-websocket providers, and raw sockets that say what they like. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { attachSync, type Sync } from '../../server/collab/gateway.ts';
import { systemClock } from '../../server/config/system.ts';
import type { Bus, Clock, Database } from '../../server/ports.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { sectionById } from '../../shared/content/standard.ts';
import { decodeFrames, encodeFrame, splitSection, withSection, type ClientFrame, type ServerFrame } from '../../shared/crdt/frame.ts';
import { openRoots } from '../../shared/crdt/sectionDocument.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import type { Notice } from '../../shared/wire/notice.ts';
import { eventually } from './eventually.ts';

const cast = {
  gp: ['gp', 'elm', true], nurse: ['community-nurse', 'hub', false], hospice: ['hospice-clinician', 'hub', true], social: ['social-worker', 'hub', false],
  home: ['care-home-nurse', 'hub', false], coordinator: ['coordinator', 'hub', false], privacy: ['privacy-officer', 'hub', false], outsider: ['gp', 'elsewhere', true],
} as const satisfies Record<string, readonly [Role, string, boolean]>;
export type PersonName = keyof typeof cast;

export const people = Object.fromEntries(Object.entries(cast).map(([name, [role, organisation, senior]]) => [name, {
  id: `person_${name}` as PersonId, name: `Dr Someone ${name}`, role, jobTitle: role, organisationId: `org_${organisation}` as OrganisationId,
  organisation: `The ${organisation}`, seniorClinician: senior, simulated: false,
}])) as Record<PersonName, Actor>;

/** The people and their organisations, on a fresh database. */
export async function settlePeople(db: Database): Promise<void> {
  for (const id of new Set(Object.values(people).map((person) => person.organisationId))) {
    await db.query('INSERT INTO organisations (id, name, kind) VALUES ($1, $2, $3)', [id, `The ${id}`, 'test']);
  }
  for (const { id, name, role, organisationId, seniorClinician } of Object.values(people)) {
    await db.query('INSERT INTO people (id, name, role, job_title, organisation_id, senior_clinician) VALUES ($1, $2, $3, $3, $4, $5)', [id, name, role, organisationId, seniorClinician]);
  }
}

let plansMade = 0;
/** An empty plan of the hub and the surgery. */
export async function makePlan(db: Database): Promise<PlanId> {
  const id = `plan_${randomBytes(6).toString('hex')}` as PlanId;
  const number = (): string => makeNhsNumber(String(999_100_000 + (plansMade += 1))) ?? number();
  await db.query('INSERT INTO plans (id, nhs_number, created_by) VALUES ($1, $2, $3)', [id, number(), people.coordinator.id]);
  for (const organisation of ['org_hub', 'org_elm']) await db.query('INSERT INTO care_team (plan_id, organisation_id, relationship) VALUES ($1, $2, $3)', [id, organisation, 'test']);
  return id;
}

export interface Node {
  readonly sync: Sync;
  /** ws://host:port/sync */
  readonly url: string;
  readonly origin: string;
  /** Signs somebody out: their cookie means nothing any more. */
  signOut(name: PersonName): void;
  stop(): Promise<void>;
}

/** A node: HTTP server with `/sync` and nothing else. Cookies name the person. */
export async function startNode(db: Database, options: { readonly bus?: Bus; readonly nodeId?: string; readonly clock?: Clock } = {}): Promise<Node> {
  const clock = options.clock ?? systemClock;
  const bus = options.bus ?? inProcessBus(clock);
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const signedOut = new Set<string>();
  const sync = attachSync({
    server,
    deps: {
      db, bus, clock, random: (bytes) => randomBytes(bytes), log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      settings: { host: '127.0.0.1', port, publicUrl: origin, databaseUrl: undefined, redisUrl: undefined, dataDir: '', demo: true, logLevel: 'silent', nodeId: options.nodeId ?? 'node', checkpointsDir: '', witnesses: [], witnessFor: [], namesForPatients: false },
    },
    actorOf: async (cookie) => {
      const name = /person=(\w+)/.exec(cookie ?? '')?.[1];
      return name === undefined || signedOut.has(name) ? undefined : people[name as PersonName];
    },
  });
  return {
    sync, origin, url: `ws://127.0.0.1:${port}/sync`,
    signOut: (name) => void signedOut.add(name),
    stop: async () => {
      await sync.close();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
      if (!options.bus) await bus.close();
    },
  };
}

const cookieOf = (name: PersonName): string => `person=${name}`;

export interface Writer {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  readonly section: Section;
  /** Close code that made the provider stop for good. */
  stopped(): number | undefined;
  synced(): Promise<void>;
  end(): void;
}

/** A stock y-websocket provider, as an outside program would start it. */
export function openProvider(url: string, planId: string, sectionId: string, cookie: string, doc = new Y.Doc()): Writer {
  class SignedInSocket extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols, { headers: { cookie } });
    }
  }
  const section = sectionById(sectionId) as Section;
  if (section) openRoots(doc, section);
  const provider = new WebsocketProvider(`${url}/${planId}`, sectionId, doc, { WebSocketPolyfill: SignedInSocket as unknown as typeof globalThis.WebSocket, disableBc: true, maxBackoffTime: 200 });
  let code: number | undefined;
  provider.on('closed', (event) => { code = event.code; });
  return {
    doc, provider, section, stopped: () => code,
    synced: () => eventually(() => { if (!provider.synced) throw new Error('not synced'); }),
    end: () => {
      provider.destroy();
      doc.destroy();
    },
  };
}
export const connect = (node: Node, planId: string, sectionId: string, name: PersonName, doc?: Y.Doc): Writer => openProvider(node.url, planId, sectionId, cookieOf(name), doc);

export interface RawSocket {
  readonly frames: ServerFrame[];
  readonly notices: Notice[];
  /** Section ids of the frames, on a socket that carries them all. */
  readonly sections: string[];
  say(frame: ClientFrame, section?: string): void;
  sayBytes(bytes: Uint8Array | string): void;
  opened(): Promise<void>;
  closed(): Promise<number>;
  /** Resolves when the service has received everything sent so far. */
  heard(): Promise<void>;
  /** Waits for the answer to a saved barrier. */
  saved(number: number): Promise<number>;
  end(): void;
}

/** A socket that can say anything. `address` is what follows `/sync`. */
export function openSocket(url: string, address: string, headers: Record<string, string>): RawSocket {
  const socket = new WebSocket(`${url}${address}`, { headers });
  socket.binaryType = 'nodebuffer';
  const many = address.split('/').length === 2;
  const frames: ServerFrame[] = [];
  const notices: Notice[] = [];
  const sections: string[] = [];
  let code: number | undefined;
  let failure: Error | undefined;
  socket.on('message', (data: Buffer) => {
    const split = many ? splitSection(new Uint8Array(data)) : { section: '', frame: new Uint8Array(data) };
    for (const frame of decodeFrames(split?.frame ?? new Uint8Array()) ?? []) {
      frames.push(frame);
      sections.push(split?.section ?? '');
      if (frame.kind === 'notice') notices.push(frame.value as Notice);
    }
  });
  socket.on('close', (closedWith) => { code = closedWith; });
  socket.on('error', (error) => { failure = error; });
  return {
    frames, notices, sections,
    say: (frame, section) => socket.send(section === undefined ? encodeFrame(frame) : withSection(section, encodeFrame(frame))),
    sayBytes: (bytes) => socket.send(bytes),
    opened: async () => {
      await eventually(() => { if (!failure && socket.readyState !== WebSocket.OPEN) throw new Error('not open'); });
      if (failure) throw failure;
    },
    // A ping is answered in the order of arrival.
    heard: () => new Promise((resolve, reject) => {
      socket.once('pong', () => resolve());
      socket.once('close', (closedWith) => reject(new Error(`closed with ${closedWith}`)));
      socket.ping();
    }),
    closed: () => eventually(() => {
      if (code === undefined) throw new Error('still open');
      return code;
    }),
    saved: (number) => eventually(() => {
      const answer = frames.find((frame) => frame.kind === 'barrier-answer' && frame.number === number);
      if (answer?.kind !== 'barrier-answer') throw new Error(`barrier ${number} not answered; closed ${code}`);
      return answer.position;
    }),
    end: () => socket.terminate(),
  };
}
export const socketTo = (node: Node, address: string, name: PersonName | undefined, headers: Record<string, string> = {}): RawSocket =>
  openSocket(node.url, address, { ...(name ? { cookie: cookieOf(name) } : {}), ...headers });

/** A change to an empty document of the section, as one update. */
export function updateOf(sectionId: string, change: (doc: Y.Doc) => void, client?: number): Uint8Array {
  const doc = new Y.Doc();
  if (client !== undefined) doc.clientID = client;
  openRoots(doc, sectionById(sectionId) as Section);
  change(doc);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}
