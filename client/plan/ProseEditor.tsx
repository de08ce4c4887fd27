/** Writing prose together: everybody's letters and carets, live. Only what the plan can hold: paragraphs, lists, bold, italic. */
import Collaboration from '@tiptap/extension-collaboration';
import { EditorContent, useEditor, useEditorState, type Editor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { useMemo, type ReactNode } from 'react';
import type { Field } from '../../shared/content/kinds.ts';
import { limits } from '../../shared/limits.ts';
import { carets } from '../collab/carets.ts';
import { changedLetters } from '../collab/changedLetters.ts';
import { useConnection } from '../collab/hooks.ts';
import { useNewLetters } from '../history/newSinceContext.ts';
import { proseFragment } from '../collab/writing.ts';
import { fieldKey } from './workspaceState.ts';

export function ProseEditor({ section, field, onClose }: { readonly section: string; readonly field: Field; readonly onClose: () => void }): ReactNode {
  const connection = useConnection();
  const fragment = useMemo(() => proseFragment(connection, section, field), [connection, section, field]);
  const awareness = connection.awareness(section);
  const letters = useNewLetters(section, field.id);
  const key = fieldKey(section, field.id);
  const editor = useEditor({
    autofocus: 'end',
    // Its few rules of style stand in plan.scss: the page's policy allows no style that is written into the page.
    injectCSS: false,
    // What an empty text is, said as a document: read from HTML it would be, which the policy does not allow either. The shared document takes its place.
    content: { type: 'doc', content: [{ type: 'paragraph' }] },
    extensions: [
      // Everything else that a starter kit brings would be refused by the server; history belongs to the shared document.
      StarterKit.configure({
        undoRedo: false, heading: false, blockquote: false, code: false, codeBlock: false, horizontalRule: false, strike: false, underline: false, link: false,
        dropcursor: false, gapcursor: false, trailingNode: false,
      }),
      ...(fragment ? [Collaboration.configure({ fragment })] : []),
      ...(awareness ? [carets(awareness)] : []),
      ...(letters ? [changedLetters(letters)] : []),
    ],
    editorProps: {
      attributes: { 'role': 'textbox', 'aria-multiline': 'true', 'aria-labelledby': `label-${key}`, 'aria-describedby': `hint-${key}`, 'class': 'plan-prose plan-prose--editing' },
      handleKeyDown: (_, event) => {
        if (event.key !== 'Escape') return false;
        onClose();
        return true;
      },
    },
  }, [fragment, awareness, letters]);
  if (editor === null || fragment === undefined) return <p className="plan-field__empty">This section cannot be written just now.</p>;
  const most = field.of.kind === 'prose' ? field.of.lengthMax ?? limits.proseLengthMax : limits.proseLengthMax;
  return (
    <>
      <p className="nhsuk-hint plan-editor__hint" id={`hint-${key}`}>{field.hint} <span className="nhsuk-u-visually-hidden">Press Escape to finish.</span></p>
      <Toolbar editor={editor} most={most} />
      <EditorContent editor={editor} />
    </>
  );
}

function Toolbar({ editor, most }: { readonly editor: Editor; readonly most: number }): ReactNode {
  const state = useEditorState({
    editor,
    selector: ({ editor: now }) => ({ bold: now.isActive('bold'), italic: now.isActive('italic'), bullets: now.isActive('bulletList'), numbers: now.isActive('orderedList'), length: now.state.doc.textContent.length }),
  });
  const actions = [
    ['Bold', 'B', state.bold, () => editor.chain().focus().toggleBold().run()],
    ['Italic', 'I', state.italic, () => editor.chain().focus().toggleItalic().run()],
    ['List with bullets', '• List', state.bullets, () => editor.chain().focus().toggleBulletList().run()],
    ['List with numbers', '1. List', state.numbers, () => editor.chain().focus().toggleOrderedList().run()],
    ['Undo what I wrote', 'Undo', false, () => editor.chain().focus().undo().run()],
    ['Redo', 'Redo', false, () => editor.chain().focus().redo().run()],
  ] as const;
  return (
    <div className="plan-toolbar" role="group" aria-label="Formatting">
      {actions.map(([name, text, on, run]) => (
        <button key={name} type="button" className="plan-toolbar__button" aria-label={name} title={name} aria-pressed={on} onMouseDown={(event) => event.preventDefault()} onClick={run}>{text}</button>
      ))}
      {state.length > most * 0.8 && <span className="plan-toolbar__count" role="status">{state.length.toLocaleString('en-GB')} of {most.toLocaleString('en-GB')} characters{state.length > most ? ': too long, please shorten it' : ''}</span>}
    </div>
  );
}
