/** The one sentence about saving, decided from what is known. Pure. */
import type { SocketState } from './sharedSocket.ts';
import type { StopReason } from './reconnect.ts';

export type SaveStatus =
  | { readonly kind: 'loading' }
  /** Everything written here is committed; `at` is when the server said so, null if nothing was written. Milliseconds since 1970. */
  | { readonly kind: 'saved'; readonly at: number | null }
  | { readonly kind: 'saving' }
  /** `changes`: fields whose last change is only on this device. */
  | { readonly kind: 'offline'; readonly changes: number }
  /** The server is being moved or restarted; it comes back by itself. */
  | { readonly kind: 'moving'; readonly changes: number }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'stopped'; readonly why: StopReason; readonly changes: number };

export interface SaveFacts {
  readonly socket: SocketState;
  /** Some section has never been read yet. */
  readonly loading: boolean;
  readonly unsavedFields: number;
  readonly savedAt: number | null;
  readonly refusedWhy: string | undefined;
  /** The connection has been open at least once. */
  readonly wasOpen: boolean;
}

/** A refusal stays on show until the person has dealt with it; "saved" is said only when nothing at all is unconfirmed. */
export function saveStatus(facts: SaveFacts): SaveStatus {
  const { socket, unsavedFields: changes } = facts;
  if (socket.kind === 'stopped') return { kind: 'stopped', why: socket.why, changes };
  if (facts.refusedWhy !== undefined) return { kind: 'refused', why: facts.refusedWhy };
  if (socket.kind === 'waiting' && socket.because === 'moving') return { kind: 'moving', changes };
  if (socket.kind !== 'open') return facts.wasOpen || socket.kind === 'waiting' ? { kind: 'offline', changes } : { kind: 'loading' };
  if (changes > 0) return { kind: 'saving' };
  if (facts.loading) return { kind: 'loading' };
  return { kind: 'saved', at: facts.savedAt };
}

export const sameStatus = (a: SaveStatus, b: SaveStatus): boolean => JSON.stringify(a) === JSON.stringify(b);
