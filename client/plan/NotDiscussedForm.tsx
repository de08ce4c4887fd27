/** "Not discussed, because…": an honest answer for a field that sign-off asks for. */
import { useState, type ReactNode } from 'react';
import type { Field } from '../../shared/content/kinds.ts';
import { useConnection } from '../collab/hooks.ts';
import { writeField } from '../collab/writing.ts';
import { Button } from '../ui/Button.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import { focusWhenThere } from './focusWhenThere.ts';
import { fieldKey } from './workspaceState.ts';

export function NotDiscussedForm({ section, field, onDone, onCancel }: {
  readonly section: string; readonly field: Field; readonly onDone: () => void; readonly onCancel: () => void;
}): ReactNode {
  const connection = useConnection();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const record = (): void => {
    const why = writeField(connection, section, field, { notDiscussed: reason.trim() });
    setProblem(why);
    if (why === undefined) onDone();
  };
  return (
    <div className="plan-editor__reason">
      <TextInput id={`why-${fieldKey(section, field.id)}`} label="Not discussed, because" value={reason} error={problem} inputRef={focusWhenThere} autoComplete="off" onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); event.stopPropagation(); record(); } }} />
      <Button small onClick={record}>Record the reason</Button>
      <Button small look="quiet" onClick={onCancel}>Cancel</Button>
    </div>
  );
}
