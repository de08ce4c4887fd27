/** A prose field: text to read until it is opened; then the editor, which is only loaded when somebody needs it. */
import { useState, type ReactNode } from 'react';
import { mayBeNotDiscussed } from '../../shared/content/checkValue.ts';
import type { Field, ProseBlock } from '../../shared/content/kinds.ts';
import { isBlank, isNotDiscussed } from '../../shared/content/values.ts';
import { showValue } from '../../shared/content/show.ts';
import { useNewMark } from '../history/newSinceContext.ts';
import { writingIn, type Present } from '../collab/presence.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Nothing } from './FieldView.tsx';
import { NotDiscussedForm } from './NotDiscussedForm.tsx';
import { useProseEditor } from './proseEditorLoad.ts';
import { ProseReading } from './ProseReading.tsx';

export function ProseField({ section, field, value, mayEdit, isOpen, onOpen, onClose, missing, people }: {
  readonly section: string; readonly field: Field; readonly value: unknown; readonly mayEdit: boolean; readonly isOpen: boolean;
  readonly onOpen: () => void; readonly onClose: () => void; readonly missing: boolean; readonly people: readonly Present[];
}): ReactNode {
  const blank = isBlank(value);
  const editor = useProseEditor(isOpen);
  const [anyway, setAnyway] = useState(false);
  const [giving, setGiving] = useState(false);
  const isNew = useNewMark(section, field.id);
  const writers = writingIn(people, section, field.id);
  const blocks = Array.isArray(value) ? (value as readonly ProseBlock[]) : undefined;
  const reading = (
    <div className={classes('plan-field__value', mayEdit && !isOpen && 'plan-field__value--open')} role="presentation" onClick={mayEdit && !isOpen ? onOpen : undefined}>
      {blank ? <Nothing field={field} missing={missing} /> : blocks ? <ProseReading blocks={blocks} letters={isNew?.letters} /> : <span className={classes('plan-reading', isNotDiscussed(value) && 'plan-reading--not-discussed')}>{showValue(field, value)}</span>}
    </div>
  );
  if (!isOpen) {
    return (
      <div className="plan-field__reading">
        {reading}
        {mayEdit && <Button small look="quiet" className="plan-field__edit" onClick={() => { setAnyway(writers.length === 0); onOpen(); }} aria-label={`${blank ? 'Write' : 'Change'}: ${field.label}`}>{blank ? 'Write' : 'Change'}</Button>}
      </div>
    );
  }
  // Two people in one sentence can turn its meaning round: the second one is asked first.
  if (field.safetyCritical && writers.length > 0 && !anyway) {
    return (
      <>
        {reading}
        <div className="plan-editor__theirs" role="status">
          <p><strong>{writers.map((one) => one.name).join(' and ')} {writers.length === 1 ? 'is' : 'are'} typing here.</strong> Wait until they have finished, or write beside them.</p>
          <Button small look="secondary" onClick={() => setAnyway(true)}>Write beside them</Button>
          <Button small look="quiet" onClick={onClose}>Wait</Button>
        </div>
      </>
    );
  }
  return (
    <div className="plan-editor">
      {editor.kind === 'here' ? <editor.Editor section={section} field={field} onClose={onClose} /> : reading}
      {editor.kind === 'failed' && <p className="nhsuk-error-message" role="alert">The editor could not be fetched: no connection. <Button small look="secondary" onClick={editor.retry}>Try again</Button></p>}
      <div className="plan-editor__foot">
        <Button small onClick={onClose}>Done</Button>
        {blank && mayBeNotDiscussed(field) && !giving && <Button small look="quiet" onClick={() => setGiving(true)}>Not discussed, because…</Button>}
      </div>
      {giving && <NotDiscussedForm section={section} field={field} onDone={onClose} onCancel={() => setGiving(false)} />}
    </div>
  );
}
