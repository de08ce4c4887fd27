/** Writing a decision down. */
import type { ReactNode, RefObject } from 'react';
import { bannerName } from '../../shared/domain/names.ts';
import type { AgendaItem } from '../../shared/wire/meetings.ts';
import { Button } from '../ui/Button.tsx';
import { Details } from '../ui/Callouts.tsx';
import { TextArea } from '../ui/TextInput.tsx';
import type { MeetingLink } from './meetingLink.ts';
import { useEntry } from './useEntry.ts';

const blank = { text: '', rationale: '', dissent: '' };

export function DecisionForm({ link, shown, open, inputRef, agenda }: {
  readonly link: MeetingLink; readonly shown: AgendaItem | undefined; readonly open: boolean; readonly inputRef: RefObject<HTMLTextAreaElement | null>; readonly agenda: readonly AgendaItem[];
}): ReactNode {
  const entry = useEntry(blank, shown, agenda);
  const { values, item } = entry;
  if (!open && values.text === '') return <p className="accord-quiet">Decisions can be recorded once this patient is discussed.</p>;
  const { text, rationale, dissent } = values;
  const submit = (): void => entry.send(
    (itemId, once) => link.order('decide', { itemId, once, text: text.trim(), ...(rationale.trim() ? { rationale: rationale.trim() } : {}), ...(dissent.trim() ? { dissent: dissent.trim() } : {}) }),
    'Decision recorded.',
  );
  return (
    <form className="meeting-form" noValidate onSubmit={(event) => { event.preventDefault(); if (text.trim().length >= 3) submit(); }}>
      <TextArea id="decision-text" label="New decision" hint={<>Key <kbd>d</kbd></>} rows={2} maxLength={2000} inputRef={inputRef} value={text} error={entry.problem} onChange={(event) => entry.set({ text: event.target.value })} onKeyDown={sendOnCtrlEnter(submit)} />
      {text.trim() !== '' && (
        <>
          <AboutWhom item={item} shown={shown} />
          <Details summary="Reason or disagreement" open={rationale !== '' || dissent !== ''}>
            <TextArea id="decision-rationale" label="Reason (optional)" rows={2} maxLength={2000} value={rationale} onChange={(event) => entry.set({ rationale: event.target.value })} />
            <TextArea id="decision-dissent" label="Who disagreed, and why (optional)" rows={2} maxLength={2000} value={dissent} onChange={(event) => entry.set({ dissent: event.target.value })} />
          </Details>
          <Button type="submit" small busy={entry.busy || text.trim().length < 3}>Record decision</Button>
          <Button small look="quiet" onClick={entry.clear}>Clear</Button>
        </>
      )}
    </form>
  );
}

/** Says about whom something is recorded; loudly when that is not the patient on screen. */
export function AboutWhom({ item, shown }: { readonly item: AgendaItem | undefined; readonly shown: AgendaItem | undefined }): ReactNode {
  if (!item) return <p className="meeting-about meeting-about--other">The patient this was about is not on your agenda any more.</p>;
  const other = item.id !== shown?.id;
  return <p className={other ? 'meeting-about meeting-about--other' : 'meeting-about'}>About <strong>{bannerName(item.patient)}</strong>{other && ', not the patient on screen'}</p>;
}

/** Control and Enter record from inside the text. */
export const sendOnCtrlEnter = (send: () => void) => (event: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean; preventDefault(): void }): void => {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  send();
};
