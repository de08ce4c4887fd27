/** A section's log as it comes about: people write apart, the gate judges, accepted updates become rows with author and time. */
import * as Y from 'yjs';
import { readField } from '../../shared/crdt/sectionDocument.ts';
import { SectionPast, type WrittenRow } from '../../shared/crdt/sectionPast.ts';
import { field, newDoc, section, Stand } from './stand.ts';

export interface LoggedRow extends WrittenRow {
  readonly sectionId: string;
}

export class WrittenLog {
  readonly rows: LoggedRow[] = [];
  readonly #stand: Stand;
  readonly #docs: Y.Doc[];
  #sent: Uint8Array[];
  #nowMs = Date.UTC(2026, 5, 1, 9);

  constructor(readonly sectionId: string, readonly people: readonly string[]) {
    this.#stand = new Stand(sectionId);
    this.#docs = people.map((_, index) => {
      const doc = newDoc(sectionId);
      doc.clientID = 1_000 + index;
      return doc;
    });
    this.#sent = this.#docs.map((doc) => Y.encodeStateVector(doc));
  }

  /** The document of one person, which the others do not see before it is sent. */
  doc(person: number): Y.Doc {
    return this.#docs[person] as Y.Doc;
  }
  /** What stands in the log now. */
  value(fieldId: string): unknown {
    return readField(this.#stand.staging, field(fieldId));
  }
  passes(ms: number): void {
    this.#nowMs += ms;
  }

  /** Sends what the person wrote; answers the row that it became, or undefined when it said nothing new. Throws when it is refused. */
  send(person: number): LoggedRow | undefined {
    const doc = this.doc(person);
    const update = Y.encodeStateAsUpdate(doc, this.#sent[person]);
    const id = this.people[person] as string;
    const verdict = this.#stand.judge(update, { authorId: id, kind: 'sync-reply' });
    if (verdict.kind === 'refuse') throw new Error(`refused: ${verdict.code} ${verdict.reason}`);
    this.#sent[person] = Y.encodeStateVector(doc);
    if (verdict.kind === 'nothing') return undefined;
    for (const [client] of verdict.spans) this.#stand.owners.set(client, id);
    this.#nowMs += 1;
    const row = {
      sectionId: this.sectionId, position: this.rows.length + 1, bytes: verdict.bytes, spans: verdict.spans,
      author: { id, name: id.toUpperCase(), role: 'gp' }, at: new Date(this.#nowMs),
    };
    this.rows.push(row);
    return row;
  }

  /** The person gets everything that stands. */
  hear(person: number): void {
    const doc = this.doc(person);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.#stand.staging, Y.encodeStateVector(doc)));
  }

  /** Writes and sends, having heard everything. */
  write(person: number, change: (doc: Y.Doc) => void): LoggedRow | undefined {
    this.hear(person);
    change(this.doc(person));
    return this.send(person);
  }

  past(rows: readonly WrittenRow[] = this.rows): SectionPast {
    const past = new SectionPast(section(this.sectionId));
    past.take(rows);
    return past;
  }

  destroy(): void {
    for (const doc of [...this.#docs, this.#stand.staging]) doc.destroy();
  }
}
