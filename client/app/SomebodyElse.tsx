/** In place of the screen once another person has signed in in this browser: nothing goes on under the new name. */
import type { ReactNode } from 'react';
import { fieldById } from '../../shared/content/standard.ts';
import { showValue } from '../../shared/content/show.ts';
import type { KeptText } from '../collab/keptText.ts';
import type { Session } from '../data/session.ts';
import { signInAddress } from '../identity/back.ts';
import { Button } from '../ui/Button.tsx';
import { Page } from '../ui/Page.tsx';

export function SomebodyElse({ owner, now, texts, here }: {
  readonly owner: Session; readonly now: Session; readonly texts: readonly KeptText[];
  /** The address of this page, to come back to. */
  readonly here: string;
}): ReactNode {
  return (
    <Page title="Somebody else signed in in this browser">
      <div className="accord-callout accord-callout--error" role="alert">
        <p>This page was open for {owner.person.name}. {now.person.name} is signed in now, so it has stopped: nothing is written under another name.</p>
        {texts.length > 0 && <p>What {owner.person.name} wrote last is only on this device. Copy it, or sign in as {owner.person.name} again in a new tab and come back to this one: it is sent then.</p>}
        <ul>
          {texts.map((text) => <Kept key={`${text.section}.${text.field}`} text={text} />)}
        </ul>
        <p><a href={signInAddress(here)} target="_blank" rel="noopener">Sign in as {owner.person.name} again (new tab)</a></p>
        <Button look="secondary" onClick={() => location.assign('/')}>Go on as {now.person.name}</Button>
      </div>
    </Page>
  );
}

function Kept({ text }: { readonly text: KeptText }): ReactNode {
  const field = fieldById(text.field);
  return field && <li><strong>{field.label}</strong><pre className="plan-kept__words">{showValue(field, text.value) || '(taken back)'}</pre></li>;
}
