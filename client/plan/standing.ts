/** Draft or signed, as the plan stands on this screen just now: never called signed while it may hold anything that was not. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { PlanView } from '../../shared/wire/plans.ts';
import { useConnection, useSubject } from '../collab/hooks.ts';
import type { PlanConnection } from '../collab/planConnection.ts';
import { keys } from '../data/keys.ts';
import { useWorkspace } from './workspaceState.ts';

export interface LiveFacts {
  /** The latest log position at which somebody is known to have written; 0 when nothing was heard. */
  readonly changedTo: number;
  /** Something written here has not been confirmed yet. */
  readonly unsaved: boolean;
}

/**
 * What the server said of the plan, unless something was written since. Only the server's own answer makes it signed again: its
 * latest version then covers every position that was heard of.
 */
export function standing({ status, latestVersion }: Pick<PlanView, 'status' | 'latestVersion'>, { changedTo, unsaved }: LiveFacts): PlanView['status'] {
  if (status !== 'signed' || latestVersion === null) return status;
  return unsaved || changedTo > latestVersion.position ? 'changed' : 'signed';
}

/** While a plan is called signed, a change without a notice (one that came with the first answer after a break) is asked about after this long, in milliseconds. */
const askAfterMs = 500;

/** Calls `ask` soon after anything on the screen changed, however many changes follow, while `isSigned` says that the plan is called signed. Answers how to stop. */
export function askWhenUnexplained({ revision }: Pick<PlanConnection, 'revision'>, isSigned: () => boolean, ask: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = revision.listen(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (isSigned()) ask();
    }, askAfterMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

export function useStanding(): PlanView['status'] {
  const { view } = useWorkspace();
  const client = useQueryClient();
  const connection = useConnection();
  const changedTo = useSubject(connection.changedTo);
  const listen = useCallback((heard: () => void) => {
    const stops = [connection.status.listen(heard), connection.revision.listen(heard)];
    return () => stops.forEach((stop) => stop());
  }, [connection]);
  const unsaved = useSyncExternalStore(listen, () => connection.unsavedFields > 0);
  useEffect(
    () => askWhenUnexplained(
      connection,
      () => standing(view, { changedTo: connection.changedTo.value, unsaved: connection.unsavedFields > 0 }) === 'signed',
      () => void client.invalidateQueries({ queryKey: keys.planView(view.id) }),
    ),
    [connection, client, view],
  );
  return standing(view, { changedTo, unsaved });
}
