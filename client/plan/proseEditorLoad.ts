/**
 * Brings the prose editor in after the plan is on screen, so that it is there before somebody needs it and the connection may be gone.
 * When it cannot be had, the plan stays on screen and says so.
 */
import { useCallback, useEffect, useState } from 'react';
import type { ProseEditor } from './ProseEditor.tsx';

type Loaded = typeof ProseEditor;
let loaded: Loaded | undefined;

async function load(): Promise<Loaded> {
  loaded ??= (await import('./ProseEditor.tsx')).ProseEditor;
  return loaded;
}

/** Fetches the editor ahead of use, once the browser has nothing better to do. */
export function useProseEditorSoon(): void {
  useEffect(() => {
    // A failure here is told when the editor is needed; then it is tried again.
    const timer = setTimeout(() => void load().catch(() => undefined), 800);
    return () => clearTimeout(timer);
  }, []);
}

export type EditorState = { readonly kind: 'here'; readonly Editor: Loaded } | { readonly kind: 'coming' } | { readonly kind: 'failed'; readonly retry: () => void };

/** The editor when it is wanted. */
export function useProseEditor(wanted: boolean): EditorState {
  const [failed, setFailed] = useState(false);
  const [, setCame] = useState(loaded !== undefined);
  const attempt = useCallback(() => {
    setFailed(false);
    load().then(() => setCame(true), () => setFailed(true));
  }, []);
  useEffect(() => {
    if (wanted && loaded === undefined) attempt();
  }, [wanted, attempt]);
  if (loaded !== undefined) return { kind: 'here', Editor: loaded };
  return failed ? { kind: 'failed', retry: attempt } : { kind: 'coming' };
}
