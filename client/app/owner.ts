/** Whose screen this is: the person it was drawn for, whoever signs in in this browser afterwards. */
import { createContext, useContext } from 'react';
import type { Session } from '../data/session.ts';

export const OwnerContext = createContext<Session | undefined>(undefined);

/** The session this screen was drawn for; stays while its pages do. Undefined outside the pages of people who are signed in. */
export const useOwner = (): Session | undefined => useContext(OwnerContext);

export type Standing =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'sign-in' }
  /** The pages of `owner`; also shown while nobody is signed in, as long as words would be lost with them. */
  | { readonly kind: 'pages'; readonly owner: Session }
  | { readonly kind: 'somebody-else'; readonly owner: Session; readonly now: Session };

/** `now`: what the server said last, null for nobody. `onlyHere`: words that exist on this screen alone. Pure. */
export function standing(owner: Session | undefined, now: Session | null | undefined, onlyHere: number): Standing {
  if (now === undefined) return owner === undefined ? { kind: 'unknown' } : { kind: 'pages', owner };
  if (now === null) return owner !== undefined && onlyHere > 0 ? { kind: 'pages', owner } : { kind: 'sign-in' };
  if (owner !== undefined && owner.person.id !== now.person.id) return { kind: 'somebody-else', owner, now };
  return { kind: 'pages', owner: now };
}
