/** While somebody is signed in: notices when the session is locked or over elsewhere, and says in time when it will end. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { formatTime } from '../../shared/domain/dates.ts';
import { limits } from '../../shared/limits.ts';
import { sessionView } from '../../shared/wire/session.ts';
import { apiGet } from '../data/api.ts';
import { keys } from '../data/keys.ts';
import { ApiProblem } from '../data/problem.ts';
import { useSession, type Session } from '../data/session.ts';
import { loginAddress, signedInAgain } from './back.ts';
import { remainingMs } from './remaining.ts';

const askEveryMs = 30_000;

export function SessionWatch({ session }: { readonly session: Session }): ReactNode {
  const client = useQueryClient();
  useEffect(() => {
    const ask = (): void => {
      if (document.visibilityState !== 'visible') return;
      apiGet('/api/session', sessionView).catch((error: unknown) => {
        // The page learns why, and does what is right; a service that cannot be reached says nothing about the session.
        if (error instanceof ApiProblem && error.status === 401) void client.invalidateQueries({ queryKey: keys.session, exact: true });
      });
    };
    const timer = setInterval(ask, askEveryMs);
    return () => clearInterval(timer);
  }, [client]);
  return <EndsSoon session={session} />;
}

function EndsSoon({ session }: { readonly session: Session }): ReactNode {
  const { dataUpdatedAt } = useSession();
  const [now, setNow] = useState(() => Date.now());
  const left = remainingMs(session, dataUpdatedAt, now);
  useEffect(() => {
    const next = left === undefined ? undefined : left > limits.sessionWarningMs ? left - limits.sessionWarningMs : 10_000;
    if (next === undefined) return undefined;
    // Longer timers are not kept exactly by browsers.
    const timer = setTimeout(() => setNow(Date.now()), Math.min(60_000, Math.max(1_000, next)));
    return () => clearTimeout(timer);
  }, [left]);
  if (left === undefined || left > limits.sessionWarningMs || left <= 0) return null;
  const at = formatTime(new Date(now + left)).slice(0, 5);
  const again = session.session?.method === 'provider' ? loginAddress(signedInAgain) : `/sign-in?${new URLSearchParams({ back: signedInAgain })}`;
  return (
    <div className="accord-ends-soon" role="alert">
      <p><strong>Your session ends at {at}.</strong> Sign in again to go on: what you are doing here stays. <a href={again} target="_blank" rel="noopener">Sign in again (new tab)</a></p>
    </div>
  );
}
