/**
 * A plan as this device knows it, live: one document for each section the person may open, over one socket. Tells what is saved,
 * who else is here and what they changed. Knows nothing of the screen.
 */
import type * as Y from 'yjs';
import type { Awareness } from 'y-protocols/awareness';
import { sectionById } from '../../shared/content/standard.ts';
import type { Notice } from '../../shared/wire/notice.ts';
import { FieldListeners } from './fieldListeners.ts';
import { whenNothingIsOnlyHere } from './leaving.ts';
import { closedMeanwhile, endedWhy, Keeping, overtakenWhy, unsavedTexts, type KeptText } from './keptText.ts';
import type { HeldSection, LocalCopy } from './localCopy.ts';
import type { PlanConnectionOptions, SectionAccess } from './planOptions.ts';
import { PresenceBoard, type PlaceInPlan } from './presenceBoard.ts';
import { sameStatus, saveStatus, type SaveStatus } from './saveStatus.ts';
import { SectionLink } from './sectionLink.ts';
import { SharedSocket } from './sharedSocket.ts';
import { Subject } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** While somebody types, the question "is it saved?" goes out this often, in milliseconds. */
const askEveryMs = 120;

export class PlanConnection {
  readonly status = new Subject<SaveStatus>({ kind: 'loading' }, sameStatus);
  /** True while this device has what the server has, and hears of every change. */
  readonly live = new Subject<boolean>(false);
  readonly #presence: PresenceBoard;
  readonly people: PresenceBoard['people'];
  readonly #keeping = new Keeping();
  readonly kept = this.#keeping.texts;
  /** Fires with every notice of a committed change or a sign-off. */
  readonly notices = new Subject<Notice | undefined>(undefined);
  /** The latest position of the plan's log at which somebody, this person too, is known to have written; 0 before the first notice. */
  readonly changedTo = new Subject<number>(0);
  /** Counts changes of any value, by anybody. */
  readonly revision = new Subject<number>(0);
  /** Sections that have been read completely once; grows, and is replaced when it does. */
  readonly loaded = new Subject<ReadonlySet<string>>(new Set());
  readonly #links = new Map<string, SectionLink>();
  readonly #listeners = new FieldListeners();
  readonly #socket: SharedSocket;
  readonly #around: Surroundings;
  #copy: LocalCopy | undefined;
  #savedAt: number | null = null;
  #wasOpen = false;
  #refusal: { readonly section: string; readonly why: string } | undefined;
  #refusedWhy: string | undefined;
  #givenUp = false;
  #cancelAsk: (() => void) | undefined;
  #cancelLeave: (() => void) | undefined;

  constructor(private readonly options: PlanConnectionOptions) {
    this.#around = options.around;
    this.#copy = options.copy;
    this.#keeping.add([...(options.copy?.refused ?? []), ...closedMeanwhile(options.copy?.unsent, options.sections)]);
    this.#presence = new PresenceBoard(options.around, () => new Map([...this.#links].map(([id, link]) => [id, link.provider.awareness])));
    this.people = this.#presence.people;
    this.#socket = new SharedSocket(options.url, options.around, {
      state: () => this.#socketChanged(),
      barrier: (section, number) => this.#answered(section, number),
      notice: (section, notice) => this.#noticed(section, notice),
      fresh: (because) => this.#openFresh(because),
      askAccess: () => options.onAccessChanged(),
    });
    this.#setLinks(options.sections, options.copy?.sections);
    this.#socket.connect();
  }

  /** After a change of access: closes what is gone, opens what is new, and connects again if that was waited for. */
  setSections(sections: readonly SectionAccess[]): void {
    this.#setLinks(sections);
    this.#socket.resume();
  }

  doc(section: string): Y.Doc | undefined {
    return this.#links.get(section)?.doc;
  }
  awareness(section: string): Awareness | undefined {
    return this.#links.get(section)?.provider.awareness;
  }
  /** May this person write the section, as far as the screen knows? The server decides. */
  mayEdit(section: string): boolean {
    return this.#links.get(section)?.mayEdit ?? false;
  }

  /** The value as stored; `undefined` if not recorded. The same object until it changes. */
  value(section: string, field: string): unknown {
    return this.#links.get(section)?.value(field);
  }
  /** Why the value that stands was chosen over others, or corrected; told to the listeners of the value. */
  settledBecause(section: string, field: string): string | undefined {
    return this.#links.get(section)?.settledBecause(field);
  }
  onValue(section: string, field: string, heard: () => void): () => void {
    return this.#listeners.on(section, field, heard);
  }

  /** Says where this person stands; undefined for nowhere in particular. */
  standAt(place: PlaceInPlan | undefined): void {
    this.#presence.standAt(place);
  }

  /** Keeps a copy on this device from now on; undefined ends that. What is open stays open. */
  keepCopy(copy: LocalCopy | undefined): void {
    this.#copy = copy;
    for (const [id, link] of this.#links) if (link.loaded) copy?.whole(id, link.state);
    this.#tellCopy();
  }
  /** Whether everything written here lies on the device, should this screen end; undefined without a copy. */
  get onDevice(): boolean | undefined {
    return this.#copy && !this.#copy.pending;
  }

  /** Fields whose last change here has not been confirmed. */
  get unsavedFields(): number {
    if (this.#givenUp) return 0;
    let count = 0;
    for (const link of this.#links.values()) if (link.ledger.unsaved) count += Math.max(1, link.ledger.unsavedFields.length);
    return count;
  }

  /** Words of this plan that would be lost with this screen. */
  get onlyHere(): readonly KeptText[] {
    return this.#socket.state.kind === 'stopped' ? this.kept.value : [...this.kept.value, ...this.#unsaved('Only on this device.')];
  }

  /** The person has read (and copied) what was refused, or what the ended connection left here. */
  dismissKept(): void {
    this.#givenUp = this.#socket.state.kind === 'stopped';
    this.#keeping.clear();
    this.#refusedWhy = undefined;
    this.#tellStatus();
  }

  /** No such plan for this person any more, or no such person here. */
  stop = (why: 'not-found' | 'sign-in' | 'other-person'): void => this.#socket.stop(why);
  /** The same person is signed in again: goes on with the same documents, and sends what was written meanwhile. */
  signedInAgain(): void {
    this.#socket.again();
  }

  /** The person leaves the plan: everything is freed, and `freed` told, once nothing of it is only here. Until then it stays connected. */
  leave(freed: () => void = () => undefined): void {
    this.#presence.leave();
    this.#cancelLeave = whenNothingIsOnlyHere(this, this.#around, () => {
      this.destroy();
      freed();
    });
  }
  /** The person is back before it was freed. */
  comeBack(): void {
    this.#cancelLeave?.();
    this.#presence.comeBack();
  }

  destroy(): void {
    this.#cancelLeave?.();
    this.#cancelAsk?.();
    this.#presence.end();
    for (const link of this.#links.values()) link.destroy();
    this.#links.clear();
    this.#socket.end();
    this.#listeners.clear();
  }

  #setLinks(sections: readonly SectionAccess[], held?: LocalCopy['sections']): void {
    const wanted = new Map(sections.map((section) => [section.id, section]));
    for (const [id, link] of this.#links) {
      const section = wanted.get(id);
      if (section?.mayEdit === link.mayEdit) continue;
      if (link.ledger.unsaved) this.#keep(link, 'Your right to write this section was taken away.');
      this.#close(id);
      this.#copy?.forget(id);
    }
    for (const { id, mayEdit } of sections) if (!this.#links.has(id)) this.#open(id, mayEdit, held?.get(id));
    this.#tellStatus();
  }

  #open(id: string, mayEdit: boolean, held?: HeldSection): void {
    const section = sectionById(id);
    // A newer server may know sections that this screen does not.
    if (section === undefined) return;
    this.#links.set(id, new SectionLink(section, mayEdit, this.#socket, {
      fieldsChanged: (_, fields, mine) => this.#fieldsChanged(id, fields, mine),
      upToDate: () => this.#upToDate(id),
      presenceChanged: () => this.#presence.lookSoon(),
      documentChanged: (update) => this.#copy?.changed(id, update),
      overtaken: (answers) => this.#keeping.add(answers.map((answer) => ({ section: id, ...answer, why: overtakenWhy }))),
    }, held));
    if (held !== undefined) this.loaded.set(new Set([...this.loaded.value, id]));
    this.#presence.show(id);
  }

  #close(id: string): void {
    this.#links.get(id)?.destroy();
    this.#links.delete(id);
    if (this.loaded.value.has(id)) this.loaded.set(new Set([...this.loaded.value].filter((one) => one !== id)));
    this.#listeners.tell(id, (sectionById(id)?.fields ?? []).map((field) => field.id));
  }

  #socketChanged(): void {
    if (this.#socket.state.kind === 'open') this.#wasOpen = true;
    else for (const link of this.#links.values()) link.connectionLost();
    if (this.#socket.state.kind !== 'stopped') this.#givenUp = false;
    this.#keepAtEnd();
    this.#tellStatus();
  }

  #fieldsChanged(id: string, fields: ReadonlySet<string>, mine: boolean): void {
    this.#listeners.tell(id, fields);
    this.revision.set(this.revision.value + 1);
    if (!mine) return;
    this.#keepAtEnd();
    this.#tellStatus();
    this.#askSoon();
  }

  #upToDate(id: string): void {
    if (!this.loaded.value.has(id)) this.loaded.set(new Set([...this.loaded.value, id]));
    this.#tellStatus();
    this.#askSoon();
  }

  #askSoon(): void {
    if (this.#cancelAsk !== undefined) return;
    this.#cancelAsk = this.#around.after(askEveryMs, () => {
      this.#cancelAsk = undefined;
      if (!this.#socket.isOpen) return;
      for (const [id, link] of this.#links) if (link.upToDate && link.ledger.mayAsk) this.#socket.askSaved(id, link.ledger.ask());
    });
  }

  #answered(id: string, number: number): void {
    const link = this.#links.get(id);
    // After a refusal the answer only says that the refused words have been dealt with.
    if (link === undefined || this.#refusal?.section === id) return;
    const wasUnsaved = link.ledger.unsaved;
    if (!link.ledger.answered(number)) return;
    if (wasUnsaved && !link.ledger.unsaved) this.#savedAt = this.#around.now();
    if (link.ledger.mayAsk) this.#askSoon();
    this.#tellStatus();
  }

  #noticed(_: string, notice: Notice): void {
    if (notice.kind === 'refused') {
      this.#refusal = { section: notice.section, why: notice.reason };
      this.#refusedWhy = notice.reason;
      this.#tellStatus();
    }
    if (notice.kind === 'access-changed') this.options.onAccessChanged();
    if (notice.kind === 'changed') this.changedTo.set(Math.max(this.changedTo.value, notice.position));
    this.notices.set(notice);
  }

  /** Drops the document that was refused (all of them if it is not known which) and opens fresh ones; what was typed is kept. */
  #openFresh(because: 'refused' | 'rebuilt'): void {
    const refusal = because === 'refused' ? this.#refusal : undefined;
    this.#refusal = undefined;
    const ids = refusal !== undefined && this.#links.has(refusal.section) ? [refusal.section] : [...this.#links.keys()];
    for (const id of ids) {
      const link = this.#links.get(id);
      if (link === undefined) continue;
      if (link.ledger.unsaved) this.#keep(link, refusal?.why ?? 'The server has a newer copy of this section.');
      const { mayEdit } = link;
      this.#close(id);
      this.#copy?.forget(id);
      this.#open(id, mayEdit);
    }
    if (because === 'refused' && refusal === undefined) this.options.onAccessChanged();
    this.#presence.lookSoon();
  }

  #keep(link: SectionLink, why: string): void {
    const texts = this.#keeping.add(unsavedTexts(link, why));
    if (texts.length > 0) this.#refusedWhy ??= why;
  }

  #unsaved = (why: string): readonly KeptText[] => [...this.#links.values()].flatMap((link) => unsavedTexts(link, why));

  /** Once the connection has ended, everything unsaved is shown for copying; when it goes on it is sent and need not be. */
  #keepAtEnd(): void {
    this.#keeping.atEnd(this.#socket.state.kind === 'stopped' && !this.#givenUp ? this.#unsaved(endedWhy) : []);
  }

  #tellStatus(): void {
    const links = [...this.#links.values()];
    this.#tellCopy();
    this.live.set(this.#socket.isOpen && links.every((link) => link.upToDate));
    this.status.set(saveStatus({
      socket: this.#socket.state, unsavedFields: this.unsavedFields, savedAt: this.#savedAt, refusedWhy: this.#refusedWhy,
      wasOpen: this.#wasOpen || links.some((link) => link.loaded), loading: links.some((link) => !link.synced),
    }));
  }

  #tellCopy(): void {
    this.#copy?.words({ unsent: this.#givenUp ? [] : this.#unsaved('Written offline and not sent.'), refused: this.#keeping.refused });
  }
}
