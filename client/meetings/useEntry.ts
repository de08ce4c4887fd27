/** One entry being typed: bound to the patient it was begun for, kept when it could not be recorded, recorded once however often it is sent. */
import { useRef, useState } from 'react';
import type { AgendaItem } from '../../shared/wire/meetings.ts';
import { announce } from '../ui/announce.ts';
import { useOnce } from '../ui/useOnce.ts';
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
  const [values, setValues] = useState(blank);
  const [boundTo, setBoundTo] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const round = useRef(0);
  const onceOf = useOnce();
  const item = boundTo === undefined ? shown : agenda.find(({ id }) => id === boundTo);

  const clear = (): void => {
    setValues(blank);
    setBoundTo(undefined);
    setProblem(undefined);
    round.current += 1;
  };
  return {
    values, item, busy, problem,
    set: (part) => {
      const next = { ...values, ...part };
      setValues(next);
      setBoundTo(next.text.trim() === '' ? undefined : (boundTo ?? shown?.id));
    },
    clear,
    send: (order, done) => {
      if (!item || busy) return;
      setBusy(true);
      setProblem(undefined);
      void order(item.id, onceOf({ item: item.id, values, round: round.current })).then((outcome) => {
        setBusy(false);
        if (!outcome.ok) return setProblem(outcomeWords(outcome));
        clear();
        announce(done);
      });
    },
  };
}
