/** One section of a plan on this device: its document, its provider, which fields changed, and what of it is saved. */
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { fieldsRoot, readField, rootName, settledBecause } from '../../shared/crdt/sectionDocument.ts';
import { channelClass } from './channel.ts';
import type { HeldSection } from './localCopy.ts';
import { OwnAnswers } from './ownAnswers.ts';
import { SaveLedger } from './saveLedger.ts';
import type { SharedSocket } from './sharedSocket.ts';

export interface LinkListener {
  /** These fields may have other values now. `mine` says that it was written here. */
  fieldsChanged(section: string, fields: ReadonlySet<string>, mine: boolean): void;
  /** The document holds what the server had when the connection began, and the server holds what was written here. */
  upToDate(section: string): void;
  presenceChanged(): void;
  /** The document changed, here or elsewhere; what it began with is not told. */
  documentChanged(update: Uint8Array): void;
  /** Own answers instead of which somebody else's stand, given at the same moment. */
  overtaken(answers: readonly { readonly field: string; readonly value: unknown }[]): void;
}

export class SectionLink {
  readonly doc = new Y.Doc();
  readonly provider: WebsocketProvider;
  readonly ledger = new SaveLedger();
  /** The document can be shown: it was held on this device, or read completely once; stays true while offline. */
  loaded = false;
  /** True from the first complete answer on. */
  synced = false;
  readonly #fieldOfRoot: ReadonlyMap<string, Field>;
  readonly #fields: ReadonlyMap<string, Field>;
  readonly #values = new Map<string, unknown>();
  readonly #own = new OwnAnswers(this.doc.getMap(fieldsRoot));
  #caughtUp = false;

  constructor(
    readonly section: Section,
    readonly mayEdit: boolean,
    socket: SharedSocket,
    private readonly listener: LinkListener,
    /** What this device held of the section. */
    held?: HeldSection,
  ) {
    this.#fields = new Map(section.fields.map((field) => [field.id, field]));
    this.#fieldOfRoot = new Map(section.fields.map((field) => [rootName(field), field]));
    if (held !== undefined) this.#begin(held);
    this.doc.on('update', (update: Uint8Array) => listener.documentChanged(update));
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => this.#changed(transaction));
    this.provider = new WebsocketProvider('plan', section.id, this.doc, {
      connect: false,
      disableBc: true,
      // Waiting for the next try is the shared socket's business; opening a lane costs nothing.
      maxBackoffTime: 250,
      shouldReconnect: () => true,
      WebSocketPolyfill: channelClass(section.id, socket, () => {
        this.#caughtUp = true;
        this.#tellUpToDate();
      }, () => this.provider.awareness.clientID, () => (this.ledger.unsaved ? this.#written : undefined)),
    });
    this.provider.awareness.setLocalState(null);
    this.provider.awareness.on('change', () => listener.presenceChanged());
    this.provider.on('sync', (synced: boolean) => {
      if (!synced) return;
      const first = !this.loaded;
      this.loaded = true;
      this.synced = true;
      // Subscribers that showed "loading" look again even when the section is empty.
      if (first) this.listener.fieldsChanged(section.id, new Set(this.#fields.keys()), false);
      this.#tellUpToDate();
    });
    this.provider.connect();
  }

  /** Both sides know what the other had: only now can the server's word cover everything written here. */
  get upToDate(): boolean {
    return this.provider.synced && this.#caughtUp;
  }

  /** The value as stored, `undefined` if not recorded; the same object until it changes. */
  value(fieldId: string): unknown {
    if (this.#values.has(fieldId)) return this.#values.get(fieldId);
    const field = this.#fields.get(fieldId);
    const value = field === undefined ? undefined : readField(this.doc, field);
    this.#values.set(fieldId, value);
    return value;
  }

  /** Why the value that stands was chosen over others; undefined where nobody had to say. */
  settledBecause(fieldId: string): string | undefined {
    const field = this.#fields.get(fieldId);
    return field && settledBecause(this.doc, field);
  }

  /** The whole document, for keeping. */
  get state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc);
  }

  /** Everything that was written under this document's own id. */
  get #written(): Uint8Array {
    const others = Y.decodeStateVector(Y.encodeStateVector(this.doc));
    others.delete(this.doc.clientID);
    return Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(others));
  }

  connectionLost(): void {
    this.#caughtUp = false;
    this.ledger.lostConnection();
  }

  destroy(): void {
    this.provider.destroy();
    this.doc.destroy();
  }

  /** Takes up what was held. Its ids stay those under which it was written; what is written from now on gets an id of its own, so that two tabs never write under one. */
  #begin(held: HeldSection): void {
    for (const update of held.updates) Y.applyUpdate(this.doc, update);
    this.loaded = true;
    if (held.unsent.length === 0) return;
    this.ledger.changed(held.unsent);
    this.#own.wrote(held.unsent);
  }

  #tellUpToDate(): void {
    if (this.upToDate) this.listener.upToDate(this.section.id);
  }

  #changed(transaction: Y.Transaction): void {
    if (transaction.changed.size === 0) return;
    const fields = new Set<string>();
    const answers = new Set<string>();
    for (const type of transaction.changedParentTypes.keys()) {
      if (type._item !== null) continue;
      const root = Y.findRootTypeKey(type);
      const field = this.#fieldOfRoot.get(root);
      if (root === fieldsRoot) for (const key of transaction.changed.get(type) ?? []) answers.add(key ?? '');
      else if (field !== undefined) fields.add(field.id);
    }
    for (const field of answers) fields.add(field);
    for (const field of fields) this.#values.delete(field);
    // What the provider applied came from the server; everything else was done on this device.
    const mine = transaction.origin !== this.provider;
    this.#own.keepOnly(this.ledger.unsavedFields);
    if (mine) {
      this.ledger.changed(fields);
      this.#own.wrote(answers);
    } else if (answers.size > 0) {
      const lost = this.#own.overtaken(answers);
      if (lost.length > 0) this.listener.overtaken(lost);
    }
    this.listener.fieldsChanged(this.section.id, fields, mine);
  }
}
