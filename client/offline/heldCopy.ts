/** One plan's copy in use: writes down, sealed and in order, what the live plan tells it. */
import type { HeldSection, LocalCopy, OwnWords } from '../collab/localCopy.ts';
import type { KeptText } from '../collab/keptText.ts';
import { Subject } from '../collab/subject.ts';
import type { About } from './about.ts';
import { copiesHere } from './mark.ts';
import { writeDown, type ChangeRecord, type Step } from './records.ts';
import { sayChanged } from './tabs.ts';
import { seal, sealJson, unseal, type Sealed } from './sealing.ts';

/** A section is written down anew as a whole when more changes than this were read. */
const changesMax = 40;

export interface CopyKeys {
  readonly plan: CryptoKey;
  readonly words: CryptoKey;
}
export interface Opened {
  readonly id: string;
  readonly keys: CopyKeys;
  readonly about: About;
  readonly until: number;
  readonly changes: readonly ChangeRecord[];
  readonly words: OwnWords;
  /** Tabs whose words were read and are taken over. */
  readonly writers: readonly string[];
}

/** What is said of what when it is sealed: a piece put into another place does not open. */
export const changePlace = (copy: string, section: string): string => `${copy} change ${section}`;
export const wordsPlace = (copy: string): string => `${copy} words`;
export const aboutPlace = (copy: string): string => `${copy} about`;

/** What was said and is not sealed yet. */
type Saying =
  | { readonly kind: 'add'; readonly section: string; readonly update: Uint8Array; readonly inPlaceOf: readonly number[] }
  | { readonly kind: 'forget'; readonly section: string }
  | { readonly kind: 'about'; readonly about: About };

export class HeldCopy implements LocalCopy {
  readonly id: string;
  readonly until: number;
  readonly about: Subject<About>;
  readonly refused: readonly KeptText[];
  readonly unsent: readonly KeptText[];
  /** Something could not be written down: the device is full, say. */
  readonly broken = new Subject<boolean>(false);
  /** Set once the copy is gone from the device: its time is over, or it was handed back, lost or signed out of. */
  readonly ended = new Subject<'over' | 'gone' | undefined>(undefined);
  readonly #writer: string = crypto.randomUUID();
  readonly #read = new Map<string, readonly number[]>();
  #takenOver: readonly string[];
  #waiting: Saying[] = [];
  #writing = false;
  #tail: Promise<void> = Promise.resolve();
  #said = '';
  #words: OwnWords | undefined;

  private constructor(private readonly opened: Opened, readonly sections: ReadonlyMap<string, HeldSection>) {
    this.id = opened.id;
    this.until = opened.until;
    this.about = new Subject(opened.about);
    this.refused = opened.words.refused;
    this.unsent = opened.words.unsent;
    this.#takenOver = opened.writers;
    for (const { section, key } of opened.changes) this.#read.set(section, [...(this.#read.get(section) ?? []), key]);
  }

  /** Opens what was read. Throws when a piece does not open. */
  static async open(opened: Opened): Promise<HeldCopy> {
    const updates = new Map<string, Uint8Array[]>();
    for (const change of opened.changes) updates.set(change.section, [...(updates.get(change.section) ?? []), await unseal(opened.keys.plan, changePlace(opened.id, change.section), change)]);
    const unsent = (id: string): string[] => [...new Set(opened.words.unsent.filter((text) => text.section === id).map((text) => text.field))];
    return new HeldCopy(opened, new Map([...updates].map(([id, list]) => [id, { updates: list, unsent: unsent(id) }])));
  }

  /** Sections of which so many changes were read that they are better written down anew. */
  get lengthy(): readonly string[] {
    return [...this.#read].filter(([, keys]) => keys.length > changesMax).map(([section]) => section);
  }
  get pending(): boolean {
    return this.#writing || this.#waiting.length > 0 || this.broken.value || this.ended.value !== undefined;
  }
  /** Resolves once everything said so far is on the device; false when something is not. */
  async settled(): Promise<boolean> {
    while (this.#writing) await this.#tail;
    return !this.pending;
  }

  changed(section: string, update: Uint8Array): void {
    this.#say({ kind: 'add', section, update, inPlaceOf: [] });
  }
  whole(section: string, state: Uint8Array): void {
    const read = this.#read.get(section) ?? [];
    this.#read.delete(section);
    this.#say({ kind: 'add', section, update: state, inPlaceOf: read });
  }
  forget(section: string): void {
    this.#read.delete(section);
    this.#say({ kind: 'forget', section });
  }
  words(words: OwnWords): void {
    const saying = JSON.stringify(words);
    if (saying === this.#said) return;
    this.#said = saying;
    this.#words = words;
    this.#write();
  }
  /** The copy is as live as it can be: from now on it is of this moment. */
  isOf(about: About): void {
    this.about.set(about);
    this.#say({ kind: 'about', about });
  }

  /** Called when the copy is gone from the device. */
  end(): void {
    if (this.ended.value === undefined) this.ended.set(Date.now() >= this.until ? 'over' : 'gone');
  }

  #say(saying: Saying): void {
    if (this.ended.value !== undefined) return;
    this.#waiting.push(saying);
    this.#write();
  }

  /** What is said in one go, and while something is being written, is written in one step: a refused section never goes without its words. */
  #write(): void {
    if (this.#writing || !copiesHere.value) return;
    this.#writing = true;
    this.#tail = Promise.resolve().then(() => this.#writeAll()).then(undefined, () => this.broken.set(true)).then(() => { this.#writing = false; });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 || this.#words !== undefined) {
      const [sayings, words] = [this.#waiting, this.#words];
      this.#waiting = [];
      this.#words = undefined;
      try {
        const steps = await Promise.all(sayings.map((saying) => this.#sealed(saying)));
        const step = words && { writer: this.#writer, sealed: await this.#sealedWords(words), inPlaceOf: this.#takenOver };
        const held = await writeDown(this.id, steps, step);
        if (step !== undefined) this.#takenOver = [];
        if (!held && steps.length > 0) this.end();
      } catch (error) {
        // What comes later builds on it: it goes first when the device can be written to again.
        this.#waiting = [...sayings, ...this.#waiting];
        this.#words ??= words;
        throw error;
      }
      this.broken.set(false);
      if (this.ended.value !== undefined) sayChanged();
    }
  }

  async #sealed(saying: Saying): Promise<Step> {
    const { plan } = this.opened.keys;
    switch (saying.kind) {
      case 'add': return { kind: 'add', section: saying.section, inPlaceOf: saying.inPlaceOf, sealed: await seal(plan, changePlace(this.id, saying.section), new Uint8Array(saying.update)) };
      case 'forget': return saying;
      case 'about': return { kind: 'about', sealed: await sealJson(plan, aboutPlace(this.id), saying.about) };
    }
  }

  async #sealedWords({ unsent, refused }: OwnWords): Promise<Sealed | undefined> {
    const { planId, view } = this.about.value;
    return unsent.length + refused.length === 0 ? undefined : sealJson(this.opened.keys.words, wordsPlace(this.id), { planId, patient: view.patient, unsent, refused });
  }
}
