/**
 * What others changed since this person last looked, for as long as the plan is on screen. What arrives while the page is in sight is
 * seen as it comes; what arrives behind another tab is new when the person comes back, and so is what was written while the line was down.
 */
import { limits } from '../../shared/limits.ts';
import type { Section } from '../../shared/content/kinds.ts';
import type { ChangesSince } from '../../shared/wire/history.ts';
import { marksOf, type FieldMark, type Stroke } from '../collab/changedMarks.ts';
import type { PlanConnection } from '../collab/planConnection.ts';
import { Subject } from '../collab/subject.ts';

export interface NewMarks {
  /** `section.field` → its mark, in reading order. */
  readonly fields: ReadonlyMap<string, FieldMark>;
  /** More was written than is marked. */
  readonly cut: boolean;
  /** The server could not be asked: nothing is known about what is new. */
  readonly failed: boolean;
}
export interface NewSinceWorld {
  /** The plan's position when this person's documents were not open yet: whatever they hold now is at least that new. */
  readonly position: number;
  readonly sections: readonly Section[];
  readonly connection: PlanConnection;
  readonly read: (after?: number) => Promise<ChangesSince>;
  readonly send: (position: number, leaving: boolean) => Promise<void>;
  readonly inSight: () => boolean;
  readonly after: (ms: number, work: () => void) => () => void;
}

const nothing: NewMarks = { fields: new Map(), cut: false, failed: false };
const drawAgainMs = 250;

export class NewSince {
  readonly marks = new Subject<NewMarks>(nothing, sameMarks);
  #strokes: readonly Stroke[] = [];
  #cut = false;
  #failedAfter: { readonly after: number | undefined } | undefined;
  #begun = false;
  /** The position up to which the documents were in sight when the page was last put out of it. */
  #hiddenAt: number | undefined;
  /** Where the documents stood when the line was lost. */
  #lost: { readonly position: number; readonly revision: number } | undefined;
  /** Something came out of sight that no notice told of. */
  #missed = false;
  #lookedEnough = false;
  #sent = 0;
  #cancelLook: (() => void) | undefined;
  #cancelDraw: (() => void) | undefined;
  readonly #stops: readonly (() => void)[];

  constructor(private readonly world: NewSinceWorld) {
    const { connection } = world;
    this.#stops = [connection.loaded.listen(() => this.#begin()), connection.revision.listen(() => this.#drawSoon()), connection.live.listen(() => this.#lineChanged())];
    this.#begin();
  }

  /** The person says that they have seen everything. */
  seen(): void {
    this.#strokes = [];
    this.#cut = false;
    this.#failedAfter = undefined;
    this.#draw();
    this.#tell(this.#shown, false);
  }

  /** Asks the server once more after it could not be reached. */
  tryAgain(): void {
    if (this.#failedAfter !== undefined) this.#fetch(this.#failedAfter.after);
  }

  /** The page came into sight or went out of it. */
  sightChanged(): void {
    if (!this.#begun) return this.#begin();
    if (!this.world.inSight()) {
      if (this.#hiddenAt !== undefined) return;
      this.#tellLeaving();
      this.#hiddenAt = this.#shown;
      this.#cancelLook?.();
      this.#cancelLook = undefined;
      return;
    }
    const since = this.#hiddenAt;
    this.#hiddenAt = undefined;
    this.#lookFor();
    if (since !== undefined && (this.#missed || this.#shown > since)) this.#fetch(since);
    this.#missed = false;
  }

  /** No notice tells of what was written while the line was down: it came with the rest when the line was back, and is marked like what came before. */
  #lineChanged(): void {
    const { live, revision } = this.world.connection;
    if (!live.value) {
      if (this.#begun) this.#lost ??= { position: this.#shown, revision: revision.value };
      return;
    }
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost === undefined || lost.revision === revision.value) return;
    if (this.#hiddenAt === undefined) this.#fetch(lost.position);
    else this.#missed = true;
  }

  /** The plan is left. */
  leave(): void {
    if (this.world.inSight()) this.#tellLeaving();
    for (const stop of this.#stops) stop();
    this.#cancelLook?.();
    this.#cancelDraw?.();
  }

  get #shown(): number {
    return this.#hiddenAt ?? Math.max(this.world.position, this.world.connection.changedTo.value);
  }

  /** Once every section is there and in sight: nothing that is not on the screen counts as looked at. */
  #begin(): void {
    const { connection, sections, inSight } = this.world;
    if (this.#begun || !inSight() || sections.some(({ id }) => !connection.loaded.value.has(id))) return;
    this.#begun = true;
    this.#lookFor();
    this.#fetch();
  }

  #lookFor(): void {
    if (this.#lookedEnough) return;
    this.#cancelLook ??= this.world.after(limits.lookedAfterMs, () => { this.#lookedEnough = true; });
  }

  #fetch(after?: number): void {
    this.#failedAfter = undefined;
    this.world.read(after).then((answer) => {
      this.#strokes = [...this.#strokes, ...answer.strokes];
      this.#cut ||= answer.cut;
      this.#draw();
    }, () => {
      this.#failedAfter = { after };
      this.#draw();
    });
  }

  #tellLeaving(): void {
    if (this.#begun && this.#lookedEnough) this.#tell(this.#shown, true);
  }
  #tell(position: number, leaving: boolean): void {
    if (position <= this.#sent) return;
    this.#sent = position;
    this.world.send(position, leaving).catch(() => {
      // Said again when the page is left; never said means that it is marked as new once more, which is the safe mistake.
      this.#sent = 0;
    });
  }

  #drawSoon(): void {
    if (this.#strokes.length === 0) return;
    this.#cancelDraw ??= this.world.after(drawAgainMs, () => this.#draw());
  }
  #draw(): void {
    this.#cancelDraw?.();
    this.#cancelDraw = undefined;
    this.marks.set({ fields: new Map(this.world.sections.flatMap((section) => this.#of(section))), cut: this.#cut, failed: this.#failedAfter !== undefined });
  }
  #of(section: Section): (readonly [string, FieldMark])[] {
    const doc = this.world.connection.doc(section.id);
    if (doc === undefined) return [];
    const marks = marksOf(doc, section, this.#strokes);
    return section.fields.flatMap(({ id }) => {
      const mark = marks.get(id);
      return mark === undefined ? [] : [[`${section.id}.${id}`, mark] as const];
    });
  }

  /** The letters of one prose field, as its document stands at this moment. */
  lettersNow(section: Section, field: string): FieldMark['letters'] {
    const doc = this.world.connection.doc(section.id);
    return doc === undefined || this.#strokes.length === 0 ? [] : marksOf(doc, section, this.#strokes).get(field)?.letters ?? [];
  }
}

const sameMarks = (a: NewMarks, b: NewMarks): boolean => a.cut === b.cut && a.failed === b.failed && JSON.stringify([...a.fields]) === JSON.stringify([...b.fields]);
