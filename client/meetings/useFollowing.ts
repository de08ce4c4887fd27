/** Which patient this screen shows: the meeting's, one looked at alone, or still the one before because somebody was in the middle of a word. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import { bannerName } from '../../shared/domain/names.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import { announce } from '../ui/announce.ts';
import { holdsBack } from './words.ts';

type Mode = { readonly kind: 'following' } | { readonly kind: 'looking' | 'held'; readonly itemId: string | undefined };

export interface Following {
  readonly kind: Mode['kind'];
  readonly shownItemId: string | undefined;
  readonly keyPressed: () => void;
  follow(): void;
  lookAround(): void;
  look(itemId: string): void;
}

export const inEditor = (element: Element | null): boolean =>
  element instanceof HTMLElement && (element.isContentEditable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement || (element instanceof HTMLInputElement && !['button', 'checkbox', 'radio', 'submit'].includes(element.type)));

export function useFollowing(state: MeetingState, middle: RefObject<HTMLElement | null>): Following {
  const [mode, setMode] = useState<Mode>({ kind: 'following' });
  const lastKeyAtMs = useRef(0);
  const current = state.currentItemId ?? undefined;
  const before = useRef(current);

  // Decided while drawing, before the middle is taken away: afterwards the editor and its focus are gone.
  let now = mode;
  if (before.current !== current) {
    const left = before.current;
    const typing = { inEditor: middle.current?.contains(document.activeElement) === true && inEditor(document.activeElement), lastKeyAtMs: lastKeyAtMs.current };
    if (mode.kind === 'following' && left !== undefined && holdsBack(typing, Date.now())) now = { kind: 'held', itemId: left };
    if (mode.kind === 'held' && mode.itemId === current) now = { kind: 'following' };
  }
  useEffect(() => {
    const changed = before.current !== current;
    before.current = current;
    if (now !== mode) setMode(now);
    if (changed && now.kind === 'held') {
      const item = state.agenda.find(({ id }) => id === now.itemId);
      announce(`The meeting moved on. You are still with ${item ? bannerName(item.patient) : 'the patient before'}.`);
    }
  });

  return {
    kind: now.kind,
    shownItemId: now.kind === 'following' ? current : now.itemId,
    keyPressed: () => { lastKeyAtMs.current = Date.now(); },
    follow: () => setMode({ kind: 'following' }),
    lookAround: () => setMode({ kind: 'looking', itemId: current }),
    look: (itemId) => setMode(itemId === current ? { kind: 'following' } : { kind: 'looking', itemId }),
  };
}
