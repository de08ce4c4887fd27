/** How many plans each person has opened lately: reading a caseload out, plan after plan, is noted and then refused. */
import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import type { PersonId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Clock, Settings } from '../ports.ts';

const noted = new Counter({ name: 'accord_many_plans_noted_total', help: 'Times that somebody opened more different plans in ten minutes than people do' });
const refused = new Counter({ name: 'accord_many_plans_refused_total', help: 'Openings refused because their person had opened too many different plans in ten minutes' });

interface Reader {
  /** What was opened, and when last, oldest first. */
  readonly opened: Map<string, number>;
  noted: boolean;
}

/** Counted on each node by itself, in memory: somebody whose calls go to several nodes may open so many times as many. */
export class PlansOpened {
  readonly #readers = new Map<PersonId, Reader>();
  readonly #most: number;
  constructor(private readonly clock: Clock, private readonly log: Logger, settings: Pick<Settings, 'demo'>) {
    this.#most = settings.demo ? limits.plansOpenedInDemoMax : limits.plansOpenedMax;
  }

  /** Counts that the person opens the plan, or looks this patient up; false when it is one too many. What is open already stays open. */
  admits(person: PersonId, what: string): boolean {
    const now = this.clock.now().getTime();
    const reader = this.#readers.get(person) ?? { opened: new Map<string, number>(), noted: false };
    this.#readers.set(person, reader);
    for (const [key, at] of reader.opened) {
      if (now - at < limits.plansOpenedWithinMs) break;
      reader.opened.delete(key);
    }
    if (!reader.opened.delete(what) && reader.opened.size >= this.#most) {
      refused.inc();
      this.log.warn({ event: 'too-many-plans', actor: person, plans: reader.opened.size }, 'one more plan was refused to somebody who opened too many');
      return false;
    }
    reader.opened.set(what, now);
    this.#note(person, reader);
    return true;
  }

  #note(person: PersonId, reader: Reader): void {
    const many = reader.opened.size > limits.plansOpenedNoted;
    if (many && !reader.noted) {
      noted.inc();
      this.log.warn({ event: 'many-plans', actor: person, plans: reader.opened.size }, 'one person opened more plans in ten minutes than people do');
    }
    reader.noted = many;
  }
}
