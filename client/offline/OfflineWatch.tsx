/** As long as plans are held here: keeps their hours, asks the service about them, and takes their keys away with the sign-in. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { keys } from '../data/keys.ts';
import { ApiProblem } from '../data/problem.ts';
import type { Session } from '../data/session.ts';
import { NothingHeld } from './database.ts';
import { contact, expire, lockAll } from './copies.ts';
import { copiesChanged } from './tabs.ts';

/** Longer timers are not kept exactly by browsers, and a device that slept is looked at when it wakes. */
const lookEveryMs = 60_000;
/** A plan may be lost while nobody looks at it: the service is asked at least this often, in milliseconds. */
const askEveryMs = 5 * 60_000;

export function OfflineWatch({ session, askedAt }: { readonly session: Session | null | undefined; readonly askedAt: number }): null {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = (): void => {
      clearTimeout(timer);
      void expire().then((next) => {
        if (!over && next !== undefined) timer = setTimeout(look, Math.max(0, Math.min(lookEveryMs, next - Date.now())));
      }, () => undefined);
    };
    look();
    const stop = copiesChanged.listen(look);
    const woken = ['visibilitychange', 'pageshow', 'focus'] as const;
    for (const event of woken) window.addEventListener(event, look);
    return () => {
      over = true;
      stop();
      clearTimeout(timer);
      for (const event of woken) window.removeEventListener(event, look);
    };
  }, []);

  const personId = session === undefined ? undefined : (session?.person.id ?? null);
  useEffect(() => {
    if (personId === undefined || askedAt === 0) return;
    const work = personId === null ? lockAll() : contact(personId);
    // Not reached, or signed out: asked again with the next word of the service.
    work.catch((error: unknown) => {
      if (!(error instanceof ApiProblem || error instanceof NothingHeld)) throw error;
    });
  }, [personId, askedAt]);

  useEffect(() => {
    const back = (): void => void client.invalidateQueries({ queryKey: keys.session, exact: true });
    window.addEventListener('online', back);
    const timer = setInterval(back, askEveryMs);
    return () => {
      window.removeEventListener('online', back);
      clearInterval(timer);
    };
  }, [client]);
  return null;
}
