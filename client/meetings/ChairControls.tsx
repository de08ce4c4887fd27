/** What the chair and the coordinator do: start, next, previous, defer with a reason, hand over, end. */
import { useState, type ReactNode } from 'react';
import { bannerName } from '../../shared/domain/names.ts';
import type { MeetingState } from '../../shared/wire/meetings.ts';
import type { Session } from '../data/session.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Choice.tsx';
import { InlineConfirm } from '../ui/InlineConfirm.tsx';
import { TextInput } from '../ui/TextInput.tsx';
import type { MeetingLink, Outcome } from './meetingLink.ts';
import { nextItem, previousItem } from './words.ts';

export function ChairControls({ state, link, me }: { readonly state: MeetingState; readonly link: MeetingLink; readonly me: Session['person'] }): ReactNode {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [next, previous] = [nextItem(state), previousItem(state)];
  const current = state.agenda.find(({ id }) => id === state.currentItemId);

  const give = (order: Promise<Outcome>): void => {
    setBusy(true);
    setProblem(undefined);
    void order.then((outcome) => {
      setBusy(false);
      if (!outcome.ok) setProblem(outcome.refusal ? [outcome.refusal.detail, ...(outcome.refusal.problems ?? []).map(({ message }) => message)].join(' ') : 'Not done: no connection. Try again when it is back.');
    });
  };

  return (
    <section className="meeting-chair" aria-label="Running the meeting">
      <h2 className="meeting-heading">{state.chair.id === me.id ? 'You chair' : `Chair: ${state.chair.name}`}</h2>
      {state.status === 'planned' && <Button busy={busy} onClick={() => give(link.order('start', {}))}>Start the meeting</Button>}
      {state.status === 'running' && (
        <>
          {next ? <Button busy={busy} onClick={() => give(link.order('goTo', { itemId: next.id }))}>Next: {bannerName(next.patient)}</Button> : <p>Everybody on the agenda was discussed or deferred.</p>}
          {previous && <Button small look="secondary" busy={busy} onClick={() => give(link.order('goTo', { itemId: previous.id }))}>Previous: {bannerName(previous.patient)}</Button>}
          {current && <Defer key={current.id} name={bannerName(current.patient)} busy={busy} onDefer={(because) => give(link.order('defer', { itemId: current.id, because }))} />}
          <HandOver state={state} busy={busy} onHandOver={(personId) => give(link.order('handOver', { personId }))} />
          <InlineConfirm label="End the meeting" look="secondary" confirmLabel="End it now" busy={busy} onConfirm={() => give(link.order('end', {}))}
            question={endQuestion(state)} />
        </>
      )}
      {problem && <p className="nhsuk-error-message" role="alert">{problem}</p>}
    </section>
  );
}

function endQuestion({ agenda, quorum }: MeetingState): string {
  const waiting = agenda.filter(({ status }) => status === 'waiting').length;
  return [
    waiting === 0 ? 'Everybody was discussed or deferred.' : `${waiting} ${waiting === 1 ? 'patient was' : 'patients were'} not discussed.`,
    quorum.met ? '' : 'There is no quorum now.', 'The minutes are then complete; nothing more can be recorded here.',
  ].filter(Boolean).join(' ');
}

function Defer({ name, busy, onDefer }: { readonly name: string; readonly busy: boolean; readonly onDefer: (because: string) => void }): ReactNode {
  const [because, setBecause] = useState('');
  const short = because.trim().length < 3;
  return (
    <InlineConfirm label={`Defer ${name}`} confirmLabel="Defer" question="Why is this left for another time?" busy={busy || short} onConfirm={() => onDefer(because.trim())}>
      <TextInput id="defer-because" label="Reason" value={because} maxLength={500} onChange={(event) => setBecause(event.target.value)} />
    </InlineConfirm>
  );
}

function HandOver({ state, busy, onHandOver }: { readonly state: MeetingState; readonly busy: boolean; readonly onHandOver: (personId: string) => void }): ReactNode {
  const [to, setTo] = useState('');
  const others = state.attendance.filter(({ id, present, simulated }) => present && !simulated && id !== state.chair.id);
  if (others.length === 0) return null;
  return (
    <InlineConfirm label="Hand over the chair" confirmLabel="Hand over" question="Who chairs from now on?" busy={busy || to === ''} onConfirm={() => onHandOver(to)}>
      <Select id="hand-over-to" label="New chair" value={to} empty="Choose" options={others.map(({ id, name, roleLabel }) => ({ value: id, label: `${name}, ${roleLabel}` }))} onChoose={setTo} />
    </InlineConfirm>
  );
}
