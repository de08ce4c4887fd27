/** One field of the plan: its label, who is in it, its answer to read, and its editor when it is opened. */
import { memo, useEffect, useRef, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { Field } from '../../shared/content/kinds.ts';
import { missingMessage } from '../../shared/content/completeness.ts';
import { isBlank } from '../../shared/content/values.ts';
import { useConnection, useFieldValue, usePeopleIn } from '../collab/hooks.ts';
import { writingIn, type Present } from '../collab/presence.ts';
import { ChangedSince } from '../history/ChangedSince.tsx';
import { HistoryButton } from '../history/HistoryButton.tsx';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Tag } from '../ui/Tag.tsx';
import { DisputePanel } from './DisputePanel.tsx';
import { FieldEditor, isPlain } from './FieldEditor.tsx';
import { FieldReading } from './FieldReading.tsx';
import { contradiction } from './liveSummary.ts';
import { ProseField } from './ProseField.tsx';
import { RowsField } from './RowsField.tsx';
import { SettledBecause } from './SettledBecause.tsx';
import { useFlash } from './useFlash.ts';
import { fieldElementId, fieldKey, keepDraft, useDraftOf, useIsOpen, useSummaryHas, useWorkspace } from './workspaceState.ts';

export const FieldView = memo(function FieldView({ section, field, mayEdit }: {
  readonly section: string; readonly field: Field; readonly mayEdit: boolean;
}): ReactNode {
  const key = fieldKey(section, field.id);
  const connection = useConnection();
  const workspace = useWorkspace();
  const value = useFieldValue(section, field.id);
  const people = usePeopleIn(section, field.id);
  const missing = useSummaryHas('missing', field.id);
  const disputed = useSummaryHas('disputed', field.id);
  const isOpen = useIsOpen(key) && mayEdit;
  const draft = useDraftOf(key);
  const box = useRef<HTMLDivElement>(null);
  const wasOpen = useRef(false);
  useFlash(box, section, field.id);

  const editable = mayEdit && field.merge !== 'A' && field.fixed !== true;
  const sides = contradiction(value);
  const open = (): void => {
    workspace.open.set(key);
    connection.standAt({ section, field: field.id });
  };
  const close = (): void => {
    if (workspace.open.value !== key) return;
    workspace.open.set(undefined);
    connection.standAt(undefined);
  };
  useEffect(() => {
    // Focus comes back to where the editor was opened from, unless it is somewhere else by now.
    if (wasOpen.current && !isOpen && (document.activeElement === document.body || box.current?.contains(document.activeElement))) box.current?.querySelector<HTMLElement>('.plan-field__edit')?.focus({ preventScroll: true });
    wasOpen.current = isOpen;
  }, [isOpen]);

  const blank = isBlank(value);
  const first = people[0];
  return (
    <div
      id={fieldElementId(section, field.id)} ref={box} tabIndex={-1}
      className={classes('plan-field', isOpen && 'plan-field--open', disputed && 'plan-field--disputed', missing && 'plan-field--missing', first && 'plan-field--visited', field.of.kind === 'rows' && 'plan-field--rows', field.of.kind === 'prose' && 'plan-field--wide')}
      style={first ? { '--person': first.color } as React.CSSProperties : undefined}
    >
      <div className="plan-field__label">
        <div className="plan-field__name"><h4 id={`label-${key}`}>{field.label}</h4> <HistoryButton section={section} field={field} /></div>
        {people.length > 0 && <Visitors people={people} writing={writingIn(people, section, field.id)} />}
      </div>
      <div className="plan-field__body">
        {sides !== undefined && <DisputePanel section={section} field={field} sides={sides} mayEdit={editable} />}
        {sides === undefined && field.of.kind === 'prose' && <ProseField section={section} field={field} value={value} mayEdit={editable} isOpen={isOpen} onOpen={open} onClose={close} missing={missing} people={people} />}
        {sides === undefined && field.of.kind === 'rows' && <RowsField section={section} field={field} kind={field.of} value={value} mayEdit={editable} missing={missing} />}
        {sides === undefined && isPlain(field) && (isOpen ? <FieldEditor section={section} field={field} stored={value} onDone={close} /> : (
          <div className="plan-field__reading">
            {/* The pointer may go anywhere on the answer; the keyboard and the screen reader have the button. */}
            <div className={classes('plan-field__value', editable && 'plan-field__value--open')} role="presentation" onClick={editable ? open : undefined}>
              {blank ? <Nothing field={field} missing={missing} /> : <FieldReading field={field} value={value} />}
            </div>
            {field.fixed && workspace.view.may.correctIdentity && !workspace.inMeeting && (
              <Link href={`/plans/${workspace.view.id}/identity`} className="plan-field__correct" aria-label={`Correct: ${field.label}`}>Correct…</Link>
            )}
            {editable && <Button small look="quiet" className="plan-field__edit" onClick={open} aria-label={`${blank ? 'Answer' : 'Change'}: ${field.label}`}>{blank ? 'Answer' : 'Change'}</Button>}
          </div>
        ))}
        <SettledBecause section={section} field={field} />
        <ChangedSince section={section} field={field.id} />
        {draft !== undefined && !isOpen && (
          <p className="plan-field__draft" role="status">
            <Tag colour="draft">Not recorded</Tag> You have an answer here that is not in the plan. {draft.why}{' '}
            <Button small look="quiet" onClick={open}>Go on with it</Button>
            <Button small look="quiet" onClick={() => keepDraft(workspace, key, undefined)}>Discard it</Button>
          </p>
        )}
      </div>
    </div>
  );
});

export function Nothing({ field, missing }: { readonly field: Field; readonly missing: boolean }): ReactNode {
  return missing ? <span className="plan-field__missing">{missingMessage(field)}</span> : <span className="plan-field__empty">Not recorded</span>;
}

function Visitors({ people, writing }: { readonly people: readonly Present[]; readonly writing: readonly Present[] }): ReactNode {
  return (
    <span className="plan-visitors">
      {people.map((person) => (
        <span key={person.id} className="plan-visitor" style={{ backgroundColor: person.color }} title={`${person.name}, ${person.roleLabel}, ${person.organisation}`}>
          <span aria-hidden="true">{person.initials}</span>
        </span>
      ))}
      <span className="plan-visitors__words">{people.map((one) => one.name).join(', ')} {writing.length > 0 ? (writing.length === 1 ? 'is writing' : 'are writing') : 'here'}</span>
    </span>
  );
}
