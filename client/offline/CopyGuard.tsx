/** Stands before a plan that was held here: when its copy is gone and the service is not reached, the plan is shown no more. */
import { useContext, useState, type ReactNode } from 'react';
import { useConnection, useKeptTexts, useLive, useSaveStatus } from '../collab/hooks.ts';
import { BackToCaseload } from '../plans/BackToCaseload.tsx';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';
import { CopyContext, useEnded } from './copyHere.ts';
import { WordsToCopy } from './WordsToCopy.tsx';

export function CopyGuard({ children }: { readonly children: ReactNode }): ReactNode {
  const { copy } = useContext(CopyContext);
  const live = useLive();
  const ended = useEnded(copy);
  return ended !== undefined && !live ? <Gone why={ended} /> : children;
}

function Gone({ why }: { readonly why: 'over' | 'gone' }): ReactNode {
  const connection = useConnection();
  const status = useSaveStatus();
  const kept = useKeptTexts();
  const [done, setDone] = useState(false);
  const lost = status.kind === 'stopped' && status.why === 'not-found';
  const title = lost ? 'This plan is not open to you any more' : why === 'over' ? 'The time of this offline copy is over' : 'This plan is not held on this device any more';
  const words = done ? [] : lost ? kept : connection.onlyHere;
  return (
    <Page title={title}>
      <p>It was taken off this device.{!lost && ' When the service can be reached again, open the plan from the caseload.'}</p>
      {words.length > 0 && (
        <div className="accord-callout accord-callout--error" role="alert">
          <h2 className="accord-callout__title">Not sent</h2>
          <p>{lost ? 'This was not taken by the service. Copy what is still needed:' : 'This was not sent yet. It is sent if this page stays open until the service is reached; copy it to be sure:'}</p>
          <WordsToCopy texts={words} />
          {lost && <Button small look="secondary" onClick={() => { connection.dismissKept(); setDone(true); }}>I have what I need: remove it</Button>}
        </div>
      )}
      <BackToCaseload />
    </Page>
  );
}
