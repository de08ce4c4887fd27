/** A plan that its person has left stays connected until no word of it is only on this screen, however long that takes. */
import type { PlanConnection } from './planConnection.ts';
import type { Surroundings } from './surroundings.ts';

/** Editors that are closed by the same step still write their last words within this time, in milliseconds. */
const lastWordsMs = 120;
/** How long the last words of a plan that this device holds are waited for, in milliseconds: they are sent when it is next opened. */
const heldMs = 5_000;

/** Calls `free` once, when everything of the plan is saved, dismissed by its person, or held on the device; the answer calls it off. */
export function whenNothingIsOnlyHere(
  plan: Pick<PlanConnection, 'status' | 'kept' | 'unsavedFields' | 'onDevice'>, around: Pick<Surroundings, 'now' | 'after'>, free: () => void,
): () => void {
  const leftAt = around.now();
  const stops: (() => void)[] = [];
  const stop = (): void => stops.splice(0).forEach((end) => end());
  const look = (): boolean => {
    const saved = plan.unsavedFields === 0 && plan.kept.value.length === 0;
    const held = plan.onDevice === true && (plan.status.value.kind !== 'saving' || around.now() - leftAt >= heldMs);
    if (!saved && !held) return false;
    stop();
    free();
    return true;
  };
  // What the device has yet to write down is told by nothing: it is looked at again.
  const again = (): void => {
    if (!look()) stops.push(around.after(heldMs, again));
  };
  stops.push(around.after(lastWordsMs, () => {
    stops.push(plan.status.listen(look), plan.kept.listen(look));
    again();
  }));
  return stop;
}
