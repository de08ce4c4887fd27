/** One entry being typed: bound to the patient it was begun for, kept when it could not be recorded, recorded once however often it is sent. */
import { useRef, useState } from 'react';
import type { AgendaItem } from '../../shared/wire/meetings.ts';
import { announce } from '../ui/announce.ts';
import { useOnce } from '../ui/useOnce.ts';
import { aboutItem, blankDraft, typed } from './entry.ts';
import type { Outcome } from './meetingLink.ts';
import { outcomeWords } from './words.ts';

export interface Entry<Values> {
  readonly values: Values;
  /** The patient whom this is about: the one on screen until something was typed, then that one until it is recorded or cleared. */
  readonly item: AgendaItem | undefined;
  readonly busy: boolean;
  readonly problem: string | undefined;
  set(part: Partial<Values>): void;
  clear(): void;
  send(order: (itemId: string, once: string) => Promise<Outcome>, done: string): void;
}

export function useEntry<Values extends { readonly text: string }>(blank: Values, shown: AgendaItem | undefined, agenda: readonly AgendaItem[]): Entry<Values> {
  const [draft, setDraft] = useState(() => blankDraft(blank));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const round = useRef(0);
  const onceOf = useOnce();
  const itemId = aboutItem(draft, shown?.id);
  const item = agenda.find(({ id }) => id === itemId);

  const clear = (): void => {
    setDraft(blankDraft(blank));
    setProblem(undefined);
    // The same words again are another entry.
    round.current += 1;
  };
  return {
    values: draft.values, item, busy, problem, clear,
    set: (part) => setDraft(typed(draft, part, shown?.id)),
    send: (order, done) => {
      if (!item || busy) return;
      setBusy(true);
      setProblem(undefined);
      void order(item.id, onceOf({ item: item.id, values: draft.values, round: round.current })).then((outcome) => {
        setBusy(false);
        if (!outcome.ok) return setProblem(outcomeWords(outcome));
        clear();
        announce(done);
      });
    },
  };
}
