/** A program that takes part in a plan over `/sync` exactly as a browser does: its own socket, its own session, its own documents. */
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { sectionById } from '../../shared/content/standard.ts';
import { decodeFrames, encodeBarrier, encodeFrame, splitSection, withSection, type ServerFrame } from '../../shared/crdt/frame.ts';
import { fieldsRoot, openRoots, rootName, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { writeAwareness } from './awarenessFrame.ts';

export interface VisitorOptions {
  /** Where this service listens: "http://127.0.0.1:3000". */
  readonly address: string;
  readonly planId: string;
  /** Cookie header of a session. */
  readonly cookie: string;
  /** The address people type, for the Origin header. */
  readonly publicUrl: string;
}

/** Adds letters at the end of a paragraph that it began itself. */
export interface Pen {
  write(letters: string): void;
}

/** One section as the visitor has it open. Everything it writes can be taken back without touching what others wrote. */
export class VisitedSection {
  readonly doc = new Y.Doc();
  readonly #undo: Y.UndoManager;
  #awarenessClock = 0;
  #synced: () => void = () => undefined;
  readonly synced = new Promise<void>((resolve) => { this.#synced = resolve; });

  constructor(readonly section: Section, private readonly send: (frame: Uint8Array) => void) {
    openRoots(this.doc, section);
    const scope = [this.doc.getMap(fieldsRoot), ...section.fields.filter(({ merge }) => merge === 'T').map((field) => this.doc.getXmlFragment(rootName(field)))];
    this.#undo = new Y.UndoManager(scope, { trackedOrigins: new Set([this]), captureTimeout: Number.MAX_SAFE_INTEGER, deleteFilter: (item) => !this.#holdsOthersWords(item) });
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== fromServer) send(encodeFrame({ kind: 'update', update }));
    });
  }

  heard(frame: ServerFrame): void {
    if (frame.kind === 'step1') return this.send(encodeFrame({ kind: 'step2', update: Y.encodeStateAsUpdate(this.doc, frame.stateVector) }));
    if (frame.kind !== 'step2' && frame.kind !== 'update') return;
    Y.applyUpdate(this.doc, frame.update, fromServer);
    if (frame.kind === 'step2') this.#synced();
  }

  /** Says where the visitor stands: in a field, in the section as such, or (null) nowhere. */
  stand(where: { readonly field?: string; readonly caret?: unknown } | null): void {
    this.#awarenessClock += 1;
    const state = where && { ...(where.field ? { section: this.section.id, field: where.field } : {}), cursor: where.caret ? { anchor: where.caret, head: where.caret } : null };
    this.send(encodeFrame({ kind: 'awareness', update: writeAwareness([{ id: this.doc.clientID, clock: this.#awarenessClock, state }]) }));
  }

  /** A new paragraph at the end of the field's prose, to be written letter by letter, with the caret where the letters go. */
  paragraph(field: Field): Pen {
    const text = new Y.XmlText();
    let begun = false;
    return {
      write: (letters) => {
        this.doc.transact(() => {
          if (!begun) {
            const paragraph = new Y.XmlElement('paragraph');
            paragraph.insert(0, [text]);
            const fragment = this.doc.getXmlFragment(rootName(field));
            fragment.insert(fragment.length, [paragraph]);
            begun = true;
          }
          text.insert(text.length, letters);
        }, this);
        this.stand({ field: field.id, caret: Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, text.length)) as unknown });
      },
    };
  }

  /** Writes an ordinary value (merge class L). */
  choose(field: Field, value: unknown): void {
    if (field.merge !== 'L') throw new Error(`${field.id} is not an ordinary value`);
    this.doc.transact(() => writeValue(this.doc, field, value), this);
  }

  /** Takes back everything that was written through this object and is still as it was written. */
  takeBack(): void {
    while (this.#undo.undo() !== null);
  }

  destroy(): void {
    this.#undo.destroy();
    this.doc.destroy();
  }

  /** A paragraph in which somebody else has written stays, with their words. */
  #holdsOthersWords(item: Y.Item): boolean {
    if (!(item.content instanceof Y.ContentType)) return false;
    for (let inner = (item.content.type as Y.AbstractType<unknown>)._start; inner !== null; inner = inner.right) {
      if (!inner.deleted && (inner.id.client !== this.doc.clientID || this.#holdsOthersWords(inner))) return true;
    }
    return false;
  }
}

const fromServer = Symbol('from the server');

export class Visitor {
  readonly #socket: WebSocket;
  readonly #sections = new Map<string, VisitedSection>();
  readonly #barriers = new Map<number, () => void>();
  #barrier = 0;
  readonly #open: Promise<void>;
  /** The close code, once the line is gone. */
  readonly closed: Promise<number>;

  constructor({ address, planId, cookie, publicUrl }: VisitorOptions) {
    this.#socket = new WebSocket(`${address.replace(/^http/, 'ws')}/sync/${planId}`, { headers: { cookie, origin: new URL(publicUrl).origin } });
    this.#socket.binaryType = 'nodebuffer';
    this.#open = new Promise((resolve, reject) => {
      this.#socket.once('open', resolve);
      this.#socket.once('error', reject);
    });
    this.closed = new Promise((resolve) => this.#socket.once('close', (code) => resolve(code)));
    this.#socket.on('error', () => this.#socket.terminate());
    this.#socket.on('message', (data: Buffer) => this.#heard(data));
    void this.closed.then(() => {
      for (const section of this.#sections.values()) section.destroy();
      for (const answered of this.#barriers.values()) answered();
    });
  }

  /** Opens a section and waits until it holds what the server holds. Rejects when the line cannot be made. */
  async enter(sectionId: string): Promise<VisitedSection> {
    const existing = this.#sections.get(sectionId);
    if (existing) return existing;
    const section = sectionById(sectionId);
    if (!section) throw new Error(`the content standard has no section ${sectionId}`);
    await this.#open;
    const visited = new VisitedSection(section, (frame) => this.#send(sectionId, frame));
    this.#sections.set(sectionId, visited);
    this.#send(sectionId, encodeFrame({ kind: 'step1', stateVector: Y.encodeStateVector(visited.doc) }));
    const lost = this.closed.then((code) => { throw new Error(`the line was closed (${code})`); });
    await Promise.race([visited.synced, lost]);
    return visited;
  }

  /** Resolves when the service has committed everything sent so far on this section, or the line is gone. */
  saved(sectionId: string): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.resolve();
    return new Promise((resolve) => {
      this.#barrier += 1;
      this.#barriers.set(this.#barrier, resolve);
      this.#send(sectionId, encodeBarrier(this.#barrier));
    });
  }

  /** Takes back all that was written here, waits until that is saved, and leaves. */
  async leave(): Promise<void> {
    if (this.#socket.readyState === WebSocket.OPEN) {
      for (const section of this.#sections.values()) {
        section.takeBack();
        section.stand(null);
      }
      await Promise.all([...this.#sections.keys()].map((id) => this.saved(id)));
    }
    this.#socket.close(1000);
    await this.closed;
  }

  #send(sectionId: string, frame: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(withSection(sectionId, frame));
  }

  #heard(data: Buffer): void {
    const split = splitSection(data);
    const section = split && this.#sections.get(split.section);
    for (const frame of (section && decodeFrames(split.frame)) || []) {
      if (frame.kind === 'barrier-answer') {
        this.#barriers.get(frame.number)?.();
        this.#barriers.delete(frame.number);
      } else section?.heard(frame);
    }
  }
}
