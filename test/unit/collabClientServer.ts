/** A tiny `/sync/:planId` in memory for testing the client alone: says yes, holds its answer, refuses or hangs up when told to. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { WebSocketServer, type WebSocket } from 'ws';
import * as Y from 'yjs';
import { decodeFromClient, encodeFrame, splitSection, withSection, type ServerFrame } from '../../shared/crdt/frame.ts';

interface Room {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
}

export class CollabClientServer {
  readonly barriers: { section: string; number: number }[] = [];
  /** Updates that arrived, in order. */
  readonly updates: { section: string; step: 'step2' | 'update' }[] = [];
  connections = 0;
  /** While true, whoever comes is sent away at once. */
  away = false;
  /** While true, nothing is committed and no barrier is answered. */
  holding = false;
  /** The next update of this section is refused for this reason. */
  refuse: { section: string; reason: string } | undefined;
  readonly #rooms = new Map<string, Room>();
  readonly #held: { readonly kind: 'update' | 'barrier'; readonly work: () => void }[] = [];
  readonly #sockets = new Set<WebSocket>();
  readonly #asked = new WeakMap<WebSocket, Set<string>>();

  private constructor(private readonly http: Server) {}

  static async start(): Promise<CollabClientServer> {
    const http = createServer();
    const server = new CollabClientServer(http);
    new WebSocketServer({ server: http }).on('connection', (socket) => server.#connected(socket));
    await new Promise<void>((ready) => { http.listen(0, '127.0.0.1', ready); });
    return server;
  }
  get url(): string {
    return `ws://127.0.0.1:${(this.http.address() as AddressInfo).port}/sync/plan_x`;
  }
  room(section: string): Room {
    const doc = new Y.Doc();
    const found = this.#rooms.get(section) ?? { doc, awareness: new Awareness(doc) };
    this.#rooms.set(section, found);
    return found;
  }
  release(): void {
    this.holding = false;
    for (const { work } of this.#held.splice(0)) work();
  }
  /** Commits what is held so far, and still answers no barrier. */
  releaseUpdates(): void {
    const held = this.#held.splice(0);
    for (const { kind, work } of held) if (kind === 'update') work();
    this.#held.push(...held.filter(({ kind }) => kind === 'barrier'));
  }
  hangUp(code: number): void {
    for (const socket of [...this.#sockets]) socket.close(code);
  }
  /** Says something to everybody on a section's lane. */
  say(section: string, frame: ServerFrame): void {
    for (const socket of this.#sockets) socket.send(withSection(section, encodeFrame(frame)));
  }
  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    for (const { doc, awareness } of this.#rooms.values()) {
      awareness.destroy();
      doc.destroy();
    }
    await new Promise<void>((closed) => { this.http.close(() => closed()); });
  }

  #connected(socket: WebSocket): void {
    if (this.away) return socket.close(1013);
    this.connections += 1;
    this.#sockets.add(socket);
    this.#asked.set(socket, new Set());
    socket.binaryType = 'nodebuffer';
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('message', (data) => {
      const split = splitSection(new Uint8Array(data as Buffer));
      if (split === undefined) throw new Error('A frame without a section came in.');
      for (const frame of decodeFromClient(split.frame) ?? []) this.#said(socket, split.section, frame);
    });
  }

  #said(socket: WebSocket, section: string, frame: NonNullable<ReturnType<typeof decodeFromClient>>[number]): void {
    const { doc, awareness } = this.room(section);
    const answer = (back: ServerFrame): void => socket.send(withSection(section, encodeFrame(back)));
    switch (frame.kind) {
      case 'step1':
        answer({ kind: 'step2', update: Y.encodeStateAsUpdate(doc, frame.stateVector) });
        // As the service does: each section is asked for once on a connection.
        if (this.#asked.get(socket)?.has(section)) return;
        this.#asked.get(socket)?.add(section);
        return answer({ kind: 'step1', stateVector: Y.encodeStateVector(doc) });
      case 'step2':
      case 'update': {
        this.updates.push({ section, step: frame.kind });
        if (this.refuse?.section === section && frame.update.length > 2) {
          answer({ kind: 'notice', value: { kind: 'refused', section, code: 'invalid', reason: this.refuse.reason } });
          this.refuse = undefined;
          return socket.close(4403);
        }
        return this.#later('update', () => {
          Y.applyUpdate(doc, frame.update);
          for (const other of this.#sockets) other.send(withSection(section, encodeFrame({ kind: 'update', update: frame.update })));
        });
      }
      case 'awareness':
        applyAwarenessUpdate(awareness, frame.update, socket);
        for (const [client, state] of awareness.getStates()) awareness.states.set(client, { ...state, user: { id: `person_${client}`, name: 'Ann Reid', initials: 'AR', role: 'gp', roleLabel: 'GP', organisation: 'Elm Surgery', color: '#5b2a86', simulated: false, connection: String(client) } });
        for (const other of this.#sockets) other.send(withSection(section, encodeFrame({ kind: 'awareness', update: encodeAwarenessUpdate(awareness, [...awareness.meta.keys()]) })));
        return;
      case 'barrier':
        this.barriers.push({ section, number: frame.number });
        return this.#later('barrier', () => answer({ kind: 'barrier-answer', number: frame.number, position: this.updates.length }));
      case 'query-awareness':
        return;
    }
  }

  #later(kind: 'update' | 'barrier', work: () => void): void {
    if (this.holding) this.#held.push({ kind, work });
    else work();
  }
}
