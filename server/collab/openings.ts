/** A plan is shown only once its audit chain says who opened it: one entry for everything a person has open at once, which all of it waits for. */
import type { Actor } from '../../shared/domain/roles.ts';
import type { PersonId } from '../../shared/ids.ts';
import type { OpenPlan } from './openPlan.ts';

export class Openings {
  readonly #recorded = new WeakMap<OpenPlan, Map<PersonId, Promise<boolean>>>();

  constructor(private readonly record: (plan: OpenPlan, actor: Actor) => Promise<boolean>) {}

  /** Resolves when the person's opening stands in the audit chain; false when it could not be recorded, and the next to ask tries again. */
  async stands(plan: OpenPlan, actor: Actor): Promise<boolean> {
    const people = this.#recorded.get(plan) ?? new Map<PersonId, Promise<boolean>>();
    this.#recorded.set(plan, people);
    const known = people.get(actor.id);
    if (known) return known;
    const recording = this.record(plan, actor);
    people.set(actor.id, recording);
    const stands = await recording;
    if (!stands && people.get(actor.id) === recording) people.delete(actor.id);
    return stands;
  }

  /** One of the person's connections is gone; when it was the last, coming back is an opening of its own. */
  left(plan: OpenPlan, person: PersonId): void {
    if (!plan.hasPerson(person)) this.#recorded.get(plan)?.delete(person);
  }
}
