/** A person at a screen, as the published protocol wants one: real documents, edits held back until the server was brought up to date, barriers, close codes. */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { decodeFrames, encodeFrame, splitSection, withSection, type ClientFrame, type ServerFrame } from '../../shared/crdt/frame.ts';
import { openRoots } from '../../shared/crdt/sectionDocument.ts';
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId, PlanId } from '../../shared/ids.ts';
import { closeCodes } from '../../shared/wire/close.ts';
import { writeAwareness } from '../../server/collab/awarenessFrame.ts';
import type { KeptRow } from '../support/memoryTables.ts';
import { tokenOf } from './cast.ts';
import type { Dice } from './dice.ts';
import type { Schedule } from './schedule.ts';
import { clientSilenceMs, type Wire } from './wire.ts';
import { write, type Written } from './writing.ts';

/** One change of a document that is not yet known to be saved. */
export interface Change extends Written {
  /** Not by the library on its own. */
  readonly byPerson: boolean;
  readonly update: Uint8Array;
}
/** What the world does for clients and hears from them. */
export interface ClientWorld {
  readonly schedule: Schedule;
  readonly dice: Dice;
  /** A line to some node, or `undefined` when there is none to reach. */
  connect(client: Client): Wire | undefined;
  newClientId(person: Actor): number;
  /** What stands in the log of a section after one position and up to another. */
  rowsBetween(planId: PlanId, section: string, after: number, upTo: number): readonly KeptRow[];
  /** Whose client id it is. */
  ownerOf(clientId: number): PersonId | undefined;
  mayRead(client: Client, section: string): boolean;
  /** Words that this client has put into the world. */
  wrote(client: Client, section: string, change: Change): void;
  /** The service has answered that these are saved. */
  acknowledged(client: Client, section: string, changes: readonly Change[]): void;
  /** A document was given up with these changes in it. */
  gaveUp(client: Client, section: string, changes: readonly Change[]): void;
  refused(client: Client, section: string, code: string): void;
  violated(what: string): void;
}

interface Channel {
  /** The server has everything this document held when the connection began. */
  caughtUp: boolean;
  /** The document holds everything the server held then. */
  filled: boolean;
  readonly barriers: Map<number, readonly Change[]>;
  /** Up to this position of the log it was looked whether the document holds what an answer stood for. */
  lookedUpTo: number;
}
export interface Paper {
  readonly section: Section;
  readonly doc: Y.Doc;
  /** Changes that are not known to be saved, oldest first. */
  unsaved: Change[];
}

const fromServer = Symbol('from the server');
const nothingWritten: Written = { tokens: [], taken: [], prose: false };

export class Client {
  readonly papers = new Map<string, Paper>();
  /** What its person would open if they may. */
  readonly #wanted: readonly Section[];
  channels = new Map<string, Channel>();
  wire: Wire | undefined;
  /** Why it does not connect: it was told to stop, or its person took it offline. */
  stopped: 'not-signed-in' | 'not-found' | 'offline' | undefined;
  signedHeard = 0;
  /** Virtual time at which this connection was open for notices. */
  askedAtMs = Infinity;
  #heardAtMs = 0;
  /** What the person is just doing. */
  #doing: Written | undefined;
  #tokens = 0;
  #barriers = 0;
  #tries = 0;
  #waiting: { cancel(): void } | undefined;

  constructor(
    readonly name: string, readonly person: Actor, readonly planId: PlanId,
    /** Everything over one socket; otherwise the one section of a stock client. */
    readonly onlySection: string | undefined,
    sections: readonly Section[], readonly world: ClientWorld,
  ) {
    this.#wanted = sections;
    for (const section of sections) this.papers.set(section.id, this.#fresh(section));
    this.#watch();
  }

  get isConnected(): boolean {
    return this.wire !== undefined;
  }

  #fresh(section: Section): Paper {
    const doc = new Y.Doc({ guid: section.id });
    doc.clientID = this.world.newClientId(this.person);
    openRoots(doc, section);
    const paper: Paper = { section, doc, unsaved: [] };
    doc.on('update', (update: Uint8Array, origin: unknown) => { if (origin !== fromServer) this.#changed(paper, update); });
    return paper;
  }

  connect(): void {
    this.#waiting?.cancel();
    if (this.stopped || this.wire || this.papers.size === 0) return;
    const wire = this.world.connect(this);
    if (!wire) return this.#again(this.world.dice.between(200, 1_500));
    this.wire = wire;
    this.#heardAtMs = this.world.schedule.nowMs;
    this.channels = new Map([...this.papers.keys()].map((id) => [id, { caughtUp: false, filled: false, barriers: new Map(), lookedUpTo: 0 }]));
    wire.client = { heard: (bytes) => this.#heard(wire, bytes), closed: (code) => this.#closed(wire, code) };
    for (const { section, doc } of this.papers.values()) {
      this.say(section.id, { kind: 'step1', stateVector: Y.encodeStateVector(doc) });
      if (this.world.dice.chance(0.5)) this.say(section.id, { kind: 'awareness', update: writeAwareness([{ id: doc.clientID, clock: 1, state: { section: section.id, cursor: null } }]) });
    }
  }

  say(section: string, frame: ClientFrame): void {
    const bytes = encodeFrame(frame);
    this.wire?.clientSends(this.onlySection === undefined ? withSection(section, bytes) : bytes);
  }

  /** Does one thing to one of the sections. */
  edit(sectionId: string): void {
    const paper = this.papers.get(sectionId);
    if (!paper) return;
    this.#doing = undefined;
    paper.doc.transact(() => {
      this.#doing = write(paper.doc, paper.section, this.world.dice, () => tokenOf(sectionId, this.name, (this.#tokens += 1)));
    });
    this.#doing = undefined;
  }

  /** The document has changed and not by the server's word: by its person, or by the library, which tidies up after others' formatting. */
  #changed(paper: Paper, update: Uint8Array): void {
    const id = paper.section.id;
    const change: Change = { ...(this.#doing ?? nothingWritten), byPerson: this.#doing !== undefined, update };
    this.#doing = this.#doing && nothingWritten;
    paper.unsaved.push(change);
    this.world.wrote(this, id, change);
    if (this.channels.get(id)?.caughtUp) this.say(id, { kind: 'update', update });
  }

  /** Asks to be told when everything is saved. */
  askSaved(sectionId: string): void {
    const [channel, paper] = [this.channels.get(sectionId), this.papers.get(sectionId)];
    if (!this.wire || !channel?.caughtUp || !paper) return;
    this.#barriers += 1;
    channel.barriers.set(this.#barriers, [...paper.unsaved]);
    this.say(sectionId, { kind: 'barrier', number: this.#barriers });
  }
  /** What a barrier that is not answered yet stands for. */
  coveredBy(sectionId: string, number: number): readonly Change[] | undefined {
    return this.channels.get(sectionId)?.barriers.get(number);
  }

  goOffline(): void {
    this.stopped = 'offline';
    this.#waiting?.cancel();
    this.wire?.clientCloses();
    this.wire = undefined;
    this.channels = new Map();
    this.askedAtMs = Infinity;
  }
  /** The person comes back to the page as it was left. */
  comeBack(): void {
    this.stopped = undefined;
    this.#tries = 0;
    this.connect();
  }
  /** The person loads the page anew: it asks which sections it may open, and what was not saved is on the old page only. */
  reload(): void {
    this.wire?.clientCloses();
    this.wire = undefined;
    this.channels = new Map();
    this.askedAtMs = Infinity;
    for (const section of this.#wanted) {
      const paper = this.papers.get(section.id);
      if (paper) this.world.gaveUp(this, section.id, paper.unsaved);
      paper?.doc.destroy();
      this.papers.delete(section.id);
      if (this.world.mayRead(this, section.id)) this.papers.set(section.id, this.#fresh(section));
    }
    if (this.papers.size > 0) this.comeBack();
  }

  #heard(wire: Wire, bytes: Uint8Array): void {
    if (wire !== this.wire) return;
    this.#heardAtMs = this.world.schedule.nowMs;
    const split = this.onlySection === undefined ? splitSection(bytes) : { section: this.onlySection, frame: bytes };
    const paper = split && this.papers.get(split.section);
    const channel = split && this.channels.get(split.section);
    const frames = split && decodeFrames(split.frame);
    if (!frames || frames.length !== 1) return this.world.violated(`${this.name} hears a frame that is not one message`);
    for (const frame of frames) {
      if (paper && channel) this.#take(paper, channel, frame);
      else if (frame.kind !== 'awareness') this.world.violated(`${this.name} hears ${frame.kind} of a section that it did not open`);
    }
  }

  #take(paper: Paper, channel: Channel, frame: ServerFrame): void {
    const { section, doc } = paper;
    switch (frame.kind) {
      case 'step1': {
        this.say(section.id, { kind: 'step2', update: Y.encodeStateAsUpdate(doc, frame.stateVector) });
        if (channel.caughtUp) return;
        channel.caughtUp = true;
        return this.askSaved(section.id);
      }
      case 'step2': case 'update':
        Y.applyUpdate(doc, frame.update, fromServer);
        if (frame.kind === 'step2') channel.filled = true;
        if (channel.filled && (doc.store.pendingStructs !== null || doc.store.pendingDs !== null)) this.world.violated(`${this.name} is left with something pending in ${section.id} after ${frame.kind}`);
        return;
      case 'barrier-answer': {
        const changes = channel.barriers.get(frame.number);
        if (!changes) return this.world.violated(`${this.name} hears an answer that it did not ask for, or a second one`);
        channel.barriers.delete(frame.number);
        if (channel.filled) {
          const missing = this.world.rowsBetween(this.planId, section.id, channel.lookedUpTo, frame.position).find(({ spans }) => spans.some(([id, , after]) => Y.getState(doc.store, id) < after));
          if (missing) this.world.violated(`${this.name} is told position ${frame.position} before it is shown row ${missing.position} of ${section.id}`);
          channel.lookedUpTo = Math.max(channel.lookedUpTo, frame.position);
        }
        this.askedAtMs = Math.min(this.askedAtMs, this.world.schedule.nowMs);
        paper.unsaved = paper.unsaved.filter((change) => !changes.includes(change));
        return this.world.acknowledged(this, section.id, changes);
      }
      case 'notice': {
        const notice = frame.value as { kind: string; code?: string; number?: number };
        if (notice.kind === 'refused') this.world.refused(this, section.id, notice.code ?? '');
        if (notice.kind === 'signed') this.signedHeard = Math.max(this.signedHeard, notice.number ?? 0);
        return;
      }
      case 'awareness': case 'denied':
    }
  }

  #closed(wire: Wire, code: number): void {
    if (wire !== this.wire) return;
    this.wire = undefined;
    this.channels = new Map();
    this.askedAtMs = Infinity;
    const { dice } = this.world;
    switch (code) {
      case closeCodes.notSignedIn:
        this.stopped = 'not-signed-in';
        return;
      case closeCodes.notFound:
        this.stopped = 'not-found';
        return;
      case closeCodes.refused: case closeCodes.overLimit: case closeCodes.rebuilt:
        for (const paper of this.papers.values()) {
          this.world.gaveUp(this, paper.section.id, paper.unsaved);
          paper.doc.destroy();
          this.papers.set(paper.section.id, this.#fresh(paper.section));
        }
        return this.#again(dice.between(50, 800));
      case closeCodes.badFrame: case closeCodes.tooBigFrame:
        return this.world.violated(`${this.name} was told ${code}, though it says only what the protocol knows`);
      default:
        this.#tries += 1;
        return this.#again(dice.between(20, Math.min(2_500, 100 * 2 ** this.#tries)));
    }
  }
  #again(delayMs: number): void {
    this.#waiting?.cancel();
    this.#waiting = this.world.schedule.after(delayMs, `${this.name} connects`, () => this.connect());
  }

  /** A line on which nothing has come for too long is dead. */
  #watch(): void {
    this.world.schedule.after(5_000, `${this.name} watches`, () => {
      if (this.wire && this.world.schedule.nowMs - this.#heardAtMs > clientSilenceMs) this.wire.abandon();
      if (this.channels.size > 0 && [...this.channels.values()].every(({ caughtUp }) => caughtUp)) this.#tries = 0;
      this.#watch();
    });
  }
}
