/** One row being written: all its columns, then "Save". What somebody else saved meanwhile is shown before it is replaced. */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { Column, Row } from '../../shared/content/kinds.ts';
import { showRow } from '../../shared/content/show.ts';
import { sameValue } from '../collab/writing.ts';
import { Button } from '../ui/Button.tsx';
import { ValueInput } from './ValueInput.tsx';

export function RowEditor({ idBase, noun, columns, row, stored, onSave, onCancel }: {
  readonly idBase: string; readonly noun: string; readonly columns: readonly Column[]; readonly row: Row;
  /** What stands in the plan now; undefined for a new row. */
  readonly stored: Row | undefined;
  /** Answers why it cannot be saved, or undefined. */
  readonly onSave: (row: Row) => string | undefined; readonly onCancel: () => void;
}): ReactNode {
  const [draft, setDraft] = useState<Row>(row);
  const [unread, setUnread] = useState<Readonly<Record<string, string | undefined>>>({});
  const [problem, setProblem] = useState<string>();
  const [seen, setSeen] = useState(stored);
  const box = useRef<HTMLDivElement>(null);
  const changedByOthers = stored !== undefined && !sameValue(stored, seen);
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('input, select, textarea')?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'nearest' });
  }, []);

  const save = (): void => {
    const bad = Object.values(unread).find((why) => why !== undefined);
    setProblem(bad ?? onSave(draft));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onCancel();
    }
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.type === 'text') {
      event.preventDefault();
      save();
    }
  };
  return (
    <div className="plan-editor plan-editor--row" ref={box} role="presentation" onKeyDown={onKeyDown}>
      <div className="plan-editor__columns" role="group" aria-label={noun}>
        {columns.filter((column) => !column.retired || draft[column.id] !== undefined).map((column) => (
          <ValueInput key={column.id} id={`${idBase}-${column.id}`} label={column.needed ? column.label : `${column.label} (optional)`} of={column.of} value={draft[column.id]} error={unread[column.id]}
            onChange={(change) => {
              setDraft((before) => ({ ...before, [column.id]: change.value }));
              setUnread((before) => ({ ...before, [column.id]: change.problem }));
              setProblem(undefined);
            }} />
        ))}
      </div>
      {changedByOthers && (
        <div className="plan-editor__theirs" role="status">
          <p><strong>Somebody else saved this {noun} meanwhile:</strong> {showRow(columns, stored)}</p>
          <Button small look="secondary" onClick={() => { setDraft(stored); setSeen(stored); }}>Take theirs</Button>
          <Button small look="secondary" onClick={() => setSeen(stored)}>Keep mine</Button>
        </div>
      )}
      {problem && <p className="nhsuk-error-message" role="alert">{problem}</p>}
      <div className="plan-editor__foot">
        <Button small onClick={save} disabled={changedByOthers}>Save this {noun}</Button>
        <Button small look="quiet" onClick={onCancel}>Cancel</Button>
      </div>
    </div>
  );
}
