/** Saved is a fact: the one place that says what is committed, in words and time. */
import { useEffect, useRef, type ReactNode } from 'react';
import { formatTimeWithSeconds } from '../../shared/domain/dates.ts';
import { useSaveStatus } from '../collab/hooks.ts';
import type { SaveStatus } from '../collab/saveStatus.ts';
import { announce } from '../ui/announce.ts';

const onlyHere = (changes: number): string => (changes === 0 ? 'nothing unsaved' : `${changes} ${changes === 1 ? 'change' : 'changes'} only on this device`);

export function saveWords(status: SaveStatus): string {
  switch (status.kind) {
    case 'loading': return 'Opening…';
    case 'saved': return status.at === null ? 'Up to date' : `Saved ${formatTimeWithSeconds(new Date(status.at))}`;
    case 'saving': return 'Saving…';
    case 'offline': return `Offline: ${onlyHere(status.changes)}`;
    case 'moving': return `Server moving, back in a moment: ${onlyHere(status.changes)}`;
    case 'refused': return 'Not saved: refused';
    case 'stopped': return `${stopWords[status.why]}${status.changes > 0 ? `: ${onlyHere(status.changes)}` : ''}`;
  }
}
const stopWords = { 'sign-in': 'Signed out', 'other-person': 'Somebody else signed in in this browser', 'not-found': 'This plan is no longer open to you', 'over-limit': 'Stopped: over a limit of the server', 'bad-frame': 'Stopped: this screen is out of date, reload it' } as const;

const marks: Readonly<Record<SaveStatus['kind'], string>> = { loading: '…', saved: '●', saving: '◌', offline: '○', moving: '○', refused: '✕', stopped: '✕' };

export function SaveIndicator(): ReactNode {
  const status = useSaveStatus();
  const words = saveWords(status);
  const changes = 'changes' in status ? status.changes : 0;
  const before = useRef({ kind: status.kind, changes });
  useEffect(() => {
    // Every "Saved" and every further change would be noise; what is new for the person is said.
    const { kind, changes: had } = before.current;
    const trouble = status.kind === 'offline' || status.kind === 'moving' || status.kind === 'refused' || status.kind === 'stopped';
    const over = (kind === 'offline' || kind === 'moving' || kind === 'refused') && (status.kind === 'saved' || status.kind === 'saving');
    if (trouble && (kind !== status.kind || (had === 0 && changes > 0))) announce(words);
    if (over) announce('Connected again.');
    before.current = { kind: status.kind, changes };
  }, [status.kind, changes, words]);
  return (
    <span className={`plan-saved plan-saved--${status.kind}`} data-save-state={status.kind}>
      <span aria-hidden="true">{marks[status.kind]} </span>
      {words}
    </span>
  );
}
