/** How long a session lasts yet. */
import type { Session } from '../data/session.ts';

/** Milliseconds until the session ends, by the service's clock, whatever this computer's says; undefined where it is not known. Pure. */
export function remainingMs({ session }: Session, heardAtMs: number, nowMs: number): number | undefined {
  if (!session || heardAtMs === 0) return undefined;
  return Date.parse(session.endsAt) - Date.parse(session.now) - (nowMs - heardAtMs);
}
