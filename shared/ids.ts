/** Branded, prefixed ids: `plan_…` can never be handed to something that wants a `person_…`. */

declare const brand: unique symbol;
export type Id<K extends string> = string & { readonly [brand]: K };

export type PlanId = Id<'plan'>;
export type PersonId = Id<'person'>;
export type OrganisationId = Id<'org'>;
export type MeetingId = Id<'meeting'>;
export type ItemId = Id<'item'>;
export type DecisionId = Id<'decision'>;
export type ActionId = Id<'action'>;
export type VersionId = Id<'version'>;
export type CopyId = Id<'copy'>;
export type AccessId = Id<'access'>;

const alphabet = '0123456789abcdefghijkmnpqrstvwxyz';
export const idPattern = /^[a-z]+_[0-9a-z-]{3,40}$/;

/** Makes an id from random bytes handed in by the caller (16 bytes give 80 usable bits). */
export function newId<K extends string>(kind: K, random: (bytes: number) => Uint8Array): Id<K> {
  const letters = Array.from(random(16), (byte) => alphabet[byte % 32]).join('');
  return `${kind}_${letters}` as Id<K>;
}

/** The id if `text` has the shape of an id of this kind, else undefined. */
export function parseId<K extends string>(kind: K, text: unknown): Id<K> | undefined {
  return typeof text === 'string' && text.startsWith(`${kind}_`) && idPattern.test(text) ? (text as Id<K>) : undefined;
}
