/** The letters that others wrote since this person last looked, marked in the editor. A mark is drawn over the text and never part of it. */
import { Extension } from '@tiptap/core';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import type { Node } from '@tiptap/pm/model';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import type { LetterMark } from './changedMarks.ts';

export interface LetterSource {
  /** As the document stands now. */
  letters(): readonly LetterMark[];
  /** Called when the marks have changed; answers how to stop. */
  listen(heard: () => void): () => void;
}

const key = new PluginKey<DecorationSet>('changedLetters');

export const changedLetters = (source: LetterSource): Extension =>
  Extension.create({
    name: 'changedLetters',
    addProseMirrorPlugins: () => [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: (_, { doc }) => draw(doc, source.letters()),
          // Own typing moves the marks along; what came from others, or a change of the marks, draws them anew.
          apply: (transaction, marks) =>
            transaction.getMeta(key) !== undefined || transaction.getMeta(ySyncPluginKey) !== undefined ? draw(transaction.doc, source.letters()) : marks.map(transaction.mapping, transaction.doc),
        },
        props: { decorations: (state) => key.getState(state) },
        view: (view) => ({ destroy: source.listen(() => view.dispatch(view.state.tr.setMeta(key, true).setMeta('addToHistory', false))) }),
      }),
    ],
  });

/** Blocks of prose are the textblocks of the editor, in the same order; a line break has the length of one letter in both. */
function draw(doc: Node, letters: readonly LetterMark[]): DecorationSet {
  if (letters.length === 0) return DecorationSet.empty;
  const starts: { readonly at: number; readonly length: number }[] = [];
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    starts.push({ at: at + 1, length: node.content.size });
    return false;
  });
  return DecorationSet.create(doc, letters.flatMap(({ block, from, to, by }) => {
    const start = starts[block];
    if (start === undefined || to > start.length) return [];
    return [Decoration.inline(start.at + from, start.at + to, { class: 'plan-new', title: `New: ${by.name}` })];
  }));
}
