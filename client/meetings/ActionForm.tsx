/** Writing an action down: what, who, by when. */
import { useState, type ReactNode, type RefObject } from 'react';
import { addDays, formatDate } from '../../shared/domain/dates.ts';
import type { AgendaItem, MeetingState } from '../../shared/wire/meetings.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Choice.tsx';
import { TextArea } from '../ui/TextInput.tsx';
import { today } from '../ui/today.ts';
import { TypedDay } from '../ui/TypedDay.tsx';
import { AboutWhom, sendOnCtrlEnter } from './DecisionForm.tsx';
import type { MeetingLink } from './meetingLink.ts';
import { useEntry } from './useEntry.ts';
import { readDue } from './words.ts';

type Priority = 'routine' | 'soon' | 'urgent';
/** `due` as it was typed. */
interface Values { readonly text: string; readonly ownerId: string; readonly due: string; readonly priority: Priority }
const priorities: readonly { readonly value: Priority; readonly label: string }[] = [{ value: 'routine', label: 'Routine' }, { value: 'soon', label: 'Soon' }, { value: 'urgent', label: 'Urgent' }];

export function ActionForm({ link, shown, open, inputRef, state }: {
  readonly link: MeetingLink; readonly shown: AgendaItem | undefined; readonly open: boolean; readonly inputRef: RefObject<HTMLTextAreaElement | null>; readonly state: MeetingState;
}): ReactNode {
  const entry = useEntry<Values>({ text: '', ownerId: '', due: formatDate(addDays(today(), 7)), priority: 'routine' }, shown, state.agenda);
  const { text, ownerId, due, priority } = entry.values;
  const [dueProblem, setDueProblem] = useState<string>();
  if (!open && text === '') return <p className="accord-quiet">Actions can be recorded once this patient is discussed.</p>;
  const owners = state.attendance.filter(({ simulated }) => !simulated).toSorted((a, b) => Number(b.present) - Number(a.present) || a.name.localeCompare(b.name));
  const complete = text.trim().length >= 3 && ownerId !== '';
  const submit = (): void => {
    if (!complete) return;
    const read = readDue(due, today());
    setDueProblem(read.ok ? undefined : read.problem);
    if (!read.ok) return document.getElementById('action-due')?.focus();
    entry.send((itemId, once) => link.order('act', { itemId, once, text: text.trim(), ownerId, due: read.due, priority }), 'Action recorded.');
  };
  return (
    <form className="meeting-form" noValidate onSubmit={(event) => { event.preventDefault(); submit(); }}>
      <TextArea id="action-text" label="New action" hint={<>Key <kbd>a</kbd></>} rows={2} maxLength={2000} inputRef={inputRef} value={text} error={entry.problem} onChange={(event) => entry.set({ text: event.target.value })} onKeyDown={sendOnCtrlEnter(submit)} />
      {text.trim() !== '' && (
        <>
          <AboutWhom item={entry.item} shown={shown} />
          <Select id="action-owner" label="Owner" value={ownerId} empty="Choose one person" options={owners.map(({ id, name, roleLabel, present }) => ({ value: id, label: `${name}, ${roleLabel}${present ? '' : ' (not here)'}` }))} onChoose={(value) => entry.set({ ownerId: value })} />
          <TypedDay id="action-due" label="Due" hint="Day, month, year" text={due} error={dueProblem} onText={(typed) => { setDueProblem(undefined); entry.set({ due: typed }); }} />
          <Select id="action-priority" label="Priority" value={priority} options={priorities} onChoose={(value) => entry.set({ priority: value as Priority })} />
          <Button type="submit" small busy={entry.busy || !complete}>Record action</Button>
          <Button small look="quiet" onClick={() => { setDueProblem(undefined); entry.clear(); }}>Clear</Button>
        </>
      )}
    </form>
  );
}
