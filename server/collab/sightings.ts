/**
 * In whose browser a client id was first seen. Others see it as soon as its person stands somewhere, long before anything is written under it: it
 * stays that person's when the browser has left, and when nobody has the section open any more, so that whoever comes back finds it theirs.
 */
import { limits } from '../../shared/limits.ts';

/** The client ids of one section. */
export class SectionSightings {
  readonly #people = new Map<number, string>();

  ownerOf(client: number): string | undefined {
    return this.#people.get(client);
  }

  /** The first who is seen with an id keeps it. Of one person the latest so many are kept. */
  saw(client: number, person: string): void {
    if (this.#people.has(client)) return;
    const own = [...this.#people].filter(([, each]) => each === person);
    for (const [oldest] of own.slice(0, Math.max(0, own.length - limits.clientIdsSeenMax + 1))) this.#people.delete(oldest);
    this.#people.set(client, person);
  }
}

export class Sightings {
  /** By plan and section, the one longest not asked for first. */
  readonly #sections = new Map<string, SectionSightings>();

  of(planId: string, sectionId: string): SectionSightings {
    const key = `${planId} ${sectionId}`;
    const known = this.#sections.get(key) ?? new SectionSightings();
    this.#sections.delete(key);
    this.#sections.set(key, known);
    const [oldest] = this.#sections.keys();
    if (this.#sections.size > limits.sectionsSeenMax && oldest !== undefined) this.#sections.delete(oldest);
    return known;
  }
}
