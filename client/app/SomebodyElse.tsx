/** In place of the screen once another person has signed in in this browser: nothing goes on under the new name. */
import type { ReactNode } from 'react';
import { fieldById } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import type { KeptText } from '../collab/keptText.ts';
import type { Session } from '../data/session.ts';
import { signInAddress } from '../identity/back.ts';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';

export function SomebodyElse({ owner, now, texts, withheld = false, here }: {
  readonly owner: Session;
  /** Null when nobody is signed in: the session ended behind its lock. */
  readonly now: Session | null;
  readonly texts: readonly KeptText[];
  /** The screen was locked before the other person came: they read nothing of what is behind the lock. */
  readonly withheld?: boolean;
  /** The address of this page, to come back to. */
  readonly here: string;
}): ReactNode {
  return (
    <Page title={now ? 'Somebody else signed in in this browser' : 'The session has ended'}>
      <div className="accord-callout accord-callout--error" role="alert">
        <p>This page was open for {owner.person.name}. {now ? `${now.person.name} is signed in now, so it has stopped: nothing is written under another name.` : 'The session ended while the screen was locked.'}</p>
        {withheld && texts.length > 0 && <p>{texts.length === 1 ? 'One change' : `${texts.length} changes`} by {owner.person.name} could not be saved. It is kept here, unreadable, until {owner.person.name} signs in again in a new tab; it is sent then.</p>}
        {!withheld && texts.length > 0 && <p>What {owner.person.name} wrote last is only on this device. Copy it, or sign in as {owner.person.name} again in a new tab and come back to this one: it is sent then.</p>}
        <ul>
          {!withheld && texts.map((text) => <Kept key={`${text.section}.${text.field}`} text={text} />)}
        </ul>
        <p><a href={signInAddress(here)} target="_blank" rel="noopener">Sign in as {owner.person.name} again (new tab)</a></p>
        <Button look="secondary" onClick={() => location.assign('/')}>{now ? `Go on as ${now.person.name}` : 'Sign in as somebody else'}</Button>
      </div>
    </Page>
  );
}

function Kept({ text }: { readonly text: KeptText }): ReactNode {
  const field = fieldById(text.field);
  return field && <li><strong>{field.label}</strong><pre className="plan-kept__words">{showValue(field, text.value) || '(taken back)'}</pre></li>;
}
