/** Decisions and actions of the patient on screen, always in sight, each one keystroke away (d, a). What is typed stays with the patient it was begun for. */
import { useEffect, useRef, type ReactNode } from 'react';
import { may } from '../../shared/domain/access.ts';
import { formatDate, formatTime } from '../../shared/domain/dates.ts';
import type { PersonId } from '../../shared/ids.ts';
import type { AgendaItem, MeetingState } from '../../shared/wire/meetings.ts';
import type { Session } from '../data/session.ts';
import { Button } from '../ui/Button.tsx';
import { Tag } from '../ui/Tag.tsx';
import { today } from '../ui/today.ts';
import { ActionForm } from './ActionForm.tsx';
import { actorOnScreen, circleOnScreen } from './circle.ts';
import { DecisionForm } from './DecisionForm.tsx';
import { isEditor } from './following.ts';
import type { MeetingLink } from './meetingLink.ts';

export function RecordPanel({ state, link, shown, me, onWanted }: {
  readonly state: MeetingState; readonly link: MeetingLink; readonly shown: AgendaItem | undefined; readonly me: Session['person'];
  /** A shortcut asked for one of the forms: bring this panel into sight. */
  readonly onWanted: () => void;
}): ReactNode {
  const decision = useRef<HTMLTextAreaElement>(null);
  const action = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isEditor(document.activeElement)) return;
      const target = event.key === 'd' ? decision : event.key === 'a' ? action : undefined;
      if (!target) return;
      event.preventDefault();
      onWanted();
      // After the panel is on screen: on a phone it was not.
      requestAnimationFrame(() => target.current?.focus());
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [onWanted]);

  const decisions = state.decisions.filter(({ itemId }) => itemId === shown?.id);
  const actions = state.actions.filter(({ itemId }) => itemId === shown?.id);
  const open = state.status === 'running' && (shown?.status === 'now' || shown?.status === 'done');
  return (
    <section className="meeting-record" aria-label="Decisions and actions">
      <h2 className="meeting-heading">Decisions {shown && <span className="accord-quiet">({decisions.length})</span>}</h2>
      <ul className="meeting-entries">
        {decisions.map(({ id, text, dissent, rationale, by, at, quorumMissing }) => (
          <li key={id}>
            <p>{text}</p>
            {rationale && <p className="accord-quiet">Because: {rationale}</p>}
            {dissent && <p><Tag colour="purple">Disagreement</Tag> {dissent}</p>}
            {quorumMissing && <p><Tag colour="draft">Without quorum</Tag> needs {quorumMissing.join(', ')}</p>}
            <p className="accord-quiet">{by.name}, {formatTime(at)}</p>
          </li>
        ))}
      </ul>
      <DecisionForm link={link} shown={shown} open={open} inputRef={decision} agenda={state.agenda} />
      <h2 className="meeting-heading">Actions {shown && <span className="accord-quiet">({actions.length})</span>}</h2>
      <ul className="meeting-entries">
        {actions.map((entry) => <ActionEntry key={entry.id} entry={entry} state={state} link={link} me={me} />)}
      </ul>
      <ActionForm link={link} shown={shown} open={open} inputRef={action} state={state} />
    </section>
  );
}

function ActionEntry({ entry, state, link, me }: { readonly entry: MeetingState['actions'][number]; readonly state: MeetingState; readonly link: MeetingLink; readonly me: Session['person'] }): ReactNode {
  const { id, text, owner, due, priority, status, by } = entry;
  const here = state.attendance.some((person) => person.id === owner.id && person.present);
  const about = { ownerId: owner.id as PersonId, by: by.id as PersonId };
  const mayFinish = state.status === 'running' && may(actorOnScreen(me), 'finish-action', { kind: 'meeting', meeting: circleOnScreen(state, me), about }).ok;
  return (
    <li>
      <p>{status === 'done' && <Tag colour="signed">Done</Tag>} {priority !== 'routine' && <Tag colour="white">{priority === 'urgent' ? 'Urgent' : 'Soon'}</Tag>} {text}</p>
      <p>{owner.name}{here ? '' : ' (not here)'} · by {formatDate(due)}{due < today() && status === 'open' ? ' (overdue)' : ''}</p>
      {mayFinish && (
        <Button small look="quiet" aria-label={`${status === 'done' ? 'Open again' : 'Mark as done'}: ${text}`} onClick={() => void link.order('finishAction', { actionId: id, done: status !== 'done' })}>
          {status === 'done' ? 'Open again' : 'Done'}
        </Button>
      )}
    </li>
  );
}
