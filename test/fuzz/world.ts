/** A section with people who write in it, a gate, what the gate let in, and a second replica that knows only that. */
import * as Y from 'yjs';
import { judge, type Case, type Verdict } from '../../server/collab/gate.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { fieldsRoot, openRoots, rootName } from '../../shared/crdt/sectionDocument.ts';
import { edit } from './edits.ts';
import type { Mutation, Surroundings } from './mutations.ts';
import type { Chance } from './random.ts';

export interface Person {
  readonly id: string;
  doc: Y.Doc;
  /** What their copy did and the gate has not seen yet. */
  unsent: Uint8Array[];
}

/** An update on its way to the gate. */
export interface Arrival {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly kind: 'update' | 'sync-reply';
  readonly authorId: string;
}

export interface Judged {
  readonly verdict: Verdict;
  readonly milliseconds: number;
}

/** Chance is left for what people do: how often a slow machine makes a room begin anew must change nothing else. */
const serverId = 2 ** 32 - 2;

export function newDocument(section: Section, clientId?: number): Y.Doc {
  const doc = new Y.Doc({ guid: 'section' });
  if (clientId !== undefined) doc.clientID = clientId;
  openRoots(doc, section);
  return doc;
}

export class World {
  staging: Y.Doc;
  readonly replica: Y.Doc;
  readonly accepted: Uint8Array[] = [];
  readonly people: readonly Person[];
  readonly #owners = new Map<number, string>();
  readonly #surroundings: { readonly roots: readonly string[]; readonly fields: readonly string[] };
  #other: Uint8Array = Uint8Array.of(0, 0);

  constructor(readonly section: Section, private readonly chance: Chance) {
    this.staging = newDocument(section, serverId);
    this.replica = newDocument(section, serverId);
    this.people = ['person_ann', 'person_ben', 'person_cy'].map((id) => {
      const person: Person = { id, doc: newDocument(section), unsent: [] };
      this.reopen(person);
      return person;
    });
    this.#surroundings = { roots: [fieldsRoot, ...section.fields.map(rootName)], fields: section.fields.map((field) => field.id) };
  }

  /** The person closes the section and opens it anew, with a new client id. */
  reopen(person: Person): void {
    person.doc.destroy();
    person.doc = newDocument(this.section, this.chance.next());
    person.unsent = [];
    Y.applyUpdate(person.doc, Y.encodeStateAsUpdate(this.replica), 'server');
    person.doc.on('update', (update: Uint8Array, origin: unknown) => { if (origin !== 'server') person.unsent.push(update); });
  }

  catchUp(person: Person): void {
    Y.applyUpdate(person.doc, Y.encodeStateAsUpdate(this.replica, Y.encodeStateVector(person.doc)), 'server');
  }

  /** What a person writes next, as it goes over the wire; undefined when nothing changed. */
  write(person: Person): Arrival | undefined {
    for (let edits = this.chance.maybe(0.8) ? 1 : this.chance.between(2, 5); edits > 0; edits -= 1) person.doc.transact(() => edit(person.doc, this.section, this.chance));
    if (person.unsent.length === 0) return undefined;
    const returns = this.chance.maybe(0.15);
    // Whoever returns sends all that the service lacks, and everything that was ever deleted.
    const bytes = returns ? Y.encodeStateAsUpdate(person.doc, Y.encodeStateVector(this.replica)) : Y.mergeUpdates(person.unsent);
    person.unsent = [];
    return { name: 'real', bytes, kind: returns ? 'sync-reply' : 'update', authorId: person.id };
  }

  get surroundings(): Surroundings {
    return { ...this.#surroundings, clients: [...Y.decodeStateVector(Y.encodeStateVector(this.staging))], other: this.#other };
  }

  forged({ kind, authorId }: Arrival, { name, bytes }: Mutation): Arrival {
    return { name, bytes, kind: this.chance.maybe(0.1) ? 'sync-reply' : kind, authorId: this.chance.maybe(0.1) ? this.chance.pick(this.people).id : authorId };
  }

  judge({ bytes, kind, authorId }: Arrival): Judged {
    const began = performance.now();
    const verdict = judge(this.#case(bytes, kind, authorId));
    return { verdict, milliseconds: performance.now() - began };
  }

  #case(update: Uint8Array, kind: Case['kind'], authorId: string): Case {
    return { update, kind, staging: this.staging, sectionBytes: 0, section: this.section, authorId, ownerOf: (client) => this.#owners.get(client), mayNot: undefined, isService: false, today: '2026-06-01' };
  }

  /** Does what the committer does with a verdict. */
  settle(arrival: Arrival, verdict: Verdict): void {
    if (verdict.kind === 'refuse' && verdict.touched) return this.restage();
    if (verdict.kind !== 'accept') return;
    this.accepted.push(verdict.bytes);
    for (const [client] of verdict.spans) this.#owners.set(client, arrival.authorId);
    Y.applyUpdate(this.replica, verdict.bytes);
    this.#other = arrival.bytes;
    // A copy whose client id was used by somebody else is worth nothing to its owner.
    if (arrival.name !== 'real') for (const person of this.people) if (verdict.spans.some(([client]) => client === person.doc.clientID)) this.reopen(person);
  }

  /** As a room does: begun again from what stands. */
  restage(): void {
    this.staging.destroy();
    this.staging = newDocument(this.section, serverId);
    Y.applyUpdate(this.staging, Y.encodeStateAsUpdate(this.replica));
  }

  /** From nothing but the accepted updates, one by one. */
  coldRebuild(): Y.Doc {
    const doc = newDocument(this.section);
    for (const bytes of this.accepted) Y.applyUpdate(doc, bytes);
    return doc;
  }

  /** From the same updates, as they come over a bad network: in another order, some twice. The library itself keeps what comes too early. */
  shuffledRebuild(chance: Chance): Y.Doc {
    const doc = newDocument(this.section);
    const window: Uint8Array[] = [];
    for (const bytes of this.accepted) {
      window.push(bytes);
      if (window.length < 6) continue;
      const at = chance.below(window.length);
      Y.applyUpdate(doc, window[at] as Uint8Array);
      if (chance.maybe(0.9)) window.splice(at, 1);
    }
    while (window.length > 0) for (const bytes of window.splice(chance.below(window.length), 1)) Y.applyUpdate(doc, bytes);
    // As at the end of every reconnect: whatever this copy still lacks.
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.replica, Y.encodeStateVector(doc)));
    return doc;
  }

  destroy(): void {
    for (const doc of [this.staging, this.replica, ...this.people.map((person) => person.doc)]) doc.destroy();
  }
}
