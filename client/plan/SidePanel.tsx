/** What is happening now and what has to be settled. Beside the plan; on a phone a bar at the bottom that opens. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { missingMessage } from '../../shared/content/completeness.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { formatTime } from '../../shared/domain/dates.ts';
import { useActivity, useLive, usePresence } from '../collab/hooks.ts';
import type { ActivityLine } from '../collab/activity.ts';
import type { Present } from '../collab/presence.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { Tag } from '../ui/Tag.tsx';
import { describe } from './PeopleHere.tsx';
import { PracticeSwitch } from './PracticeSwitch.tsx';
import { useGoTo, useSummary, useWorkspace } from './workspaceState.ts';

type Panel = 'now' | 'settle';
/** Others' changes are read out together, at most this often, in milliseconds. */
const sayEveryMs = 6_000;

export function SidePanel(): ReactNode {
  const { me, demo, view, inMeeting } = useWorkspace();
  const { disputed, missing } = useSummary();
  const people = usePresence();
  const lines = useActivity(me.id);
  const [panel, setPanel] = useState<Panel>('now');
  const [open, setOpen] = useState(false);
  useSaidAloud(lines);
  const toSettle = disputed.size + missing.size;
  const tabs: readonly (readonly [Panel, ReactNode])[] = [
    ['now', <>Now{people.length > 0 && <span className="plan-side__count">{people.length} here</span>}</>],
    ['settle', <>To settle <span className={classes('plan-side__count', disputed.size > 0 && 'plan-side__count--disputed')}>{toSettle}</span></>],
  ];
  return (
    <aside className={classes('plan-side', open && 'plan-side--open')} aria-label="What is happening">
      <div className="plan-side__bar">
        {tabs.map(([id, label]) => (
          <button key={id} type="button" className="plan-side__tab" aria-pressed={panel === id} aria-expanded={open} onClick={() => { setOpen(!(open && panel === id)); setPanel(id); }}>{label}</button>
        ))}
      </div>
      <div className="plan-side__panel">
        {panel === 'now' ? <Now people={people} lines={lines} /> : <ToSettle onGo={() => setOpen(false)} />}
        {panel === 'now' && demo && !inMeeting && !view.breakGlassUntil && <PracticeSwitch planId={view.id} />}
      </div>
    </aside>
  );
}

const linesAtFirst = 12;

function Now({ people, lines }: { readonly people: readonly Present[]; readonly lines: readonly ActivityLine[] }): ReactNode {
  const goTo = useGoTo();
  const { me } = useWorkspace();
  const live = useLive();
  const [all, setAll] = useState(false);
  return (
    <>
      <h3 className="plan-side__heading">Here now</h3>
      {people.length === 0 && <p className="plan-side__quiet">{live ? 'Nobody else has this plan open.' : 'Not known while there is no connection.'}</p>}
      <ul className="plan-side__people">
        {people.map((person) => {
          const place = person.places[0];
          return (
            <li key={person.id}>
              <span className="plan-visitor" style={{ backgroundColor: person.color }} aria-hidden="true">{person.initials}</span>
              <span>
                <span title={describe(person)}>{person.id === me.id ? 'You, in another window' : person.name}</span>, {person.roleLabel}{person.simulated && !/simulated/i.test(person.name) && ', simulated'}
                {place && <> {place.writing ? 'is writing in' : 'is in'} <button type="button" className="plan-link" onClick={() => goTo(place.field)}>{fieldById(place.field)?.label ?? sectionById(place.section)?.title}</button></>}
              </span>
            </li>
          );
        })}
      </ul>
      <h3 className="plan-side__heading">Changes by others</h3>
      {lines.length === 0 && <p className="plan-side__quiet">None since you opened the plan.</p>}
      <ul className="plan-side__lines">
        {lines.slice(0, all ? lines.length : linesAtFirst).map((line) => (
          <li key={line.key}>
            <span className="plan-side__time">{formatTime(line.at)}</span>{' '}
            {line.what.kind === 'signed' ? `${line.by} signed version ${line.what.number}` : <>{line.by} changed <FieldLink field={line.what.field} onGo={goTo} /></>}
          </li>
        ))}
      </ul>
      {!all && lines.length > linesAtFirst && <Button small look="quiet" onClick={() => setAll(true)}>{lines.length - linesAtFirst} earlier</Button>}
    </>
  );
}

function FieldLink({ field, onGo }: { readonly field: string; readonly onGo: (field: string) => void }): ReactNode {
  return <button type="button" className="plan-link" onClick={() => onGo(field)}>{fieldById(field)?.label ?? 'a field'}</button>;
}

function ToSettle({ onGo }: { readonly onGo: () => void }): ReactNode {
  const { sections } = useWorkspace();
  const { disputed, missing } = useSummary();
  const goTo = useGoTo();
  const go = (field: string): void => {
    onGo();
    goTo(field);
  };
  const fields = sections.flatMap((section) => section.fields);
  const contested = fields.filter((field) => disputed.has(field.id));
  const asked = fields.filter((field) => missing.has(field.id));
  return (
    <>
      <h3 className="plan-side__heading">Disputed</h3>
      {contested.length === 0 ? <p className="plan-side__quiet">Nothing is disputed.</p> : (
        <ul className="plan-side__lines">{contested.map((field) => <li key={field.id}><Tag colour="disputed">Disputed</Tag> <FieldLink field={field.id} onGo={go} /></li>)}</ul>
      )}
      <h3 className="plan-side__heading">Needed before sign-off</h3>
      {asked.length === 0 ? <p className="plan-side__quiet">Every needed answer in the sections that you can read is there.</p> : (
        <ul className="plan-side__lines">{asked.map((field) => <li key={field.id}><FieldLink field={field.id} onGo={go} /> <span className="plan-side__quiet">{missingMessage(field)}</span></li>)}</ul>
      )}
    </>
  );
}

/** Reads out what others did, several things as one sentence. */
function useSaidAloud(lines: readonly ActivityLine[]): void {
  const waiting = useRef(new Map<string, ActivityLine>());
  const known = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    for (const line of lines) if (!known.current.has(line.key)) waiting.current.set(line.key, line);
    for (const line of lines) known.current.add(line.key);
    if (waiting.current.size === 0) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const heard = [...waiting.current.values()];
      waiting.current.clear();
      for (const by of new Set(heard.map((line) => line.by))) {
        const labels = heard.filter((line) => line.by === by).map((line) => (line.what.kind === 'signed' ? `signed version ${line.what.number}` : `changed ${fieldById(line.what.field)?.label ?? 'a field'}`));
        announce(labels.length > 3 ? `${by} changed ${labels.length} fields.` : `${by} ${labels.join(', ')}.`);
      }
    }, sayEveryMs);
  }, [lines]);
}
