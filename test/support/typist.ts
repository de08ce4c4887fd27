/** A simulated person: a protocol client without a screen that types numbered words, writes down what it was told, and comes back by itself. */
import { WebSocket } from 'ws';
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness';
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { sectionById } from '../../shared/content/standard.ts';
import { decodeFrames, encodeFrame, type ClientFrame, type ServerFrame } from '../../shared/crdt/frame.ts';
import { openRoots } from '../../shared/crdt/sectionDocument.ts';
import { closeCodes } from '../../shared/wire/close.ts';
import { Journal, type Act } from './journal.ts';
import { beginParagraph, textOf, tokensOf, typeWord } from './words.ts';

export interface TypistOptions {
  readonly planId: string;
  readonly sectionId: string;
  /** A prose field of the section. */
  readonly fieldId: string;
  /** Begins every token of this person: `u7`. */
  readonly name: string;
  readonly cookie: string;
  /** Ways to the service, `ws://…`; the next one is tried whenever one fails. */
  readonly endpoints: readonly string[];
  /** Milliseconds between words, on average. */
  readonly paceMs: number;
  readonly random: () => number;
  /** Yjs client id; chosen by chance when left out. */
  readonly client?: number;
  /** Frames on their way out or in may be doubled, held back or dropped here. */
  readonly mischief?: { readonly out?: (frame: ClientFrame) => readonly ClientFrame[]; readonly in?: (frame: ServerFrame) => readonly ServerFrame[] };
}

/** Fifteen seconds without a word from the service: the line is dead, whatever the network says. */
const silenceMs = 15_000;
/** Words that may be unsaved before a person stops and waits. */
const unsavedMax = 600;

export class Typist {
  readonly journal: Journal;
  doc: Y.Doc;
  awareness: Awareness;
  /** Documents that had to be given up, with the words in them: kept, as a screen would for copying. */
  readonly kept: string[] = [];
  #socket: WebSocket | undefined;
  #endpoint = 0;
  #attempts = 0;
  #ready = false;
  #heardAtMs = performance.now();
  #unsaved: Act[] = [];
  #barriers = new Map<number, number>();
  #nextBarrier = 1;
  #stopped: 'no' | 'for good' = 'no';
  #typing: NodeJS.Timeout | undefined;
  #returning: NodeJS.Timeout | undefined;
  readonly #watch: NodeJS.Timeout;
  #away = false;

  constructor(private readonly options: TypistOptions) {
    this.journal = new Journal(options.name);
    [this.doc, this.awareness] = this.#fresh();
    this.#watch = setInterval(() => this.#noticeSilence(), 500);
  }

  /** What a screen would say. */
  get status(): 'saved' | 'saving' | 'offline' {
    if (!this.#ready) return 'offline';
    return this.#unsaved.length === 0 ? 'saved' : 'saving';
  }
  /** The code that ended it for good. */
  get ended(): number | undefined {
    return this.#stopped === 'no' ? undefined : this.journal.closes.at(-1)?.code;
  }
  /** Not coming back, whether sent away for good or gone by itself. */
  get gone(): boolean {
    return this.#stopped !== 'no';
  }
  /** The way to the service that is in use, or tried next. */
  get way(): string {
    return this.options.endpoints[this.#endpoint] ?? '';
  }
  get tokens(): string[] { return tokensOf(textOf(this.doc, this.options.fieldId)); }
  /** Client ids of the others whom this one sees in the section, each stamped by the service with who it is. */
  get sees(): ReadonlySet<number> {
    return new Set([...this.awareness.getStates()].flatMap(([id, state]) => (id !== this.doc.clientID && 'user' in state ? [id] : [])));
  }

  #fresh(): [Y.Doc, Awareness] {
    const { sectionId, fieldId, client } = this.options;
    const doc = new Y.Doc();
    // A document opened afresh has an id of its own again.
    if (client !== undefined && this.kept.length === 0 && this.journal.acts.length === 0) doc.clientID = client;
    openRoots(doc, sectionById(sectionId) as Section);
    const awareness = new Awareness(doc);
    awareness.setLocalState({ section: sectionId, field: fieldId });
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this && this.#ready) this.#say({ kind: 'update', update });
    });
    awareness.on('update', ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>, origin: unknown) => {
      const own = [...added, ...updated, ...removed].filter((id) => id === doc.clientID);
      if (origin !== this && own.length > 0 && this.#ready) this.#say({ kind: 'awareness', update: encodeAwarenessUpdate(awareness, own) });
    });
    return [doc, awareness];
  }

  connect(): void {
    if (this.#stopped !== 'no' || this.#away) return;
    const { planId, sectionId, cookie } = this.options;
    const socket = new WebSocket(`${this.way}/sync/${planId}/${sectionId}`, { headers: { cookie }, handshakeTimeout: 5_000, perMessageDeflate: false });
    this.#socket = socket;
    this.#heardAtMs = performance.now();
    let silent = false;
    socket.on('open', () => {
      // Asked before anything is said: whoever never asked is told no reasons. Nobody waits for this answer.
      this.#say({ kind: 'barrier', number: 0 });
      this.#say({ kind: 'step1', stateVector: Y.encodeStateVector(this.doc) });
    });
    socket.on('message', (data: Buffer) => this.#heard(socket, new Uint8Array(data)));
    socket.on('error', () => socket.terminate());
    socket.on('ping', () => { this.#heardAtMs = performance.now(); });
    socket.once('silence', () => { silent = true; });
    socket.on('close', (code) => this.#closed(socket, code, silent));
  }

  #closed(socket: WebSocket, code: number, silent: boolean): void {
    if (socket !== this.#socket) return;
    this.journal.closes.push({ code, atMs: performance.now(), way: this.way, silent });
    this.#socket = undefined;
    this.#ready = false;
    // What was under way is unknown; the document itself offers it again.
    this.#barriers.clear();
    // Others are not known to be there while nothing is heard of them.
    removeAwarenessStates(this.awareness, [...this.awareness.getStates().keys()].filter((id) => id !== this.doc.clientID), this);
    switch (code) {
      case closeCodes.refused:
      case closeCodes.rebuilt:
        this.#giveUpDocument(code === closeCodes.refused ? 'refused' : 'unknown');
        return this.#comeBack(this.options.random() * 200);
      case closeCodes.notSignedIn:
      case closeCodes.notFound:
      case closeCodes.overLimit:
      case closeCodes.badFrame:
        this.#stopped = 'for good';
        this.#giveUpDocument('refused');
        return;
      case closeCodes.goingAway:
      case closeCodes.restarting:
        this.#endpoint = (this.#endpoint + 1) % this.options.endpoints.length;
        return this.#comeBack(this.options.random() * 300);
      default:
        this.#endpoint = (this.#endpoint + 1) % this.options.endpoints.length;
        this.#attempts += 1;
        return this.#comeBack(20 + this.options.random() * Math.min(2_000, 100 * 2 ** this.#attempts));
    }
  }

  #comeBack(inMs: number): void {
    if (this.#stopped === 'no' && !this.#away) this.#returning = setTimeout(() => this.connect(), inMs);
  }

  /** The words stay with their person; the document does not. */
  #giveUpDocument(fate: 'refused' | 'unknown'): void {
    for (const act of this.#unsaved) {
      act.fate = fate;
      if (act.kind === 'word') this.kept.push(act.token);
    }
    this.#unsaved = [];
    if (this.#stopped !== 'no') return;
    this.doc.destroy();
    [this.doc, this.awareness] = this.#fresh();
  }

  #heard(socket: WebSocket, bytes: Uint8Array): void {
    this.#heardAtMs = performance.now();
    const frames = decodeFrames(bytes);
    if (!frames) throw new Error(`${this.options.name} was sent a frame that cannot be read`);
    for (const said of frames) {
      for (const frame of this.options.mischief?.in?.(said) ?? [said]) if (socket === this.#socket) this.#take(frame);
    }
  }

  #take(frame: ServerFrame): void {
    switch (frame.kind) {
      case 'step1': {
        const update = Y.encodeStateAsUpdate(this.doc, frame.stateVector);
        this.#say({ kind: 'step2', update });
        this.#ready = true;
        // Newer than what the service may still hold of this person.
        this.awareness.setLocalState(this.awareness.getLocalState());
        this.#say({ kind: 'awareness', update: encodeAwarenessUpdate(this.awareness, [this.doc.clientID]) });
        return this.#ask();
      }
      case 'step2':
      case 'update':
        return Y.applyUpdate(this.doc, frame.update, this);
      case 'awareness':
        return applyAwarenessUpdate(this.awareness, frame.update, this);
      case 'barrier-answer':
        return this.#told(frame.number, frame.position);
      case 'notice': {
        const { kind, code } = frame.value as { kind: string; code?: string };
        if (kind === 'refused') this.journal.refusals.push(code ?? '');
        return;
      }
      case 'denied':
        return;
    }
  }

  /** Everything that was done before the question is saved. */
  #told(number: number, position: number): void {
    const before = this.#barriers.get(number);
    if (before === undefined) return;
    this.#attempts = 0;
    this.#barriers.delete(number);
    const nowMs = performance.now();
    const upTo = this.journal.acts[before - 1]?.atMs ?? 0;
    this.#unsaved = this.#unsaved.filter((act) => {
      if (act.atMs > upTo) return true;
      Object.assign(act, { fate: 'saved', savedAtMs: nowMs, position, way: this.way });
      return false;
    });
  }

  #ask(): void {
    if (!this.#ready) return;
    const number = this.#nextBarrier;
    this.#nextBarrier += 1;
    this.#barriers.set(number, this.journal.acts.length);
    this.#say({ kind: 'barrier', number });
  }

  #say(frame: ClientFrame): void {
    for (const each of this.options.mischief?.out?.(frame) ?? [frame]) {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(encodeFrame(each));
    }
  }

  #noticeSilence(): void {
    if (!this.#socket || performance.now() - this.#heardAtMs < silenceMs) return;
    this.#heardAtMs = performance.now();
    this.#socket.emit('silence');
    this.#socket.terminate();
  }

  /** Types by itself from now on. */
  type(): void {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      if (this.#unsaved.length < unsavedMax) this.typeOne();
      this.type();
    }, this.options.paceMs * (0.5 + this.options.random()));
  }
  rest(): void {
    clearTimeout(this.#typing);
    this.#typing = undefined;
  }

  /** One word, or one of one's own taken away. Answers the token; undefined while there is no paragraph. */
  typeOne(before = ''): string | undefined {
    const { fieldId, random } = this.options;
    return this.#did(() => typeWord(this.doc, fieldId, this.journal, random, before));
  }
  /** Makes the paragraph that everybody types into. */
  begin(): void {
    this.#did(() => beginParagraph(this.doc, this.options.fieldId, this.journal));
  }
  #did(work: () => Act | undefined): string | undefined {
    if (this.#stopped !== 'no') return undefined;
    const act = work();
    if (!act) return undefined;
    this.#unsaved.push(act);
    this.#ask();
    return act.token;
  }

  /** Loses the network until `comeHome`; goes on typing. */
  leave(): void {
    this.#away = true;
    clearTimeout(this.#returning);
    this.#socket?.terminate();
  }
  comeHome(): void {
    this.#away = false;
    this.connect();
  }

  /** The lid is shut: nothing of this document is ever said again, so what was answered as saved had better be. */
  vanish(): void {
    this.rest();
    this.#stopped = 'for good';
    clearTimeout(this.#returning);
    clearInterval(this.#watch);
    this.#socket?.terminate();
    this.#socket = undefined;
  }
  stop(): void {
    this.vanish();
    this.awareness.destroy();
    this.doc.destroy();
  }
}
