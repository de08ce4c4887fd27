/** Lights a field up once when somebody else has changed it. Nothing moves; people who asked for less motion see a still mark. */
import { useEffect, type RefObject } from 'react';
import { useConnection } from '../collab/hooks.ts';
import { useWorkspace } from './workspaceState.ts';

/** Somebody who goes on typing does not make it flicker; milliseconds. */
const quietMs = 3_000;

export function useFlash(box: RefObject<HTMLElement | null>, section: string, field: string): void {
  const { notices } = useConnection();
  const { me } = useWorkspace();
  useEffect(() => {
    let last = 0;
    return notices.listen(() => {
      const notice = notices.value;
      if (notice?.kind !== 'changed' || notice.section !== section || notice.by.id === me.id || !notice.fields.includes(field)) return;
      const now = Date.now();
      if (now - last < quietMs || box.current === null) return;
      last = now;
      box.current.classList.remove('plan-field--flash');
      // Reading a measure makes the browser notice that the class went, so that the animation starts again.
      void box.current.offsetWidth;
      box.current.classList.add('plan-field--flash');
    });
  }, [notices, me.id, section, field, box]);
}
