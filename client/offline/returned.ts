/** What was written in a copy while the plan was not live, told once everything of it was answered by the service. */
import { fieldById } from '../../shared/content/standard.ts';
import { useContext, useEffect, useState } from 'react';
import type { PlanConnection } from '../collab/planConnection.ts';
import { CopyContext } from './copyHere.ts';

export interface Returned {
  /** Fields that were written away and are decided now. */
  readonly fields: readonly string[];
}

/** Follows a connection: answers with `tell` each time that everything written away has been answered. Pure but for listening. */
export function followReturn(connection: Pick<PlanConnection, 'status' | 'live' | 'onlyHere' | 'unsavedFields'>, tell: (returned: Returned) => void): () => void {
  const away = new Set<string>();
  const look = (): void => {
    if (connection.status.value.kind === 'stopped') return;
    if (!connection.live.value) {
      for (const { field } of connection.onlyHere) away.add(field);
      return;
    }
    if (away.size === 0 || connection.unsavedFields > 0) return;
    tell({ fields: [...away] });
    away.clear();
  };
  look();
  const stops = [connection.status.listen(look), connection.live.listen(look)];
  return () => stops.forEach((stop) => stop());
}

export function useReturned(connection: PlanConnection): { readonly returned: Returned | undefined; readonly dismiss: () => void } {
  const { copy } = useContext(CopyContext);
  const [returned, setReturned] = useState<Returned>();
  const held = copy !== undefined;
  useEffect(() => (held ? followReturn(connection, setReturned) : undefined), [connection, held]);
  return { returned, dismiss: () => setReturned(undefined) };
}

export const labelOf = (field: string): string => fieldById(field)?.label ?? field;
const counted = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

/** One sentence for each kind of outcome. */
export function reportWords(sent: readonly string[], disputed: number, refused: number): string {
  const parts = [
    sent.length === 0 ? 'Nothing was sent.' : `${counted(sent.length)} sent: ${sent.map(labelOf).join(', ')}.`,
    disputed === 0 ? '' : `${counted(disputed)} of these disputed now.`,
    refused === 0 ? '' : `${counted(refused)} not taken: see “Not saved”.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
