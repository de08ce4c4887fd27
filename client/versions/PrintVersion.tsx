/** Prints a signed version; the plan's trail says so. */
import { useState, type ReactNode } from 'react';
import { printRecorded } from '../data/audit.ts';
import { asProblem } from '../data/problem.ts';
import { Button } from '../ui/Button.tsx';

export function PrintVersion({ planId, version }: { readonly planId: string; readonly version: number }): ReactNode {
  const [failed, setFailed] = useState<unknown>();
  const print = (): void => {
    setFailed(undefined);
    printRecorded(planId, { what: 'signed-version', version }).catch(setFailed);
  };
  return (
    <>
      <Button look="secondary" small onClick={print}>Print</Button>
      {failed !== undefined && <span role="alert" className="nhsuk-error-message">{asProblem(failed).title}: nothing was printed, because the trail could not record it.</span>}
    </>
  );
}
