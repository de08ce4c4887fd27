/**
 * What the whole plan says just now, taken from the live documents a few times a second at most: how complete each section is, what is
 * missing, what is disputed. Fields listen for their own part of it.
 */
import type { PlanConnection } from '../collab/planConnection.ts';
import { Subject } from '../collab/subject.ts';
import { isNeeded, missingNeeded, sectionCompleteness } from '../../shared/content/completeness.ts';
import type { Section } from '../../shared/content/kinds.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { isBlank, rowsOf } from '../../shared/content/values.ts';
import type { PlanId } from '../../shared/ids.ts';

export interface PlanSummary {
  readonly content: PlanContent;
  readonly completeness: ReadonlyMap<string, { readonly needed: number; readonly answered: number }>;
  /** Ids of needed fields without an answer. */
  readonly missing: ReadonlySet<string>;
  readonly needed: ReadonlySet<string>;
  readonly blank: ReadonlySet<string>;
  readonly disputed: ReadonlySet<string>;
}

const lookEveryMs = 250;

/** Two or more values that contradict each other, as they stand in a live document. */
export const contradiction = (value: unknown): readonly unknown[] | undefined =>
  typeof value === 'object' && value !== null && Array.isArray((value as { disputed?: unknown }).disputed) ? (value as { disputed: unknown[] }).disputed : undefined;

/** Reads everything once. `open` are the sections that this person may read and this device has read. */
export function summarise(planId: string, open: readonly Section[], valueAt: (section: string, field: string) => unknown): PlanSummary {
  const sections: Record<string, Record<string, unknown>> = {};
  const disputed = new Set<string>();
  const blank = new Set<string>();
  for (const section of open) {
    const own: Record<string, unknown> = {};
    for (const field of section.fields) {
      const value = valueAt(section.id, field.id);
      const sides = contradiction(value);
      if (sides !== undefined || (field.of.kind === 'rows' && rowsOf(value).some((row) => contradiction(row) !== undefined))) disputed.add(field.id);
      if (isBlank(value)) blank.add(field.id);
      if (value !== undefined) own[field.id] = value;
    }
    sections[section.id] = own;
  }
  const content: PlanContent = { planId: planId as PlanId, position: 0, sections };
  return {
    content, disputed, blank,
    completeness: new Map(open.map((section) => [section.id, sectionCompleteness(section, sections[section.id] ?? {}, content)])),
    missing: new Set(missingNeeded(content, open).map((one) => one.field.id)),
    needed: new Set(open.flatMap((section) => section.fields.filter((field) => isNeeded(field, content)).map((field) => field.id))),
  };
}

export class LiveSummary {
  readonly subject: Subject<PlanSummary>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stops: readonly (() => void)[];

  constructor(private readonly planId: string, private readonly open: readonly Section[], private readonly connection: PlanConnection) {
    this.subject = new Subject(this.#read());
    this.#stops = [connection.revision.listen(() => this.#soon()), connection.loaded.listen(() => this.#soon())];
  }

  stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
  }

  #read(): PlanSummary {
    const loaded = this.connection.loaded.value;
    return summarise(this.planId, this.open.filter((section) => loaded.has(section.id)), (section, field) => this.connection.value(section, field));
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.subject.set(this.#read());
    }, lookEveryMs);
  }
}
