/** The history of one field: who wrote what stands, and every change before it, newest first. */
import { useEffect, useRef, type ReactNode } from 'react';
import type { Field, Row } from '../../shared/content/kinds.ts';
import { showRow } from '../../shared/content/show.ts';
import { formatDateTime, formatTime, londonDate } from '../../shared/domain/dates.ts';
import { initials } from '../../shared/domain/names.ts';
import { personColour } from '../../shared/domain/personColour.ts';
import { roleLabels, type Role } from '../../shared/domain/roles.ts';
import type { FieldHistoryView, HistoryEntry } from '../../shared/wire/history.ts';
import { useFieldHistory } from '../data/history.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { Loaded } from '../ui/Loaded.tsx';
import { Tag } from '../ui/Tag.tsx';
import { BeforeAfter, Words } from '../versions/Differences.tsx';
import { FieldValue } from '../versions/FieldValue.tsx';

export function HistoryPanel({ planId, section, field, onClose }: { readonly planId: string; readonly section: string; readonly field: Field; readonly onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const history = useFieldHistory(planId, section, field.id);
  useEffect(() => {
    // Modal: the plan behind stays as it is, and focus goes back to where it came from.
    dialog.current?.showModal();
  }, []);
  const title = `history-title-${section}-${field.id}`;
  return (
    <dialog ref={dialog} className="history" aria-labelledby={title} onClose={onClose}>
      <div className="history__head">
        <h2 id={title}>History: {field.label}</h2>
        <Button small look="secondary" onClick={() => dialog.current?.close()}>Close</Button>
      </div>
      <Loaded query={history} what="the history" lines={4}>
        {({ pages: [newest, ...older] }) => newest !== undefined && (
          <>
            <Standing field={field} standing={newest.standing} />
            <h3>Changes, newest first</h3>
            {newest.items.length === 0 && <p className="history__quiet">Nothing was ever written here.</p>}
            <ol className="history__entries">
              {[newest, ...older].flatMap((page) => page.items).map((entry, index) => <Entry key={`${entry.position} ${index}`} field={field} entry={entry} />)}
            </ol>
            {history.hasNextPage && <Button small look="secondary" busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>Earlier changes</Button>}
          </>
        )}
      </Loaded>
    </dialog>
  );
}

const roleOf = (role: string): string => roleLabels[role as Role] ?? (role === 'system' ? 'service' : role);

function Standing({ field, standing: { runs, values, people } }: { readonly field: Field; readonly standing: FieldHistoryView['standing'] }): ReactNode {
  if (runs.length === 0 && values.length === 0) return null;
  const names = new Map(people.map((person) => [person.id, person]));
  return (
    <section aria-labelledby="history-standing">
      <h3 id="history-standing">{runs.length > 0 ? 'Who wrote what stands now' : values.length > 1 && field.of.kind !== 'rows' ? 'Stands now, disputed' : 'Stands now'}</h3>
      {runs.length > 0 && (
        <>
          <ul className="history__people">{people.map((person) => <li key={person.id}><Avatar id={person.id} name={person.name} /> <span aria-hidden="true">{person.name}</span></li>)}</ul>
          <p className="history__runs">
            {runs.map(([text, by, at], index) => (
              <span key={index} className="history__run" style={{ borderColor: personColour(by) }} title={`${names.get(by)?.name ?? ''}, ${formatDateTime(at)}`}>
                <span className="nhsuk-u-visually-hidden"> [{names.get(by)?.name}, {formatDateTime(at)}: </span>
                <span className="history__initials" style={{ backgroundColor: personColour(by) }} aria-hidden="true">{initials(names.get(by)?.name ?? '?')}</span>{text}<span className="nhsuk-u-visually-hidden">] </span>
              </span>
            ))}
          </p>
        </>
      )}
      <ul className="history__values">
        {values.map(({ row, value, by, at }, index) => (
          <li key={`${row ?? ''} ${index}`}>
            {row !== undefined && field.of.kind === 'rows' ? <p className="accord-value">{showRow(field.of.columns, value as Row)}</p> : <FieldValue field={field} value={value} />}
            <span className="history__quiet">{by.name}, {roleOf(by.role)}, {formatDateTime(at)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({ field, entry }: { readonly field: Field; readonly entry: HistoryEntry }): ReactNode {
  const { by, sentences } = entry;
  return (
    <li className="history__entry">
      <p className="history__who">
        <Avatar id={by.id} name={by.name} />
        <span><strong aria-hidden="true">{by.name}</strong>, {roleOf(by.role)}<br /><time dateTime={entry.at}>{whenOf(entry)}</time></span>
        {entry.kind === 'value' && entry.became === 'disputed' && <Tag colour="disputed">Disputed</Tag>}
        {entry.kind === 'value' && entry.became === 'settled' && <Tag colour="grey">Settled</Tag>}
      </p>
      {entry.kind === 'text' && entry.words.length > 0 && <Words words={entry.words} />}
      {entry.kind === 'text' && entry.words.length === 0 && <p>{sentences.join(' ')}</p>}
      {entry.kind === 'value' && <ValueChange field={field} entry={entry} />}
      {entry.kind === 'value' && entry.reason !== undefined && <p className="history__reason"><strong>Reason:</strong> {entry.reason}</p>}
    </li>
  );
}

function ValueChange({ field, entry }: { readonly field: Field; readonly entry: Extract<HistoryEntry, { kind: 'value' }> }): ReactNode {
  const { row, from, to, became, sentences } = entry;
  // Rows and answers that never showed: the sentence says it best.
  if (row !== undefined || became === 'overtaken' || (from === undefined && to === undefined)) return sentences.map((sentence) => <p key={sentence}>{sentence}</p>);
  return <BeforeAfter item={{ field: field.id, kind: to === undefined ? 'removed' : from === undefined ? 'added' : 'changed', from, to, sentence: sentences.join(' ') }} />;
}

/** The time, or from when to when a stretch of writing went. */
function whenOf(entry: HistoryEntry): string {
  if (entry.kind === 'value' || formatDateTime(entry.since) === formatDateTime(entry.at)) return formatDateTime(entry.at);
  const sameDay = londonDate(new Date(entry.since)) === londonDate(new Date(entry.at));
  return `${formatDateTime(entry.since)} to ${sameDay ? formatTime(entry.at) : formatDateTime(entry.at)}`;
}
