/** On the plan's page: taking it offline for a visit, that it is held, handing it back, and what became of what was written away. */
import './offline.scss';
import { useContext, useEffect, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { limits } from '../../shared/limits.ts';
import { useConnection, useKeptTexts, useLive, useSubject } from '../collab/hooks.ts';
import { asProblem, type ApiProblem } from '../data/problem.ts';
import { useOwner } from '../app/owner.ts';
import { useGoTo, useSummary, useWorkspace } from '../plan/workspaceState.ts';
import { announce } from '../ui/announce.ts';
import { Button } from '../ui/Button.tsx';
import { ProblemCallout } from '../ui/Callouts.tsx';
import { InlineConfirm } from '../ui/InlineConfirm.tsx';
import { when } from './AwayState.tsx';
import { CopyContext, useEnded, useKeptCurrent } from './copyHere.ts';
import type { HeldCopy } from './heldCopy.ts';
import { labelOf, reportWords, useReturned } from './returned.ts';

export function VisitTools(): ReactNode {
  const { view } = useWorkspace();
  const { copy } = useContext(CopyContext);
  const ended = useEnded(copy);
  useKeptCurrent(view);
  const mayWrite = view.status !== 'closed' && view.sections.some((section) => section.access === 'edit');
  return (
    <div className="offline-tools">
      <ReturnReport />
      {copy !== undefined && ended === undefined ? <Held copy={copy} /> : mayWrite && <Take />}
    </div>
  );
}

function Take(): ReactNode {
  const connection = useConnection();
  const { view } = useWorkspace();
  const session = useOwner();
  const { setCopy } = useContext(CopyContext);
  const live = useLive();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const take = async (): Promise<void> => {
    if (session === undefined) return;
    setBusy(true);
    setProblem(undefined);
    try {
      setCopy(await (await import('./copies.ts')).takeOffline(connection, view, session));
      announce('The plan is held on this device.');
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {problem && <ProblemCallout problem={problem} />}
      {(live || busy) && (
        <InlineConfirm
          label="Take offline for a visit" confirmLabel="Take it offline" look="primary" busy={busy} onConfirm={() => void take()}
          question={<>This device will hold the plan, encrypted, for {hours} hours: you can read it and write in it without a network, and what you write is merged when you are back.</>}
        >
          <ul className="offline-terms">
            <li>Held are the sections that you may read, as they are now. What others change meanwhile is not in them.</li>
            <li>It is taken off when you sign out, hand it back or lose the plan, and when somebody else signs in here.</li>
            <li>Do this only on a device that locks itself and is yours or your organisation’s. The audit trail says that you took it.</li>
          </ul>
        </InlineConfirm>
      )}
    </>
  );
}
const hours = limits.offlineCopyMs / 3_600_000;

function Held({ copy }: { readonly copy: HeldCopy }): ReactNode {
  const connection = useConnection();
  const { setCopy } = useContext(CopyContext);
  const [, navigate] = useLocation();
  const broken = useSubject(copy.broken);
  const live = useLive();
  const unsent = connection.unsavedFields;
  const handBack = async (): Promise<void> => {
    const { handBack: giveBack } = await import('./copies.ts');
    // While live the plan goes on as any other. Away it is left, and with it what was written and is not wanted any more.
    if (live) {
      connection.keepCopy(undefined);
      setCopy(undefined);
    } else navigate('/');
    await giveBack(copy.id);
  };
  return (
    <div className="offline-held">
      <p>Held on this device, encrypted, until {when(copy.until)}.</p>
      {broken && <p className="offline-held__broken" role="alert">This device could not write the last changes down. Keep this page open until they are saved.</p>}
      <InlineConfirm
        label="Hand back" confirmLabel="Hand it back" look={unsent > 0 && !live ? 'warning' : 'primary'} onConfirm={() => void handBack()}
        question={live || unsent === 0 ? 'Take the plan off this device?' : `${unsent === 1 ? '1 change was' : `${unsent} changes were`} not sent. Take the plan off this device and lose ${unsent === 1 ? 'it' : 'them'}?`}
      />
    </div>
  );
}

/** Back in contact: what was sent, what is disputed now, what was not taken. */
function ReturnReport(): ReactNode {
  const connection = useConnection();
  const { returned, dismiss } = useReturned(connection);
  const { disputed } = useSummary();
  const kept = useKeptTexts();
  const goTo = useGoTo();
  const refused = new Set(kept.map((text) => text.field));
  const sent = returned?.fields.filter((field) => !refused.has(field)) ?? [];
  const contested = sent.filter((field) => disputed.has(field));
  const words = returned === undefined ? '' : reportWords(sent, contested.length, refused.size);
  useEffect(() => {
    if (words !== '') announce(words);
  }, [words]);
  if (returned === undefined) return null;
  return (
    <section className="accord-callout offline-returned" aria-label="Back in contact">
      <h2 className="accord-callout__title">Back in contact</h2>
      <p>{words}</p>
      {contested.length > 0 && (
        <ul>{contested.map((field) => <li key={field}><button type="button" className="plan-link" onClick={() => goTo(field)}>{labelOf(field)}</button>: somebody else recorded another answer meanwhile. Both stand until it is settled.</li>)}</ul>
      )}
      <Button small look="secondary" onClick={dismiss}>Close</Button>
    </section>
  );
}
