/** The agenda: order, stage, what is done, now and deferred, and the time each took. Anyone may look at any patient; only the chair moves the meeting. */
import { useEffect, useRef, type ReactNode } from 'react';
import { agendaGroupLabels } from '../../shared/domain/meetingAgenda.ts';
import { bannerName } from '../../shared/domain/names.ts';
import type { AgendaItem, MeetingState } from '../../shared/wire/meetings.ts';
import { classes } from '../ui/classes.ts';
import { StageTag } from '../ui/StageTag.tsx';
import { roughly } from './words.ts';

export function AgendaList({ state, shownItemId, onLook }: {
  readonly state: MeetingState; readonly shownItemId: string | undefined; readonly onLook: (itemId: string) => void;
}): ReactNode {
  const list = useRef<HTMLElement>(null);
  const now = state.agenda.findIndex(({ id }) => id === state.currentItemId);
  // Only the list scrolls, never the page: somebody may be reading.
  useEffect(() => {
    const [box, current] = [list.current?.parentElement, list.current?.querySelectorAll<HTMLElement>('.meeting-item')[now]];
    if (box && current && box.scrollHeight > box.clientHeight) box.scrollTop = current.offsetTop - box.clientHeight / 2;
  }, [now]);
  return (
    <nav ref={list} className="meeting-agenda" aria-label="Agenda">
      <h2 className="meeting-heading">Agenda</h2>
      {state.agenda.length === 0 && <p>Nobody on this agenda is known to your organisation.</p>}
      <ol>
        {state.agenda.map((item, index) => (
          <li key={item.id} className={classes('meeting-item', `meeting-item--${item.status}`)}>
            {item.group !== state.agenda[index - 1]?.group && <p className="meeting-group">{agendaGroupLabels[item.group]}</p>}
            <button type="button" aria-current={item.id === shownItemId ? 'true' : undefined} onClick={() => onLook(item.id)}>
              <span className="meeting-item__name">{item.order}. {bannerName(item.patient)}</span>
              <span className="meeting-item__state">{statusWords(item)}</span>
              <StageTag stage={item.stage} />
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function statusWords(item: AgendaItem): string {
  switch (item.status) {
    case 'now': return '▶ Now';
    case 'done': return `✓ Done, ${roughly(item.secondsSpent)}`;
    case 'deferred': return `Deferred: ${item.deferredBecause ?? ''}`;
    case 'waiting': return 'Waiting';
  }
}
