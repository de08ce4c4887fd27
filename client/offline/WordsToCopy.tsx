/** Words that the service does not have, each with its field, to be copied. */
import { useState, type ReactNode } from 'react';
import { showValue } from '../../shared/content/show.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { disputedSides } from '../../shared/content/values.ts';
import { isDisputed } from '../../shared/content/planContent.ts';
import type { KeptText } from '../collab/keptText.ts';
import { Button } from '../ui/Button.tsx';

export function WordsToCopy({ texts }: { readonly texts: readonly KeptText[] }): ReactNode {
  return (
    <ul className="offline-words">
      {texts.map((text) => <Words key={`${text.section}.${text.field}.${text.why}`} text={text} />)}
    </ul>
  );
}

function Words({ text }: { readonly text: KeptText }): ReactNode {
  const [copied, setCopied] = useState<'yes' | 'no'>();
  const field = fieldById(text.field);
  if (field === undefined) return null;
  const sides = isDisputed(text.value) ? disputedSides(text.value).map((side) => side.value) : [text.value];
  const words = sides.map((side) => showValue(field, side)).join('\n');
  return (
    <li>
      <strong>{field.label}</strong> <span className="offline-words__why">{text.why}</span>
      <pre className="plan-kept__words">{words || '(taken back)'}</pre>
      <Button small look="quiet" onClick={() => void navigator.clipboard.writeText(words).then(() => setCopied('yes'), () => setCopied('no'))}>Copy<span className="nhsuk-u-visually-hidden"> {field.label}</span></Button>
      {copied && <output>{copied === 'yes' ? 'Copied' : 'This browser did not allow copying: select the words instead'}</output>}
    </li>
  );
}
