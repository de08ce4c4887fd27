/** What a signature on a plan says, and when a plan may be signed. Pure. */
import { fieldById } from '../content/standard.ts';
import { isDisputed, type PlanContent } from '../content/planContent.ts';
import { canonical } from './canonical.ts';
import type { Role } from './roles.ts';

/** The words that a signer agrees to. */
export const meaningOfSigning =
  'I have read this plan as it is shown here. It is what the team agreed. From now on urgent care reads this version until a later one is signed.';

/** What is signed with the node's key: everything that somebody checking a version years later needs to be told. */
export interface SignedStatement {
  readonly v: 1;
  readonly type: 'plan-version';
  readonly plan: string;
  readonly number: number;
  /** Content hash of the version before; null for the first. */
  readonly previousHash: string | null;
  /** SHA-256 of the content's canonical JSON, lower-case hex. */
  readonly contentHash: string;
  readonly position: number;
  readonly signer: { readonly id: string; readonly name: string; readonly role: Role; readonly organisation: string };
  /** The words agreed to. */
  readonly meaning: string;
  /** Database clock, UTC, milliseconds. */
  readonly signedAt: string;
  readonly keyId: string;
}

/** The bytes under the signature, as text. */
export const spellStatement = (statement: SignedStatement): string => canonical(statement);

/** The bytes under the content hash: plan, position, every section and the salt, nothing else. */
export const spellContent = ({ planId, position, sections, salt }: PlanContent): string => canonical({ planId, position, sections, ...(salt === undefined ? {} : { salt }) });

export interface DisputedField {
  readonly section: string;
  readonly field: string;
  readonly label: string;
}

/** Fields and rows that two people wrote without having seen each other, in the order of the content. A repeated field is named once. */
export function disputedFields(content: PlanContent): DisputedField[] {
  return Object.entries(content.sections).flatMap(([section, values]) =>
    Object.entries(values)
      .filter(([, value]) => isDisputed(value) || (Array.isArray(value) && value.some(isDisputed)))
      .map(([field]) => ({ section, field, label: fieldById(field)?.label ?? field })),
  );
}

/** What stands between a reviewed position and a signature, in the order in which it is said. Undefined when nothing does. */
export type SignOffObstacle = { readonly kind: 'text-changed' } | { readonly kind: 'already-signed' } | { readonly kind: 'not-reached' };

/**
 * May a version be taken at `position`? Not when text was written after it, not when a version with this or a later position
 * exists, and not when the log has not got there.
 */
export function obstacle(position: number, head: { readonly position: number; readonly contentPosition: number; readonly signedPosition: number | undefined }): SignOffObstacle | undefined {
  if (head.signedPosition !== undefined && head.signedPosition >= position) return { kind: 'already-signed' };
  if (head.contentPosition > position) return { kind: 'text-changed' };
  if (position > head.position) return { kind: 'not-reached' };
  return undefined;
}
