/** Other people's text cursors inside prose, each with a name. Says only where, never who: the server knows that. */
import { Extension } from '@tiptap/core';
import { yCursorPlugin } from '@tiptap/y-tiptap';
import type { Awareness } from 'y-protocols/awareness';

const hex = /^#[0-9a-f]{6}$/i;

/** The editor extension that shows carets from `awareness` and tells it the own one. */
export const carets = (awareness: Awareness): Extension =>
  Extension.create({
    name: 'carets',
    addProseMirrorPlugins: () => [
      yCursorPlugin(awareness, { cursorBuilder: (user: CaretUser) => caretOf(user), selectionBuilder: (user: CaretUser) => ({ class: 'plan-caret__selection', style: `background-color: ${colourOf(user)}33` }) }),
    ],
  });

interface CaretUser {
  readonly name?: unknown;
  readonly color?: unknown;
}
const colourOf = (user: CaretUser): string => (typeof user.color === 'string' && hex.test(user.color) ? user.color : '#425563');

function caretOf(user: CaretUser): HTMLElement {
  const caret = document.createElement('span');
  caret.className = 'plan-caret';
  caret.style.borderColor = colourOf(user);
  const label = document.createElement('span');
  label.className = 'plan-caret__name';
  label.style.backgroundColor = colourOf(user);
  label.textContent = typeof user.name === 'string' ? user.name : 'Somebody';
  caret.append(label);
  return caret;
}
