/** On the caseload: the plans that this device holds, and words that outlived their plan here. */
import './offline.scss';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { bannerName } from '../../shared/domain/names.ts';
import { formatNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { useOwner } from '../app/owner.ts';
import { useSubject } from '../collab/hooks.ts';
import { Button } from '../ui/Button.tsx';
import { InlineConfirm } from '../ui/InlineConfirm.tsx';
import { when } from './AwayState.tsx';
import { handBack, heldPlans, left, removeWords, type HeldPlan, type LeftWords } from './copies.ts';
import { copiesChanged } from './tabs.ts';
import { WordsToCopy } from './WordsToCopy.tsx';

export function HeldPlans(): ReactNode {
  const me = useOwner()?.person.id;
  const words = useSubject(left);
  const [plans, setPlans] = useState<readonly HeldPlan[]>([]);
  useEffect(() => {
    let current = true;
    const look = (): void => void heldPlans().then((found) => { if (current) setPlans(found); }, () => undefined);
    look();
    const stop = copiesChanged.listen(look);
    return () => {
      current = false;
      stop();
    };
  }, []);
  const mine = plans.filter(({ about }) => about.session.person.id === me);
  if (mine.length === 0 && words.length === 0) return null;
  return (
    <section className="offline-list" aria-labelledby="offline-list">
      <h2 id="offline-list">On this device</h2>
      {mine.length > 0 && <ul>{mine.map((plan) => <Held key={plan.id} plan={plan} />)}</ul>}
      {words.map((one) => <Left key={one.id} left={one} />)}
    </section>
  );
}

function Held({ plan: { id, about, until, unsent } }: { readonly plan: HeldPlan }): ReactNode {
  const { patient } = about.view;
  const count = unsent === 1 ? '1 change' : `${unsent} changes`;
  return (
    <li className="offline-list__plan">
      <p>
        <Link href={`/plans/${about.planId}`}>{bannerName(patient)}</Link> <span className="accord-nowrap">NHS No. {formatNhsNumber(patient.nhsNumber)}</span>
        <br />
        Draft, offline copy of {when(about.asOf)}, readable until {when(until)}.{unsent > 0 && <strong> {count} only on this device.</strong>}
      </p>
      <InlineConfirm
        label="Hand back" confirmLabel="Hand it back" look={unsent > 0 ? 'warning' : 'primary'} onConfirm={() => void handBack(id)}
        question={unsent === 0 ? 'Take the plan off this device?' : `${count} only on this device: open the plan to send ${unsent === 1 ? 'it' : 'them'}. Hand it back and lose ${unsent === 1 ? 'it' : 'them'}?`}
      />
    </li>
  );
}

function Left({ left: { id, words } }: { readonly left: LeftWords }): ReactNode {
  return (
    <div className="accord-callout accord-callout--error" role="alert">
      <h3 className="accord-callout__title">Written offline and never sent: {bannerName(words.patient)}</h3>
      <p>The plan was taken off this device before this could be sent, so it is in no plan. Copy what is still needed.</p>
      <WordsToCopy texts={[...words.unsent, ...words.refused]} />
      <Button small look="secondary" onClick={() => void removeWords(id)}>I have what I need: remove it</Button>
    </div>
  );
}
