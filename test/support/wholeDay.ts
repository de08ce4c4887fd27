/** One person's whole day with the service, as bytes: every address that there is, every section on the live connection, the meeting, and errors. */
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { sections } from '../../shared/content/standard.ts';
import { decodeFrames, encodeBarrier, encodeFrame, splitSection, withSection } from '../../shared/crdt/frame.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import { carrier } from './canaries.ts';
import { eventually } from './eventually.ts';

export interface DayPlaces {
  readonly url: string;
  readonly routes: readonly { readonly method: string; readonly path: string }[];
  readonly planIds: readonly string[];
  readonly meetingIds: readonly string[];
  readonly nhsNumbers: readonly string[];
}

/** Everything that was sent to one person, by the way on which it came. */
export class Day {
  readonly #http: string[] = [];
  readonly #live: Buffer[] = [];
  readonly #meetings: string[] = [];
  readonly #sockets: { socket: WebSocket; section: string | undefined; opened: Promise<boolean> }[] = [];
  readonly #rooms: Socket[] = [];
  #barrier = 0;

  constructor(readonly actor: Actor, private readonly cookie: string, private readonly places: DayPlaces) {}

  get http(): string { return this.#http.join('\n'); }
  get live(): string { return Buffer.concat(this.#live).toString('latin1'); }
  get meetings(): string { return this.#meetings.join('\n'); }
  get everything(): string { return [this.http, this.live, this.meetings].join('\n'); }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(this.places.url + path, {
      method, redirect: 'manual', headers: { cookie: this.cookie, origin: this.places.url, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    this.#http.push(JSON.stringify([...answer.headers]), text);
    return answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
  }

  /** Every way to read, for every id there is; every way to change, with bodies that are refused; and what stands in a search. */
  async http24(): Promise<void> {
    const { routes, planIds, meetingIds, nhsNumbers } = this.places;
    const histories = ['section=identity&field=preferredName', ...sections.filter(({ restricted }) => restricted).map((section) => `section=${section.id}&field=${carrier(section).id}`)];
    const copies: string[] = [];
    for (const planId of planIds) {
      const taken = await this.call('POST', `/api/plans/${planId}/offline-copies`);
      if (typeof (taken as { id?: unknown } | undefined)?.id === 'string') copies.push((taken as { id: string }).id);
      await this.call('POST', `/api/plans/${planId}/reviews`);
      await this.call('POST', `/api/plans/${planId}/looked`, { position: 1 });
    }
    const values: Readonly<Record<string, readonly string[]>> = { planId: planIds, meetingId: meetingIds, nhsNumber: nhsNumbers, number: ['1', '2'], copyId: [...copies, 'copy_none00000'], organisationId: ['org_none'] };
    for (const { method, path } of routes) {
      // What ends or locks the session ends the day.
      if (method !== 'GET' && /^\/(api\/session|auth|api\/sign-in)/.test(path)) continue;
      // What a practice would bring is people of its own.
      if (path.endsWith('/practice') && method !== 'GET') continue;
      for (const address of spellings(path, values)) {
        const asked: Readonly<Record<string, readonly string[]>> = { history: histories, compare: ['from=1&to=draft', 'from=1&to=1'], changes: ['after=0', ''] };
        if (method === 'GET') for (const query of asked[path.split('/').at(-1) ?? ''] ?? ['']) await this.call(method, `${address}?${query}`);
        else await this.call(method, address, method === 'DELETE' ? undefined : { nonsense: true });
      }
    }
    for (const nhsNumber of nhsNumbers) {
      await this.call('GET', `/api/plans?query=${nhsNumber}`);
      await this.call('POST', '/api/plans', { patient: { nhsNumber, familyName: 'Testwell', givenName: 'Ada', birthDate: '1941-06-05' } });
    }
    for (const path of ['/', '/plans/x', '/api/nothing', '/metrics', '/readyz', '/api/openapi.json']) await this.call('GET', path);
  }

  /** The one socket for each plan, with each section that may be opened; and each restricted section on one of its own, to be refused or not. */
  async openLive(): Promise<void> {
    for (const planId of this.places.planIds) {
      const view = (await this.call('GET', `/api/plans/${planId}`)) as { sections?: readonly { id: string; access: string }[] };
      const mine = (view.sections ?? []).filter(({ access }) => access !== 'none').map(({ id }) => id);
      this.#open(`/${planId}`, mine.length > 0 ? mine : ['identity']);
      for (const section of sections.filter(({ restricted }) => restricted)) this.#open(`/${planId}/${section.id}`, undefined);
    }
    await this.settled();
  }

  #open(path: string, asked: readonly string[] | undefined): void {
    const socket = new WebSocket(`${this.places.url.replace('http', 'ws')}/sync${path}`, { headers: { cookie: this.cookie } });
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer) => this.#live.push(data));
    socket.on('error', () => socket.terminate());
    const frames = [encodeFrame({ kind: 'step1', stateVector: Y.encodeStateVector(new Y.Doc()) }), encodeFrame({ kind: 'step2', update: Uint8Array.of(0, 0) }), encodeFrame({ kind: 'query-awareness' })];
    const opened = new Promise<boolean>((resolve) => {
      socket.once('open', () => {
        for (const frame of frames) {
          if (asked === undefined) socket.send(frame);
          else for (const section of asked) socket.send(withSection(section, frame));
        }
        resolve(true);
      });
      socket.once('close', () => resolve(false));
    });
    this.#sockets.push({ socket, section: asked?.at(-1), opened });
  }

  /** Waits until each live connection has been told everything up to now, or is gone. */
  async settled(): Promise<void> {
    for (const { socket, section, opened } of this.#sockets) {
      if (!(await opened)) continue;
      const number = (this.#barrier += 1);
      let answered = false;
      const hear = (data: Buffer): void => {
        const split = section === undefined ? { frame: new Uint8Array(data) } : splitSection(new Uint8Array(data));
        answered ||= (split && decodeFrames(split.frame)?.some((frame) => frame.kind === 'barrier-answer' && frame.number === number)) ?? false;
      };
      socket.on('message', hear);
      if (socket.readyState === WebSocket.OPEN) socket.send(section === undefined ? encodeBarrier(number) : withSection(section, encodeBarrier(number)));
      await eventually(() => { if (!answered && socket.readyState !== WebSocket.CLOSED) throw new Error(`${this.actor.id} still waits`); }, 30_000);
      socket.off('message', hear);
    }
  }

  /** Comes into the meetings, where it may. */
  async enterMeetings(): Promise<void> {
    for (const meetingId of this.places.meetingIds) {
      const socket = io(`${this.places.url}/meetings`, { transports: ['websocket'], forceNew: true, reconnection: false, extraHeaders: { cookie: this.cookie } });
      this.#rooms.push(socket);
      socket.onAny((...said: unknown[]) => this.#meetings.push(JSON.stringify(said)));
      const there = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true));
        socket.once('connect_error', (error) => {
          this.#meetings.push(JSON.stringify([error.message, error]));
          resolve(false);
        });
      });
      if (there) await this.say(socket, 'join', { meetingId });
    }
  }
  /** Gives an order in the first meeting; answers what came back. */
  async order(event: string, order: object): Promise<unknown> {
    const [socket] = this.#rooms;
    return socket && this.say(socket, event, order);
  }
  private async say(socket: Socket, event: string, order: object): Promise<unknown> {
    const answer: unknown = await socket.timeout(20_000).emitWithAck(event, order);
    this.#meetings.push(JSON.stringify(answer));
    return answer;
  }

  end(): void {
    for (const { socket } of this.#sockets) socket.terminate();
    for (const socket of this.#rooms) socket.disconnect();
  }
}

/** The path with every combination of these values in it. */
function spellings(path: string, values: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const name = /\{(\w+)\}/.exec(path)?.[1];
  if (name === undefined) return [path];
  return (values[name] ?? ['x']).flatMap((value) => spellings(path.replace(`{${name}}`, value), values));
}
