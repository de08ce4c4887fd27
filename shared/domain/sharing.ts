/** What the person asked to have withheld, and whether they agree to sharing at all, read from what the plan says. */
import { isDisputed } from '../content/planContent.ts';
import { choiceCode, disputedSides, isBlank, possibleCodes } from '../content/values.ts';
import { parseId, type OrganisationId } from '../ids.ts';
import { roles, type Role } from './roles.ts';

/** The fields whose values decide about sharing; kept on the plan's head by the commit that writes them. */
export const limitsField = 'sharingLimits';
export const limitsSection = 'sharing';
export const shareField = 'consentShare';

/** The part of a limit that withholds the plan as a whole. */
export const everything = 'everything';

/** Nobody of the role, or of the organisation, sees the section, or anything. */
export interface SharingLimit {
  readonly from: { readonly role: Role } | { readonly organisation: OrganisationId };
  /** A section's id, or `everything`. */
  readonly part: string;
}

/**
 * The limits that rows of the plan put in force. Where two people wrote different rows at once every side limits, and so does a row that one struck
 * out while another changed it: in doubt nothing is shown. A row that names neither a role nor an organisation, or no part, has no effect (`isApplied`).
 */
export function limitsOf(rows: unknown): SharingLimit[] {
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((row: unknown) => sidesOf(row).flatMap(limitsOfRow));
}

/** Whether the service can act on the row as it is written. */
export const isApplied = (row: unknown): boolean => limitsOfRow(row).length > 0;

const sidesOf = (row: unknown): readonly unknown[] =>
  (isDisputed(row) ? disputedSides(row).map(({ value }) => value) : [row]).filter((side) => (side as { removed?: unknown } | null)?.removed !== true);

function limitsOfRow(row: unknown): SharingLimit[] {
  const { role, organisation, section } = (row ?? {}) as { role?: unknown; organisation?: unknown; section?: unknown };
  const part = choiceCode(section);
  if (part === undefined) return [];
  const known = roles.find((each) => each === choiceCode(role));
  const id = parseId('org', (organisation as { id?: unknown } | null | undefined)?.id);
  return [...(known ? [{ from: { role: known }, part }] : []), ...(id ? [{ from: { organisation: id }, part }] : [])];
}

const notShared: readonly string[] = ['withdrawn', 'declined'];
const saysNo = (code: string): boolean => notShared.includes(code);

/**
 * Whether agreement to share is taken back or refused. Of a disputed answer the last signed one stays in force; where none was ever signed, one side
 * that says no is enough. `signed` is the answer of the latest signed version; null or undefined when there is none.
 */
export function isWithdrawn(value: unknown, signed: unknown): boolean {
  if (isDisputed(value) && !isBlank(signed)) return possibleCodes(signed).some(saysNo);
  return possibleCodes(value).some(saysNo);
}
