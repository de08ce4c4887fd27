/** Demonstration only: simulated colleagues who open the plan and write in it, so that one person can try working together. */
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { z } from 'zod';
import { usePresence } from '../collab/hooks.ts';
import { apiSend } from '../data/api.ts';
import { asProblem } from '../data/problem.ts';
import { Button } from '../ui/Button.tsx';

const colleaguesMax = 4;

export function PracticeSwitch({ planId }: { readonly planId: string }): ReactNode {
  const here = usePresence().filter((person) => person.simulated).length;
  const [count, setCount] = useState(3);
  const address = `/api/plans/${encodeURIComponent(planId)}/practice`;
  const order = useMutation({
    mutationFn: (on: boolean) => (on ? apiSend('POST', address, { colleagues: count }, z.unknown()) : apiSend('DELETE', address, undefined, z.unknown())),
  });
  return (
    <section className="plan-practice" aria-label="Practice">
      <h3 className="plan-side__heading">Practise with simulated colleagues</h3>
      <p className="plan-side__quiet">{here > 0 ? `${here} simulated ${here === 1 ? 'colleague is' : 'colleagues are'} here. What they write is marked and taken out again when they leave.` : 'They open this plan, move about and write, as a real team would. Everything they do is marked as simulated.'}</p>
      {here === 0 && (
        <label className="plan-practice__count">How many{' '}
          <select className="nhsuk-select" value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {Array.from({ length: colleaguesMax }, (_, index) => <option key={index} value={index + 1}>{index + 1}</option>)}
          </select>
        </label>
      )}
      <Button small look="secondary" busy={order.isPending} onClick={() => order.mutate(here === 0)}>{here === 0 ? 'Bring them in' : 'Send them away'}</Button>
      {order.error && <p className="nhsuk-error-message" role="alert">{asProblem(order.error).title}. {asProblem(order.error).detail}</p>}
    </section>
  );
}
