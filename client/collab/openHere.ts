/** The plans that are open on this screen, and every word of them that exists nowhere else: asked before the screen goes elsewhere. */
import type { KeptText } from './keptText.ts';
import type { PlanConnection } from './planConnection.ts';
import { Subject } from './subject.ts';

export class OpenHere {
  /** Words that are only on this device; empty when nothing would be lost. */
  readonly texts = new Subject<readonly KeptText[]>([], (a, b) => a.length === 0 && b.length === 0);
  readonly #open = new Set<PlanConnection>();

  /** How many of them are not in a copy on this device either. */
  get notHeld(): number {
    return [...this.#open].filter((one) => !one.onDevice).reduce((count, one) => count + one.onlyHere.length, 0);
  }

  /** Counts this plan in until the answer is called. */
  add(connection: PlanConnection): () => void {
    const look = (): void => this.texts.set([...this.#open].flatMap((one) => one.onlyHere));
    const stops = [connection.status.listen(look), connection.kept.listen(look)];
    this.#open.add(connection);
    look();
    return () => {
      for (const stop of stops) stop();
      this.#open.delete(connection);
      look();
    };
  }
}

export const openHere = new OpenHere();
