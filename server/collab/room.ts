/**
 * One section of one plan, open on this node: what is committed, as bytes that can be sent as they are; a document, made only when somebody
 * writes, that may be ahead of it while a commit is under way; and who listens.
 */
import * as Y from 'yjs';
import type { Section } from '../../shared/content/kinds.ts';
import { limits } from '../../shared/limits.ts';
import type { Notice } from '../../shared/wire/notice.ts';
import type { Channel } from './channel.ts';
import { Committed } from './committed.ts';
import { compact, documentFrom, hasPending } from './document.ts';
import { Outgoing } from './outgoing.ts';
import type { LogRow, StoredSection } from './planLog.ts';
import { SectionSightings } from './sightings.ts';
import { isContradicted } from './summary.ts';
import { saysNothingNew, type UpdateRead } from './updateReading.ts';

export class Room {
  /** To whom each client id belongs. */
  readonly owners: Map<number, string>;
  /** In whose browser a client id was first seen; what the node remembers of the section is put in its place. */
  seen = new SectionSightings();
  readonly channels = new Set<Channel>();
  /** Everything up to `upTo`, as bytes. */
  readonly committed: Committed;
  /** Every row of this section up to this position of the plan is here. */
  upTo: number;
  /** Milliseconds since 1970 at which somebody last wanted the room. */
  wantedAtMs = 0;
  /** Milliseconds since 1970 at which the document was last needed. */
  writtenAtMs = 0;
  #doc: Y.Doc | undefined;
  #question: { readonly of: Uint8Array; readonly frame: Outgoing } | undefined;
  #answer: { readonly of: Uint8Array; readonly frame: Outgoing } | undefined;
  /** The document holds more than what is committed. */
  #ahead = false;
  #disputed: ReadonlySet<string> = new Set();
  /** Size of the document as it was last measured and all that came since; `undefined` before. */
  #measured: { bytes: number; exact: boolean } | undefined;

  constructor(readonly section: Section, stored: StoredSection, upTo: number) {
    this.owners = new Map(stored.owners);
    this.committed = new Committed(section, stored);
    this.upTo = upTo;
  }

  /** The document to try updates on. While no commit is under way it is what is committed. Throws when the log has a gap. */
  get staging(): Y.Doc {
    return this.#doc ?? this.#build([]);
  }
  /** A document stands in memory. */
  get built(): boolean {
    return this.#doc !== undefined;
  }
  /** Ids of contradicted fields; known while the document stands. */
  get disputed(): ReadonlySet<string> {
    return this.#disputed;
  }

  #build(accepted: readonly Uint8Array[]): Y.Doc {
    const doc = documentFrom([this.committed.state()], this.section);
    if (hasPending(doc)) throw new Error(`the log of section ${this.section.id} has a gap`);
    this.#disputed = new Set(this.section.fields.filter((field) => isContradicted(doc, field)).map((field) => field.id));
    for (const bytes of accepted) Y.applyUpdate(doc, bytes);
    this.#ahead = accepted.length > 0;
    this.#doc = doc;
    return doc;
  }

  /** The document is about to hold more than what is committed. */
  goAhead(): void {
    this.#ahead = true;
  }
  /** What the document held more is committed, and these fields are contradicted now. */
  caughtUp(disputed: readonly string[] | undefined): void {
    this.#ahead = false;
    if (disputed) this.#disputed = new Set(disputed);
  }

  /** What the document held more was not committed: it is made anew when it is next needed. */
  goBack(): void {
    if (this.#ahead) this.rest();
  }

  /** Throws the document away and begins it again from what is committed and from `accepted`, updates of the commit under way. */
  restage(accepted: readonly Uint8Array[]): void {
    this.rest();
    this.#build(accepted);
  }
  /** Throws the document away; the next who needs it makes it again. */
  rest(): void {
    this.#doc?.destroy();
    this.#doc = undefined;
    this.#ahead = false;
  }

  /** What the server asks whoever comes in: what do you have that is not here? The same for all until something is committed. */
  question(): Outgoing {
    const stateVector = this.committed.stateVector();
    if (!this.#question || this.#question.of !== stateVector) this.#question = { of: stateVector, frame: Outgoing.frame(this.section.id, { kind: 'step1', stateVector }) };
    return this.#question.frame;
  }
  /** The answer to a client's own question, of what is committed. Throws when the state vector cannot be read. */
  answer(stateVector: Uint8Array): Outgoing {
    const update = this.committed.since(stateVector);
    if (this.#answer?.of === update) return this.#answer.frame;
    const answer = { of: update, frame: Outgoing.frame(this.section.id, { kind: 'step2', update }) };
    // Most who come in have nothing, or everything: what they are sent is kept for the next.
    if (this.committed.keeps(update)) this.#answer = answer;
    return answer.frame;
  }
  /** The bytes that had to be read for this answer alone; none for one that is kept for the next who asks. */
  bytesReadFor(answer: Outgoing): number {
    return this.#answer?.frame === answer ? 0 : this.committed.bytes;
  }
  /** Forgets the frames that are kept for whoever comes in at the same moment: they hold the section's bytes a second time. */
  cool(): void {
    this.#question = undefined;
    this.#answer = undefined;
  }
  /** Whether what is committed holds all of it: what every returning client repeats, read-only people too. */
  alreadyHolds(update: UpdateRead): boolean {
    return this.#doc && !this.#ahead ? saysNothingNew(this.#doc, update) : this.committed.holds(update);
  }

  /**
   * Bytes of the document, or a little more. Measured again only when `more` bytes would not fit and something came since the last
   * time, so that an edit of a long section costs no more than one of a short section.
   */
  bytesBefore(more: number): number {
    this.#measured ??= { bytes: this.committed.bytes, exact: false };
    if (this.#measured.bytes + more > limits.sectionBytesMax && !this.#measured.exact) {
      this.#measured = { bytes: compact([this.committed.state()], this.section).length, exact: true };
    }
    return this.#measured.bytes;
  }

  #take(row: LogRow): boolean {
    if (row.position <= this.upTo) return false;
    this.committed.add(row);
    for (const [client] of row.spans) this.owners.set(client, row.author.id);
    if (this.#measured) this.#measured = { bytes: this.#measured.bytes + row.bytes.length, exact: false };
    this.upTo = row.position;
    return true;
  }

  /** Takes a row that this node committed; the document holds it already. Answers whether it was new here. */
  takeOwn(row: LogRow): boolean {
    return this.#take(row);
  }

  /** Takes a row that another node committed. Answers whether it was new here. */
  takeOther(row: LogRow): boolean {
    if (!this.#take(row)) return false;
    if (this.#doc) {
      Y.applyUpdate(this.#doc, row.bytes);
      const doc = this.#doc;
      const touched = new Set(row.fields);
      this.#disputed = new Set(this.section.fields.filter((field) => (touched.has(field.id) ? isContradicted(doc, field) : this.#disputed.has(field.id))).map(({ id }) => id));
    }
    return true;
  }

  /** To everyone in the section; a notice only to those who asked for more than a stock client understands. */
  broadcast(update: Uint8Array): void {
    const frame = Outgoing.frame(this.section.id, { kind: 'update', update });
    for (const channel of this.channels) channel.send(frame);
  }
  notify(notice: Notice): void {
    const frame = Outgoing.notice(this.section.id, notice);
    for (const channel of this.channels) if (channel.asked) channel.send(frame);
  }

  destroy(): void {
    this.rest();
  }
}
