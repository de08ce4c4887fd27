/** Who is here, since when, and whose hand is up. Only signed-in people appear as present; nobody types attendance. */
import { useState, type ReactNode } from 'react';
import type { Attendee, MeetingState } from '../../shared/wire/meetings.ts';
import type { Session } from '../data/session.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Tag } from '../ui/Tag.tsx';
import type { MeetingLink, Outcome } from './meetingLink.ts';
import { attendanceWords } from './words.ts';

export function PeopleList({ state, link, me, runs }: { readonly state: MeetingState; readonly link: MeetingLink; readonly me: Session['person']; readonly runs: boolean }): ReactNode {
  const [problem, setProblem] = useState<string>();
  const mine = state.attendance.find(({ id }) => id === me.id);
  const here = state.attendance.filter(({ present }) => present).toSorted((a, b) => Number(b.handRaised) - Number(a.handRaised) || a.name.localeCompare(b.name));
  const others = state.attendance.filter(({ present }) => !present);
  const give = (order: Promise<Outcome>): void => {
    setProblem(undefined);
    void order.then((outcome) => { if (!outcome.ok) setProblem(outcome.refusal?.detail ?? 'Not done: no connection.'); });
  };
  return (
    <section className="meeting-people" aria-labelledby="meeting-people-title">
      <h2 className="meeting-heading" id="meeting-people-title">Here: {here.length}</h2>
      {mine && <Button small look="secondary" aria-pressed={mine.handRaised} onClick={() => give(link.order('raiseHand', { up: !mine.handRaised }))}>{mine.handRaised ? 'Lower your hand' : 'Raise your hand'}</Button>}
      <ul>{here.map((person) => <Person key={person.id} person={person} chair={person.id === state.chair.id} />)}</ul>
      {others.length > 0 && <h3 className="meeting-subheading">Not here: {others.length}</h3>}
      <ul>
        {others.map((person) => (
          <Person key={person.id} person={person} chair={person.id === state.chair.id}>
            {runs && person.arrivedAt === null && (
              <Button small look="quiet" aria-label={person.apologies ? `Take back the apologies of ${person.name}` : `Enter apologies of ${person.name}`} onClick={() => give(link.order('apologies', { personId: person.id, sent: !person.apologies }))}>
                {person.apologies ? 'Take back' : 'Apologies'}
              </Button>
            )}
          </Person>
        ))}
      </ul>
      {problem && <p className="nhsuk-error-message" role="alert">{problem}</p>}
    </section>
  );
}

function Person({ person, chair, children }: { readonly person: Attendee; readonly chair: boolean; readonly children?: ReactNode }): ReactNode {
  return (
    <li className="meeting-person">
      <Avatar id={person.id} name={person.name} />
      <span className="meeting-person__words">
        <span>{person.name} {chair && <Tag colour="white">Chair</Tag>} {person.handRaised && <Tag colour="purple">✋ Hand up</Tag>} {person.simulated && <Tag>Simulated</Tag>}</span>
        <span className="accord-quiet">{person.roleLabel}, {person.organisation} · {attendanceWords(person)}</span>
      </span>
      {children}
    </li>
  );
}
