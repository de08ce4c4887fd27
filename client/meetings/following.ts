/**
 * Which patient this screen shows: the meeting's, one looked at alone, or still the one before because somebody was in the middle of a
 * word. Decided at the moment at which the meeting moves, before anything on screen changes.
 */
import type { MeetingLink } from './meetingLink.ts';

export type Followed =
  | { readonly kind: 'following'; readonly shownItemId: string | undefined }
  | { readonly kind: 'looking' | 'held'; readonly shownItemId: string | undefined };

export interface Following {
  view(): Followed;
  subscribe(heard: () => void): () => void;
  /** A key was pressed inside the plan. */
  keyPressed(): void;
  follow(): void;
  lookAround(): void;
  look(itemId: string): void;
  close(): void;
}

export interface FollowingOptions {
  readonly link: Pick<MeetingLink, 'view' | 'subscribe'>;
  /** Is the cursor in something editable inside the plan? */
  readonly inPlanEditor: () => boolean;
  readonly now?: () => number;
}

/** A key pressed this recently means that a sentence is being written; a cursor that only stands there holds nobody back. */
export const typingHoldMs = 20_000;

export function openFollowing({ link, inPlanEditor, now = Date.now }: FollowingOptions): Following {
  const listeners = new Set<() => void>();
  let lastKeyAtMs = Number.NEGATIVE_INFINITY;
  const current = (): string | undefined => link.view().state?.currentItemId ?? undefined;
  let meetingAt = current();
  let view: Followed = { kind: 'following', shownItemId: meetingAt };

  const show = (next: Followed): void => {
    view = next;
    for (const heard of listeners) heard();
  };
  const stop = link.subscribe(() => {
    const left = meetingAt;
    meetingAt = current();
    if (left === meetingAt) return;
    const typing = left !== undefined && inPlanEditor() && now() - lastKeyAtMs < typingHoldMs;
    if (view.kind === 'following') show(typing ? { kind: 'held', shownItemId: left } : { kind: 'following', shownItemId: meetingAt });
    // The chair came back to the patient with whom this screen had stayed.
    else if (view.kind === 'held' && view.shownItemId === meetingAt) show({ kind: 'following', shownItemId: meetingAt });
  });

  return {
    view: () => view,
    subscribe: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    keyPressed: () => { lastKeyAtMs = now(); },
    follow: () => show({ kind: 'following', shownItemId: meetingAt }),
    lookAround: () => show({ kind: 'looking', shownItemId: meetingAt }),
    look: (itemId) => show(itemId === meetingAt ? { kind: 'following', shownItemId: itemId } : { kind: 'looking', shownItemId: itemId }),
    close: () => {
      stop();
      listeners.clear();
    },
  };
}

/** Would a key pressed now be typed into this element? */
export const isEditor = (element: Element | null): boolean =>
  element instanceof HTMLElement && (element.isContentEditable || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement || (element instanceof HTMLInputElement && !['button', 'checkbox', 'radio', 'submit'].includes(element.type)));
