/** Follows what is new in the plan on screen, and tells the server what this person has had in sight. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useConnection } from '../collab/hooks.ts';
import { browserSurroundings } from '../collab/surroundings.ts';
import { readChanges, sendLooked } from '../data/history.ts';
import { useWorkspace } from '../plan/workspaceState.ts';
import { NewSince } from './newSince.ts';
import { NewSinceContext } from './newSinceContext.ts';

const inSight = (): boolean => document.visibilityState === 'visible';

export function NewSinceProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const connection = useConnection();
  const { view, sections } = useWorkspace();
  const [since, setSince] = useState<NewSince>();
  // A later answer about the plan may be ahead of what this person's documents hold: only the first one, read before they were opened, is not.
  const opened = useRef({ id: view.id, position: view.position });

  useEffect(() => {
    const made = new NewSince({
      position: opened.current.position, sections, connection, inSight, after: browserSurroundings.after,
      read: (after) => readChanges(opened.current.id, after), send: (position, leaving) => sendLooked(opened.current.id, position, leaving),
    });
    setSince(made);
    const turned = (): void => made.sightChanged();
    document.addEventListener('visibilitychange', turned);
    const leaving = (): void => made.leave();
    window.addEventListener('pagehide', leaving);
    return () => {
      document.removeEventListener('visibilitychange', turned);
      window.removeEventListener('pagehide', leaving);
      made.leave();
    };
  }, [connection, sections]);

  return <NewSinceContext.Provider value={since}>{children}</NewSinceContext.Provider>;
}
