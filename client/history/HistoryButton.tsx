/** The way from a field to its history: small, always in the same place, for pointer, keyboard and screen reader alike. */
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { Field } from '../../shared/content/kinds.ts';
import { useWorkspace } from '../plan/workspaceState.ts';

const HistoryPanel = lazy(async () => ({ default: (await import('./HistoryPanel.tsx')).HistoryPanel }));

export function HistoryButton({ section, field }: { readonly section: string; readonly field: Field }): ReactNode {
  const { view, inMeeting } = useWorkspace();
  const [open, setOpen] = useState(false);
  // A meeting looks ahead, and its screen is seen by the whole room.
  if (inMeeting) return null;
  return (
    <>
      <button type="button" className="history-button" aria-haspopup="dialog" aria-label={`History: ${field.label}`} title="History: who wrote this and when" onClick={() => setOpen(true)}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><circle cx="8" cy="8" r="6.25" /><path d="M8 4.5V8l2.5 1.75" /></svg>
      </button>
      {open && <Suspense fallback={null}><HistoryPanel planId={view.id} section={section} field={field} onClose={() => setOpen(false)} /></Suspense>}
    </>
  );
}
