/** Who else has the plan open, and telling them where this person stands. */
import type { Awareness } from 'y-protocols/awareness';
import { gatherPresence, type Present } from './presence.ts';
import { Subject } from './subject.ts';
import type { Surroundings } from './surroundings.ts';

/** Everyone can see in this section's presence who has the plan open. */
const lobby = 'identity';
/** Carets move with every key; who is where is looked at this often, in milliseconds. */
const lookEveryMs = 80;

export interface PlaceInPlan {
  readonly section: string;
  readonly field: string;
}

export class PresenceBoard {
  readonly people = new Subject<readonly Present[]>([], (a, b) => JSON.stringify(a) === JSON.stringify(b));
  #place: PlaceInPlan | undefined;
  #cancelLook: (() => void) | undefined;
  #away = false;

  /** `awareness`: that of every section that is open just now. */
  constructor(private readonly around: Surroundings, private readonly awareness: () => ReadonlyMap<string, Awareness>) {}

  /** Says where this person stands; undefined for nowhere in particular. */
  standAt(place: PlaceInPlan | undefined): void {
    const before = this.#place;
    this.#place = place;
    if (before !== undefined && before.section !== place?.section) this.show(before.section);
    if (place !== undefined && (before?.section !== place.section || before.field !== place.field)) this.show(place.section);
  }

  /** Tells the section's others whether this person is in it. */
  show(section: string): void {
    if (this.#away) return this.awareness().get(section)?.setLocalState(null);
    const here = this.#place?.section === section ? { section, field: this.#place.field, cursor: null } : undefined;
    this.awareness().get(section)?.setLocalState(here ?? (section === lobby ? {} : null));
  }

  /** This person leaves the plan. */
  leave(): void {
    this.#place = undefined;
    this.#away = true;
    this.#showAll();
  }
  comeBack(): void {
    this.#away = false;
    this.#showAll();
  }
  #showAll(): void {
    for (const section of this.awareness().keys()) this.show(section);
  }

  lookSoon(): void {
    this.#cancelLook ??= this.around.after(lookEveryMs, () => {
      this.#cancelLook = undefined;
      this.people.set(gatherPresence([...this.awareness()].map(([section, awareness]) => ({ section, own: awareness.clientID, states: awareness.getStates() }))));
    });
  }

  end(): void {
    this.#cancelLook?.();
  }
}
