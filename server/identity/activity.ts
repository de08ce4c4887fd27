/** What people do on live lines keeps their session awake: noted at most once a minute, not with each key pressed. */
import type { Logger } from 'pino';
import { limits } from '../../shared/limits.ts';
import type { Clock, Queryable } from '../ports.ts';
import { noteActivity } from './sessions.ts';

/** Sessions that are remembered as noted; above it all are forgotten, which costs one more write each. */
const rememberedMax = 10_000;

/** Answers what to call with the Cookie header of whoever did something. Never throws and is not waited for. */
export function watchActivity({ db, clock, log }: { readonly db: Queryable; readonly clock: Clock; readonly log: Logger }): (cookieHeader: string | undefined) => void {
  const noted = new Map<string, number>();
  return (cookieHeader) => {
    if (cookieHeader === undefined) return;
    // By the header as it came: to read it and hash what it holds would cost each key that is pressed.
    const now = clock.now().getTime();
    if (now - (noted.get(cookieHeader) ?? -Infinity) < limits.sessionActivityEveryMs) return;
    if (noted.size >= rememberedMax) noted.clear();
    noted.set(cookieHeader, now);
    noteActivity(db, cookieHeader).catch((error: unknown) => {
      noted.delete(cookieHeader);
      log.warn({ err: error }, 'somebody’s activity was not noted; it will be with what they do next');
    });
  };
}
