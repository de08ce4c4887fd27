/** How the demonstration's patients are found by number. */
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';

/** The whole number for the nine digits a patient is seeded with. Throws when no check digit fits them. */
export function nhsNumberOf(nine: string): string {
  const number = makeNhsNumber(nine);
  if (number === undefined) throw new Error(`${nine} has no check digit`);
  return number;
}
