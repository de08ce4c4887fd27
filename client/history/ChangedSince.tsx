/** A quiet line under a field that somebody else changed since this person last looked: who, when, and on to the next. */
import type { ReactNode } from 'react';
import { fieldById } from '../../shared/content/standard.ts';
import { formatDateTime } from '../../shared/domain/dates.ts';
import { useGoTo } from '../plan/workspaceState.ts';
import { useNewMarks } from './newSinceContext.ts';

export function ChangedSince({ section, field }: { readonly section: string; readonly field: string }): ReactNode {
  const { fields } = useNewMarks();
  const goTo = useGoTo();
  const key = `${section}.${field}`;
  const mark = fields.get(key);
  if (mark === undefined) return null;
  const order = [...fields.keys()];
  const next = order[order.indexOf(key) + 1]?.split('.')[1];
  return (
    <p className="plan-field__new">
      <span><strong>Changed since you last looked:</strong> {mark.by.map((who) => `${who.name}, ${formatDateTime(who.at)}`).join('; ')}</span>
      {next !== undefined && <button type="button" className="plan-link" aria-label={`Next change: ${fieldById(next)?.label ?? ''}`} onClick={() => goTo(next)}>Next change</button>}
    </p>
  );
}
