/** A list of rows: each row is read as a whole and edited as a whole; nothing disappears, it is struck out with a reason. */
import { useState, type ReactNode } from 'react';
import type { Field, FieldKind, Row } from '../../shared/content/kinds.ts';
import { mayBeNotDiscussed } from '../../shared/content/checkValue.ts';
import { showCell, showValue } from '../../shared/content/show.ts';
import { isBlank, isNotDiscussed, isStruckOut, rowsOf } from '../../shared/content/values.ts';
import { limitsField, limitsOf } from '../../shared/domain/sharing.ts';
import { useConnection } from '../collab/hooks.ts';
import { rowIdNow, strikeOut, writeRow } from '../collab/writing.ts';
import { Button } from '../ui/Button.tsx';
import { Tag } from '../ui/Tag.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { Nothing } from './FieldView.tsx';
import { focusWhenThere } from './focusWhenThere.ts';
import { contradiction } from './liveSummary.ts';
import { NotDiscussedForm } from './NotDiscussedForm.tsx';
import { RowEditor } from './RowEditor.tsx';
import { fieldKey, useIsOpen, useWorkspace, type Workspace } from './workspaceState.ts';

type RowsKind = Extract<FieldKind, { kind: 'rows' }>;

export function RowsField({ section, field, kind, value, mayEdit, missing }: {
  readonly section: string; readonly field: Field; readonly kind: RowsKind; readonly value: unknown; readonly mayEdit: boolean; readonly missing: boolean;
}): ReactNode {
  const workspace = useWorkspace();
  const connection = useConnection();
  const key = fieldKey(section, field.id);
  const isOpen = useIsOpen(key);
  /** The row that is being edited; a new one has an id already, so that adding it twice cannot happen. */
  const [editing, setEditing] = useState<Row>();
  const [reasonOpen, setReasonOpen] = useState(false);
  /** The limit of which its writer was told that it takes something away from them too. */
  const [warned, setWarned] = useState<string>();
  const rows = rowsOf(value);
  const start = (row: Row): void => {
    setEditing(row);
    workspace.open.set(key);
    connection.standAt({ section, field: field.id });
  };
  const stop = (): void => {
    setEditing(undefined);
    if (!isOpen) return;
    workspace.open.set(undefined);
    connection.standAt(undefined);
  };
  const editor = (row: Row): ReactNode => (
    <RowEditor key={row.id} idBase={`${key}-${row.id}`} noun={kind.rowNoun} columns={kind.columns} row={row} stored={rows.find((one) => one.id === row.id)}
      onSave={(next) => {
        const warning = ownLimit(field, next, workspace.me);
        if (warning !== undefined && warned !== JSON.stringify(next)) {
          setWarned(JSON.stringify(next));
          return warning;
        }
        const why = writeRow(connection, section, field, next);
        if (why === undefined) stop();
        return why;
      }} onCancel={stop} />
  );
  return (
    <div className="plan-rows">
      {rows.length === 0 && !editing && (isNotDiscussed(value) ? <span className="plan-reading plan-reading--not-discussed">{showValue(field, value)}</span> : <Nothing field={field} missing={missing} />)}
      <ul className="plan-rows__list">
        {rows.map((row) => (
          <li key={row.id}>
            {editing?.id === row.id ? editor(row) : <RowView section={section} field={field} kind={kind} row={row} mayEdit={mayEdit} onEdit={start} />}
          </li>
        ))}
      </ul>
      {mayEdit && editing && !rows.some((row) => row.id === editing.id) && editor(editing)}
      {mayEdit && !editing && (
        <div className="plan-editor__foot">
          <Button small look="quiet" className="plan-field__edit" onClick={() => start({ id: rowIdNow() })}>Add {article(kind.rowNoun)}</Button>
          {isBlank(value) && mayBeNotDiscussed(field) && !reasonOpen && <Button small look="quiet" onClick={() => setReasonOpen(true)}>Not discussed, because…</Button>}
        </div>
      )}
      {reasonOpen && <NotDiscussedForm section={section} field={field} onDone={() => setReasonOpen(false)} onCancel={() => setReasonOpen(false)} />}
    </div>
  );
}

/** What a limit to sharing takes away from whoever writes it, said before it is saved. */
function ownLimit(field: Field, row: Row, me: Workspace['me']): string | undefined {
  if (field.id !== limitsField) return undefined;
  const own = limitsOf([row]).some(({ from }) => ('role' in from ? from.role === me.role : false)) || organisationNameOf(row) === me.organisation;
  return own ? 'This takes it away from you too, and only somebody whom it does not limit can take it back. Save once more if that is what the person asked for.' : undefined;
}
const organisationNameOf = (row: Row): unknown => (row['organisation'] as { readonly name?: unknown } | undefined)?.name;

const reasonOf = (row: Row): string => (typeof row['reason'] === 'string' ? row['reason'] : '');
const article = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

function RowView({ section, field, kind, row, mayEdit, onEdit }: {
  readonly section: string; readonly field: Field; readonly kind: RowsKind; readonly row: Row; readonly mayEdit: boolean; readonly onEdit: (row: Row) => void;
}): ReactNode {
  const [striking, setStriking] = useState(false);
  const sides = contradiction(row) as readonly Row[] | undefined;
  if (sides !== undefined) return <DisputedRow section={section} field={field} kind={kind} row={row} sides={sides} mayEdit={mayEdit} />;
  const struck = isStruckOut(row);
  const cells = kind.columns.map((column) => [column, showCell(column, row[column.id])] as const).filter(([, text]) => text !== '');
  const words = <Cells cells={cells.map(([column, text]) => [column.label, text])} />;
  return (
    <div className="plan-row">
      {struck ? <div><Tag colour="grey">Struck out</Tag> <s>{words}</s> <span className="plan-row__reason">Reason: {reasonOf(row)}</span></div> : words}
      {mayEdit && !struck && !striking && (
        <span className="plan-row__actions">
          <Button small look="quiet" onClick={() => onEdit(row)} aria-label={`Change ${kind.rowNoun}: ${cells[0]?.[1] ?? ''}`}>Change</Button>
          <Button small look="quiet" onClick={() => setStriking(true)} aria-label={`Strike out ${kind.rowNoun}: ${cells[0]?.[1] ?? ''}`}>Strike out</Button>
        </span>
      )}
      {striking && <StrikeForm section={section} field={field} row={row} onClose={() => setStriking(false)} />}
    </div>
  );
}

function Cells({ cells }: { readonly cells: readonly (readonly [string, string])[] }): ReactNode {
  return (
    <span className="plan-row__cells">
      {cells.map(([label, text], index) => <span key={label} className="plan-row__cell">{index > 0 && <span className="plan-row__label">{label}: </span>}{index === 0 ? <strong>{text}</strong> : text}</span>)}
    </span>
  );
}

function StrikeForm({ section, field, row, onClose }: { readonly section: string; readonly field: Field; readonly row: Row; readonly onClose: () => void }): ReactNode {
  const connection = useConnection();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const strike = (): void => {
    const why = strikeOut(connection, section, field, row, reason.trim());
    if (why === undefined) onClose();
    else setProblem(why);
  };
  return (
    <div className="plan-editor__reason">
      <TextInput id={`strike-${row.id}`} label="Why is it struck out?" hint="It stays visible, with this reason." value={reason} error={problem} inputRef={focusWhenThere} autoComplete="off" onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => { if (event.key === 'Enter') strike(); if (event.key === 'Escape') onClose(); }} />
      <Button small look="warning" onClick={strike}>Strike out</Button>
      <Button small look="quiet" onClick={onClose}>Cancel</Button>
    </div>
  );
}

function DisputedRow({ section, field, kind, row, sides, mayEdit }: {
  readonly section: string; readonly field: Field; readonly kind: RowsKind; readonly row: Row; readonly sides: readonly Row[]; readonly mayEdit: boolean;
}): ReactNode {
  const connection = useConnection();
  const [problem, setProblem] = useState<string>();
  return (
    <div className="plan-dispute" role="group" aria-label={`Disputed ${kind.rowNoun}`}>
      <p className="plan-dispute__head"><Tag colour="disputed">Disputed</Tag> Two people changed this {kind.rowNoun} at the same time. Both are kept until one is chosen.</p>
      <ul className="plan-dispute__sides">
        {sides.map((side, index) => {
          const cells = kind.columns.map((column) => [column.label, showCell(column, side[column.id])] as const).filter(([, text]) => text !== '');
          return (
            <li key={`${index} ${JSON.stringify(side)}`}>
              <Cells cells={cells} /> {isStruckOut(side) && <em>struck out: {reasonOf(side)}</em>}
              {mayEdit && <Button small look="secondary" onClick={() => setProblem(isStruckOut(side) ? strikeOut(connection, section, field, { ...side, id: row.id }, reasonOf(side)) : writeRow(connection, section, field, { ...side, id: row.id }))} aria-label={`Settle with: ${cells.map(([, text]) => text).join(', ')}`}>Settle with this one</Button>}
            </li>
          );
        })}
      </ul>
      {problem && <p className="nhsuk-error-message" role="alert">{problem}</p>}
    </div>
  );
}
